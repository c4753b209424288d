//! A limit to the memory of a grader: a loop that pushes without an end must not take the
//! learner's machine down.
//!
//! The limit is the allocator's, since not every system has one for a process; what a GPU driver
//! takes does not count.

use std::alloc::System;

/// What a grader may allocate, in bytes: 4 GB.
pub const MEMORY_LIMIT: usize = u32::MAX as usize;

/// An allocator with a limit; beyond it, an allocation fails, which ends the process.
pub type Memory = cap::Cap<System>;

/// The allocator of a grader.
pub const fn memory() -> Memory {
    cap::Cap::new(System, MEMORY_LIMIT)
}

/// A lesson's grader, all there is in its `main.rs`: limits its memory and runs
/// [`runner_main`](crate::runner_main).
///
/// ```text
/// grading::grader!(softmax_sampling::lesson());
/// ```
#[macro_export]
macro_rules! grader {
    ($lesson:expr) => {
        #[global_allocator]
        static MEMORY: $crate::Memory = $crate::memory();

        fn main() -> ::std::process::ExitCode {
            $crate::runner_main($lesson)
        }
    };
}
