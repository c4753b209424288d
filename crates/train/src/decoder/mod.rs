//! Buddy is pre-trained: texts → tokens → rows → the loop of the lesson → a folder.
//!
//! The model is `small_gpt`'s, and all that learns is the lessons': packing, AdamW, schedule, clipping,
//! the loop and its checkpoints.

mod curve;
mod folder;
mod model;
mod options;
mod products;
mod ranks;
mod recipe;
mod run;
mod start;
mod texts;

pub use curve::svg;
pub use folder::Folder;
pub use model::{held_out, sample, weights};
pub use options::DecoderOptions;
pub use products::Gemm;
pub use recipe::{Recipe, Size};
pub use run::{engine, train};
pub use texts::{END, Texts, pieces, rows, tokenizer_json};
