//! The grader of this lesson: `cargo study grade multi-head-attention` runs it.

grading::grader!(multi_head_attention);
