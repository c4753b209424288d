//! The same with the learner's code beside the reference: what a local build serves.

#[path = "../../../../exercises/1-basics/tokenization/src/exercise.rs"]
#[allow(unused)]
mod exercise;

page::lesson_page!(tokenization, tokenization_demos, exercise);
