//! The grader of this lesson: `cargo study grade instruction-tuning` runs it.

grading::grader!(instruction_tuning);
