//! The grader of this lesson: `cargo study grade other-tokenizers` runs it.

grading::grader!(other_tokenizers);
