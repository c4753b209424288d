//! The same with the learner's code beside the reference: what a local build serves.

#[path = "../../../../exercises/3-pre-training/schedules-and-stability/src/exercise.rs"]
#[allow(unused)]
mod exercise;

page::lesson_page!(schedules_and_stability, schedules_and_stability_demos, exercise);
