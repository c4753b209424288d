//! The grader of this lesson: `cargo study grade deduplication` runs it.

grading::grader!(deduplication);
