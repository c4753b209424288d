//! The same with the learner's code beside the reference: what a local build serves.

#[path = "../../../../exercises/1-basics/what-an-llm-is/src/exercise.rs"]
#[allow(unused)]
mod exercise;

page::lesson_page!(what_an_llm_is, what_an_llm_is_demos, exercise);
