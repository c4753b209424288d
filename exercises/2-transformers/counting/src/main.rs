//! The grader of this lesson: `cargo study grade counting` runs it.

grading::grader!(counting);
