//! The demos of the page “Soft prompt and prefix tuning”.

mod figures;
mod head;
mod steer;
mod training;

use demo::Demo;
use soft_prompts::Answers;

pub use figures::figures;

/// In the order of the page.
pub fn demos(answers: Answers) -> Vec<Demo> {
    vec![steer::demo(answers), head::demo(answers)]
}
