//! The same with the learner's code beside the reference: what a local build serves.

#[path = "../../../../exercises/4-fine-tuning/task-heads/src/exercise.rs"]
#[allow(unused)]
mod exercise;

page::lesson_page!(task_heads, task_heads_demos, exercise);
