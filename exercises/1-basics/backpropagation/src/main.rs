//! The grader of this lesson: `cargo study grade backpropagation` runs it.

grading::grader!(backpropagation);
