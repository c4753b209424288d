//! The demos of all lessons: a thin layer over the lessons' crates.
//!
//! Compiled natively, [`run_demo`] makes the stills of the page and the expected values of the
//! tests; compiled to WebAssembly, the module `page` answers the page's worker.

mod lab;
#[cfg(target_family = "wasm")]
mod page;
mod registry;
#[cfg(not(target_family = "wasm"))]
mod report;
mod run;

#[cfg(target_family = "wasm")]
pub use page::serve;
pub use registry::{Subject, demos, lessons, modules};
#[cfg(not(target_family = "wasm"))]
pub use report::report_card;
pub use run::{Shown, run_demo};

/// Only a page is served; natively the programs in `src/bin` that serve one have nothing to do.
#[cfg(not(target_family = "wasm"))]
pub fn serve(_: fn(Subject) -> Vec<demo::Demo>) {}
