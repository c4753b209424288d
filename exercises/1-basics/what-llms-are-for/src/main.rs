//! The grader of this lesson: `cargo study grade what-llms-are-for` runs it.

grading::grader!(what_llms_are_for);
