//! The demos of the page on GPT.

mod figures;
mod layer_by_layer;
mod parameter_calculator;
mod trace;

use demo::Demo;
use gpt::Answers;

pub use figures::figures;

/// In the order of the page.
pub fn demos(answers: Answers) -> Vec<Demo> {
    vec![layer_by_layer::demo(answers), parameter_calculator::demo(answers)]
}
