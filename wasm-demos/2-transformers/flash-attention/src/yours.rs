//! The same with the learner's code beside the reference: what a local build serves.

#[path = "../../../../exercises/2-transformers/flash-attention/src/exercise.rs"]
#[allow(unused)]
mod exercise;

page::lesson_page!(flash_attention, flash_attention_demos, exercise);
