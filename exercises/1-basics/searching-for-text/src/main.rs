//! The grader of this lesson: `cargo study grade searching-for-text` runs it.

grading::grader!(searching_for_text);
