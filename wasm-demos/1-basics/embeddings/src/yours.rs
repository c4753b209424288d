//! The same with the learner's code beside the reference: what a local build serves.

#[path = "../../../../exercises/1-basics/embeddings/src/exercise.rs"]
#[allow(unused)]
mod exercise;

page::lesson_page!(embeddings, embeddings_demos, exercise);
