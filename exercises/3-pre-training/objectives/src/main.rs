//! The grader of this lesson: `cargo study grade objectives` runs it.

grading::grader!(objectives);
