//! The demos of all lessons: a thin layer over the lessons' crates.
//!
//! Compiled natively, [`run_demo`] makes the stills of the page and the expected values of the
//! tests; compiled to WebAssembly, the module `page` answers the page's worker.

#[cfg(target_family = "wasm")]
mod page;
mod registry;
mod run;

pub use registry::{Subject, demos, lessons};
pub use run::{Shown, run_demo};
