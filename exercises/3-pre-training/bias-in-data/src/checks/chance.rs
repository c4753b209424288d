//! How often chance does as much.

use grading::draw::{self, Strategy};
use grading::numbers::counted;
use grading::random::{Counting, seeded};
use grading::{Outcome, Tolerance, agree, differential, expect, expect_close, expect_error_is};
use rand::RngExt;

use crate::oracle::{share_of_hits, tests};
use crate::{Answers, BiasError, MOST_SCORE, SOLUTION, Splits};

fn expect_p(what: &str, got: f64, want: f64) -> Outcome {
    expect_close(&format!("{what}: p"), &[], &[got], &[want], Tolerance::F64)
}

fn floats(scores: &[i64]) -> Vec<f64> {
    scores.iter().map(|&s| s as f64).collect()
}

pub fn every_split_is_tried(answers: &Answers) -> Outcome {
    let all = |x: &[f64], y: &[f64]| (answers.permutation_p)(x, y, Splits::All);
    for case in tests()? {
        let got = all(&case.x_scores, &case.y_scores)?;
        let what = format!("{} a group", counted(case.x_scores.len(), "score"));
        expect_p(&what, got, f64::from(case.hits) / f64::from(case.splits))?;
    }
    let mut rng = seeded(5);
    for n in [1, 2, 3, 6, 8] {
        // All of x above all of y: only the observed split is a hit, and the other way round all are.
        let low: Vec<i64> = (0..n).map(|_| rng.random_range(-500..0)).collect();
        let high: Vec<i64> = (0..n).map(|_| rng.random_range(1..500)).collect();
        let mixed: Vec<i64> = (0..n).map(|_| rng.random_range(-300..300)).collect();
        for (x, y) in [(&high, &low), (&low, &high), (&mixed, &high), (&mixed, &low)] {
            let what = format!("{x:?} and {y:?}");
            expect_p(&what, all(&floats(x), &floats(y))?, share_of_hits(x, y))?;
        }
    }
    // The largest size: one hit of 184,756.
    let (x, y) = ([3.5; 10], [-2.0; 10]);
    expect_p("10 scores of 3.5 and 10 of −2", all(&x, &y)?, 1.0 / 184_756.0)
}

pub fn equal_sums_are_hits(answers: &Answers) -> Outcome {
    every_split_is_tried(answers)?;
    let whole = |scores: &[f64]| -> Vec<i64> {
        scores.iter().map(|s| (s * 2_f64.powi(40)).round() as i64).collect()
    };
    let near = ([0.1 + 0.2, 0.7, 1e-13, -0.4], [0.3, 0.7, 0.0, -0.4 + 1e-14]);
    let below = ([-1e-13, 1.0 - 1e-13, 2.0, 5.0], [0.0, 1.0, 2.0 - 1e-13, 5.0 + 1e-13]);
    let apart = ([1.0 + 1e-10, 0.3, 0.3, 0.3], [1.0, 0.3, 0.3, 0.3]);
    let mut cases = [near, below, apart].map(|(x, y)| (x.to_vec(), y.to_vec())).to_vec();
    for (x, y) in [
        (vec![1, 1], vec![1, 1]),
        (vec![0; 5], vec![0; 5]),
        (vec![2, 1, 0], vec![0, 1, 2]),
        (vec![7, 7, 1], vec![7, 1, 1]),
        (vec![1, 5, 5, 1], vec![3, 3, 3, 3]),
        (vec![3, 7, 0, -4, 6], vec![7, -4, 6, 3, 0]),
    ] {
        // Sums of tenths and of sevenths depend on their order in f64.
        for by in [1.0, 0.1, 1.0 / 7.0] {
            let scores = |list: &[i64]| floats(list).iter().map(|s| s * by).collect();
            cases.push((scores(&x), scores(&y)));
        }
    }
    for (x, y) in cases {
        let want = share_of_hits(&whole(&x), &whole(&y));
        let got = (answers.permutation_p)(&x, &y, Splits::All)?;
        expect_p(&format!("{x:?} and {y:?}"), got, want)?;
    }
    Ok(())
}

/// How far a share of so many draws may be from its probability: six standard errors.
fn reach(p: f64, n: usize) -> f64 {
    6.0 * (p * (1.0 - p) / n as f64).sqrt() + 1.0 / n as f64
}

pub fn drawn_splits_are_fair(answers: &Answers) -> Outcome {
    let mut rng = Counting::new(seeded(77));
    let mut drawn =
        |x: &[f64], y: &[f64], n| (answers.permutation_p)(x, y, Splits::Drawn { n, rng: &mut rng });
    // Powers of two have no ties: the k-th largest of the 20 halves has k hits.
    for x in [[1, 2, 32], [8, 16, 32], [1, 16, 4], [4, 8, 16], [2, 4, 8]] {
        let y: Vec<i64> = (0..6).map(|i| 1 << i).filter(|s| !x.contains(s)).collect();
        let want = share_of_hits(&x, &y);
        let (mut one, trials, n) = (0.0, 400, 3000);
        for _ in 0..trials {
            let p = drawn(&floats(&x), &floats(&y), 1)?;
            expect(p == 0.5 || p == 1.0, || {
                format!("{x:?} and {y:?}, 1 drawn split: p is (0 + 1)/2 or (1 + 1)/2, got {p}")
            })?;
            one += 2.0 * p - 1.0;
        }
        let many = drawn(&floats(&x), &floats(&y), n)?;
        for (what, got, of) in [
            ("1 split, 400 times: the share of hits", one / 400.0, trials),
            ("3,000 splits: p", many, n),
        ] {
            let reach = reach(want, of);
            expect((got - want).abs() <= reach, || {
                format!("{x:?} and {y:?}, {what}: expected {want} within {reach}, got {got}")
            })?;
        }
        let whole = many * (n + 1) as f64;
        expect((whole - whole.round()).abs() < 1e-6, || {
            format!("{x:?} and {y:?}: p is (hits + 1)/{}, got {many}", n + 1)
        })?;
    }
    // Nothing is ever as large as what was observed, and with no draws there is only that.
    let x: Vec<f64> = (0..40).map(|i| 900.0 + f64::from(i)).collect();
    let y: Vec<f64> = x.iter().map(|s| -s).collect();
    expect_p("40 scores a group, x far above y, 99 splits", drawn(&x, &y, 99)?, 0.01)?;
    expect_p("the same the other way round", drawn(&y, &x, 99)?, 1.0)?;
    expect_p("equal scores, 70,000 splits", drawn(&[2.0], &[2.0], 70_000)?, 1.0)?;
    expect_p("no split drawn", drawn(&x, &y, 0)?, 1.0)?;
    // Ones and zeros: how many ones a half gets has the hypergeometric distribution.
    let ones = |n: usize| (0..30).map(|i| f64::from(u8::from(i < n))).collect::<Vec<f64>>();
    let ways = |n: u64, k: u64| (1..=k).map(|i| (n - k + i) as f64 / i as f64).product::<f64>();
    let all = ways(60, 30);
    let want = (18..=30).map(|k| ways(30, k) * ways(30, 30 - k) / all).sum::<f64>();
    let got = drawn(&ones(18), &ones(12), 30_000)?;
    let whole = got * 30_001.0;
    expect(
        (got - want).abs() <= reach(want, 30_000) && (whole - whole.round()).abs() < 1e-6,
        || {
            format!(
                "18 ones of 30 against 12 of 30, 30,000 splits: expected about {want} and (hits + \
             1)/30,001, got {got}"
            )
        },
    )?;
    let again = |seed| {
        let (x, y) = ([1.0, 2.0, 5.0, 8.5], [3.0, 1.5, 2.5, 7.0]);
        (answers.permutation_p)(&x, &y, Splits::Drawn { n: 500, rng: &mut seeded(seed) })
    };
    let seen: Vec<f64> = (0..6).map(again).collect::<Result<_, _>>()?;
    expect(again(3)? == seen[3] && seen.iter().any(|&p| p != seen[0]), || {
        format!("the same generator draws the same splits, and others draw others; got {seen:?}")
    })
}

pub fn scores_are_refused(answers: &Answers) -> Outcome {
    every_split_is_tried(answers)?;
    let sizes = |x, y| BiasError::Sizes { x, y };
    let score = |at, score| BiasError::Score { at, score };
    let over = MOST_SCORE.next_up();
    let many = BiasError::TooMany { scores: 11, most: 10 };
    for (x, y, drawn, want) in [
        (vec![], vec![], None, sizes(0, 0)),
        (vec![], vec![], Some(9), sizes(0, 0)),
        (vec![1.0], vec![], None, sizes(1, 0)),
        (vec![f64::NAN], vec![1.0, 2.0], Some(5), sizes(1, 2)),
        (vec![1.0; 12], vec![1.0; 11], None, sizes(12, 11)),
        (vec![1.0, f64::NAN], vec![f64::INFINITY, 0.0], None, score(1, f64::NAN)),
        (vec![1.0, 2.0], vec![0.0, -over], None, score(3, -over)),
        (vec![1.0], vec![f64::NEG_INFINITY], Some(3), score(1, f64::NEG_INFINITY)),
        (vec![over; 11], vec![1.0; 11], None, score(0, over)),
        (vec![1.0; 11], vec![2.0; 11], None, many),
    ] {
        let what = format!("{x:?} and {y:?}, {drawn:?} drawn");
        let mut rng = seeded(1);
        let splits = match drawn {
            Some(n) => Splits::Drawn { n, rng: &mut rng },
            None => Splits::All,
        };
        expect_error_is(&what, (answers.permutation_p)(&x, &y, splits), &want)?;
    }
    let edge = (answers.permutation_p)(&[MOST_SCORE], &[-MOST_SCORE], Splits::All)?;
    expect_p("the scores 1000 and −1000", edge, 0.5)
}

pub fn p_values_agree(answers: &Answers) -> Outcome {
    let score = draw::prop_oneof![
        4 => draw::between(-2.0, 2.0),
        4 => (-3..=3_i8).prop_map(f64::from),
        2 => (-9..=9_i8).prop_map(|s| f64::from(s) * 0.1),
        1 => draw::select(vec![0.0, -0.0, 1e-13, -1e-12, 1000.0, -1000.0]),
    ];
    let scores = draw::list((score, draw::between(-2.0, 2.0)), 0..=6);
    differential((scores, 0..40_u8), |(scores, odd)| {
        let (mut x, y): (Vec<f64>, Vec<f64>) = scores.iter().copied().unzip();
        match odd {
            0 => x.push(1.0),
            1 => x.iter_mut().for_each(|s| *s *= 1e4),
            _ => {}
        }
        // Often tied with the other group.
        let y: Vec<f64> = if odd % 3 == 0 { y.iter().map(|s| s.round()).collect() } else { y };
        let [got, want] =
            [answers, &SOLUTION].map(|answers| (answers.permutation_p)(&x, &y, Splits::All));
        agree("permutation_p", got, want, |&got, &want| expect_p("all splits", got, want))
    })
}
