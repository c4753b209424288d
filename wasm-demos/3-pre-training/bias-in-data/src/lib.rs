//! The demos of the page “Bias in data”.

mod explorer;
mod figures;

use bias_in_data::Answers;
use demo::Demo;

pub use figures::figures;

/// In the order of the page.
pub fn demos(answers: Answers) -> Vec<Demo> {
    vec![explorer::demo(answers)]
}
