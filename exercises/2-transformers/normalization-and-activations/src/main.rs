//! The grader of this lesson: `cargo study grade normalization-and-activations` runs it.

grading::grader!(normalization_and_activations);
