//! The same with the learner's code beside the reference: what a local build serves.

#[path = "../../../../exercises/4-fine-tuning/lora/src/exercise.rs"]
#[allow(unused)]
mod exercise;

page::lesson_page!(lora, lora_demos, exercise);
