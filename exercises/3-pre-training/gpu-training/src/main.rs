//! The grader of this lesson: `cargo study grade gpu-training` runs it.

grading::grader!(gpu_training);
