//! The demos of the page “How much does it save”.

mod figures;
mod plot;
mod trade_off;

use demo::Demo;
use savings::Answers;

pub use figures::figures;

/// In the order of the page.
pub fn demos(answers: Answers) -> Vec<Demo> {
    vec![trade_off::demo(answers)]
}
