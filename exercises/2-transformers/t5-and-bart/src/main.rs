//! The grader of this lesson: `cargo study grade t5-and-bart` runs it.

grading::grader!(t5_and_bart);
