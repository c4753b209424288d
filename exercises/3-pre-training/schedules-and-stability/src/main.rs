//! The grader of this lesson: `cargo study grade schedules-and-stability` runs it.

grading::grader!(schedules_and_stability);
