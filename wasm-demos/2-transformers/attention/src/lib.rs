//! The demos of the page on attention.

mod attention_kernel_lab;
mod attention_map;
mod figures;
mod grid;

use attention::Answers;
use demo::Demo;

pub use figures::figures;

/// In the order of the page.
pub fn demos(answers: Answers) -> Vec<Demo> {
    vec![attention_map::demo(answers), attention_kernel_lab::demo()]
}
