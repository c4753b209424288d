//! The demos of the page on flash attention.

mod figures;
mod flash_attention_kernel_lab;
mod grid;
mod tiles_at_work;

use demo::Demo;
use flash_attention::Answers;

pub use figures::figures;

/// In the order of the page.
pub fn demos(answers: Answers) -> Vec<Demo> {
    vec![tiles_at_work::demo(answers), flash_attention_kernel_lab::demo()]
}
