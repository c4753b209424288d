//! The demos of the page on counting.

mod figures;
mod model_calculator;

use counting::Answers;
use demo::Demo;

pub use figures::figures;

/// In the order of the page.
pub fn demos(answers: Answers) -> Vec<Demo> {
    vec![model_calculator::demo(answers)]
}
