//! The figures of the page.

use demo::figure::Figure;

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    Vec::new()
}
