//! The grader of this lesson: `cargo study grade lora` runs it.

grading::grader!(lora);
