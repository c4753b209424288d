//! The demos of the page “Data preparation and instruction tuning”.

mod figures;
mod mask;
mod packing;
mod strips;

use demo::Demo;
use instruction_tuning::Answers;

pub use figures::figures;

/// In the order of the page.
pub fn demos(answers: Answers) -> Vec<Demo> {
    vec![mask::demo(answers), packing::demo(answers)]
}
