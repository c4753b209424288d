//! The same with the learner's code beside the reference: what a local build serves.

#[path = "../../../../exercises/3-pre-training/optimizers/src/exercise.rs"]
#[allow(unused)]
mod exercise;

page::lesson_page!(optimizers, optimizers_demos, exercise);
