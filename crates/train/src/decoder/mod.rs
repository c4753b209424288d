//! Buddy is pre-trained: texts → tokens → rows → the loop of the lesson → a folder.
//!
//! The model is `small_gpt`'s, and all that learns is the lessons': packing, AdamW, schedule, clipping,
//! the loop and its checkpoints.

mod curve;
mod folder;
mod products;
mod recipe;
mod run;
mod texts;

pub use folder::{Begun, Folder};
pub use products::Gemm;
pub use recipe::{DecoderOptions, Recipe, Size};
pub use run::{engine, held_out, sample, train};
pub use texts::{END, Texts, rows, tokenizer_json};
