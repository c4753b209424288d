//! The demos of the page on loss and surprise.

mod cross_entropy_kernel_lab;
mod figures;
pub mod scaling;
mod surprise_meter;

use demo::Demo;
use loss_and_surprise::Answers;

pub use figures::figures;

/// In the order of the page.
pub fn demos(answers: Answers) -> Vec<Demo> {
    vec![surprise_meter::demo(answers), cross_entropy_kernel_lab::demo()]
}
