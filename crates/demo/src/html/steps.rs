//! Frames to scrub through.

use std::cmp::Ordering;

use maud::{Markup, PreEscaped, html};

use super::{all, and_more, figure, text};
use crate::View;

/// So many frames, and bytes of HTML in all of them, are more than anyone steps through.
const MAX_FRAMES: usize = 300;
const MAX_BYTES: usize = 4_000_000;

/// The other frames to unfold, then the frame shown first. The page's script puts a slider in the
/// place of the fold; without it, everything can still be read. Where there is no room for all, those
/// before the frame shown first are kept, and then those behind it.
pub fn steps(label: &str, frames: &[(String, Vec<View>)], start: usize) -> Markup {
    let start = start.min(frames.len().saturating_sub(1));
    let (mut made, mut folded, mut open) = (0, String::new(), String::new());
    for n in 0..frames.len().min(MAX_FRAMES) {
        if folded.len() + open.len() > MAX_BYTES {
            break;
        }
        let i = if n > start { n } else { start - n };
        let html = frame(i, frames).into_string();
        match i.cmp(&start) {
            Ordering::Less => folded.insert_str(0, &html),
            Ordering::Equal => open = html,
            Ordering::Greater => folded.push_str(&html),
        }
        made += 1;
    }
    figure(
        "steps",
        label,
        &html! {
            @if made > 1 {
                details {
                    summary { "All " (made) " steps" }
                    (PreEscaped(folded))
                }
            }
            (PreEscaped(open))
            (and_more(frames.len() - made, "step"))
        },
    )
}

fn frame(i: usize, frames: &[(String, Vec<View>)]) -> Markup {
    let (caption, views) = &frames[i];
    html! {
        section class="frame" data-frame=(i) {
            p class="caption" {
                b { "Step " (i + 1) " of " (frames.len()) } " " (text::clean(caption))
            }
            (all(views))
        }
    }
}
