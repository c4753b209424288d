//! The same with the learner's code beside the reference: what a local build serves.

#[path = "../../../../exercises/2-transformers/matrix-multiplication/src/exercise.rs"]
#[allow(unused)]
mod exercise;

page::lesson_page!(matrix_multiplication, matrix_multiplication_demos, exercise);
