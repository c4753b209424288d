//! The figures of the page that opens step 3.

mod figures;

use demo::Demo;

pub use figures::figures;

/// The page has none.
pub fn demos() -> Vec<Demo> {
    Vec::new()
}
