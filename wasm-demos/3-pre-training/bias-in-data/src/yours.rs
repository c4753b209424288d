//! The same with the learner's code beside the reference: what a local build serves.

#[path = "../../../../exercises/3-pre-training/bias-in-data/src/exercise.rs"]
#[allow(unused)]
mod exercise;

page::lesson_page!(bias_in_data, bias_in_data_demos, exercise);
