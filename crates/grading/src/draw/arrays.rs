//! Arrays and matrices of odd shapes.

use std::fmt::Debug;
use std::ops::RangeInclusive;

use proptest::collection::vec;
use proptest::prop_oneof;
use proptest::strategy::{Just, Strategy};

use super::lengths;

/// An array in row-major order, and one of its axes.
#[derive(Clone, Debug, PartialEq)]
pub struct Array<T> {
    /// The size of each axis, at least 1.
    pub shape: Vec<usize>,
    /// Which axis to work along, below `shape.len()`.
    pub axis: usize,
    /// As many elements as the product of the shape.
    pub data: Vec<T>,
}

/// A matrix in row-major order.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix<T> {
    /// How many rows.
    pub rows: usize,
    /// How many columns.
    pub cols: usize,
    /// `rows · cols` elements.
    pub data: Vec<T>,
}

/// Shapes of 1 to `max_rank` axes with at most `max_elements` elements. Corners: axes of size 1 at
/// any place, odd sizes, powers of two and their neighbors, one long axis.
pub fn shapes(max_rank: usize, max_elements: usize) -> impl Strategy<Value = Vec<usize>> + Clone {
    let size = prop_oneof![
        1 => Just(1_usize).boxed(),
        2 => (1..=5_usize).boxed(),
        1 => lengths(1..=max_elements).boxed(),
    ];
    vec(size, 1..=max_rank).prop_map(move |mut shape| {
        let mut room = max_elements;
        for size in &mut shape {
            *size = (*size).min(room).max(1);
            room /= *size;
        }
        shape
    })
}

/// Arrays of such [`shapes`], and an axis of each.
///
/// ```
/// use grading::draw;
/// for array in draw::values(&draw::arrays(draw::finite_f32(), 4, 200), 100, 1) {
///     assert_eq!(array.data.len(), array.shape.iter().product::<usize>());
///     assert!(array.axis < array.shape.len() && array.data.len() <= 200);
/// }
/// ```
pub fn arrays<S: Strategy + Clone>(
    element: S,
    max_rank: usize,
    max_elements: usize,
) -> impl Strategy<Value = Array<S::Value>> + Clone {
    // More elements than the shape needs: they are there when a smaller shape is tried.
    let all = (shapes(max_rank, max_elements), 0..max_rank, vec(element, max_elements));
    all.prop_map(|(shape, axis, mut data)| {
        data.truncate(shape.iter().product());
        Array { axis: axis % shape.len(), shape, data }
    })
}

/// Matrices with these numbers of rows and columns, each drawn as [`lengths`] are. Corners: none or
/// one of either, odd, a power of two and its neighbors, wide, tall.
///
/// ```
/// use grading::draw;
///
/// let drawn = draw::values(&draw::matrices(draw::finite_f64(), 0..=3, 1..=4), 256, 1);
/// assert!(drawn.iter().all(|m| m.data.len() == m.rows * m.cols));
/// assert!(drawn.iter().any(|m| (m.rows, m.cols) == (3, 1)));
/// assert!(drawn.iter().any(|m| m.rows == 0 && m.data.is_empty()));
/// ```
pub fn matrices<S: Strategy + Clone>(
    element: S,
    rows: RangeInclusive<usize>,
    cols: RangeInclusive<usize>,
) -> impl Strategy<Value = Matrix<S::Value>> + Clone {
    let most = rows.end() * cols.end();
    let all = (lengths(rows), lengths(cols), vec(element, most));
    all.prop_map(|(rows, cols, mut data)| {
        data.truncate(rows * cols);
        Matrix { rows, cols, data }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::{between, values};
    use crate::{Differential, expect};

    #[test]
    fn shapes_know_their_corners() {
        let drawn = values(&shapes(4, 300), 256, 1);
        assert!(drawn.iter().all(|shape| shape.iter().product::<usize>() <= 300));
        for rank in 1..=4 {
            assert!(drawn.iter().any(|shape| shape.len() == rank));
        }
        assert!(drawn.iter().any(|s| s.len() > 2 && s.last() == Some(&1) && s[0] > 1));
        assert!(drawn.iter().any(|s| s.len() > 2 && s[0] == 1 && s[1] > 1));
        assert!(drawn.iter().any(|s| s.iter().any(|n| *n > 100)));
        let axes = values(&arrays(Just(0), 3, 50), 256, 1);
        for (rank, axis) in [(1, 0), (2, 0), (2, 1), (3, 0), (3, 1), (3, 2)] {
            assert!(axes.iter().any(|a| a.shape.len() == rank && a.axis == axis));
        }
    }

    #[test]
    fn a_matrix_shrinks_in_both_directions_and_to_zeros() {
        let strategy = matrices(between(-5.0, 5.0), 0..=20, 0..=30);
        let outcome = Differential::cases(256).seed(1).run(strategy, |m| {
            expect(m.rows < 3 || m.cols < 5 || m.data[7] < 1.0, || "wrong".into())
        });
        let mut data = [0.0; 15];
        data[7] = 1.0;
        let want = Matrix { rows: 3, cols: 5, data: data.to_vec() };
        let failure = outcome.unwrap_err();
        assert!(failure.message().contains(&format!("for the input {want:?} (")), "{failure:?}");
    }
}
