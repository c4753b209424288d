//! Corpora: how the web becomes text to train on.
//!
//! The learner's part is `exercise.rs`. Given are the rules' settings ([`C4Rules`]), why something is
//! dropped ([`LineReason`], [`PageReason`], [`GopherReason`], [`LinkReason`]), the lists that the rules
//! use, the Pile's sources ([`pile`]), and pages whose good lines are known ([`town`]).

extern crate self as corpora;

pub mod checks;
mod error;
mod oracle;
pub mod pile;
mod quiz;
mod reasons;
mod rules;
pub mod sample;
pub mod solution;
pub mod town;
mod worked;

pub use error::CorpusError;
pub use reasons::{GopherReason, LineReason, LinkReason, PageReason};
pub use rules::{
    BULLETS, C4Page, C4Rules, Chunk, MIN_KARMA, POLICIES, STOP_WORDS, Source, Submission,
    TOP_NGRAMS,
};

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub c4_clean: fn(&str, &C4Rules) -> C4Page,
        pub gopher_rules: fn(&str) -> Result<(), GopherReason>,
        pub openwebtext_keep: fn(&[Submission]) -> Vec<Result<(), LinkReason>>,
        pub bookcorpus_chunks: fn(&[String], usize, usize) -> Result<Vec<Chunk>, CorpusError>,
        pub pile_mixture: fn(&[Source], u32, u64) -> Result<Vec<u64>, CorpusError>,
    }
}

grading::lesson! { step: "3-pre-training", title: "Corpora: C4, BookCorpus, the Pile, OpenWebText" }
