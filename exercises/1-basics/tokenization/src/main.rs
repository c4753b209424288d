//! The grader of this lesson: `cargo study grade tokenization` runs it.

use std::process::ExitCode;

fn main() -> ExitCode {
    grading::runner_main(tokenization::lesson())
}
