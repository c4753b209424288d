//! The demos of the page on the threads of a kernel.

mod examples;
mod figures;
mod run;
mod shown;
mod threads;
mod variants;

use demo::Demo;

/// In the order of the page.
pub fn demos() -> Vec<Demo> {
    vec![threads::demo()]
}

pub use figures::figures;
