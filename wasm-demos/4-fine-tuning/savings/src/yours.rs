//! The same with the learner's code beside the reference: what a local build serves.

#[path = "../../../../exercises/4-fine-tuning/savings/src/exercise.rs"]
#[allow(unused)]
mod exercise;

page::lesson_page!(savings, savings_demos, exercise);
