//! The grader of this lesson: `cargo study grade in-context-learning` runs it.

grading::grader!(in_context_learning);
