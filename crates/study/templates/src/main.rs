//! The grader of this lesson: `cargo study grade @lesson@` runs it.

grading::grader!(@module@);
