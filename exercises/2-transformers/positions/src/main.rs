//! The grader of this lesson: `cargo study grade positions` runs it.

grading::grader!(positions);
