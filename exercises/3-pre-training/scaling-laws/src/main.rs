//! The grader of this lesson: `cargo study grade scaling-laws` runs it.

grading::grader!(scaling_laws);
