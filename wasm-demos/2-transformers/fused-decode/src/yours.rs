//! The same with the learner's code beside the reference: what a local build serves.

#[path = "../../../../exercises/2-transformers/fused-decode/src/exercise.rs"]
#[allow(unused)]
mod exercise;

page::lesson_page!(fused_decode, fused_decode_demos, exercise);
