//! The demos of the page “Objectives”.

mod figures;
mod mean_bars;

use demo::Demo;
use objectives::Answers;

pub use figures::figures;

/// In the order of the page.
pub fn demos(answers: Answers) -> Vec<Demo> {
    vec![mean_bars::demo(answers)]
}
