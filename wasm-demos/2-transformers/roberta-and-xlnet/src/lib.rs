//! The demos of the page “RoBERTa and XLNet”. They run the lesson's functions that need no tensor:
//! candle's product of matrices is more than a page may weigh.

mod dynamic_masking;
mod figures;
mod grid;
mod permutation_mask;

use demo::Demo;
use roberta_and_xlnet::Answers;

pub use figures::figures;

/// In the order of the page.
pub fn demos(_: Answers) -> Vec<Demo> {
    vec![dynamic_masking::demo(), permutation_mask::demo()]
}
