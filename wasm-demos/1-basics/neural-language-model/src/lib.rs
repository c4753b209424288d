//! The demo of the page on neural language models.

mod figures;
mod first_network;

use demo::Demo;
use neural_language_model::Answers;

pub use figures::figures;

/// In the order of the page.
pub fn demos(answers: Answers) -> Vec<Demo> {
    vec![first_network::demo(answers)]
}
