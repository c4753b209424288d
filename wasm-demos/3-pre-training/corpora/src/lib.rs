//! The demos of the page “Corpora: C4, BookCorpus, the Pile, OpenWebText”.

mod figures;
mod mixture;
mod page_cleaner;
mod verdicts;

use corpora::Answers;
use demo::Demo;

pub use figures::figures;

/// In the order of the page.
pub fn demos(answers: Answers) -> Vec<Demo> {
    vec![page_cleaner::demo(answers), mixture::demo(answers)]
}
