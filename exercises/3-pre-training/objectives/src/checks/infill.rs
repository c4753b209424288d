//! Text infilling.

use grading::numbers::counted;
use grading::random::seeded;
use grading::{
    Failure, Outcome, differential, draw, expect, expect_eq, expect_error_is, expect_same,
};
use rand::{Rng, RngExt};

use super::chance::{expect_shares, with_chance};
use crate::oracle::{infilled, span_counts};
use crate::{Answers, Infilling};

/// Hides spans of a text of different ids, none of them that of the mask; fails where the input cannot
/// be. Returns it.
fn drawn(
    answers: &Answers,
    ids: &[u32],
    infilling: &Infilling,
    rng: &mut dyn Rng,
) -> Result<Vec<u32>, Failure> {
    let got = (answers.bart_infill)(ids, infilling, rng)?;
    let what = format!("{} at rate {}", counted(ids.len(), "token"), infilling.rate);
    expect_eq(&format!("{what}: the target"), &got.target, ids)?;
    let kept: Vec<u32> = got.input.iter().copied().filter(|&id| id != infilling.mask_id).collect();
    let hidden = (infilling.rate * ids.len() as f64).ceil() as usize;
    expect_same(&format!("{what}: how many are kept"), &kept.len(), &(ids.len() - hidden))?;
    let mut all = ids.iter();
    let unknown = kept.iter().find(|id| !all.any(|other| other == *id));
    expect(unknown.is_none(), || {
        format!("{what}: the kept tokens {kept:?} are not those of the text {ids:?} in its order")
    })?;
    // Where something is missing, a mask must stand for it.
    let (mut next, mut after_mask) = (0, false);
    for &id in got.input.iter().chain([&infilling.mask_id]) {
        if id == infilling.mask_id {
            after_mask = true;
            continue;
        }
        let skipped = ids[next..].iter().position(|other| *other == id).unwrap_or(0);
        expect(skipped == 0 || after_mask, || {
            let input = &got.input;
            format!(
                "{what}: token {next} of the text is hidden, but no mask stands for it: {input:?}"
            )
        })?;
        (next, after_mask) = (next + skipped + 1, false);
    }
    expect(next == ids.len() || got.input.last() == Some(&infilling.mask_id), || {
        format!("{what}: the end of the text is hidden, but no mask stands for it: {:?}", got.input)
    })?;
    Ok(got.input)
}

/// Tokens 1 to `n`.
fn text(n: usize) -> Vec<u32> {
    (1..=n as u32).collect()
}

pub fn spans_are_poisson(answers: &Answers) -> Outcome {
    with_chance(|rng| {
        for (n, rate, lambda) in [
            (40, 0.3, 3.0),
            (20, 0.15, 0.5),
            (21, 0.4, 1.0),
            (30, 0.9, 6.0),
            (3, 0.3, 3.0),
            (300, 1.0, 80.0),
            (6, 0.5, 0.15),
        ] {
            let infilling = Infilling { rate, lambda, mask_id: 0 };
            let hidden = (rate * n as f64).ceil() as usize;
            let wanted = span_counts(hidden, lambda, 60);
            let mut counts = vec![0_u64; 62];
            for _ in 0..5000 {
                let input = drawn(answers, &text(n), &infilling, rng)?;
                counts[input.iter().filter(|&&id| id == 0).count().min(61)] += 1;
            }
            let rest = (1.0 - wanted.iter().sum::<f64>()).max(1e-300);
            let outcomes: Vec<_> = wanted
                .iter()
                .chain([&rest])
                .enumerate()
                .map(|(masks, &p)| (counted(masks, "mask"), counts[masks], p))
                .collect();
            expect_shares(&format!("{n} tokens at rate {rate} and λ = {lambda}"), &outcomes)?;
        }
        Ok(())
    })
}

pub fn every_order_is_equally_likely(answers: &Answers) -> Outcome {
    const MOST: usize = 5;
    with_chance(|rng| {
        for (n, rate, lambda) in [(4, 0.5, 1.0), (5, 0.6, 2.0), (3, 0.1, 0.8), (4, 1.0, 1.5)] {
            let infilling = Infilling { rate, lambda, mask_id: 0 };
            let hidden = (rate * n as f64).ceil() as usize;
            let mut texts: Vec<(Vec<u32>, u64, f64)> = infilled(n, hidden, lambda, MOST)
                .into_iter()
                .map(|(text, p)| (text, 0, p))
                .collect();
            let mut longer = 0;
            for _ in 0..20_000 {
                let input = drawn(answers, &text(n), &infilling, rng)?;
                if input.iter().filter(|&&id| id == 0).count() > MOST {
                    longer += 1;
                    continue;
                }
                match texts.binary_search_by(|(text, _, _)| text.cmp(&input)) {
                    Ok(at) => texts[at].1 += 1,
                    Err(_) => {
                        return Err(Failure::wrong(format!("{n} tokens cannot become {input:?}")));
                    }
                }
            }
            let known: f64 = texts.iter().map(|(_, _, p)| p).sum();
            let mut outcomes: Vec<_> = texts
                .into_iter()
                .map(|(text, count, p)| (format!("{text:?}").replace('0', "▢"), count, p))
                .collect();
            outcomes.push(("more masks".into(), longer, (1.0 - known).max(1e-300)));
            let what =
                format!("what becomes of {n} tokens, {hidden} of them hidden, with λ = {lambda}");
            expect_shares(&what, &outcomes)?;
        }
        // Tenth by tenth of a long input: masks stand everywhere.
        let infilling = Infilling { rate: 0.3, lambda: 1.0, mask_id: 0 };
        let (mut masks, mut places) = ([0_u64; 10], [0_u64; 10]);
        for _ in 0..20 {
            let input = drawn(answers, &text(700), &infilling, rng)?;
            for (at, &id) in input.iter().enumerate() {
                let tenth = at * 10 / input.len();
                places[tenth] += 1;
                masks[tenth] += u64::from(id == 0);
            }
        }
        let all: u64 = places.iter().sum();
        let outcomes: Vec<_> = (0..10)
            .map(|i| (format!("tenth {}", i + 1), masks[i], places[i] as f64 / all as f64))
            .collect();
        expect_shares("where in the input of a long text masks stand", &outcomes)?;
        let (a, b) = (rng.random(), rng.random());
        let draw = |seed| drawn(answers, &text(300), &infilling, &mut seeded(seed));
        expect_same("the same generator again", &draw(a)?, &draw(a)?)?;
        expect(draw(a)? != draw(b)?, || "another generator hides the same".into())
    })
}

pub fn drawn_infillings_keep_to_the_docs(answers: &Answers) -> Outcome {
    let rate = draw::prop_oneof![
        6 => draw::select(vec![0.0, 1.0, 0.3, 0.5, 0.1, 0.07, 1e-9]),
        3 => 0.0..=1.0_f64,
        1 => draw::select(vec![-0.1, 1.0_f64.next_up(), f64::NAN, f64::INFINITY])
    ];
    let lambda = draw::prop_oneof![
        6 => draw::select(vec![0.1, 1.0, 3.0, 10.0, 100.0]),
        1 => draw::select(vec![0.0, 0.1_f64.next_down(), 101.0, f64::NAN, f64::INFINITY, -3.0])
    ];
    let ends = draw::select(vec![0, 1, u32::MAX]);
    let sizes = (draw::lengths(0..=150), ends, draw::any_u64());
    differential((sizes, (rate, lambda)), |((length, mask_id, seed), (rate, lambda))| {
        let infilling = Infilling { rate: *rate, lambda: *lambda, mask_id: *mask_id };
        let ids: Vec<u32> = (0..*length as u32).map(|at| 2 + at * 7919 % 100_003).collect();
        let rng = &mut seeded(*seed);
        if let Err(error) = infilling.check() {
            let got = (answers.bart_infill)(&ids, &infilling, rng);
            return expect_error_is("spans that cannot be drawn", got, &error);
        }
        let got = drawn(answers, &ids, &infilling, rng)?;
        let again = (answers.bart_infill)(&ids, &infilling, &mut seeded(*seed))?.input;
        expect_same("the same generator again", &again, &got)?;
        let masks = got.iter().filter(|&&id| id == *mask_id).count();
        let hidden = (rate * *length as f64).ceil() as usize;
        expect((masks > 0) == (hidden > 0), || {
            format!("{masks} masks for {}", counted(hidden, "hidden token"))
        })
    })?;
    // Where the product of two numbers is a hair above a whole one.
    let rng = &mut seeded(1);
    for (rate, n) in [(0.07, 100), (0.55, 100), (0.14, 50), (0.3, 10), (0.1, 30), (0.28, 25)] {
        drawn(answers, &text(n), &Infilling { rate, lambda: 3.0, mask_id: 0 }, rng)?;
    }
    Ok(())
}
