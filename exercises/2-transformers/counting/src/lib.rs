//! Counting: what a model costs in parameters, operations and bytes, before it is built.
//!
//! The learner's part is `exercise.rs`. Given are what a model is ([`Architecture`]), what is asked
//! of it ([`Step`], [`Kept`], [`Recipe`], [`Run`]), whole numbers that do not overflow ([`Count`]),
//! and models of papers ([`published()`]).

extern crate self as counting;

mod architecture;
pub mod checks;
mod count;
mod error;
mod oracle;
mod published;
mod quantities;
mod quiz;
pub mod solution;
mod worked;

pub use architecture::{Architecture, Family, Positions, Sizes};
pub use count::Count;
pub use error::CountError;
pub use published::{PALM_RUN, Published, published};
pub use quantities::{Flops, Kept, Memory, Pairs, Params, Recipe, Run, Sharded, Step};

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub params: fn(&Architecture) -> Result<Params, CountError>,
        pub flops: fn(&Architecture, &Step) -> Result<Flops, CountError>,
        pub kv_bytes: fn(&Architecture, &Kept) -> Result<u64, CountError>,
        pub training_bytes: fn(u64, &Recipe) -> Result<Memory, CountError>,
        pub mfu: fn(&Run) -> Result<f64, CountError>,
    }
}

grading::lesson! { step: "2-transformers", title: "Counting parameters, FLOPs and bytes" }
