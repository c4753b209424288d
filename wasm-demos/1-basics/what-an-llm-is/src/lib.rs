//! The demos of the page on what an LLM is.

mod babbler;
mod figures;

use demo::Demo;
use what_an_llm_is::Answers;

pub use figures::figures;

/// In the order of the page.
pub fn demos(answers: Answers) -> Vec<Demo> {
    vec![babbler::demo(answers)]
}
