//! Bias in data: what a corpus says of people, what a model makes of it, and what can be done.
//!
//! The learner's part is `exercise.rs`. Given are what it works with ([`Vectors`], [`Counts`],
//! [`Splits`]), and Tinytown with a prejudice, on which two models are trained ([`town`]).

extern crate self as bias_in_data;

pub mod checks;
mod error;
pub mod measured;
mod oracle;
mod parts;
mod quiz;
pub mod solution;
pub mod town;
mod worked;

pub use error::BiasError;
pub use parts::{
    Counts, Interval, MOST_SCORE, MOST_SPLIT, RateGap, Splits, TwinGap, Vectors, Weat,
};
pub use tinytown::Group;

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub rate_gap: fn(Counts, Counts, f64) -> Result<RateGap, BiasError>,
        pub association: fn(&Vectors, &str, &[&str], &[&str]) -> Result<f64, BiasError>,
        pub weat: fn(&Vectors, &[&str], &[&str], &[&str], &[&str]) -> Result<Weat, BiasError>,
        pub permutation_p: fn(&[f64], &[f64], Splits<'_>) -> Result<f64, BiasError>,
        pub counterfactual: fn(&str, &[(&str, &str)]) -> Result<String, BiasError>,
        pub twin_gap: fn(
            &dyn Fn(&str) -> f64,
            &[(&str, Group)],
            &[(&str, &str)],
        ) -> Result<TwinGap, BiasError>,
        pub balance: fn(&[(usize, usize)], usize) -> Result<Vec<usize>, BiasError>,
    }
}

grading::lesson! { step: "3-pre-training", title: "Bias in data" }
