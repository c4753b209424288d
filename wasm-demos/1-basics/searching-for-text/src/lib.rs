//! The demos of the page on searching for text.

mod beam_tree;
mod figures;
mod pattern_writer;

use demo::Demo;
use searching_for_text::Answers;

pub use figures::figures;

/// In the order of the page.
pub fn demos(answers: Answers) -> Vec<Demo> {
    vec![beam_tree::demo(answers), pattern_writer::demo(answers)]
}
