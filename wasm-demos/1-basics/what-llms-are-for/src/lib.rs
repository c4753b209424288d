//! The demo of the page on what LLMs are for.

mod figures;
pub mod task_switchboard;

use demo::Demo;
use what_llms_are_for::Answers;

pub use figures::figures;

/// In the order of the page.
pub fn demos(answers: Answers) -> Vec<Demo> {
    vec![task_switchboard::demo(answers)]
}
