//! The demos of the page on other tokenizers.

mod figures;
mod segmentation_lattice;
mod segmentation_sampler;
mod three_tokenizers;

use demo::control::Text;
use demo::{Context, Demo, DemoError};
use other_tokenizers::{Answers, Edge, Lattice, metaspace};

pub use figures::figures;

/// In the order of the page.
pub fn demos(answers: Answers) -> Vec<Demo> {
    vec![
        three_tokenizers::demo(answers),
        segmentation_lattice::demo(answers),
        segmentation_sampler::demo(answers),
    ]
}

const WORD: Text = Text::new("word", "A word, or a few", "nowhere", 1000);

/// A longer text has too many pieces to look at.
const MAX_CHARS: usize = 32;

/// What the reader wrote, with its spaces as a unigram model sees them.
fn spaced(cx: &Context) -> Result<String, DemoError> {
    let text: String = metaspace(&cx.get(&WORD)?).collect();
    match text.chars().count() {
        0 => Err(DemoError::input(WORD.name, "There is no word yet: type one.")),
        1..=MAX_CHARS => Ok(text),
        length => Err(DemoError::input(
            WORD.name,
            format!(
                "{length} characters, with a ▁ before each word, are too many: give {MAX_CHARS} \
                 at most."
            ),
        )),
    }
}

/// The logarithm of the summed weights of all paths.
fn total(answers: Answers, lattice: &Lattice, alpha: f64) -> f64 {
    (answers.unigram_forward)(lattice, alpha).last().copied().unwrap_or(f64::NEG_INFINITY)
}

fn spelled(text: &str, path: &[Edge]) -> String {
    let pieces: Vec<&str> = path.iter().map(|edge| part(text, edge.start, edge.end)).collect();
    pieces.join("|")
}

/// A learner's edge may lie in the middle of a character.
fn part(text: &str, start: usize, end: usize) -> &str {
    text.get(start..end).unwrap_or("�")
}
