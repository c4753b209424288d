//! The grader of this lesson: `cargo study grade hard-prompts` runs it.

grading::grader!(hard_prompts);
