//! The same with the learner's code beside the reference: what a local build serves.

#[path = "../../../../exercises/3-pre-training/training-loop/src/exercise.rs"]
#[allow(unused)]
mod exercise;

page::lesson_page!(training_loop, training_loop_demos, exercise);
