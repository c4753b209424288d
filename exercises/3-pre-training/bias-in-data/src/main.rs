//! The grader of this lesson: `cargo study grade bias-in-data` runs it.

grading::grader!(bias_in_data);
