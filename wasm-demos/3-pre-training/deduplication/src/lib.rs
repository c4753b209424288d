//! The demos of the page “Deduplication”.

mod clusters;
mod curve;
mod explorer;
mod figures;
mod overlap;

use deduplication::Answers;
use demo::Demo;

pub use figures::figures;

/// In the order of the page.
pub fn demos(answers: Answers) -> Vec<Demo> {
    vec![clusters::demo(answers), explorer::demo(answers)]
}
