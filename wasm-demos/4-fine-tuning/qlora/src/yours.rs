//! The same with the learner's code beside the reference: what a local build serves.

#[path = "../../../../exercises/4-fine-tuning/qlora/src/exercise.rs"]
#[allow(unused)]
mod exercise;

page::lesson_page!(qlora, qlora_demos, exercise);
