//! The demos of the page “4-bit quantization and QLoRA”.

mod figures;
mod memory_budget;
mod nf4_matmul_kernel_lab;
mod quantization_errors;

use demo::Demo;
use qlora::Answers;

pub use figures::figures;

/// In the order of the page.
pub fn demos(answers: Answers) -> Vec<Demo> {
    vec![memory_budget::demo(), quantization_errors::demo(answers), nf4_matmul_kernel_lab::demo()]
}
