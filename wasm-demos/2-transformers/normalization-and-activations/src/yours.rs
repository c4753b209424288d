//! The same with the learner's code beside the reference: what a local build serves.

#[path = "../../../../exercises/2-transformers/normalization-and-activations/src/exercise.rs"]
#[allow(unused)]
mod exercise;

page::lesson_page!(normalization_and_activations, normalization_and_activations_demos, exercise);
