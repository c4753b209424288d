//! Backpropagation: the mean of some numbers.
//!
//! The learner writes `exercise.rs`; given is the error it returns.

mod empty;
// A stub has not used yet what its answer will need.
#[cfg(feature = "exercise")]
#[allow(unused)]
pub mod exercise;
#[cfg(feature = "mutants")]
pub mod mutants;
pub mod quiz;
pub mod solution;
pub mod worked;

pub use empty::Empty;

grading::lesson! {
    step: "1-basics",
    title: "Backpropagation",
    mutants: {
        takes_the_median => mean_of_squares_has_a_closed_form,
        divides_by_n_minus_one => mean_of_squares_has_a_closed_form,
        sums_in_f32 => mean_matches_python,
        nothing_has_mean_zero => mean_of_nothing_is_an_error,
    }
}
