//! The figures of the page on the math you need.

mod figures;

use demo::Demo;

pub use figures::figures;

/// The page has none.
pub fn demos() -> Vec<Demo> {
    Vec::new()
}
