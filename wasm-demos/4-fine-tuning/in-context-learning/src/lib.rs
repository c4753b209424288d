//! The demos of the page “In-context learning”.

pub mod buddy;
mod few_shot_lab;
#[cfg(not(target_family = "wasm"))]
mod figures;
pub mod tasks;

use demo::Demo;
use in_context_learning::Answers;

#[cfg(not(target_family = "wasm"))]
pub use figures::figures;

/// In the order of the page.
pub fn demos(answers: Answers) -> Vec<Demo> {
    vec![few_shot_lab::demo(answers)]
}
