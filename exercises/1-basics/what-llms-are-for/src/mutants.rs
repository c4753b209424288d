//! Wrong solutions, each with one classic bug, that the checks must reject.

mod labels;
mod text;

pub use labels::*;
pub use text::*;
