//! The same with the learner's code beside the reference: what a local build serves.

#[path = "../../../../exercises/2-transformers/palm/src/exercise.rs"]
#[allow(unused)]
mod exercise;

page::lesson_page!(palm, palm_demos, exercise);
