//! Lines of a page, with what was decided about each.

use demo::figure::{Anchor, Drawing, Ink, WIDTH};

const STEP: f64 = 18.0;
/// So many characters of a line are drawn.
const SHOWN: usize = 39;
/// So many lines are drawn.
const LINES: usize = 60;

/// A line, and what is written beside it.
#[derive(Clone, Debug)]
pub struct Verdict {
    pub text: String,
    pub is_kept: bool,
    pub note: String,
}

fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.into();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}

/// A bar on the left for each kept line; dropped ones are quiet.
pub fn drawn(verdicts: &[Verdict]) -> Drawing {
    let shown = &verdicts[..verdicts.len().min(LINES)];
    let mut drawing = Drawing::new(STEP * shown.len().max(1) as f64 + 2.0);
    for (at, verdict) in shown.iter().enumerate() {
        let y = 1.0 + STEP * at as f64;
        let base = y + STEP / 2.0 + 4.0;
        let room = SHOWN + 15_usize.saturating_sub(verdict.note.chars().count());
        let text = shortened(&verdict.text, room);
        let ink = if verdict.is_kept {
            drawing.filled((1.0, y + 2.0), (6.0, y + STEP - 2.0), Ink::Marked);
            Ink::Plain
        } else {
            Ink::Quiet
        };
        drawing.text((12.0, base), Anchor::Start, &text, ink);
        let ink = if verdict.is_kept { Ink::Marked } else { Ink::Wrong };
        drawing.text((WIDTH - 1.0, base), Anchor::End, &shortened(&verdict.note, 18), ink);
    }
    drawing
}

/// The same in words.
pub fn told(verdicts: &[Verdict]) -> String {
    let line = |(at, verdict): (usize, &Verdict)| {
        format!("line {}, {}: {}", at + 1, verdict.note, shortened(&verdict.text, 120))
    };
    let lines: Vec<String> = verdicts.iter().take(LINES).enumerate().map(line).collect();
    lines.join("; ")
}
