//! The demos of the page “Attention”.

use attention::Answers;
use demo::Demo;
use demo::figure::Figure;

/// In the order of the page.
pub fn demos(_: Answers) -> Vec<Demo> {
    Vec::new()
}

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    Vec::new()
}
