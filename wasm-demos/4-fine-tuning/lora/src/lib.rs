//! The demos of the page “Adapters and LoRA”.

mod figures;
mod kept_rank;
mod lab;
mod tune;

pub mod kept;
pub mod saved;
pub mod texts;
pub mod trainer;
pub mod tuning;

use demo::Demo;
use lora::Answers;

pub use figures::figures;

/// In the order of the page.
pub fn demos(answers: Answers) -> Vec<Demo> {
    vec![kept_rank::demo(), tune::demo(answers), lab::demo()]
}
