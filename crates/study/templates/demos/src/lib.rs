//! The demos of the page “@title@”.

mod mean_bars;

use @module@::Answers;
use demo::Demo;

/// In the order of the page.
pub fn demos(answers: Answers) -> Vec<Demo> {
    vec![mean_bars::demo(answers)]
}
