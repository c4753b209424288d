//! The same with the learner's code beside the reference: what a local build serves.

#[path = "../../../../exercises/2-transformers/kv-cache/src/exercise.rs"]
#[allow(unused)]
mod exercise;

page::lesson_page!(kv_cache, kv_cache_demos, exercise);
