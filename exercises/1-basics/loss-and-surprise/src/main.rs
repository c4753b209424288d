//! The grader of this lesson: `cargo study grade loss-and-surprise` runs it.

grading::grader!(loss_and_surprise);
