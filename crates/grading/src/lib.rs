//! What a check, a score and a tolerance are.
//!
//! A lesson writes its checks once, in `checks.rs`, against a module named `subject`. The
//! [`lesson!`] macro instantiates that text for the learner's module, for the reference and for
//! every mutant, so the three are judged by the very same code:
//!
//! ```text
//! checks.rs ──include!──▶ for_exercise   (subject = exercise)   also real #[test]s
//!           ──include!──▶ for_reference  (subject = solution)
//!           ──include!──▶ one per mutant (subject = mutants::…)
//! ```

mod check;
mod expect;
mod lesson;
mod listing;
#[cfg(not(target_family = "wasm"))]
mod memory;
mod quiz;
mod report;
#[cfg(not(target_family = "wasm"))]
mod runner;
mod worked;

pub use check::{Check, Failure, KernelCheck, Outcome, Run};
pub use expect::{
    Tolerance, expect, expect_close, expect_distribution, expect_eq, expect_error, patch,
};
pub use lesson::{KernelLab, Lesson, Mutant, content_hash};
pub use listing::{ListedCheck, ListedMutant, Listing};
#[cfg(not(target_family = "wasm"))]
pub use memory::{MEMORY_LIMIT, Memory, memory};
pub use quiz::{Choice, Question, Quiz};
pub use report::{CheckResult, FORMAT, Part, Progress, Sheet, Status};
#[cfg(not(target_family = "wasm"))]
pub use runner::{TIME_LIMIT, TIME_LIMIT_AFTER_TIMEOUT, block_on, run_check, runner_main};
pub use worked::Worked;
