//! The keys of the quiz, computed by the reference.

use grading::{Keys, pick, position};

use crate::solution::{best_bands, collision_probability, dedup, lsh_buckets, shingles};
use crate::{Settings, jaccard};

/// The keys of the quiz.
pub fn keys() -> Keys {
    Keys::default()
        .key("one-word", || {
            let [a, b] =
                ["a b c d e f g h i j", "a b c d X f g h i j"].map(|text| shingles(text, 3));
            let (a, b) = (a?, b?);
            let shared = a.intersection(&b).count();
            let shares = [
                shared as f64 / a.len() as f64,
                0.9,
                shared as f64 / (a.len() + b.len() - shared) as f64,
            ];
            position(&shares, &jaccard(&a, &b))
        })
        .key("equal-place", || {
            let [a, b] = [[1, 2, 3, 4], [2, 3, 4, 5]].map(|set| set.into_iter().collect());
            let seeds: Vec<u64> = (0..20_000).collect();
            let [one, other] = [&a, &b].map(|set| crate::solution::minhash(set, &seeds));
            let equal = crate::solution::estimate(&one, &other)?;
            let want = [0.75, 0.6, 0.2];
            pick(want.map(|share: f64| (share - equal).abs() < 0.03 && share == jaccard(&a, &b)))
        })
        .key("shared-band", || {
            let pairs = lsh_buckets(&[vec![4, 7, 1, 9], vec![4, 8, 1, 9], vec![4, 7, 9, 1]], 2, 2)?;
            position(&[vec![(0, 1)], vec![(0, 1), (0, 2)], vec![(0, 1), (0, 2), (1, 2)]], &pairs)
        })
        .key("more-rows", || {
            let [few, many] =
                [(16, 4), (4, 16)].map(|(b, r)| [0.3, 0.8].map(|s| collision_probability(s, b, r)));
            let [few, many] = [few, many].map(|pair| pair.map(|p| p.unwrap_or(f64::NAN)));
            pick([
                many[0] < few[0] && many[1] > few[1],
                many[0] > few[0] && many[1] > few[1],
                many[0] < few[0] && many[1] < few[1],
            ])
        })
        .key("chain", || {
            let texts =
                ["a b c d e f g h i", "b c d e f g h i j", "c d e f g h i j k"].map(String::from);
            let settings = Settings { words: 1, threshold: 0.75, bands: 60, rows: 1 };
            let stands = dedup(&texts, &settings)?;
            position(&[vec![0, 0, 2], vec![0, 0, 0], vec![0, 1, 2]], &stands)
        })
        .key("threshold", || {
            let (bands, rows) = best_bands(0.8, 128, 0.9)?;
            let at = collision_probability(0.75, bands, rows)?;
            pick([at == 0.0, at > 0.5 && at < 0.95, at == 1.0])
        })
}
