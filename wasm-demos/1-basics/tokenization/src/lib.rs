//! The demos of the page on tokenization.

mod figures;
mod merge_stepper;
mod tokenizer;

use demo::{Demo, TokenChip};
use tokenization::{Answers, Bpe};

pub use figures::figures;

/// In the order of the page.
pub fn demos(answers: Answers) -> Vec<Demo> {
    vec![tokenizer::demo(answers), merge_stepper::demo(answers)]
}

fn chip(bpe: &Bpe, id: u32) -> TokenChip {
    let bytes = bpe.bytes(id).map_or(0, <[u8]>::len);
    TokenChip { text: bpe.spelled(id), id, bytes, color: id }
}
