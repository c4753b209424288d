//! What checks say with: comparisons whose failure names the place and the difference.

use std::fmt::{Debug, Display};

use statrs::distribution::{ChiSquared, ContinuousCDF};

use crate::{Failure, Outcome};

/// How far a value may be from the expected one: `|got − want| ≤ atol + rtol·|want|`.
///
/// ```
/// use grading::Tolerance;
///
/// let one_percent = Tolerance { rtol: 0.01, atol: 0.0 };
/// assert!(one_percent.accepts(200.5, 200.0));
/// assert!(!one_percent.accepts(203.0, 200.0));
/// assert!(!Tolerance::F32.accepts(0.0, 1e-4), "0 is not close to a small number");
/// assert!(!Tolerance::F32.accepts(f64::NAN, f64::NAN));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Tolerance {
    /// Relative to the expected value.
    pub rtol: f64,
    /// Absolute; keep it far below the expected values, or zero passes.
    pub atol: f64,
}

// ANCHOR: tolerance
impl Tolerance {
    /// f64 arithmetic against f64 in another order. It is relative, so tiny numbers count; where terms
    /// cancel, say what is small enough: `Tolerance { atol: 1e-12, ..Tolerance::F64 }`.
    pub const F64: Self = Self { rtol: 1e-12, atol: 1e-300 };
    /// f32 arithmetic against an f64 reference.
    pub const F32: Self = Self { rtol: 1e-5, atol: 1e-8 };
    /// A WGSL kernel against an f64 reference: WGSL's `exp` may be off by a few ULP more.
    pub const WGSL: Self = Self { rtol: 1e-4, atol: 1e-7 };

    /// Whether `got` is close enough to `want`. NaN never is; an infinity only to itself.
    pub fn accepts(self, got: f64, want: f64) -> bool {
        let bound = self.atol + self.rtol * want.abs();
        got == want || want.is_finite() && (got - want).abs() <= bound
    }
}
// ANCHOR_END: tolerance

/// Fails with the message unless the condition holds.
///
/// ```
/// let sum = 0.9;
/// let failure = grading::expect(sum == 1.0, || format!("the sum is {sum}, not 1")).unwrap_err();
/// assert_eq!(failure.message(), "the sum is 0.9, not 1");
/// ```
pub fn expect(condition: bool, message: impl FnOnce() -> String) -> Outcome {
    if condition { Ok(()) } else { Err(Failure::Wrong(message())) }
}

/// Fails unless a call returned an error, as it must for bad input.
///
/// ```
/// use grading::expect_error;
///
/// assert!(expect_error("a word", "seven".parse::<u32>()).is_ok());
/// let failure = expect_error("a digit", "7".parse::<u32>()).unwrap_err();
/// assert_eq!(failure.message(), "a digit: expected an error, got 7");
/// ```
pub fn expect_error<T: Debug, E>(what: &str, result: Result<T, E>) -> Outcome {
    match result {
        Err(_) => Ok(()),
        Ok(value) => Err(Failure::Wrong(format!("{what}: expected an error, got {value:?}"))),
    }
}

/// Compares two sequences exactly; the failure names the first index that differs.
///
/// ```
/// use grading::expect_eq;
///
/// let failure = expect_eq("ids", &[7, 5, 9], &[7, 8, 9]).unwrap_err();
/// assert_eq!(failure.message(), "ids: at index 1 expected 8, got 5");
/// let failure = expect_eq("ids", &[7], &[7, 8, 9]).unwrap_err();
/// assert_eq!(failure.message(), "ids: expected 3 items, got 1");
/// ```
pub fn expect_eq<T: PartialEq + Debug>(what: &str, got: &[T], want: &[T]) -> Outcome {
    if let Some(i) = got.iter().zip(want).position(|(g, w)| g != w) {
        let (g, w) = (&got[i], &want[i]);
        return Err(Failure::Wrong(format!("{what}: at index {i} expected {w:?}, got {g:?}")));
    }
    expect(got.len() == want.len(), || {
        format!("{what}: expected {} items, got {}", want.len(), got.len())
    })
}

/// Compares numbers within a tolerance. `shape` turns a flat index into a place a learner can
/// find; pass `&[]` for a flat sequence. Of a single number the failure says no place. NaN is always
/// wrong; where it is the right answer, take [`expect_close_or_nan`].
///
/// ```
/// use grading::{Tolerance, expect_close};
///
/// let (got, want) = ([0.25, 0.75, 0.5, 0.75], [0.25, 0.75, 0.5, 0.5]);
/// let failure = expect_close("rows", &[2, 2], &got, &want, Tolerance::F64).unwrap_err();
/// assert_eq!(
///     failure.message(),
///     "rows: at [1, 1] expected 0.5000000, got 0.7500000 (off by 2.5e-1); 1 of 4 numbers differ"
/// );
/// let failure = expect_close("the mean", &[], &[1.5], &[0.25], Tolerance::F64).unwrap_err();
/// assert_eq!(failure.message(), "the mean: expected 0.25, got 1.5 (off by 1.25)");
/// ```
///
/// # Errors
/// The first place where they differ, and by how much.
pub fn expect_close<G: Into<f64> + Copy, W: Into<f64> + Copy>(
    what: &str,
    shape: &[usize],
    got: &[G],
    want: &[W],
    tolerance: Tolerance,
) -> Outcome {
    compare(what, shape, got, want, |got, want| tolerance.accepts(got, want))
}

/// [`expect_close`], except that NaN must come where it is expected, and only there.
///
/// ```
/// use grading::{Tolerance, expect_close_or_nan};
/// let got = [1.0, f64::NAN];
/// assert!(expect_close_or_nan("y", &[], &got, &[1.0, f64::NAN], Tolerance::F64).is_ok());
/// assert!(expect_close_or_nan("y", &[], &got, &[1.0, 2.0], Tolerance::F64).is_err());
/// assert!(expect_close_or_nan("y", &[], &got, &[f64::NAN, f64::NAN], Tolerance::F64).is_err());
/// ```
///
/// # Errors
/// The first place where they differ, and by how much.
pub fn expect_close_or_nan<G: Into<f64> + Copy, W: Into<f64> + Copy>(
    what: &str,
    shape: &[usize],
    got: &[G],
    want: &[W],
    tolerance: Tolerance,
) -> Outcome {
    let accepts =
        |got: f64, want: f64| got.is_nan() && want.is_nan() || tolerance.accepts(got, want);
    compare(what, shape, got, want, accepts)
}

fn compare<G: Into<f64> + Copy, W: Into<f64> + Copy>(
    what: &str,
    shape: &[usize],
    got: &[G],
    want: &[W],
    accepts: impl Fn(f64, f64) -> bool,
) -> Outcome {
    expect(got.len() == want.len(), || {
        format!("{what}: expected {} numbers, got {}", want.len(), got.len())
    })?;
    let pairs = got.iter().zip(want).map(|(&g, &w)| (g.into(), w.into()));
    let wrong: Vec<(usize, f64, f64)> = pairs
        .enumerate()
        .filter(|&(_, (g, w))| !accepts(g, w))
        .map(|(i, (g, w))| (i, g, w))
        .collect();
    let Some(&(i, g, w)) = wrong.first() else { return Ok(()) };
    let why = if g.is_nan() { ". NaN usually means ∞/∞, ∞ − ∞ or 0/0" } else { "" };
    let off = (g - w).abs();
    if want.len() == 1 && shape.len() < 2 {
        let (mut expected, mut got) = (plain(w), plain(g));
        if expected == got {
            (expected, got) = (format!("{w:?}"), format!("{g:?}"));
        }
        let off = if off.is_finite() { format!(" (off by {})", plain(off)) } else { String::new() };
        let message = format!("{what}: expected {expected}, got {got}{off}{why}");
        return Err(Failure::Wrong(message));
    }
    let place = index(shape, i);
    let (count, all) = (wrong.len(), want.len());
    let off = if off.is_finite() { format!(" (off by {off:.1e})") } else { String::new() };
    Err(Failure::Wrong(format!(
        "{what}: at {place} expected {w:.7}, got {g:.7}{off}; {count} of {all} numbers differ{why}"
    )))
}

/// A number as a person writes it: seven digits, no zeros behind them, a power of ten only where
/// zeros would have to be counted.
fn plain(x: f64) -> String {
    let rounded = format!("{x:.6e}").parse().unwrap_or(x);
    match x.abs() {
        0.0 => "0".into(),
        size if size.is_finite() && !(1e-4..1e9).contains(&size) => format!("{rounded:e}"),
        _ => format!("{rounded}"),
    }
}

/// `[1, 0, 2]` for a flat index into a row-major shape.
fn index(shape: &[usize], mut flat: usize) -> impl Display {
    if shape.len() < 2 {
        return format!("[{flat}]");
    }
    let mut place = vec![0; shape.len()];
    for (p, &size) in place.iter_mut().zip(shape).rev() {
        *p = flat % size.max(1);
        flat /= size.max(1);
    }
    format!("{place:?}")
}

/// Pearson's χ² test that counts were drawn from a distribution; impossible outcomes must not
/// occur at all. A right sampler fails once in 10⁹ seeds; checks fix their seed, so it never does.
///
/// ```
/// use grading::expect_distribution;
///
/// assert!(expect_distribution("a coin", &[503, 497], &[0.5, 0.5]).is_ok());
/// assert!(expect_distribution("a coin", &[700, 300], &[0.5, 0.5]).is_err());
/// let failure = expect_distribution("draws", &[998, 2], &[1.0, 0.0]).unwrap_err();
/// assert_eq!(failure.message(), "draws: outcome 1 has probability 0 but was drawn 2 times");
/// ```
pub fn expect_distribution(what: &str, counts: &[u64], probabilities: &[f64]) -> Outcome {
    expect(counts.len() == probabilities.len(), || {
        format!("{what}: {} counts for {} probabilities", counts.len(), probabilities.len())
    })?;
    let total = counts.iter().sum::<u64>() as f64;
    let mut chi2 = 0.0;
    let mut cells = 0;
    for (i, (&count, &p)) in counts.iter().zip(probabilities).enumerate() {
        if p <= 0.0 {
            expect(count == 0, || {
                format!("{what}: outcome {i} has probability 0 but was drawn {count} times")
            })?;
            continue;
        }
        let expected = total * p;
        chi2 += (count as f64 - expected).powi(2) / expected;
        cells += 1;
    }
    if cells < 2 {
        return Ok(());
    }
    let distribution = ChiSquared::new(f64::from(cells - 1))?;
    let p_value = 1.0 - distribution.cdf(chi2);
    expect(p_value > 1e-9, || {
        let shares: Vec<String> =
            counts.iter().map(|&c| format!("{:.3}", c as f64 / total)).collect();
        let wanted: Vec<String> = probabilities.iter().map(|p| format!("{p:.3}")).collect();
        format!(
            "{what}: drawn with frequencies [{}], expected [{}] (χ² = {chi2:.1})",
            shares.join(", "),
            wanted.join(", ")
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_is_not_close_to_a_small_number() {
        assert!(!Tolerance::F32.accepts(0.0, 1e-4));
        assert!(!Tolerance::F32.accepts(f64::NAN, 0.0));
        assert!(!Tolerance::F32.accepts(f64::INFINITY, 1.0));
        assert!(Tolerance::F32.accepts(f64::INFINITY, f64::INFINITY));
        for got in [0.0, 1e300, f64::NEG_INFINITY, f64::NAN] {
            assert!(!Tolerance::F32.accepts(got, f64::INFINITY), "{got}");
        }
        assert!(!Tolerance::F64.accepts(0.0, 1e-200));
        assert!(!Tolerance::F64.accepts(f64::from(0.1_f32), 0.1));
    }

    #[test]
    fn a_failure_names_the_place() {
        let got = [0.0_f32, 0.5, 0.0, 0.0, 0.0, 0.9];
        let want = [0.0_f64, 0.5, 0.0, 0.0, 0.0, 1.0];
        let failure = expect_close("y", &[2, 3], &got, &want, Tolerance::F32).unwrap_err();
        assert!(failure.message().contains("[1, 2]"), "{failure:?}");
        assert!(failure.message().contains("1 of 6"), "{failure:?}");
    }

    #[test]
    fn a_single_number_is_said_plainly() {
        let of = |got: f64, want: f64| {
            let tolerance = Tolerance { rtol: 0.0, atol: 0.0 };
            let failure = expect_close("m", &[1], &[got], &[want], tolerance).unwrap_err();
            failure.message().to_owned()
        };
        assert_eq!(of(2.0, 4.0), "m: expected 4, got 2 (off by 2)");
        assert_eq!(of(1.0 / 3.0, 0.25), "m: expected 0.25, got 0.3333333 (off by 0.08333333)");
        assert_eq!(of(3e-10, 0.0), "m: expected 0, got 3e-10 (off by 3e-10)");
        assert_eq!(of(f64::INFINITY, 1.0), "m: expected 1, got inf");
        let close = of(0.1 + 1e-12, 0.1);
        assert!(close.starts_with("m: expected 0.1, got 0.1000000000"), "{close}");
    }

    #[test]
    fn nan_has_no_distance_but_a_cause() {
        let failure = expect_close("y", &[], &[f64::NAN], &[1.0], Tolerance::F32).unwrap_err();
        let message = failure.message();
        assert!(message.contains("∞/∞") && !message.contains("off by"), "{message}");
    }

    #[test]
    fn the_distribution_test_rejects_a_biased_coin_and_an_impossible_draw() {
        assert!(expect_distribution("coin", &[5030, 4970], &[0.5, 0.5]).is_ok());
        assert!(expect_distribution("coin", &[5600, 4400], &[0.5, 0.5]).is_err());
        assert!(expect_distribution("coin", &[9999, 1], &[1.0, 0.0]).is_err());
    }
}
