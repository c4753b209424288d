//! The same with the learner's code beside the reference: what a local build serves.

#[path = "../../../../exercises/3-pre-training/corpora/src/exercise.rs"]
#[allow(unused)]
mod exercise;

page::lesson_page!(corpora, corpora_demos, exercise);
