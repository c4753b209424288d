//! Wrong solutions, each with one classic bug, that the checks must reject.

mod forward;
mod lattice;
mod sample;
mod viterbi;
mod wordpiece;

pub use forward::*;
pub use lattice::*;
pub use sample::*;
pub use viterbi::*;
pub use wordpiece::*;
