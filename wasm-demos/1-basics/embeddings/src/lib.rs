//! The demo of the page on embeddings.

mod figures;
mod word_map;

use demo::Demo;
use embeddings::Answers;

pub use figures::figures;

/// In the order of the page.
pub fn demos(answers: Answers) -> Vec<Demo> {
    vec![word_map::demo(answers)]
}
