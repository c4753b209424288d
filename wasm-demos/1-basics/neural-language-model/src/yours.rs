//! The same with the learner's code beside the reference: what a local build serves.

#[path = "../../../../exercises/1-basics/neural-language-model/src/exercise.rs"]
#[allow(unused)]
mod exercise;

page::lesson_page!(neural_language_model, neural_language_model_demos, exercise);
