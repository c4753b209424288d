//! RoBERTa: positions that count tokens, and masks drawn anew.

use candle_core::DType;
use grading::numbers::counted;
use grading::random::seeded;
use grading::{Failure, Outcome, expect, expect_distribution, expect_eq, expect_same};
use tensor_test::{expect_tensor, flat, ids, rounding};

use crate::oracle::{roberta_golden, tiny_roberta};
use crate::{Answers, RATE};

pub fn positions_are_those_of_transformers(answers: &Answers) -> Outcome {
    for case in roberta_golden()?.texts {
        let [batch, seq] = case.shape;
        let rows: Vec<Vec<u32>> = case.ids.chunks(seq).map(<[u32]>::to_vec).collect();
        for (row, want) in rows.iter().zip(case.positions.chunks(seq)) {
            let what = format!("{}, the positions of {row:?} with padding_idx 3", case.name);
            expect_eq(&what, &(answers.roberta_positions)(row, 3), want)?;
        }
        for dtype in [DType::F64, DType::F32] {
            let model = tiny_roberta(dtype)?;
            let logits = model.logits(&rows, |row| (answers.roberta_positions)(row, 3))?;
            // What is computed at padding is nobody's business.
            let mut got = flat(&logits)?;
            for (at, _) in case.ids.iter().enumerate().filter(|(_, id)| **id == 3) {
                got[at * 29..][..29].fill(0.0);
            }
            let got = tensor_test::tensor(&got, &[batch, seq, 29], dtype)?;
            let what = format!("{}, logits through BERT's blocks, {dtype:?}", case.name);
            let tolerance = rounding(dtype, &case.logits);
            expect_tensor(&what, &got, &[batch, seq, 29], dtype, &case.logits, tolerance)?;
        }
    }
    Ok(())
}

pub fn padding_side_changes_nothing(answers: &Answers) -> Outcome {
    for (seed, padding_idx) in (1..).zip([1, 0, 7, 250, 70_000]) {
        let token = |id: &u32| padding_idx + 1 + id;
        let text: Vec<u32> = ids(5, 20, seed).iter().map(token).collect();
        let pad = [padding_idx];
        for (first, between, last) in [(0, 0, 0), (0, 0, 3), (4, 0, 0), (1, 2, 1), (300, 0, 2)] {
            let row = [
                pad.repeat(first),
                text[..2].to_vec(),
                pad.repeat(between),
                text[2..].to_vec(),
                pad.repeat(last),
            ]
            .concat();
            let what = format!(
                "5 tokens with padding (id {padding_idx}): {first} before, {between} behind the \
                 second, {last} at the end"
            );
            let got = (answers.roberta_positions)(&row, padding_idx);
            expect_same(&format!("{what}: how many positions"), &got.len(), &row.len())?;
            let of = |is_token: bool| -> Vec<u32> {
                let kept = row.iter().zip(&got).filter(|(id, _)| (**id != padding_idx) == is_token);
                kept.map(|(_, &position)| position).collect()
            };
            let counted: Vec<u32> = (1..=5).map(|n| padding_idx + n).collect();
            expect_eq(&format!("{what}: at tokens"), &of(true), &counted)?;
            let padding = pad.repeat(row.len() - 5);
            expect_eq(&format!("{what}: at padding"), &of(false), &padding)?;
        }
    }
    Ok(())
}

/// Fails unless places are ascending, of ordinary tokens, and as many as there may be.
pub fn expect_places(what: &str, got: &[usize], is_ordinary: &[bool]) -> Outcome {
    expect(got.is_sorted_by(|a, b| a < b), || {
        format!("{what}: expected ascending places, each once, got {got:?}")
    })?;
    let wrong = got.iter().find(|&&place| !is_ordinary.get(place).copied().unwrap_or(false));
    expect(wrong.is_none(), || {
        format!("{what}: place {} is hidden, which holds no ordinary token", wrong.unwrap_or(&0))
    })?;
    let n = is_ordinary.iter().filter(|is| **is).count();
    let share = RATE * n as f64;
    let (fewest, most) = ((share + 1e-9).floor() as usize, (share - 1e-9).ceil().max(0.0) as usize);
    expect((fewest..=most.max(fewest)).contains(&got.len()), || {
        let n = counted(n, "ordinary token");
        format!("{what}: hidden of {n}: {}, expected ⌊{share:.2} + u⌋", got.len())
    })
}

/// Masks of a text of ordinary tokens between two others, from one generator.
fn drawn(answers: &Answers, n: usize, times: usize, seed: u64) -> Result<Vec<Vec<usize>>, Failure> {
    let is_ordinary = [vec![false], vec![true; n], vec![false]].concat();
    let mut rng = seeded(seed);
    let draw = |_| {
        let got = (answers.dynamic_mask)(&is_ordinary, &mut rng);
        let what = format!("{} between two others", counted(n, "ordinary token"));
        expect_places(&what, &got, &is_ordinary)?;
        Ok(got)
    };
    (0..times).map(draw).collect()
}

pub fn a_share_is_hidden(answers: &Answers) -> Outcome {
    for (seed, n) in (10..).zip([1, 2, 6, 7, 13, 20, 33, 100, 511]) {
        let sets = drawn(answers, n, 3000, seed)?;
        let share = RATE * n as f64;
        let fewest = (share + 1e-9).floor();
        let more = sets.iter().filter(|set| set.len() as f64 > fewest).count() as u64;
        let p = (share - fewest).max(0.0);
        let p = if p < 1e-9 { 0.0 } else { p };
        let what = format!(
            "of {n} ordinary tokens, {fewest} hidden (outcome 0) or one more (outcome 1), 3,000 times"
        );
        expect_distribution(&what, &[3000 - more, more], &[1.0 - p, p])?;
    }
    Ok(())
}

pub fn every_set_is_equally_likely(answers: &Answers) -> Outcome {
    expect_all_parts(answers)?;
    // Of seven, one is hidden or two are; of 20, always three.
    for (seed, n, size) in [(30, 7, 1), (31, 7, 2), (32, 20, 3), (33, 13, 2)] {
        let sets: Vec<Vec<usize>> =
            drawn(answers, n, 40_000, seed)?.into_iter().filter(|set| set.len() == size).collect();
        let mut single = vec![0_u64; n];
        sets.iter().flatten().for_each(|place| single[place - 1] += 1);
        let what = format!("how often each of {n} tokens is among {size} hidden");
        // The counts of a set depend on each other, which makes this test a little milder.
        expect_distribution(&what, &single, &vec![1.0 / n as f64; n])?;
        if size < 2 {
            continue;
        }
        let pairs: Vec<(usize, usize)> =
            (1..=n).flat_map(|a| (a + 1..=n).map(move |b| (a, b))).collect();
        let mut counts = vec![0_u64; pairs.len()];
        for set in &sets {
            let pair = (set[0], set[size - 1]);
            counts[pairs.binary_search(&pair).unwrap_or(0)] += 1;
        }
        // For three, how many stand between the two outer ones.
        let weights: Vec<f64> =
            pairs.iter().map(|(a, b)| if size == 2 { 1.0 } else { (b - a - 1) as f64 }).collect();
        let total: f64 = weights.iter().sum();
        let shares: Vec<f64> = weights.iter().map(|weight| weight / total).collect();
        let what = format!("the first and the last of {size} hidden among {n}, pair by pair");
        expect_distribution(&what, &counts, &shares)?;
    }
    Ok(())
}

/// How often each tenth of a long text is hidden.
fn expect_all_parts(answers: &Answers) -> Outcome {
    for (seed, n, times) in [(40, 700, 600), (41, 5000, 60)] {
        let mut counts = [0_u64; 10];
        for place in drawn(answers, n, times, seed)?.concat() {
            counts[(place - 1) * 10 / n] += 1;
        }
        let what = format!("how many of {n} tokens are hidden, tenth by tenth of the text");
        expect_distribution(&what, &counts, &[0.1; 10])?;
    }
    Ok(())
}

pub fn special_tokens_are_never_hidden(answers: &Answers) -> Outcome {
    let mut rng = seeded(50);
    for is_ordinary in [
        vec![],
        vec![false],
        vec![false; 40],
        [vec![false; 30], vec![true; 20], vec![false; 30]].concat(),
        (0..60).map(|t| t % 3 == 1).collect(),
        [vec![true; 20], vec![false; 400]].concat(),
    ] {
        let mut hidden = 0;
        for _ in 0..400 {
            let got = (answers.dynamic_mask)(&is_ordinary, &mut rng);
            let n = is_ordinary.iter().filter(|is| **is).count();
            let what = format!("{} among {}", counted(n, "ordinary token"), is_ordinary.len());
            expect_places(&what, &got, &is_ordinary)?;
            hidden += got.len();
        }
        expect(hidden > 0 || !is_ordinary.contains(&true), || "nothing is ever hidden".into())?;
    }
    Ok(())
}

pub fn each_mask_is_drawn_anew(answers: &Answers) -> Outcome {
    // Of four tokens one is hidden, in 60% of all draws: two draws in a row know nothing of each other.
    let sets = drawn(answers, 4, 40_000, 70)?;
    let outcome = |set: &Vec<usize>| set.first().copied().unwrap_or(0);
    let mut counts = vec![0_u64; 25];
    sets.chunks(2).for_each(|two| counts[5 * outcome(&two[0]) + outcome(&two[1])] += 1);
    let p = |i: usize| if i == 0 { 0.4 } else { 0.15 };
    let shares: Vec<f64> = (0..25).map(|i| p(i / 5) * p(i % 5)).collect();
    expect_distribution("two masks in a row, of 4 tokens", &counts, &shares)?;
    // In 30 epochs nearly every token is hidden once: 1 − 0.85³⁰ of them.
    let sets = drawn(answers, 200, 30, 71)?;
    let mut ever: Vec<usize> = sets.concat();
    ever.sort_unstable();
    ever.dedup();
    expect(ever.len() > 190, || {
        format!("in 30 epochs, {} of 200 tokens were ever hidden, expected nearly all", ever.len())
    })?;
    for (seed, n, times) in [(72, 50, 3), (73, 51, 3), (74, 500, 3), (75, 4, 41), (76, 7, 31)] {
        let (one, other) = (drawn(answers, n, times, seed)?, drawn(answers, n, times, seed)?);
        expect_same(&format!("{n} tokens, the same generator again"), &other, &one)?;
        let third = drawn(answers, n, times, seed + 1000)?;
        expect(third != one, || format!("{n} tokens: another generator hides the same tokens"))?;
    }
    Ok(())
}
