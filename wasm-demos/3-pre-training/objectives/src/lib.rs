//! The demo and the figures of the page “Objectives”.

mod figures;
mod masker;
mod questions;

use demo::Demo;
use objectives::Answers;

pub use figures::figures;

/// In the order of the page.
pub fn demos(answers: Answers) -> Vec<Demo> {
    vec![masker::demo(answers)]
}
