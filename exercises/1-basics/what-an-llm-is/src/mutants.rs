//! Wrong solutions, each with one classic bug, that the checks must reject.

// As long as there is one function only, a mutant takes nothing else from the reference.
#![allow(unused_imports)]

/// Takes the number in the middle.
pub mod takes_the_median {
    use crate::Empty;
    pub use crate::solution::*;

    pub fn mean(x: &[f64]) -> Result<f64, Empty> {
        let mut sorted = x.to_vec();
        sorted.sort_by(f64::total_cmp);
        sorted.get(x.len() / 2).copied().ok_or(Empty)
    }
}

/// Divides like the variance of a sample does.
pub mod divides_by_n_minus_one {
    use crate::Empty;
    pub use crate::solution::*;

    pub fn mean(x: &[f64]) -> Result<f64, Empty> {
        if x.is_empty() {
            return Err(Empty);
        }
        Ok(x.iter().sum::<f64>() / (x.len() as f64 - 1.0))
    }
}

/// Loses the last digits.
pub mod sums_in_f32 {
    use crate::Empty;
    pub use crate::solution::*;

    pub fn mean(x: &[f64]) -> Result<f64, Empty> {
        if x.is_empty() {
            return Err(Empty);
        }
        Ok(f64::from(x.iter().map(|&x| x as f32).sum::<f32>() / x.len() as f32))
    }
}

/// Takes no numbers for zeros.
pub mod nothing_has_mean_zero {
    use crate::Empty;
    pub use crate::solution::*;

    pub fn mean(x: &[f64]) -> Result<f64, Empty> {
        Ok(x.iter().sum::<f64>() / x.len().max(1) as f64)
    }
}
