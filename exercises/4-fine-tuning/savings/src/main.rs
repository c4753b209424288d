//! The grader of this lesson: `cargo study grade savings` runs it.

grading::grader!(savings);
