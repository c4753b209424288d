//! T5's spans, and its sentinels.

use std::collections::BTreeMap;

use grading::numbers::counted;
use grading::random::seeded;
use grading::{
    Differential, Failure, Outcome, agree, differential, draw, expect, expect_eq, expect_error_is,
    expect_same,
};
use rand::{Rng, RngExt};

use super::chance::{expect_shares, with_chance};
use crate::oracle::{choose, golden, runs};
use crate::{Answers, Denoising, ObjectiveError, SOLUTION, Sentinels, Spans};

/// Draws a mask, and fails unless spans alternate as the docs say, as many as there must be.
fn drawn(
    answers: &Answers,
    length: usize,
    spans: &Spans,
    (hidden, count): (usize, usize),
    rng: &mut dyn Rng,
) -> Result<Vec<bool>, Failure> {
    let mask = (answers.noise_mask)(length, spans, rng)?;
    let what = format!(
        "{}, density {}, mean length {}",
        counted(length, "token"),
        spans.density,
        spans.mean_length
    );
    expect_same(&format!("{what}: the length of the mask"), &mask.len(), &length)?;
    let got = mask.iter().filter(|is| **is).count();
    expect_same(&format!("{what}: how many are hidden"), &got, &hidden)?;
    let found = runs(&mask).iter().filter(|run| run.0).count();
    expect_same(&format!("{what}: how many spans are hidden"), &found, &count)?;
    expect(hidden == 0 || !mask[0] && mask[length - 1], || {
        format!("{what}: the first token must be kept and the last one hidden: {mask:?}")
    })?;
    Ok(mask)
}

/// How many tokens and spans are hidden, by whole numbers: no rounding of f64 has a say, except in the
/// product itself.
fn wanted(length: usize, spans: &Spans) -> (usize, usize) {
    if length < 2 {
        return (0, 0);
    }
    let nearest = |x: f64| {
        let low = x.floor();
        let up = match (x - low).partial_cmp(&0.5) {
            Some(std::cmp::Ordering::Less) => false,
            Some(std::cmp::Ordering::Equal) => low % 2.0 == 1.0,
            _ => true,
        };
        low as usize + usize::from(up)
    };
    let hidden = nearest(length as f64 * spans.density).max(1).min(length - 1);
    let count = nearest(hidden as f64 / spans.mean_length).max(1);
    (hidden, count.min(hidden).min(length - hidden))
}

pub fn counts_are_those_of_t5(answers: &Answers) -> Outcome {
    with_chance(|rng| {
        for (length, density, mean_length, hidden, count) in golden()?.spans {
            drawn(answers, length, &Spans { density, mean_length }, (hidden, count), rng)?;
        }
        Ok(())
    })
}

pub fn every_mask_is_equally_likely(answers: &Answers) -> Outcome {
    with_chance(|rng| {
        // Few tokens: every single mask.
        for (length, density, mean_length) in [(12, 0.5, 2.0), (9, 0.33, 1.5), (8, 0.7, 3.0)] {
            let spans = Spans { density, mean_length };
            let (hidden, count) = wanted(length, &spans);
            let all = choose(hidden - 1, count - 1) * choose(length - hidden - 1, count - 1);
            let mut counts: BTreeMap<Vec<bool>, u64> = BTreeMap::new();
            for _ in 0..20_000 {
                *counts
                    .entry(drawn(answers, length, &spans, (hidden, count), rng)?)
                    .or_default() += 1;
            }
            let name = |mask: &[bool]| -> String {
                mask.iter().map(|&is| if is { '▢' } else { '·' }).collect()
            };
            let mut outcomes: Vec<_> =
                counts.iter().map(|(mask, &n)| (name(mask), n, 1.0 / all)).collect();
            for _ in counts.len()..all as usize {
                outcomes.push(("a mask that may be".into(), 0, 1.0 / all));
            }
            let what = format!("{length} tokens, {hidden} hidden in {count} spans");
            expect_shares(&what, &outcomes)?;
        }
        // Many tokens: the first kept part, and the last hidden one, but also one in the middle.
        let (spans, length) = (Spans { density: 0.3, mean_length: 3.0 }, 200);
        let (hidden, count) = wanted(length, &spans);
        let masks: Vec<Vec<(bool, usize)>> = (0..6000)
            .map(|_| Ok(runs(&drawn(answers, length, &spans, (hidden, count), rng)?)))
            .collect::<Result<_, Failure>>()?;
        let parts = [
            ("first kept", 0, length - hidden),
            ("last hidden", 2 * count - 1, hidden),
            ("fifth kept", 8, length - hidden),
        ];
        for (which, at, tokens) in parts {
            let mut counts = vec![0_u64; tokens + 1];
            masks.iter().for_each(|runs| counts[runs[at].1] += 1);
            let p = |n: usize| match n {
                0 => 0.0,
                n if tokens - n < count - 1 => 0.0,
                n => choose(tokens - n - 1, count - 2) / choose(tokens - 1, count - 1),
            };
            let outcomes: Vec<_> =
                (0..=tokens).map(|n| (counted(n, "token"), counts[n], p(n))).collect();
            expect_shares(&format!("how long the {which} span of {length} tokens is"), &outcomes)?;
        }
        let (a, b) = (rng.random(), rng.random());
        let draw = |seed| drawn(answers, length, &spans, (hidden, count), &mut seeded(seed));
        expect_same("the same generator again", &draw(a)?, &draw(a)?)?;
        expect(draw(a)? != draw(b)?, || "another generator hides the same tokens".into())
    })
}

pub fn drawn_masks_keep_to_the_docs(answers: &Answers) -> Outcome {
    let density = draw::prop_oneof![
        6 => draw::select(vec![0.0, 1.0, 0.15, 0.5, 0.85, 0.99, 0.01, 0.3]),
        3 => 0.0..=1.0_f64,
        1 => draw::select(vec![-0.1, 1.0_f64.next_up(), f64::NAN, f64::INFINITY])
    ];
    let mean_length = draw::prop_oneof![
        6 => draw::select(vec![1.0, 2.0, 3.0, 4.0, 1e6]),
        3 => 1.0..=12.0_f64,
        1 => draw::select(vec![0.0, 1.0_f64.next_down(), f64::NAN, f64::INFINITY, -3.0])
    ];
    let text = (draw::lengths(0..=600), draw::any_u64());
    differential((text, (density, mean_length)), |((length, seed), (density, mean_length))| {
        let spans = Spans { density: *density, mean_length: *mean_length };
        let rng = &mut seeded(*seed);
        if let Err(error) = spans.check() {
            let got = (answers.noise_mask)(*length, &spans, rng);
            return expect_error_is("spans that cannot be drawn", got, &error);
        }
        let got = drawn(answers, *length, &spans, wanted(*length, &spans), rng)?;
        let again = (answers.noise_mask)(*length, &spans, &mut seeded(*seed))?;
        expect_same("the same generator again", &again, &got)
    })?;
    let rng = &mut seeded(1);
    drawn(answers, 70_000, &Spans::T5, wanted(70_000, &Spans::T5), rng).map(|_| ())
}

/// Fails where two of them differ.
pub fn expect_denoising(what: &str, got: &Denoising, want: &Denoising) -> Outcome {
    expect_eq(&format!("{what}: the input"), &got.input, &want.input)?;
    expect_eq(&format!("{what}: the target"), &got.target, &want.target)
}

pub fn sentinels_are_those_of_t5(answers: &Answers) -> Outcome {
    let sentinels = Sentinels { ids: (900..1000).rev().collect(), eos: 1 };
    for case in golden()?.sentinels {
        let got = (answers.span_corrupt)(&case.ids, &case.is_hidden, &sentinels)?;
        let hidden: Vec<usize> = (0..case.ids.len()).filter(|&at| case.is_hidden[at]).collect();
        let what = format!("{}, hidden places: {hidden:?}", counted(case.ids.len(), "token"));
        expect_denoising(&what, &got, &Denoising { input: case.input, target: case.target })?;
    }
    Ok(())
}

/// A text with some of its tokens hidden, and sentinels in no order.
fn text(length: usize, tenths: u32, seed: u64) -> (Vec<u32>, Vec<bool>, Sentinels) {
    let mut rng = seeded(seed);
    let ids = (0..length).map(|_| rng.random_range(0..500)).collect();
    let is_hidden = (0..length).map(|_| rng.random_range(0..10) < tenths).collect();
    let ids_of = |at: u32| 1000 + at * 7919 % 5003;
    (ids, is_hidden, Sentinels { ids: (0..=length as u32).map(ids_of).collect(), eos: 501 })
}

pub fn the_text_can_be_put_together(answers: &Answers) -> Outcome {
    let lengths = draw::lengths(0..=200);
    Differential::cases(300).run((lengths, 0..=10_u32, draw::any_u64()), |(length, tenths, seed)| {
        let (ids, is_hidden, sentinels) = text(*length, *tenths, *seed);
        let got = (answers.span_corrupt)(&ids, &is_hidden, &sentinels)?;
        let what = format!("{}, some of them hidden", counted(*length, "token"));
        for (name, list) in [("input", &got.input), ("target", &got.target)] {
            expect(list.last() == Some(&501), || format!("{what}: the {name} does not end with eos"))?;
        }
        // Put what follows a sentinel in the target into its place in the input.
        let is_sentinel = |id: u32| id >= 1000;
        let mut parts: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        let mut order = Vec::new();
        for &id in &got.target[..got.target.len() - 1] {
            if is_sentinel(id) {
                order.push(id);
            }
            let last = order.last().ok_or_else(|| {
                Failure::wrong(format!("{what}: the target begins with {id}, no sentinel"))
            })?;
            let part = parts.entry(*last).or_default();
            if !is_sentinel(id) {
                part.push(id);
            }
        }
        expect(sentinels.ids.starts_with(&order), || {
            format!("{what}: the target has the sentinels {order:?}, expected the first of the list in order")
        })?;
        let mut whole = Vec::new();
        for &id in &got.input[..got.input.len() - 1] {
            match parts.get(&id) {
                Some(part) if is_sentinel(id) => whole.extend(part),
                _ => whole.push(id),
            }
        }
        expect_eq(&format!("{what}: the text, put together again"), &whole, &ids)?;
        let kept = is_hidden.iter().filter(|is| !**is).count();
        let read = got.input.iter().filter(|&&id| id < 500).count();
        expect_same(&format!("{what}: how many are in the input"), &read, &kept)
    })
}

pub fn too_few_sentinels_are_refused(answers: &Answers) -> Outcome {
    let bits = |text: &str| -> Vec<bool> { text.chars().map(|c| c == '1').collect() };
    for (mask, need) in [("0101", 2), ("01010", 3), ("1", 1), ("0", 1), ("10101", 3), ("0110", 2)] {
        let is_hidden = bits(mask);
        let ids: Vec<u32> = (0..is_hidden.len() as u32).collect();
        for have in 0..=need {
            let sentinels = Sentinels { ids: (50..50 + have as u32).collect(), eos: 40 };
            let got = (answers.span_corrupt)(&ids, &is_hidden, &sentinels);
            let what = format!("hidden: {mask}, with {}", counted(have, "sentinel"));
            if have < need {
                expect_error_is(&what, got, &ObjectiveError::Sentinels { need, have })?;
            } else {
                let got = got?;
                expect(got.target.contains(&(50 + need as u32 - 1)), || {
                    format!("{what}: the target {:?} lacks the last sentinel", got.target)
                })?;
            }
        }
    }
    let none = Sentinels { ids: vec![], eos: 4 };
    let empty = Denoising { input: vec![4], target: vec![4] };
    expect_denoising(
        "an empty text, no sentinels",
        &(answers.span_corrupt)(&[], &[], &none)?,
        &empty,
    )
}

pub fn texts_agree(answers: &Answers) -> Outcome {
    let odd = draw::select(vec![0, 0, 0, 0, 1, 2, 3_usize]);
    let sizes = (draw::lengths(0..=300), 0..=10_u32, odd);
    differential((sizes, draw::any_u64()), |((length, tenths, odd), seed)| {
        let (ids, mut is_hidden, mut sentinels) = text(*length, *tenths, *seed);
        // An id is an id, whatever else it stands for.
        if seed % 2 == 0 {
            sentinels.eos = (seed % 5) as u32;
            sentinels.ids.iter_mut().for_each(|id| *id %= 700);
        }
        match odd {
            1 => is_hidden.push(true),
            2 => drop(is_hidden.pop()),
            3 => sentinels.ids.truncate(length / 4),
            _ => {}
        }
        let run = |answers: &Answers| (answers.span_corrupt)(&ids, &is_hidden, &sentinels);
        let what = counted(*length, "token");
        agree(&what, run(answers), run(&SOLUTION), |got, want| expect_denoising(&what, got, want))
    })?;
    let (ids, is_hidden, sentinels) = text(70_000, 3, 5);
    let run = |answers: &Answers| (answers.span_corrupt)(&ids, &is_hidden, &sentinels);
    expect_denoising("70,000 tokens", &run(answers)?, &run(&SOLUTION)?)
}
