//! The same with the learner's code beside the reference: what a local build serves.

#[path = "../../../../exercises/2-transformers/t5-and-bart/src/exercise.rs"]
#[allow(unused)]
mod exercise;

page::lesson_page!(t5_and_bart, t5_and_bart_demos, exercise);
