//! The same with the learner's code beside the reference: what a local build serves.

#[path = "../../../../exercises/1-basics/softmax-sampling/src/exercise.rs"]
#[allow(unused)]
mod exercise;

page::lesson_page!(softmax_sampling, softmax_sampling_demos, exercise);
