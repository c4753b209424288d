//! What a check, a score and a tolerance are.
//!
//! A lesson declares what a learner writes as a struct of functions, its `Answers` ([`answers!`]).
//! The reference, what the learner wrote, and every mutant are values of it, and a check is an
//! ordinary function of such a value ([`checks!`]), compiled once:
//!
//! ```text
//! src/solution.rs ──▶ SOLUTION ─┐
//! src/exercise.rs ──▶ answers!(exercise)  ├─▶ fn closed_form(answers: &Answers) -> Outcome
//! an edit of solution.rs ──▶ answers!(a_mutant) ─┘
//! ```

mod check;
mod compare;
mod differential;
pub mod draw;
mod expect;
#[cfg(not(target_family = "wasm"))]
pub mod judge;
mod judged;
mod lesson;
#[cfg(not(target_family = "wasm"))]
mod memory;
pub mod numbers;
mod panics;
mod quiz;
pub mod random;
#[cfg(not(target_family = "wasm"))]
mod runner;
mod worked;

pub use check::{Check, CheckInfo, Failure, KernelCheck, Outcome, Run};
pub use compare::{Float, agree, expect_bits, expect_error_is, expect_same};
pub use differential::{Differential, differential, seed_of_this_run};
pub use expect::{
    Tolerance, expect, expect_close, expect_close_or_nan, expect_distribution, expect_eq,
    expect_error,
};
/// A number that changes when the sources of a lesson's checks do.
pub use grading_macros::hash_of_checks;
/// What a learner's kernel starts from: `kernel_stub!("softmax.wgsl")` is the text of the stub made
/// from `kernels/solution/softmax.wgsl`.
pub use grading_macros::kernel_stub;
/// Declares the mutants of a lesson, all there is in its `tests/mutants.rs`.
///
/// A mutant is the reference with one edit: of a function in `src/solution.rs`, or of the kernel
/// that it returns. It is made into a module with the edited function and whatever calls it, judged
/// by the check named, and must be rejected. Where an edit cannot say it, an expression does.
///
/// ```text
/// grading::mutants! {
///     softmax_sampling;
///
///     /// A mean where a sum belongs.
///     divides_by_count => closed_form: softmax {
///         "weights.sum_keepdim(dim)?" => "weights.mean_keepdim(dim)?"
///     }
///     kernel_no_max => kernel_stays_finite: softmax_wgsl {
///         "row_max = max_of_all(thread, row_max);" => "row_max = 0.0;"
///     }
///     last_axis_always => every_axis_matches_pytorch: Answers {
///         softmax: |x, _| (SOLUTION.softmax)(x, x.rank() - 1),
///         ..SOLUTION
///     };
/// }
/// ```
///
/// A passage that is not in the function exactly once is a compile error at its line; white space
/// in it fits any white space. The reference itself is judged, too, compiled as the learner's file
/// is, and the stub, which every check must reject.
pub use grading_macros::mutants;
pub use lesson::{KernelLab, Lesson};
#[cfg(not(target_family = "wasm"))]
pub use memory::{Memory, memory};
pub use quiz::{Key, Keys, pick, position};
#[cfg(not(target_family = "wasm"))]
pub use runner::{block_on, run_check, runner_main};
pub use worked::Worked;

/// Reads a golden file, JSON in the folder `golden` of the lesson, into any type that can be
/// deserialized.
///
/// ```text
/// let cases: Vec<SoftmaxCase> = grading::golden!("softmax.json")?;
/// ```
#[macro_export]
macro_rules! golden {
    ($file:literal) => {
        $crate::read_golden(
            $file,
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/golden/", $file)),
        )
    };
}

#[doc(hidden)]
pub fn read_golden<T: serde::de::DeserializeOwned>(
    file: &str,
    json: &'static str,
) -> Result<T, Failure> {
    serde_json::from_str(json).map_err(|error| Failure::wrong(format!("golden/{file}: {error}")))
}
