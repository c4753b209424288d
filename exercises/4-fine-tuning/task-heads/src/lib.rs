//! Task heads: from a model that guesses tokens to one that judges, names and answers.
//!
//! The learner's part is `exercise.rs`. Given are the linear layer of a head ([`Head`]), what its
//! gradient is made of ([`Slopes`]), the tags of words ([`Bio`]) and what they say ([`Name`]), where
//! an answer stands ([`AnswerSpan`]), and the error, [`HeadError`].

extern crate self as task_heads;

pub mod checks;
mod error;
pub mod measured;
mod oracle;
mod parts;
mod quiz;
pub mod solution;
pub mod tune;
pub mod worked;

use std::ops::Range;

pub use error::HeadError;
pub use parts::{AnswerSpan, Bio, Following, Head, IGNORE, Name, Slopes};

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub last_token: fn(&[bool], usize) -> Result<Vec<usize>, HeadError>,
        pub cls_head: fn(&[f32], &[bool], usize, &Head) -> Result<Vec<f32>, HeadError>,
        pub head_backward: fn(&[f32], &[i64], &Head) -> Result<Slopes, HeadError>,
        pub align_labels: fn(&[Bio], &[Option<usize>], Following) -> Result<Vec<i64>, HeadError>,
        pub spans_from_bio: fn(&[Bio]) -> Vec<Name>,
        pub best_span: fn(&[f32], &[f32], Range<usize>, usize) -> Result<AnswerSpan, HeadError>,
    }
}

grading::lesson! { step: "4-fine-tuning", title: "Task heads" }
