//! The grader of this lesson: `cargo study grade training-loop` runs it.

grading::grader!(training_loop);
