//! The demo, the figures and the numbers of the page on runs that failed.

mod figures;
mod which_failure;
mod worked;

use demo::Demo;

pub use figures::figures;
pub use worked::worked;

/// In the order of the page.
pub fn demos() -> Vec<Demo> {
    vec![which_failure::demo()]
}
