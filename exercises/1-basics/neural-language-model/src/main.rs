//! The grader of this lesson: `cargo study grade neural-language-model` runs it.

grading::grader!(neural_language_model);
