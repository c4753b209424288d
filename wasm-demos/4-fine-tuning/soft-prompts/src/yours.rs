//! The same with the learner's code beside the reference: what a local build serves.

#[path = "../../../../exercises/4-fine-tuning/soft-prompts/src/exercise.rs"]
#[allow(unused)]
mod exercise;

page::lesson_page!(soft_prompts, soft_prompts_demos, exercise);
