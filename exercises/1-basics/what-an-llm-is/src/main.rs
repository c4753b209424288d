//! The grader of this lesson: `cargo study grade what-an-llm-is` runs it.

grading::grader!(what_an_llm_is);
