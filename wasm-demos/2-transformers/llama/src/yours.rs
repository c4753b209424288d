//! The same with the learner's code beside the reference: what a local build serves.

#[path = "../../../../exercises/2-transformers/llama/src/exercise.rs"]
#[allow(unused)]
mod exercise;

page::lesson_page!(llama, llama_demos, exercise);
