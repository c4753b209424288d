//! The grader of this lesson: `cargo study grade many-machines` runs it.

grading::grader!(many_machines);
