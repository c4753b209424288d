//! As many examples of each label in each group.

use std::collections::BTreeMap;

use grading::draw::{self, Strategy};
use grading::random::seeded;
use grading::{Outcome, agree, differential, expect, expect_eq, expect_error_is};
use rand::RngExt;

use crate::{Answers, BiasError, SOLUTION};

pub fn every_cell_has_its_share(answers: &Answers) -> Outcome {
    let mut rng = seeded(3);
    for (groups, labels, n) in [(2, 2, 11), (2, 3, 200), (5, 2, 1000), (1, 4, 30), (3, 1, 3)] {
        let mut examples: Vec<(usize, usize)> =
            (0..groups).flat_map(|g| (0..labels).map(move |l| (g, l))).collect();
        while examples.len() < n {
            // More of some than of others.
            let skewed = |of: usize, x: f64| (of as f64 * x * x) as usize;
            examples.push((skewed(groups, rng.random()), skewed(labels, rng.random())));
        }
        for per_cell in [0, 1, 7, 50, 10_007] {
            let copies = (answers.balance)(&examples, per_cell)?;
            expect(copies.len() == examples.len(), || {
                let (want, got) = (examples.len(), copies.len());
                format!("one number for each example: expected {want}, got {got}")
            })?;
            let mut cells: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
            for (&cell, &n) in examples.iter().zip(&copies) {
                cells.entry(cell).or_default().push(n);
            }
            for ((group, label), copies) in cells {
                let sum: usize = copies.iter().sum();
                let (first, last) = (copies[0], copies[copies.len() - 1]);
                let falls = copies.windows(2).all(|pair| pair[0] >= pair[1]);
                expect(sum == per_cell && falls && first <= last + 1, || {
                    format!(
                        "{per_cell} for group {group} with label {label}: expected copies that sum \
                         to it and differ by at most 1, the larger ones first; got {copies:?}"
                    )
                })?;
            }
        }
    }
    let examples = [(0, 1), (0, 1), (1, 0), (0, 0), (0, 1), (1, 1)];
    let what = "copies of 3 examples of one cell and 1 of each other, 4 a cell";
    expect_eq(what, &(answers.balance)(&examples, 4)?, &[2, 1, 4, 4, 1, 4])
}

pub fn cell_without_texts_is_refused(answers: &Answers) -> Outcome {
    every_cell_has_its_share(answers)?;
    let max = usize::MAX;
    for (examples, group, label) in [
        (vec![(0, 0), (1, 1)], 0, 1),
        (vec![(1, 1), (1, 0), (0, 0)], 0, 1),
        (vec![(7, 2), (7, 9), (3, 9)], 3, 2),
        (vec![(2, 5), (2, 4), (1, 4), (1, 5), (4, 4), (3, 5)], 3, 4),
        (vec![(5, 1), (5, 6), (5, 8), (2, 1), (3, 8)], 2, 6),
        (vec![(max, max), (0, max), (max, 3)], 0, 3),
    ] {
        for per_cell in [0, 2] {
            let what = format!("{examples:?}, {per_cell} a cell");
            let want = BiasError::EmptyCell { group, label };
            expect_error_is(&what, (answers.balance)(&examples, per_cell), &want)?;
        }
    }
    // Numbers that do not occur are no groups, and nothing is in no cell.
    expect_eq("2 of one cell", &(answers.balance)(&[(max, 9), (max, 9)], 5)?, &[3, 2])?;
    expect_eq("no examples", &(answers.balance)(&[], 5)?, &[])
}

pub fn copies_agree(answers: &Answers) -> Outcome {
    let cell = || draw::prop_oneof![9 => 0..2_usize, 1 => draw::select(vec![2, 300, usize::MAX])];
    let examples = draw::list((cell(), cell()), 0..=40).prop_map(|mut examples| {
        if examples.len() > 20 {
            examples.extend([(0, 0), (0, 1), (1, 0), (1, 1)]);
        }
        examples
    });
    let per_cell =
        draw::prop_oneof![9 => 0..=60_usize, 1 => draw::select(vec![1 << 20, usize::MAX])];
    differential((examples, per_cell), |(examples, per_cell)| {
        let [got, want] =
            [answers, &SOLUTION].map(|answers| (answers.balance)(examples, *per_cell));
        agree("balance", got, want, |got, want| expect_eq("the copies", got, want))
    })
}
