//! The demo of the page on embeddings.

mod word_map;

use demo::Demo;
use embeddings::Answers;

/// In the order of the page.
pub fn demos(answers: Answers) -> Vec<Demo> {
    vec![word_map::demo(answers)]
}
