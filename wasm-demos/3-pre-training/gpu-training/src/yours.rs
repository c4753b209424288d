//! The same with the learner's code beside the reference: what a local build serves.

#[path = "../../../../exercises/3-pre-training/gpu-training/src/exercise.rs"]
#[allow(unused)]
mod exercise;

page::lesson_page!(gpu_training, gpu_training_demos, exercise);
