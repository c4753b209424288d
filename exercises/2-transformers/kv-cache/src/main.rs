//! The grader of this lesson: `cargo study grade kv-cache` runs it.

grading::grader!(kv_cache);
