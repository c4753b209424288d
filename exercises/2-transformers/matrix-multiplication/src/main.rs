//! The grader of this lesson: `cargo study grade matrix-multiplication` runs it.

grading::grader!(matrix_multiplication);
