//! Flash attention: the result of attention, tile by tile, without ever storing the scores.
//!
//! The learner's part is `exercise.rs` and `kernels/exercise/flash_attention.wgsl`. Given are the
//! sizes ([`Shape`], [`Tile`]), a partial result ([`Part`]), a memory that counts what is moved
//! ([`Hbm`]), the errors ([`FlashError`]), and the host side of the kernel ([`run_flash`]).

extern crate self as flash_attention;

pub mod checks;
mod error;
pub mod example;
mod hbm;
mod host;
mod oracle;
mod quiz;
mod shape;
pub mod solution;
mod worked;

pub use error::FlashError;
pub use hbm::{Hbm, Matrix, Move};
pub use host::{BLOCK, ENTRY, KEYS, MOST_WIDTH, grid, run_flash};
pub use shape::{MOST_TOKENS, Part, Shape, Tile, WIDEST};

grading::answers! {
    /// What a learner of this lesson writes.
    pub struct Answers {
        pub part: fn(&[f32], &[f32], &[f32], usize, usize) -> Result<Part, FlashError>,
        pub merge: fn(&Part, &Part) -> Result<Part, FlashError>,
        pub flash: fn(&mut Hbm<'_>, Tile, bool) -> Result<(), FlashError>,
        pub unfused_bytes: fn(Shape) -> Result<u64, FlashError>,
        pub flash_bytes: fn(Shape, Tile, bool) -> Result<u64, FlashError>,
        pub flash_attention_wgsl: fn() -> &'static str,
    }
}

grading::lesson! { step: "2-transformers", title: "Flash attention" }

/// What a learner's kernel starts from.
pub const FLASH_ATTENTION_STUB: &str = grading::kernel_stub!("flash_attention.wgsl");
