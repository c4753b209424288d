//! The demos of the page on T5 and BART.

mod figures;
mod grid;
mod position_bias;
#[cfg(not(target_family = "wasm"))]
mod trained;
mod who_looks_where;

use demo::Demo;
use t5_and_bart::Answers;

pub use figures::figures;

/// In the order of the page.
pub fn demos(answers: Answers) -> Vec<Demo> {
    vec![who_looks_where::demo(), position_bias::demo(answers)]
}
