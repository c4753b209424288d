//! The demos of the page “The training loop”.

mod checkpoints;
mod figures;
mod pieces;
mod pretrain;
mod resume;
mod texts;
#[cfg(not(target_family = "wasm"))]
mod trained;

use demo::Demo;
use training_loop::Answers;

pub use figures::figures;

/// In the order of the page.
pub fn demos(answers: Answers) -> Vec<Demo> {
    vec![pretrain::demo(answers), resume::demo(answers)]
}
