//! The grader of this lesson: `cargo study grade gpt` runs it.

grading::grader!(gpt);
