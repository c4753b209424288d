//! The demo and the figures of the page that opens step 2.

mod family;
mod figures;
mod who_sees_what;

use demo::Demo;

pub use figures::figures;

/// In the order of the page.
pub fn demos() -> Vec<Demo> {
    vec![who_sees_what::demo()]
}
