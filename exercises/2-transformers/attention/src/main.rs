//! The grader of this lesson: `cargo study grade attention` runs it.

grading::grader!(attention);
