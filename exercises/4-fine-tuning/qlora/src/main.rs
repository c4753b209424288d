//! The grader of this lesson: `cargo study grade qlora` runs it.

grading::grader!(qlora);
