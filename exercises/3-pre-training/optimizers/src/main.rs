//! The grader of this lesson: `cargo study grade optimizers` runs it.

grading::grader!(optimizers);
