//! The grader of this lesson: `cargo study grade fused-decode` runs it.

grading::grader!(fused_decode);
