//! The grader of this lesson: `cargo study grade softmax-sampling` runs it.

grading::grader!(softmax_sampling);
