//! The same with the learner's code beside the reference: what a local build serves.

#[path = "../../../../exercises/2-transformers/roberta-and-xlnet/src/exercise.rs"]
#[allow(unused)]
mod exercise;

page::lesson_page!(roberta_and_xlnet, roberta_and_xlnet_demos, exercise);
