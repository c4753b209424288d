//! The same with the learner's code beside the reference: what a local build serves.

#[path = "../../../../exercises/4-fine-tuning/hard-prompts/src/exercise.rs"]
#[allow(unused)]
mod exercise;

page::lesson_page!(hard_prompts, hard_prompts_demos, exercise);
