//! The grader of this lesson: `cargo study grade llama` runs it.

grading::grader!(llama);
