//! The grader of this lesson: `cargo study grade batches` runs it.

grading::grader!(batches);
