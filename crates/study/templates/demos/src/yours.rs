//! The same with the learner's code beside the reference: what a local build serves.

#[path = "../../../../exercises/@step@/@lesson@/src/exercise.rs"]
#[allow(unused)]
mod exercise;

page::lesson_page!(@module@, @module@_demos, exercise);
