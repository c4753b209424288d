//! A limit to the memory of a grader: a loop that pushes without an end must not take the
//! learner's machine down.
//!
//! The limit is the allocator's, since not every system has one for a process; what a GPU driver
//! takes does not count.

use std::alloc::System;

use scores::MEMORY_LIMIT;

/// An allocator with a limit; beyond it, an allocation fails, which ends the process.
pub type Memory = cap::Cap<System>;

/// The allocator of a grader.
pub const fn memory() -> Memory {
    cap::Cap::new(System, MEMORY_LIMIT)
}

/// A lesson's grader, all there is in its `main.rs`: compiles the learner's `exercise.rs` into a
/// program that runs the checks on it, and under `cargo test` into one test a check.
///
/// ```text
/// grading::grader!(softmax_sampling);
/// ```
///
/// With `--cfg listing` the learner's file is left out: the program then lists the checks, also
/// while the file does not compile.
#[macro_export]
macro_rules! grader {
    ($lesson:ident) => {
        #[cfg(not(listing))]
        #[allow(unused)]
        mod exercise;

        #[global_allocator]
        static MEMORY: $crate::Memory = $crate::memory();

        #[cfg(not(test))]
        fn main() -> ::std::process::ExitCode {
            #[cfg(not(listing))]
            let (answers, source) =
                (Some($lesson::answers!($lesson, exercise)), include_str!("exercise.rs"));
            // It may be no text, or not there.
            #[cfg(listing)]
            let (answers, source) = (None, "");
            $crate::runner_main(&$lesson::LESSON, answers, source)
        }

        #[cfg(test)]
        mod graded {
            $lesson::as_tests!($lesson::LESSON, $lesson::answers!($lesson, super::exercise));
        }
    };
}
