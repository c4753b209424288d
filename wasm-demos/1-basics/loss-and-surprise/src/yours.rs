//! The same with the learner's code beside the reference: what a local build serves.

#[path = "../../../../exercises/1-basics/loss-and-surprise/src/exercise.rs"]
#[allow(unused)]
mod exercise;

page::lesson_page!(loss_and_surprise, loss_and_surprise_demos, exercise);
