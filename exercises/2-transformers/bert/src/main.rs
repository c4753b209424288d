//! The grader of this lesson: `cargo study grade bert` runs it.

grading::grader!(bert);
