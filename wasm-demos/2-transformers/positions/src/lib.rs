//! The demos of the page on positions.

mod figures;
mod hands;
mod position_waves;
mod rope_kernel_lab;
mod turning_pairs;

use demo::Demo;
use positions::Answers;

pub use figures::figures;

/// In the order of the page.
pub fn demos(answers: Answers) -> Vec<Demo> {
    vec![position_waves::demo(answers), turning_pairs::demo(answers), rope_kernel_lab::demo()]
}
