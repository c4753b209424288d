//! Many machines: one training on thousands of devices, and what they say to each other.
//!
//! The learner's part is `exercise.rs`. Given are a ring of ranks ([`Link`]), run in turns
//! ([`in_turns`]) or as threads, and what is divided among them ([`chunk`], [`Matrix`], [`Job`],
//! [`Layout`]).

extern crate self as many_machines;

pub mod checks;
mod error;
mod link;
mod oracle;
mod parts;
mod quiz;
pub mod solution;
#[cfg(not(target_family = "wasm"))]
mod threads;
mod worked;

pub use counting::Sharded;
pub use error::MachineError;
pub use link::{Link, Ran, in_turns};
pub use parts::{Job, Kind, Layout, Matrix, Span, chunk, gelu, held, waiting};
#[cfg(not(target_family = "wasm"))]
pub use threads::on_threads;

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub reduce_scatter: fn(&mut dyn Link, &mut [f64]) -> Result<(), MachineError>,
        pub all_gather: fn(&mut dyn Link, &mut [f64]) -> Result<(), MachineError>,
        pub ring_all_reduce: fn(&mut dyn Link, &mut [f64]) -> Result<(), MachineError>,
        pub data_parallel: fn(&mut dyn Link, &mut [f64], u64) -> Result<u64, MachineError>,
        pub parallel_mlp:
            fn(&mut dyn Link, &Matrix, &Matrix, &Matrix) -> Result<Matrix, MachineError>,
        pub pipeline_schedule: fn(Kind, usize, usize) -> Vec<Vec<Job>>,
        pub timeline: fn(&[Vec<Job>], u64, u64) -> Result<Vec<Vec<Span>>, MachineError>,
        pub machine_bytes: fn(u64, &Layout, Sharded) -> Result<u128, MachineError>,
    }
}

grading::lesson! { step: "3-pre-training", title: "Many machines" }
