//! The grader of this lesson: `cargo study grade first-gpu-kernel` runs it.

grading::grader!(first_gpu_kernel);
