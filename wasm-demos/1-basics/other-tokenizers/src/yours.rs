//! The same with the learner's code beside the reference: what a local build serves.

#[path = "../../../../exercises/1-basics/other-tokenizers/src/exercise.rs"]
#[allow(unused)]
mod exercise;

page::lesson_page!(other_tokenizers, other_tokenizers_demos, exercise);
