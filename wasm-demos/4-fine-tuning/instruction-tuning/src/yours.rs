//! The same with the learner's code beside the reference: what a local build serves.

#[path = "../../../../exercises/4-fine-tuning/instruction-tuning/src/exercise.rs"]
#[allow(unused)]
mod exercise;

page::lesson_page!(instruction_tuning, instruction_tuning_demos, exercise);
