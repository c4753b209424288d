//! Settings: numbers that have a range, and must be refused outside it.

use std::fmt::Debug;
use std::ops::RangeInclusive;

use proptest::prop_oneof;
use proptest::sample::select;
use proptest::strategy::{BoxedStrategy, Strategy};

use super::lengths;

/// A type of setting: `f64`, `usize`.
pub trait Setting: Debug + Clone + 'static {
    /// A value in the range.
    fn inside(range: RangeInclusive<Self>) -> BoxedStrategy<Self>;
    /// Values beyond it: just so, far, and none at all (NaN). Empty if there are none.
    fn outside(range: &RangeInclusive<Self>) -> Vec<Self>;
}

impl Setting for f64 {
    fn inside(range: RangeInclusive<f64>) -> BoxedStrategy<f64> {
        let (low, high) = range.into_inner();
        let mut corners = vec![low, high, low.next_up(), high.next_down()];
        corners.extend([0.0, -0.0, 1.0, 0.5, 1e-3, 1e-8, -1.0, 2.0, 100.0]);
        // Where rounding to nothing is near, right answers differ.
        corners.retain(|x| (low..=high).contains(x) && !x.is_subnormal());
        let ordinary = low.max(-10.0)..=high.min(10.0);
        let ordinary = if ordinary.is_empty() { low..=high } else { ordinary };
        prop_oneof![1 => select(corners), 1 => ordinary].boxed()
    }

    fn outside(range: &RangeInclusive<f64>) -> Vec<f64> {
        let (low, high) = (*range.start(), *range.end());
        let mut outside = vec![low - 1.0, high + 1.0, -1.0, 0.0, low.next_down(), high.next_up()];
        outside.extend([f64::INFINITY, f64::NEG_INFINITY, f64::NAN]);
        outside.retain(|x| !range.contains(x));
        outside
    }
}

impl Setting for usize {
    fn inside(range: RangeInclusive<usize>) -> BoxedStrategy<usize> {
        lengths(range).boxed()
    }

    fn outside(range: &RangeInclusive<usize>) -> Vec<usize> {
        let (low, high) = (*range.start(), *range.end());
        let mut outside = vec![0, low.saturating_sub(1), high.saturating_add(1), usize::MAX];
        outside.retain(|x| !range.contains(x));
        outside
    }
}

/// A number that must be in a range. Seven in eight are, many of them at its ends or just inside; the
/// others are just beyond, far beyond, ±∞ or NaN. Where an end is itself forbidden, as 0 is for
/// top-p, that is tested, too. What is almost 0 (10⁻³⁰⁰) is not drawn: add it where it matters, as
/// `prop_oneof![7 => parameter(0.0..=2.0), 1 => select(vec![1e-310])]`.
///
/// ```
/// use grading::draw;
/// let drawn = draw::values(&draw::parameter(0.0..=1.0), 256, 1);
/// assert!(drawn.contains(&1.0) && drawn.contains(&1.0_f64.next_up()));
/// assert!(drawn.iter().any(|p| p.is_nan()));
/// ```
pub fn parameter<T: Setting>(range: RangeInclusive<T>) -> BoxedStrategy<T> {
    let outside = T::outside(&range);
    if outside.is_empty() {
        return T::inside(range);
    }
    prop_oneof![7 => T::inside(range), 1 => select(outside)].boxed()
}

/// A [`parameter`] that may be left out: `None` half of the time.
///
/// ```
/// use grading::draw;
///
/// let drawn = draw::values(&draw::setting(1..=40_usize), 400, 1);
/// for corner in [None, Some(1), Some(40), Some(0), Some(41)] {
///     assert!(drawn.contains(&corner), "{corner:?}");
/// }
/// ```
pub fn setting<T: Setting>(range: RangeInclusive<T>) -> BoxedStrategy<Option<T>> {
    proptest::option::of(parameter(range)).boxed()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::values;

    #[test]
    fn a_setting_is_left_out_inside_at_the_ends_and_beyond() {
        for seed in 0..10 {
            let drawn = values(&setting(2..=40_usize), 400, seed);
            for corner in [None, Some(2), Some(40), Some(1), Some(41), Some(usize::MAX)] {
                assert!(drawn.contains(&corner), "{corner:?} with seed {seed}");
            }
            let drawn = values(&parameter(0.0..=1.0), 400, seed);
            let inside = drawn.iter().filter(|p| (0.0..=1.0).contains(*p)).count();
            assert!((300..390).contains(&inside), "{inside} of 400");
            assert!(drawn.contains(&f64::INFINITY) && drawn.iter().any(|p| *p < 0.0));
        }
    }

    #[test]
    fn where_nothing_is_outside_all_is_inside() {
        assert_eq!(values(&parameter(0..=usize::MAX), 9, 1).len(), 9);
    }
}
