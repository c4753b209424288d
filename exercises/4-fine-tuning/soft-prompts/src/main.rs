//! The grader of this lesson: `cargo study grade soft-prompts` runs it.

grading::grader!(soft_prompts);
