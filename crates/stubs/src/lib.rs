//! Reads solutions as text: their functions, and the stubs that learners start from.
//!
//! The command line writes stubs, the book shows signatures, and the macro of mutants edits one
//! function: all three find a function here.

mod given;
mod item;
mod stub;

pub use given::fill_given;
pub use item::{Function, Item, answered_functions, function, items, without_markers};
pub use stub::{STUB_COMMENT, stub, stub_wgsl};
