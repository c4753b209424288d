//! What LLMs are for: six tasks, each tried with a model of counts.
//!
//! The learner writes `exercise.rs`: the tasks that understand a text. Given are its words and
//! sentences ([`words`], [`sentences`]), what the models are made of ([`ClassCounts`] and others),
//! the tasks that write a text ([`Buddy`], [`translate`], [`summarize`]), the [`metrics`], and the
//! tasks of Tinytown ([`town`]).

extern crate self as what_llms_are_for;

mod buddy;
pub mod checks;
mod error;
pub mod evaluate;
pub mod example;
pub mod metrics;
mod models;
mod quiz;
pub mod solution;
mod summary;
mod text;
pub mod town;
mod translation;
mod worked;

pub use buddy::{Buddy, VOCAB_SIZE};
pub use error::TaskError;
pub use models::{
    AnswerCounts, Asked, Candidate, ClassCounts, Idf, Pair, STOP_WORDS, TagCounts,
    TranslationTable, uniform_table,
};
pub use summary::summarize;
pub use text::{Word, begins_sentence, lower_words, sentences, words};
pub use tinytown::{Entity, EntityKind};
pub use translation::{em_round, translate};

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub count_classes: fn(&[(&str, usize)], usize) -> Result<ClassCounts, TaskError>,
        pub classify: fn(&ClassCounts, &str) -> Vec<f64>,
        pub tag_entities: fn(&TagCounts, &str) -> Vec<Entity>,
        pub answer: fn(&Idf, &str, &[Candidate], &str) -> Option<Candidate>,
    }
}

grading::lesson! { step: "1-basics", title: "What LLMs are for" }
