//! Wrong solutions, each with one classic bug, each to be rejected by the check named in `lib.rs`.

mod learning;
mod looking;
mod sampling;

pub use learning::*;
pub use looking::*;
pub use sampling::*;
