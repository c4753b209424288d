//! The grader of this lesson: `cargo study grade tokenization` runs it.

grading::grader!(tokenization);
