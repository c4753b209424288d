//! The same results for megabytes: [`train`] and [`Encoder`] give what
//! [`solution`](crate::solution) gives, and pass the same checks.
//!
//! The reference counts all pairs again after every merge, and merges a word again however often
//! the text has it. Training here touches only the places where the merged pair stands; encoding
//! remembers words.

mod encode;
mod train;

pub use encode::Encoder;
pub use train::{Trainer, train};

use crate::Pair;

/// A pair as one number; numbers compare like pairs.
fn pack((left, right): Pair) -> u64 {
    u64::from(left) << 32 | u64::from(right)
}
