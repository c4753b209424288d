//! The demos of the page on softmax and sampling.

mod figures;
mod temperature_bars;

use demo::Demo;
use softmax_sampling::Answers;

pub use figures::figures;

/// In the order of the page.
pub fn demos(answers: Answers) -> Vec<Demo> {
    vec![temperature_bars::demo(answers)]
}
