//! The demos of the page “Hard prompt tuning”.

#[cfg(not(target_family = "wasm"))]
mod figures;
mod prompt_search;

use demo::Demo;
use hard_prompts::Answers;

#[cfg(not(target_family = "wasm"))]
pub use figures::figures;

/// In the order of the page.
pub fn demos(answers: Answers) -> Vec<Demo> {
    vec![prompt_search::demo(answers)]
}
