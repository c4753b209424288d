//! Wrong solutions, each with one classic bug, that the checks must reject.

mod learning;
mod writing;

pub use learning::*;
pub use writing::*;
