//! The same with the learner's code beside the reference: what a local build serves.

#[path = "../../../../exercises/4-fine-tuning/in-context-learning/src/exercise.rs"]
#[allow(unused)]
mod exercise;

page::lesson_page!(in_context_learning, in_context_learning_demos, exercise);
