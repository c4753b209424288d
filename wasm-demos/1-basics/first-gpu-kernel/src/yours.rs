//! The same with the learner's code beside the reference: what a local build serves.

#[path = "../../../../exercises/1-basics/first-gpu-kernel/src/exercise.rs"]
#[allow(unused)]
mod exercise;

page::lesson_page!(first_gpu_kernel, first_gpu_kernel_demos, exercise);
