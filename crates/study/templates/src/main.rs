//! The grader of this lesson: `cargo study grade @lesson@` runs it.

use std::process::ExitCode;

fn main() -> ExitCode {
    grading::runner_main(@module@::lesson())
}
