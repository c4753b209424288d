//! The demos of the page on BERT. Neither needs a tensor: candle's product of matrices is more than
//! a page may weigh, and MiniLM's 90 MB far more.

mod figures;
mod hidden_word;
mod nearest_sentence;
#[cfg(not(target_family = "wasm"))]
mod trained;

use bert::Answers;
use demo::Demo;

pub use figures::figures;

/// In the order of the page.
pub fn demos(_: Answers) -> Vec<Demo> {
    vec![hidden_word::demo(), nearest_sentence::demo()]
}
