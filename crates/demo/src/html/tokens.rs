//! Tokens as coloured chips, and text shaded by a value.

use maud::{Markup, html};

use super::tables::share;
use super::{and_more, figure, text};
use crate::{Shade, TokenChip};

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
            ol role="list" tabindex="0" translate="no" aria-label=(text::clean(label)) {
                @for chip in shown {
                    li class={ "c" (chip.color % COLORS) } {
                        b { (text::exact(&chip.text)) }
                        " " small { (chip.id) " · " (chip.bytes) "\u{202f}B" }
                    }
                }
            }
            (and_more(chips.len() - shown.len(), "token"))
            (symbols(&legend))
        },
    )
}

/// A list item a piece: its text with nothing hidden, and its value, which the shade repeats.
pub fn shades(label: &str, spans: &[Shade], max: f64, legend: &str) -> Markup {
    let shown = &spans[..spans.len().min(MAX_CHIPS)];
    figure(
        "tokens shades",
        label,
        &html! {
            @if spans.is_empty() { p class="empty" { "No text." } }
            ol role="list" tabindex="0" translate="no" aria-label=(text::clean(label)) {
                @for span in shown {
                    @let value = if span.muted { 0.0 } else { span.value };
                    li class=[span.muted.then_some("muted")] style={ "--v:" (share(value, max)) } {
                        b { (text::exact(&span.text)) } " " small { (text::name(&span.shown)) }
                    }
                }
            }
            (and_more(spans.len() - shown.len(), "piece"))
            p class="legend" { (text::clean(legend)) }
            (symbols(&text::legend(shown.iter().map(|span| span.text.as_str()))))
        },
    )
}

/// What the symbols for invisible characters mean.
fn symbols(legend: &[(&str, &str)]) -> Markup {
    html! {
        @if !legend.is_empty() {
            p class="legend" {
                @for (symbol, meaning) in legend { span { i { (symbol) } " " (meaning) } " " }
            }
        }
    }
}
