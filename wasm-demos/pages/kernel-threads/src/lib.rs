//! The demos of the page on the threads of a kernel.

mod example;
mod run;
mod shown;
mod threads;

use demo::Demo;

/// In the order of the page.
pub fn demos() -> Vec<Demo> {
    vec![threads::demo()]
}

/// The page has none: its pictures are those of the demo.
pub fn figures() -> Vec<demo::figure::Figure> {
    Vec::new()
}
