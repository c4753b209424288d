//! The grader of this lesson: `cargo study grade roberta-and-xlnet` runs it.

grading::grader!(roberta_and_xlnet);
