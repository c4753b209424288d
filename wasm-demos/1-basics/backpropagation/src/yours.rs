//! The same with the learner's code beside the reference: what a local build serves.

#[path = "../../../../exercises/1-basics/backpropagation/src/exercise.rs"]
#[allow(unused)]
mod exercise;

page::lesson_page!(backpropagation, backpropagation_demos, exercise);
