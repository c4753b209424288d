//! The same with the learner's code beside the reference: what a local build serves.

#[path = "../../../../exercises/3-pre-training/scaling-laws/src/exercise.rs"]
#[allow(unused)]
mod exercise;

page::lesson_page!(scaling_laws, scaling_laws_demos, exercise);
