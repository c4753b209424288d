//! The demo and the figure of the page that opens step 1.

mod figures;
mod six_tasks;

use demo::Demo;

pub use figures::figures;

/// In the order of the page.
pub fn demos() -> Vec<Demo> {
    vec![six_tasks::demo()]
}
