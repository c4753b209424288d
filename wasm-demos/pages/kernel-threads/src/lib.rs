//! The demos of the page on the threads of a kernel.

mod example;
mod figures;
mod run;
mod shown;
mod threads;

use demo::Demo;

/// In the order of the page.
pub fn demos() -> Vec<Demo> {
    vec![threads::demo()]
}

pub use figures::figures;
