//! The demos of the page “@title@”.

mod figures;
mod mean_bars;

use @module@::Answers;
use demo::Demo;

pub use figures::figures;

/// In the order of the page.
pub fn demos(answers: Answers) -> Vec<Demo> {
    vec![mean_bars::demo(answers)]
}
