//! Your file: write what each `todo!()` asks for, in any order you like.
//!
//! - Read src/1-basics/loss-and-surprise.md, or run `cargo study serve`.
//! - Grade it with `cargo study grade loss-and-surprise`.
//! - Stuck? `cargo study hint loss-and-surprise` gives one hint at a time.

use crate::Empty;

/// The mean of `n` numbers: `m = (x_1 + … + x_n) / n`.
///
/// # Errors
/// [`Empty`] if there are none.
pub fn mean(x: &[f64]) -> Result<f64, Empty> {
    todo!("mean")
}
