//! The grader of this lesson: `cargo study grade palm` runs it.

grading::grader!(palm);
