//! Sequences: logits, counts, distributions, tokens, orders.

use std::fmt::Debug;

use proptest::prop_oneof;
use proptest::sample::{Index, select};
use proptest::strategy::{Just, Strategy};

use super::{any_f32, between, between_f32, count, finite_f32, finite_f64, lengths, list};

/// Up to `max` finite f64 to add, multiply and compare. Corners: none, one, all equal, ties, ±0, sums
/// where most cancels or one term is far larger, products that underflow, sums that overflow. In
/// half of the lists all numbers are ordinary, so that no corner hides the rest.
pub fn vector(max: usize) -> impl Strategy<Value = Vec<f64>> + Clone {
    vectors(between(-10.0, 10.0), finite_f64(), [[1e-160, -1e-165], [1e155, -1e155]], max)
}

/// [`vector`] in single precision.
pub fn vector_f32(max: usize) -> impl Strategy<Value = Vec<f32>> + Clone {
    vectors(between_f32(-10.0, 10.0), finite_f32(), [[1e-23, -1e-24], [1e19, -1e19]], max)
}

fn vectors<T: Debug + Copy + From<f32> + 'static>(
    ordinary: impl Strategy<Value = T> + Clone,
    finite: impl Strategy<Value = T> + Clone,
    extremes: [[T; 2]; 2],
    max: usize,
) -> impl Strategy<Value = Vec<T>> + Clone {
    let tied = select([0.0, 1.0, -1.0, -0.0, 2.5].map(T::from).to_vec());
    let zeros = select([0.0, -0.0].map(T::from).to_vec());
    let [tiny, huge] = extremes.map(|numbers| select(numbers.to_vec()));
    prop_oneof![
        6 => list(ordinary.clone(), 0..=max),
        1 => list(tied, 0..=max),
        1 => list(zeros, 0..=max),
        1 => planted(list(ordinary.clone(), 0..=max), finite.clone()),
        1 => list(tiny, 0..=max),
        1 => list(huge, 0..=max),
        1 => list(finite, 0..=max),
        1 => (ordinary, lengths(0..=max)).prop_map(|(x, n)| vec![x; n]),
    ]
}

/// Up to `max` logits, each finite or −∞. Corners: none, one, all equal, ties, ±0 side by side, −∞
/// here, there and everywhere, differences that overflow.
pub fn logits(max: usize) -> impl Strategy<Value = Vec<f32>> + Clone {
    let never = f32::NEG_INFINITY;
    let ordinary = || between_f32(-10.0, 10.0);
    let tied = select(vec![0.0, 1.0, 2.0, -0.0, -1.0, never]);
    let zeros = select(vec![0.0, -0.0]);
    let equal = prop_oneof![3 => ordinary().boxed(), 1 => Just(never).boxed()];
    prop_oneof![
        2 => list(ordinary(), 0..=max),
        1 => list(tied, 0..=max),
        1 => list(zeros, 0..=max),
        1 => list(prop_oneof![ordinary(), Just(never)], 0..=max),
        1 => list(finite_f32(), 0..=max),
        1 => (equal, lengths(0..=max)).prop_map(|(x, n)| vec![x; n]),
    ]
}

/// Up to `max` logits of which some are NaN or +∞: one in four lists has a single one, at any place,
/// and one in eight is of any f32.
///
/// ```
/// use grading::draw;
///
/// let drawn = draw::values(&draw::any_logits(8), 256, 1);
/// assert!(drawn.iter().any(|x| x.len() == 8 && x.iter().filter(|v| v.is_nan()).count() == 1));
/// assert!(drawn.iter().any(|x| x.len() == 8 && x.iter().all(|v| v.is_finite())));
/// ```
pub fn any_logits(max: usize) -> impl Strategy<Value = Vec<f32>> + Clone {
    let bad = select(vec![f32::NAN, f32::INFINITY]);
    prop_oneof![
        5 => logits(max),
        2 => planted(logits(max), bad),
        1 => list(any_f32(), 0..=max),
    ]
}

/// Up to `max` counts. Corners: none, zeros, ties, and more than 32 bits hold; see [`count`].
pub fn counts(max: usize) -> impl Strategy<Value = Vec<u64>> + Clone {
    prop_oneof![list(0..=3_u64, 0..=max), list(count(), 0..=max)]
}

/// A distribution over 1 to `max` outcomes: numbers ≥ 0 whose sum is 1, up to rounding. Corners:
/// certain, uniform, impossible outcomes first and last, tiny probabilities, ties.
pub fn distribution(max: usize) -> impl Strategy<Value = Vec<f64>> + Clone {
    let weight = select(vec![1.0, 0.0, 2.0, 3.0, 0.7, 1e-9, 1e-300]);
    let weights = prop_oneof![
        list(weight, 1..=max),
        list(select(vec![1.0, 0.0]), 1..=max),
        list(0.0..1.0_f64, 1..=max),
        lengths(1..=max).prop_map(|n| vec![1.0; n]),
    ];
    weights.prop_map(|mut weights| {
        if weights.iter().all(|w| *w == 0.0) {
            weights[0] = 1.0;
        }
        let sum: f64 = weights.iter().sum();
        weights.iter().map(|w| w / sum).collect()
    })
}

/// Up to `max` tokens of a vocabulary of `vocab` ≥ 1. Corners: none, one token again and again, two
/// that alternate, runs, repeated phrases, the last id of the vocabulary.
///
/// ```
/// use grading::draw;
///
/// let drawn = draw::values(&draw::tokens(50, 8), 256, 1);
/// assert!(drawn.iter().all(|tokens| tokens.len() <= 8));
/// assert_eq!(drawn.iter().flatten().max(), Some(&49));
/// ```
pub fn tokens(vocab: u32, max: usize) -> impl Strategy<Value = Vec<u32>> + Clone {
    let token = prop_oneof![3 => 0..vocab, 1 => Just(vocab - 1)];
    let run = (token.clone(), 1..=9_usize);
    let runs = list(run, 0..=max.div_ceil(3));
    let phrase = (list(token.clone(), 1..=4), lengths(0..=max));
    prop_oneof![
        list(token, 0..=max),
        list(0..vocab.min(2), 0..=max),
        runs.prop_map(move |runs| {
            runs.iter().flat_map(|&(token, n)| vec![token; n]).take(max).collect()
        }),
        phrase.prop_map(|(phrase, n)| phrase.into_iter().cycle().take(n).collect()),
    ]
}

/// [`tokens`] of which one in four sequences has a token that the vocabulary lacks: `vocab`,
/// `vocab + 1` or the largest.
pub fn tokens_or_beyond(vocab: u32, max: usize) -> impl Strategy<Value = Vec<u32>> + Clone {
    let beyond = select(vec![vocab, vocab.saturating_add(1), u32::MAX]);
    prop_oneof![3 => tokens(vocab, max), 1 => planted(tokens(vocab, max), beyond)]
}

/// Up to `max` indices below `n` ≥ 1, with the corners of [`tokens`].
pub fn indices(n: usize, max: usize) -> impl Strategy<Value = Vec<usize>> + Clone {
    let n = u32::try_from(n).unwrap_or(u32::MAX);
    tokens(n, max).prop_map(|tokens| tokens.into_iter().map(|token| token as usize).collect())
}

/// [`indices`] of which one in four sequences has one that is too large: `n`, `n + 1` or the largest.
///
/// ```
/// use grading::draw;
///
/// let drawn = draw::values(&draw::indices_or_beyond(7, 9), 256, 1);
/// assert!([7, 8, usize::MAX].iter().all(|i| drawn.iter().any(|indices| indices.contains(i))));
/// assert!(drawn.iter().any(|indices| indices.len() == 9 && indices.iter().all(|i| *i < 7)));
/// ```
pub fn indices_or_beyond(n: usize, max: usize) -> impl Strategy<Value = Vec<usize>> + Clone {
    let beyond = select(vec![n, n.saturating_add(1), usize::MAX]);
    prop_oneof![3 => indices(n, max), 1 => planted(indices(n, max), beyond)]
}

/// An order of 0, 1, … of up to `max` numbers; it shrinks toward the sorted one.
///
/// ```
/// use grading::draw;
///
/// let drawn = draw::values(&draw::permutation(3), 256, 1);
/// assert!(drawn.contains(&vec![2, 0, 1]) && drawn.contains(&vec![1, 0]));
/// assert!(drawn.contains(&vec![]), "an order of no numbers");
/// ```
pub fn permutation(max: usize) -> impl Strategy<Value = Vec<usize>> + Clone {
    lengths(0..=max).prop_flat_map(|n| Just((0..n).collect::<Vec<_>>()).prop_shuffle())
}

/// `k` different numbers below `n` in any order. Where the order is that of the numbers, take
/// [`subsequence`](super::subsequence).
pub fn choose(k: usize, n: usize) -> impl Strategy<Value = Vec<usize>> + Clone {
    Just((0..n).collect::<Vec<_>>()).prop_shuffle().prop_map(move |mut order| {
        order.truncate(k);
        order
    })
}

/// A list with one element replaced, or added if there is none.
fn planted<T: Clone + Debug>(
    list: impl Strategy<Value = Vec<T>> + Clone,
    value: impl Strategy<Value = T> + Clone,
) -> impl Strategy<Value = Vec<T>> + Clone {
    let index = proptest::arbitrary::any::<Index>();
    (list, index, value).prop_map(|(mut list, index, value)| {
        if list.is_empty() {
            list.push(value);
        } else {
            let i = index.index(list.len());
            list[i] = value;
        }
        list
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::values;

    fn has<T: Debug>(drawn: &[Vec<T>], what: &str, holds: impl Fn(&[T]) -> bool) {
        assert!(drawn.iter().any(|list| holds(list)), "{what}");
    }

    #[test]
    fn logits_know_their_corners() {
        for seed in 0..10 {
            let drawn = values(&logits(64), 256, seed);
            assert!(drawn.iter().flatten().all(|x| *x < f32::INFINITY));
            has(&drawn, "none", |x| x.is_empty());
            has(&drawn, "all equal", |x| x.len() > 20 && x.iter().all(|v| *v == x[0]));
            has(&drawn, "only −∞", |x| !x.is_empty() && x.iter().all(|v| v.is_infinite()));
            has(&drawn, "some −∞", |x| {
                x.iter().any(|v| v.is_infinite()) && x.iter().any(|v| v.is_finite())
            });
            has(&drawn, "both zeros", |x| {
                let zeros = x.iter().filter(|v| **v == 0.0);
                zeros.clone().any(|v| v.is_sign_negative())
                    && zeros.clone().any(|v| v.is_sign_positive())
            });
            has(&drawn, "ties beyond 20", |x| {
                let mut bits: Vec<u32> = x.iter().map(|v| v.to_bits()).collect();
                bits.sort_unstable();
                bits.dedup();
                x.len() > 20 && bits.len() > 1 && bits.len() * 2 < x.len()
            });
            has(&drawn, "a difference that overflows", |x| {
                x.iter().any(|v| {
                    x.iter().any(|w| v.is_finite() && w.is_finite() && (v - w).is_infinite())
                })
            });
            let any = values(&any_logits(64), 256, seed);
            for i in [0, 1, 2] {
                has(&any, "a single NaN", |x| {
                    x.iter().filter(|v| v.is_nan()).count() == 1
                        && x.get(i).is_some_and(|v| v.is_nan())
                });
            }
        }
    }

    #[test]
    fn vectors_are_ordinary_or_not() {
        (0..10).for_each(vectors_know_their_corners);
    }

    fn vectors_know_their_corners(seed: u64) {
        let drawn = values(&vector_f32(40), 256, seed);
        assert!(drawn.iter().flatten().all(|x| x.is_finite()));
        has(&drawn, "ordinary", |x| x.len() > 30 && x.iter().all(|v| v.abs() <= 10.0));
        has(&drawn, "one far larger", |x| x.iter().filter(|v| v.abs() > 1e6).count() == 1);
        has(&drawn, "a sum that overflows", |x| x.iter().sum::<f32>().is_infinite());
        has(&drawn, "a product that underflows", |x| {
            x.len() > 1 && x.iter().all(|v| *v != 0.0 && v * v == 0.0)
        });
        let drawn = values(&vector(40), 256, seed);
        has(&drawn, "squares that overflow", |x| {
            x.iter().map(|v| v * v).sum::<f64>().is_infinite()
        });
    }

    #[test]
    fn distributions_add_up() {
        for p in values(&distribution(30), 500, 1) {
            let sum: f64 = p.iter().sum();
            assert!(
                (sum - 1.0).abs() < 1e-12 && p.iter().all(|p| (0.0..=1.0).contains(p)),
                "{p:?}"
            );
        }
        has(&values(&distribution(30), 256, 2), "certain", |p| p.len() > 1 && p.contains(&1.0));
    }

    #[test]
    fn tokens_repeat_and_some_lie_beyond() {
        let drawn = values(&tokens(50, 100), 256, 1);
        assert!(drawn.iter().flatten().all(|token| *token < 50));
        assert!(drawn.iter().all(|tokens| tokens.len() <= 100));
        has(&drawn, "the last id", |tokens| tokens.contains(&49));
        has(&drawn, "one again and again", |t| t.len() > 9 && t.iter().all(|x| *x == t[0]));
        has(&drawn, "long", |t| t.len() == 100);
        let beyond = |lists: &[Vec<u32>]| lists.iter().flatten().filter(|t| **t >= 50).count();
        assert!((30..100).contains(&beyond(&values(&tokens_or_beyond(50, 100), 256, 1))));
        has(&values(&indices_or_beyond(7, 9), 256, 1), "huge", |i| i.contains(&usize::MAX));
        assert!(values(&tokens(1, 9), 99, 1).iter().flatten().all(|token| *token == 0));
    }

    #[test]
    fn orders_hold_each_number_once() {
        for mut order in
            values(&permutation(40), 200, 1).into_iter().chain(values(&choose(40, 40), 9, 2))
        {
            let n = order.len();
            order.sort_unstable();
            assert_eq!(order, (0..n).collect::<Vec<_>>());
        }
        assert!(values(&choose(3, 10), 50, 1).iter().all(|chosen| chosen.len() == 3));
        assert!(values(&counts(9), 256, 1).iter().flatten().any(|n| *n > 1 << 32));
    }
}
