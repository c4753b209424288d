//! The reference: the mean.

use @module@::Empty;

/// The mean of `n` numbers: `m = (x_1 + … + x_n) / n`.
///
/// # Errors
/// [`Empty`] if there are none.
pub fn mean(x: &[f64]) -> Result<f64, Empty> {
    // BEGIN ANSWER
    if x.is_empty() {
        return Err(Empty);
    }
    Ok(x.iter().sum::<f64>() / x.len() as f64)
    // END ANSWER
}
