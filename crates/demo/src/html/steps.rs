//! Frames to scrub through.

use std::collections::VecDeque;

use maud::{Markup, html};

use super::{all, and_more, figure, text};
use crate::View;

/// So many frames, and bytes of HTML in all of them, are more than anyone steps through.
const MAX_FRAMES: usize = 300;
const MAX_BYTES: usize = 4_000_000;

/// The other frames to unfold, then the frame shown first. The page's script puts a slider in the
/// place of the fold; without it, everything can still be read.
pub fn steps(label: &str, frames: &[(String, Vec<View>)], start: usize) -> Markup {
    let start = start.min(frames.len().saturating_sub(1));
    let made = around(start, frames);
    figure(
        "steps",
        label,
        &html! {
            @if made.len() > 1 {
                details {
                    summary { "All " (made.len()) " steps" }
                    @for (i, html) in made.iter().filter(|(i, _)| *i != start) { (frame(*i, html)) }
                }
            }
            @for (i, html) in made.iter().filter(|(i, _)| *i == start) { (frame(*i, html)) }
            (and_more(frames.len() - made.len(), "step"))
        },
    )
}

/// The frame shown first and those around it, as many as there is room for: those before it first.
fn around(start: usize, frames: &[(String, Vec<View>)]) -> VecDeque<(usize, Markup)> {
    let mut made = VecDeque::new();
    let mut bytes = 0;
    for i in (0..=start).rev().chain(start + 1..frames.len()) {
        let Some((caption, views)) = frames.get(i) else { break };
        if made.len() >= MAX_FRAMES || bytes >= MAX_BYTES {
            break;
        }
        let html = content(i, frames.len(), caption, views);
        bytes += html.0.len();
        match i <= start {
            true => made.push_front((i, html)),
            false => made.push_back((i, html)),
        }
    }
    made
}

fn content(i: usize, total: usize, caption: &str, views: &[View]) -> Markup {
    html! {
        p class="caption" { b { "Step " (i + 1) " of " (total) } " " (text::clean(caption)) }
        (all(views))
    }
}

fn frame(i: usize, html: &Markup) -> Markup {
    html! { section class="frame" data-frame=(i) { (html) } }
}
