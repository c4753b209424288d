//! Frames to scrub through.

use maud::{Markup, html};

use super::{all, figure, text};
use crate::View;

/// The other frames to unfold, then the frame shown first. The page's script puts a slider in the
/// place of the fold; without it, everything can still be read.
pub fn steps(label: &str, frames: &[(String, Vec<View>)], start: usize) -> Markup {
    let start = start.min(frames.len().saturating_sub(1));
    figure(
        "steps",
        label,
        &html! {
            @if frames.len() > 1 {
                details {
                    summary { "All " (frames.len()) " steps" }
                    @for (i, (caption, views)) in frames.iter().enumerate() {
                        @if i != start { (frame(i, frames.len(), caption, views)) }
                    }
                }
            }
            @if let Some((caption, views)) = frames.get(start) {
                (frame(start, frames.len(), caption, views))
            }
        },
    )
}

fn frame(i: usize, total: usize, caption: &str, views: &[View]) -> Markup {
    html! {
        section class="frame" data-frame=(i) {
            p class="caption" { b { "Step " (i + 1) " of " (total) } " " (text::clean(caption)) }
            (all(views))
        }
    }
}
