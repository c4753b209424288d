//! The demos of the page “GPT: decoder-only”.

mod figures;
mod mean_bars;

use demo::Demo;
use gpt::Answers;

pub use figures::figures;

/// In the order of the page.
pub fn demos(answers: Answers) -> Vec<Demo> {
    vec![mean_bars::demo(answers)]
}
