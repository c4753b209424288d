//! The same with the learner's code beside the reference: what a local build serves.

#[path = "../../../../exercises/2-transformers/multi-head-attention/src/exercise.rs"]
#[allow(unused)]
mod exercise;

page::lesson_page!(multi_head_attention, multi_head_attention_demos, exercise);
