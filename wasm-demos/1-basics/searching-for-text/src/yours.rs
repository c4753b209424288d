//! The same with the learner's code beside the reference: what a local build serves.

#[path = "../../../../exercises/1-basics/searching-for-text/src/exercise.rs"]
#[allow(unused)]
mod exercise;

page::lesson_page!(searching_for_text, searching_for_text_demos, exercise);
