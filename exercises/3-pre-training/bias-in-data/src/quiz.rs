//! The keys of the quiz, computed by the reference.

use grading::numbers::settled;
use grading::{Keys, pick, position};
use tinytown::Group;

use crate::solution::{balance, counterfactual, permutation_p, rate_gap, twin_gap, weat};
use crate::town::{BIAS, Remedy, SEED, Trained, measure, town};
use crate::{Counts, SOLUTION, Splits, Vectors};

/// The keys of the quiz.
pub fn keys() -> Keys {
    Keys::default()
        .key("few", || {
            let counts = |hits| Counts { hits, of: 5 };
            let gap = rate_gap(counts(4), counts(2), 1.96)?.difference;
            pick([gap.low > 0.0, gap.low < 0.0 && gap.high > 0.0, gap.high < 0.0])
        })
        .key("one-word", || {
            let rows = [("x", [0.9, 0.8]), ("y", [0.8, 0.9]), ("a", [1.0, 0.0]), ("b", [0.0, 1.0])];
            let vectors = Vectors::new(rows.map(|(word, row)| (word.to_string(), row.to_vec())));
            let test = weat(&vectors, &["x"], &["y"], &["a"], &["b"])?;
            let p = permutation_p(&test.x_scores, &test.y_scores, Splits::All)?;
            position(&[(0.0, 1.0), (2.0, 0.05), (2.0, 0.5)], &(settled(test.effect_size), p))
        })
        .key("three", || {
            let p = permutation_p(&[3.0, 4.0, 5.0], &[0.0, 1.0, 2.0], Splits::All)?;
            position(&[0.0, 0.05, 0.125], &p)
        })
        .key("her", || {
            let pairs = [("he", "she"), ("him", "her"), ("his", "her")];
            let first = counterfactual("I saw her.", &pairs);
            pick([
                first == Ok("I saw him.".into()),
                first == Ok("I saw his.".into()),
                first.is_err(),
            ])
        })
        .key("mean-of-zero", || {
            let texts = [("Ada sang", Group::Hill), ("Mia sang", Group::Hill)];
            let pairs = [("Ada", "Tom"), ("Mia", "Max")];
            // One name is liked too much, the other too little.
            let model =
                |text: &str| f64::from(u8::from(text.contains("Ada") || text.contains("Max")));
            let gap = twin_gap(&model, &texts, &pairs)?;
            let fair = gap.mean == 0.0 && gap.mean_size == 0.0;
            let prefers_hill = gap.mean > 0.0;
            pick([fair, gap.mean == 0.0 && gap.mean_size > 0.0, prefers_hill])
        })
        .key("left-over", || {
            let trained = Trained::new(&SOLUTION, town(SEED, BIAS), Remedy::Counterfactual)?;
            let measured = measure(&SOLUTION, &trained)?;
            let none = measured.twins.mean_size < 1e-9;
            let jobs = measured.jobs_p < 0.01;
            // Copies could not have made a label of nothing.
            let refused = balance(&[(0, 1), (1, 0), (1, 1)], 2).is_err();
            pick([none && !jobs, refused && none && jobs, !none])
        })
}
