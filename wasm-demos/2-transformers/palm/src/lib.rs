//! The demos of the page “PaLM”.

mod block_diff;
mod figures;
mod picture;

use demo::Demo;
use palm::Answers;

pub use figures::figures;

/// In the order of the page.
pub fn demos(answers: Answers) -> Vec<Demo> {
    vec![block_diff::demo(answers)]
}
