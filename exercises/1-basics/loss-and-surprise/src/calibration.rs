//! Whether a model is right as often as it says. Given.

use crate::LossError;

/// How many bins there are.
pub const BINS: usize = 10;

/// The guesses in one range of confidence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bin {
    /// How many there are.
    pub count: usize,
    /// The mean probability that the model gave to them.
    pub confidence: f64,
    /// The share of them that was right.
    pub accuracy: f64,
}

/// Sorts guesses, each the probability that the model gave to it and whether it was right, into
/// [`BINS`] bins, equally wide: above `(i − 1) / 10` up to `i / 10`, and 0 in the first. What comes
/// back is in this order, without the bins that are empty.
///
/// This is the reliability diagram of Guo and others, "On Calibration of Modern Neural Networks"
/// (<https://arxiv.org/abs/1706.04599>), section 2.
///
/// # Errors
/// [`LossError::NotAProbability`] at the first number that is none.
pub fn calibration(guesses: &[(f64, bool)]) -> Result<Vec<Bin>, LossError> {
    let mut sums = [(0_usize, 0.0, 0_usize); BINS];
    for &(p, is_right) in guesses {
        if !(0.0..=1.0).contains(&p) {
            return Err(LossError::NotAProbability(p));
        }
        let bin = ((p * BINS as f64).ceil() as usize).clamp(1, BINS) - 1;
        let (count, confidence, right) = &mut sums[bin];
        *count += 1;
        *confidence += p;
        *right += usize::from(is_right);
    }
    let filled = sums.into_iter().filter(|&(count, ..)| count > 0);
    let bin = |(count, confidence, right): (usize, f64, usize)| Bin {
        count,
        confidence: confidence / count as f64,
        accuracy: right as f64 / count as f64,
    };
    Ok(filled.map(bin).collect())
}

/// The expected calibration error: how far confidence and accuracy are apart, as a mean over all
/// guesses. 0 if there is none.
///
/// `Σ count / n · |accuracy − confidence|`, equation 3 of the same paper.
pub fn calibration_error(bins: &[Bin]) -> f64 {
    let n: usize = bins.iter().map(|bin| bin.count).sum();
    let apart = |bin: &Bin| bin.count as f64 * (bin.accuracy - bin.confidence).abs();
    bins.iter().map(apart).sum::<f64>() / n.max(1) as f64
}
