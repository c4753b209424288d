//! The grader of this lesson: `cargo study grade flash-attention` runs it.

grading::grader!(flash_attention);
