//! The grader of this lesson: `cargo study grade embeddings` runs it.

grading::grader!(embeddings);
