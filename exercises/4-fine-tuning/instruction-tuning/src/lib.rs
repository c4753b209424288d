//! Data preparation and instruction tuning: what stands in the file that a model learns to answer
//! from, and which of its tokens it learns.
//!
//! The learner's part is `exercise.rs`. Given are what is made ([`Message`], [`Chat`], [`Encoded`],
//! [`Padded`], [`Example`]) and a tokenizer's offsets ([`offsets`]).

extern crate self as instruction_tuning;

pub mod checks;
mod error;
mod kept;
mod oracle;
mod parts;
mod quiz;
pub mod solution;
mod worked;

pub use error::{DataError, Place, special_in};
pub use kept::{Kept, Run};
pub use parts::{
    Chat, END, Encoded, Example, IGNORE, IM_END, IM_START, Kind, Message, Padded, Row, SPECIAL,
    Side, buddy_bpe, document_mask, offsets, tokens,
};

use std::ops::Range;

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub chat_template: fn(&[Message], bool) -> Result<Chat, DataError>,
        pub sft_labels:
            fn(&[u32], &[Range<usize>], &[Range<usize>]) -> Result<Vec<i64>, DataError>,
        pub pad_batch: fn(&[Encoded], Side, usize, u32) -> Result<Padded, DataError>,
        pub pack_examples: fn(&[Encoded], usize, u32) -> Result<Vec<Row>, DataError>,
        pub read_data: fn(&[u8]) -> Result<Vec<Example>, DataError>,
    }
}

grading::lesson! { step: "4-fine-tuning", title: "Data preparation and instruction tuning" }
