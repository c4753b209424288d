//! The grader of this lesson: `cargo study grade review` runs it.

grading::grader!(review);
