//! The same with the learner's code beside the reference: what a local build serves.

#[path = "../../../../exercises/1-basics/what-llms-are-for/src/exercise.rs"]
#[allow(unused)]
mod exercise;

page::lesson_page!(what_llms_are_for, what_llms_are_for_demos, exercise);
