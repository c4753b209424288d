//! Lengths, and lists of them that shrink fast.

use std::ops::RangeInclusive;

use proptest::num::usize::BinarySearch;
use proptest::strategy::{NewTree, Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use rand::RngExt;

/// Lengths in a range. Corners: the ends and their neighbors, 0, 1, 2, 3, and every power of two
/// with its neighbors. Half of the draws are corners, a quarter at most 8.
///
/// ```
/// use grading::draw;
/// let drawn = draw::values(&draw::lengths(0..=100), 256, 1);
/// assert!([0, 1, 63, 64, 65, 100].iter().all(|corner| drawn.contains(corner)));
/// ```
///
/// # Panics
/// If the range is empty.
pub fn lengths(range: RangeInclusive<usize>) -> Lengths {
    let (min, max) = range.into_inner();
    assert!(min <= max, "{min}..={max} holds no length");
    let powers = (0..usize::BITS).flat_map(|bit| {
        let power = 1_usize << bit;
        [power - 1, power, power.saturating_add(1)]
    });
    let mut corners: Vec<usize> = powers.collect();
    corners.extend([min, min.saturating_add(1), max.saturating_sub(1), max]);
    corners.retain(|corner| (min..=max).contains(corner));
    corners.sort_unstable();
    corners.dedup();
    Lengths { min, max, corners }
}

/// The strategy of [`lengths`].
#[derive(Clone, Debug)]
pub struct Lengths {
    min: usize,
    max: usize,
    corners: Vec<usize>,
}

impl Lengths {
    fn length(&self, runner: &mut TestRunner) -> usize {
        let &Self { min, max, .. } = self;
        let rng = runner.rng();
        match rng.random_range(0..4) {
            0 => rng.random_range(min..=max),
            1 => rng.random_range(min..=max.min(min.max(8))),
            _ => self.corners[rng.random_range(0..self.corners.len())],
        }
    }
}

impl Strategy for Lengths {
    type Tree = BinarySearch;
    type Value = usize;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        Ok(BinarySearch::new_above(self.min, self.length(runner)))
    }
}

/// Lists of `element` with [`lengths`] in a range. Unlike `proptest::collection::vec` it knows the
/// corners of a length, and drops halves, quarters and so on before single elements.
///
/// Rows of different lengths are lists of lists: `list(list(finite_f32(), 0..=9), 0..=5)`.
///
/// ```
/// use grading::draw;
///
/// let rows = draw::list(draw::list(0..=9_u8, 0..=2), 1..=3);
/// for rows in draw::values(&rows, 100, 1) {
///     assert!((1..=3).contains(&rows.len()));
///     assert!(rows.iter().all(|row| row.len() <= 2 && row.iter().all(|digit| *digit <= 9)));
/// }
/// ```
pub fn list<S: Strategy>(element: S, range: RangeInclusive<usize>) -> List<S> {
    List { element, lengths: lengths(range) }
}

/// The strategy of [`list`].
#[derive(Clone, Debug)]
pub struct List<S> {
    element: S,
    lengths: Lengths,
}

impl<S: Strategy> Strategy for List<S> {
    type Tree = ListTree<S::Tree>;
    type Value = Vec<S::Value>;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let length = self.lengths.length(runner);
        let elements = (0..length).map(|_| self.element.new_tree(runner));
        Ok(ListTree {
            elements: elements.collect::<Result<_, _>>()?,
            kept: (0..length).collect(),
            min: self.lengths.min,
            step: Step::Drop { count: length, at: 0, undo: None },
        })
    }
}

/// A drawn list, on its way to a smaller one: first elements go, then each becomes simpler.
#[derive(Clone, Debug)]
pub struct ListTree<T> {
    elements: Vec<T>,
    /// The indices of the elements that are still in the list.
    kept: Vec<usize>,
    min: usize,
    step: Step,
}

#[derive(Clone, Debug)]
enum Step {
    /// Drops `count` elements from index `at` on; `undo` is what was kept before.
    Drop { count: usize, at: usize, undo: Option<Vec<usize>> },
    /// Simplifies the element at this index.
    Simplify(usize),
}

impl<T: ValueTree> ValueTree for ListTree<T> {
    type Value = Vec<T::Value>;

    fn current(&self) -> Self::Value {
        self.kept.iter().map(|&i| self.elements[i].current()).collect()
    }

    fn simplify(&mut self) -> bool {
        loop {
            match &mut self.step {
                Step::Drop { count: 0, .. } => self.step = Step::Simplify(0),
                Step::Drop { count, at, undo } => {
                    let end = *at + *count;
                    if end > self.kept.len() || self.kept.len() - *count < self.min {
                        *count /= 2;
                        (*at, *undo) = (0, None);
                    } else {
                        *undo = Some(self.kept.clone());
                        self.kept.drain(*at..end);
                        return true;
                    }
                }
                Step::Simplify(at) => {
                    let Some(&i) = self.kept.get(*at) else { return false };
                    if self.elements[i].simplify() {
                        return true;
                    }
                    *at += 1;
                }
            }
        }
    }

    fn complicate(&mut self) -> bool {
        match &mut self.step {
            Step::Drop { count, at, undo } => {
                let Some(kept) = undo.take() else { return false };
                self.kept = kept;
                *at += *count;
                self.simplify();
                true
            }
            Step::Simplify(at) => {
                self.kept.get(*at).is_some_and(|&i| self.elements[i].complicate())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw;
    use crate::{Differential, expect};

    #[test]
    fn every_corner_of_a_length_appears() {
        for seed in 0..10 {
            let drawn = draw::values(&lengths(0..=64), 256, seed);
            for corner in [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64] {
                assert!(drawn.contains(&corner), "{corner} with seed {seed}");
            }
            assert!(draw::values(&lengths(5..=11), 256, seed).iter().all(|n| (5..=11).contains(n)));
            assert_eq!(draw::values(&lengths(usize::MAX..=usize::MAX), 1, seed), [usize::MAX]);
        }
    }

    fn smallest(min: usize, fails: impl Fn(&[u8]) -> bool) -> String {
        let outcome = Differential::cases(256)
            .seed(3)
            .run(list(0..=9_u8, min..=5000), |list| expect(!fails(list), || "wrong".into()));
        outcome.unwrap_err().message().split(" (drawn").next().unwrap().to_owned()
    }

    #[test]
    fn a_list_shrinks_to_what_the_bug_needs() {
        assert_eq!(smallest(0, |_| true), "wrong, for the input []");
        assert_eq!(smallest(2, |_| true), "wrong, for the input [0, 0]");
        assert_eq!(smallest(0, |list| list.contains(&7)), "wrong, for the input [7]");
        let ends = |list: &[u8]| list.len() > 40 && list[0] == 3 && list[list.len() - 1] == 5;
        let want = [&[3][..], &[0; 39], &[5]].concat();
        assert_eq!(smallest(0, ends), format!("wrong, for the input {want:?}"));
    }

    #[test]
    fn a_limit_shrinks_to_the_first_length_beyond_it() {
        let message = smallest(0, |list| list.len() > 1000);
        let zeros = message.matches("0,").count();
        assert!(message.contains("[0, 0, 0") && message.ends_with("0, 0]"), "{message}");
        assert!(zeros < 300, "the middle of 1001 elements is left out: {message}");
    }
}
