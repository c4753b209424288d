//! The demos of the page “Batches”.

mod epoch;
mod figures;
mod squares;
mod windows;

use batches::Answers;
use demo::Demo;

pub use figures::figures;

/// In the order of the page.
pub fn demos(answers: Answers) -> Vec<Demo> {
    vec![windows::demo(answers)]
}
