//! What a swap would do, and which to try.

use grading::draw::{self, Strategy};
use grading::random::seeded;
use grading::{
    Outcome, Tolerance, agree, differential, expect_close, expect_eq, expect_error_is, expect_same,
};
use rand::RngExt;

use crate::oracle::{Bent, brute_scores, brute_swaps, golden};
use crate::{Answers, SOLUTION, SearchError, Swap, Table};

pub fn scores_are_pytorchs_derivatives(answers: &Answers) -> Outcome {
    let golden = golden()?;
    let table = Table { numbers: &golden.table, width: golden.width };
    for case in &golden.cases {
        let what = format!("the prompt {:?}", case.ids);
        let got = (answers.linear_scores)(&table, &case.ids, &case.slopes)?;
        // The golden slopes are rounded.
        let near = Tolerance { rtol: 1e-5, atol: 1e-6 };
        let shape = [case.ids.len(), table.vocab_size()];
        expect_close(&what, &shape, &got, &case.scores, near)?;
    }
    Ok(())
}

pub fn straight_loss_is_foretold(answers: &Answers) -> Outcome {
    let mut rng = seeded(1);
    for (places, vocab_size, width) in [(1, 2, 1), (3, 7, 4), (6, 40, 3), (2, 300, 17)] {
        let mut numbers = |n: usize, size: f32| -> Vec<f32> {
            (0..n).map(|_| size * (rng.random::<f32>() - 0.5)).collect()
        };
        // Embeddings far from 0: differences cancel.
        let table: Vec<f32> = numbers(vocab_size * width, 2.0).iter().map(|x| x + 100.0).collect();
        let slopes = numbers(places * width, 3.0);
        let table = Table { numbers: &table, width };
        let ids: Vec<u32> = (0..places).map(|_| rng.random_range(0..vocab_size as u32)).collect();
        // The loss itself, with every embedding in its place.
        let loss = |ids: &[u32]| -> f64 {
            let rows = ids.iter().flat_map(|&id| table.row(id));
            rows.zip(&slopes).map(|(&x, &g)| f64::from(x) * f64::from(g)).sum()
        };
        let now = loss(&ids);
        let mut want = Vec::new();
        for place in 0..places {
            for id in 0..vocab_size as u32 {
                let mut swapped = ids.clone();
                swapped[place] = id;
                want.push(loss(&swapped) - now);
            }
        }
        let what = format!("{places} of {vocab_size} tokens, a straight loss");
        let got = (answers.linear_scores)(&table, &ids, &slopes)?;
        let near = Tolerance { rtol: 1e-9, atol: 1e-9 };
        expect_close(&what, &[places, vocab_size], &got, &want, near)?;
    }
    Ok(())
}

pub fn misfits_are_refused(answers: &Answers) -> Outcome {
    let numbers = [0.5, 1.0, -1.0, 2.0, 0.0, 4.0];
    let table = Table { numbers: &numbers, width: 2 };
    let (nan, inf) = (f32::NAN, f32::INFINITY);
    let token = |place, id| SearchError::Token { place, id, vocab_size: 3 };
    let slopes = |found, expected| SearchError::Slopes { found, expected };
    for (ids, given, want) in [
        (vec![], vec![], SearchError::NoPlaces),
        (vec![], vec![1.0], SearchError::NoPlaces),
        (vec![0, 3, 9], vec![nan], token(1, 3)),
        (vec![u32::MAX], vec![1.0, 2.0], token(0, u32::MAX)),
        (vec![0, 2], vec![nan, 1.0, 1.0], slopes(3, 4)),
        (vec![1], vec![1.0; 6], slopes(6, 2)),
        (vec![1], vec![], slopes(0, 2)),
        (vec![0, 2], vec![1.0, 1.0, -inf, nan], SearchError::NotFinite { place: 1 }),
        (vec![0, 2], vec![1.0, nan, inf, 1.0], SearchError::NotFinite { place: 0 }),
    ] {
        let what = format!("the prompt {ids:?} with the slopes {given:?}");
        expect_error_is(&what, (answers.linear_scores)(&table, &ids, &given), &want)?;
    }
    let got = (answers.linear_scores)(&table, &[2, 0], &[1.0, 0.0, 0.0, 0.5])?;
    expect_close("slopes that fit", &[2, 3], &got, &[0.5, -1.0, 0.0, 0.0, 0.5, 1.5], Tolerance::F64)
}

pub fn scores_agree(answers: &Answers) -> Outcome {
    let number = || {
        draw::prop_oneof![
            9 => draw::between_f32(-3.0, 3.0),
            1 => draw::select(vec![0.0, -0.0, 1e-40, 1e30, -1e25]),
        ]
    };
    let slope = draw::prop_oneof![40 => number(), 1 => draw::any_f32()];
    let table = draw::matrices(number(), 1..=9, 1..=5);
    let all = (table, draw::list(0..10_u32, 0..=5), draw::list(slope, 25..=26), 0..30_u8);
    differential(all, |(table, ids, slopes, cut)| {
        let fits = (ids.len() * table.cols).min(25);
        let slopes = if *cut == 0 { &slopes[..] } else { &slopes[..fits] };
        let table = Table { numbers: &table.data, width: table.cols };
        let run = |answers: &Answers| (answers.linear_scores)(&table, ids, slopes);
        agree("linear_scores", run(answers), run(&SOLUTION), |got, want| {
            // Where terms cancel, what is small is small beside the largest of them.
            let most = |numbers: &[f32]| {
                numbers.iter().fold(0.0, |most: f64, x| most.max(f64::from(*x).abs()))
            };
            let atol = 1e-12 * most(table.numbers) * most(slopes);
            let near = Tolerance { rtol: 1e-9, atol };
            expect_close("linear_scores", &[want.len()], got, want, near)
        })
    })
}

fn expect_swaps(what: &str, got: &[Swap], want: &[(usize, u32)], scores: &[f64]) -> Outcome {
    let pairs: Vec<(usize, u32)> = got.iter().map(|swap| (swap.place, swap.id)).collect();
    expect_eq(&format!("{what}: (place, token)"), &pairs, want)?;
    let places = got.iter().map(|swap| swap.place + 1).max().unwrap_or(0);
    debug_assert!(places <= scores.len());
    Ok(())
}

pub fn best_swaps_are_found(answers: &Answers) -> Outcome {
    for (seed, places, vocab_size) in [(1, 1, 5), (2, 3, 9), (3, 5, 60)] {
        let loss = Bent::new(seed, vocab_size, 4, 0.3);
        let ids: Vec<u32> = (0..places).map(|i| (i * i * 7 + 1) % vocab_size as u32).collect();
        let scores = brute_scores(&loss.table(), &ids, &loss.slopes_of(&ids));
        for forbidden in [vec![], vec![0, 2], vec![2, 2, 1, 9999]] {
            for k in [0, 1, 3, 10, 100, 9999] {
                let what = format!("the {k} best swaps of {ids:?}, without {forbidden:?}");
                let got = (answers.top_swaps)(&scores, &ids, &forbidden, k);
                let want = brute_swaps(&scores, &ids, &forbidden, k);
                expect_swaps(&what, &got, &want, &scores)?;
                for swap in &got {
                    let score = scores[swap.place * vocab_size + swap.id as usize];
                    expect_same(&format!("{what}: a score"), &swap.score, &score)?;
                }
            }
        }
    }
    Ok(())
}

pub fn ties_have_an_order(answers: &Answers) -> Outcome {
    let nan = f64::NAN;
    for (ids, scores) in [
        (vec![1, 2], vec![3.0, 0.0, -1.0, -1.0, -1.0, 0.0]),
        (vec![0, 0], vec![0.0, 0.0, -0.0, 0.0, -0.0, 0.0]),
        (vec![0, 2], vec![nan, nan, 5.0, f64::NEG_INFINITY, nan, f64::INFINITY]),
        (vec![0, 1, 0], vec![-nan, 2.0, 2.0, -nan, 1.0, 2.0]),
        (vec![3], vec![1e300, -1e300, 1e-300, 0.0]),
        (vec![0], vec![0.0]),
        (vec![], vec![]),
    ] {
        for k in [1, 2, 9] {
            let what = format!("the {k} best of {scores:?} for {ids:?}");
            let got = (answers.top_swaps)(&scores, &ids, &[], k);
            expect_swaps(&what, &got, &brute_swaps(&scores, &ids, &[], k), &scores)?;
        }
    }
    // More tokens than 16 bits hold.
    let mut scores = vec![0.0; 70_000];
    (scores[66_000], scores[69_999]) = (-1.0, -2.0);
    let got = (answers.top_swaps)(&scores, &[5], &[], 2);
    expect_swaps("70,000 tokens", &got, &[(0, 69_999), (0, 66_000)], &scores)?;
    // Many ties, more than a sort that is not stable leaves in order.
    let (ids, scores) = (vec![7; 9], [1.0, -1.0, 0.0].repeat(90));
    let got = (answers.top_swaps)(&scores, &ids, &[4], 200);
    expect_swaps("many ties", &got, &brute_swaps(&scores, &ids, &[4], 200), &scores)
}

pub fn swaps_agree(answers: &Answers) -> Outcome {
    let score = draw::prop_oneof![
        4 => draw::between(-3.0, 3.0),
        3 => draw::select(vec![0.0, -0.0, 1.0, -1.0]),
        1 => draw::any_f64(),
    ];
    let ids = draw::list(0..6_u32, 0..=6);
    let all = (ids, draw::list(score, 36..=36), draw::list(0..8_u32, 0..=3), draw::lengths(0..=40));
    let all = (all, 6..=6_usize).prop_map(|(all, vocab_size)| (all, vocab_size));
    differential(all, |((ids, scores, forbidden, k), vocab_size)| {
        let scores = &scores[..ids.len() * vocab_size];
        let plain = |answers: &Answers| -> Vec<(usize, u32, u64)> {
            let swaps = (answers.top_swaps)(scores, ids, forbidden, *k);
            swaps.iter().map(|swap| (swap.place, swap.id, (swap.score + 0.0).to_bits())).collect()
        };
        expect_same("top_swaps", &plain(answers), &plain(&SOLUTION))
    })
}
