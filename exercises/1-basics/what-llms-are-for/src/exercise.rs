//! Your file: write what each `todo!()` asks for, in any order you like.
//!
//! - Read src/1-basics/what-llms-are-for.md, or run `cargo study serve`.
//! - Grade it with `cargo study grade what-llms-are-for`.
//! - Stuck? `cargo study hint what-llms-are-for` gives one hint at a time.

use crate::Empty;

/// The mean of `n` numbers: `m = (x_1 + … + x_n) / n`.
///
/// # Errors
/// [`Empty`] if there are none.
pub fn mean(x: &[f64]) -> Result<f64, Empty> {
    todo!("mean")
}
