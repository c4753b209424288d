//! The same with the learner's code beside the reference: what a local build serves.

#[path = "../../../../exercises/3-pre-training/many-machines/src/exercise.rs"]
#[allow(unused)]
mod exercise;

page::lesson_page!(many_machines, many_machines_demos, exercise);
