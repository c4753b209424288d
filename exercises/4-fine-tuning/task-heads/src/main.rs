//! The grader of this lesson: `cargo study grade task-heads` runs it.

grading::grader!(task_heads);
