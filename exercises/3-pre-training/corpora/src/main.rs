//! The grader of this lesson: `cargo study grade corpora` runs it.

grading::grader!(corpora);
