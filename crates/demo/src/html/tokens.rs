//! Tokens as coloured chips.

use maud::{Markup, html};

use super::{and_more, figure, text};
use crate::TokenChip;

/// More chips than this make a page slow and tell nobody more.
const MAX_CHIPS: usize = 2000;

/// The theme has so many chip colours.
const COLORS: u32 = 12;

/// A list item a token: its text with nothing hidden, its id, its bytes.
pub fn tokens(label: &str, chips: &[TokenChip]) -> Markup {
    let shown = &chips[..chips.len().min(MAX_CHIPS)];
    let legend = text::legend(shown.iter().map(|chip| chip.text.as_str()));
    figure(
        "tokens",
        label,
        &html! {
            @if chips.is_empty() { p class="empty" { "No tokens." } }
            // `role` because a list without bullets is no list to some screen readers; `tabindex`
            // because a long one scrolls.
            ol role="list" tabindex="0" aria-label=(text::clean(label)) {
                @for chip in shown {
                    li class={ "c" (chip.color % COLORS) } {
                        b { (text::exact(&chip.text)) }
                        " " small { (chip.id) " · " (chip.bytes) "\u{202f}B" }
                    }
                }
            }
            (and_more(chips.len() - shown.len(), "tokens"))
            @if !legend.is_empty() {
                p class="legend" {
                    @for (symbol, meaning) in legend { span { i { (symbol) } " " (meaning) } " " }
                }
            }
        },
    )
}
