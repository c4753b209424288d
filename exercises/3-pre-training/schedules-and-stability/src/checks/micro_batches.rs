//! A batch in pieces.

use grading::draw::{self, Strategy};
use grading::random::seeded;
use grading::{
    Outcome, Tolerance, agree, differential, expect_close, expect_close_or_nan, expect_error_is,
    expect_same,
};
use rand::{Rng, RngExt};

use crate::oracle::accumulated;
use crate::{Accumulated, Answers, IGNORE, MicroBatch, SOLUTION, StabilityError};

const LOSS: Tolerance = Tolerance { rtol: 1e-9, atol: 1e-12 };
const GRADIENT: Tolerance = Tolerance { rtol: 1e-5, atol: 1e-6 };

fn expect_sum<W: Into<f64> + Copy>(
    what: &str,
    got: &Accumulated,
    (tokens, loss, gradient): (usize, f64, &[W]),
) -> Outcome {
    expect_same(&format!("{what}: tokens"), &got.tokens, &tokens)?;
    expect_close(&format!("{what}: the mean loss"), &[], &[got.mean_loss], &[loss], LOSS)?;
    let shape = [gradient.len()];
    expect_close(&format!("{what}: the gradient"), &shape, &got.gradient, gradient, GRADIENT)
}

pub fn accumulated_as_by_pytorch(answers: &Answers) -> Outcome {
    for case in accumulated()? {
        let micro_batches = case.micro_batches();
        let labels: Vec<&[i64]> = micro_batches.iter().map(|batch| &batch.labels[..]).collect();
        let what = format!("micro-batches with the labels {labels:?}");
        let got = (answers.accumulate)(&micro_batches)?;
        expect_sum(&what, &got, (case.tokens, case.mean_loss, &case.gradient))?;
    }
    Ok(())
}

/// A position: its label, and if that counts its loss and gradient.
type Position = (i64, f64, Vec<f32>);

fn positions(n: usize, parameters: usize, ignored: f64, rng: &mut dyn Rng) -> Vec<Position> {
    let mut position = |_| {
        let label = if rng.random::<f64>() < ignored { IGNORE } else { rng.random_range(0..9) };
        let loss = 5.0 * rng.random::<f64>();
        (label, loss, (0..parameters).map(|_| rng.random::<f32>() - 0.3).collect())
    };
    (0..n).map(&mut position).collect()
}

/// The means over the positions that count.
fn means(positions: &[Position], parameters: usize) -> (usize, f64, Vec<f64>) {
    let counting: Vec<&Position> = positions.iter().filter(|p| p.0 != IGNORE).collect();
    let n = counting.len() as f64;
    let loss = counting.iter().map(|p| p.1).sum::<f64>() / n;
    let mean = |i: usize| counting.iter().map(|p| f64::from(p.2[i])).sum::<f64>() / n;
    (counting.len(), loss, (0..parameters).map(mean).collect())
}

fn micro_batch(positions: &[Position], parameters: usize) -> MicroBatch {
    let (_, mean_loss, gradient) = means(positions, parameters);
    MicroBatch {
        labels: positions.iter().map(|p| p.0).collect(),
        mean_loss,
        gradient: gradient.into_iter().map(|g| g as f32).collect(),
    }
}

pub fn ragged_micro_batches_are_one_batch(answers: &Answers) -> Outcome {
    let mut rng = seeded(5);
    for (n, parameters, ignored) in
        [(1, 3, 0.0), (12, 1, 0.0), (40, 7, 0.3), (90, 4, 0.9), (25, 0, 0.2), (150_000, 2, 0.1)]
    {
        let mut all = positions(n, parameters, ignored, &mut rng);
        all[n / 2].0 = 0;
        let (tokens, loss, gradient) = means(&all, parameters);
        for cuts in [vec![], vec![n / 2], vec![1, n / 4, n / 4, n / 3], vec![n / 9, n / 9 * 8]] {
            let mut cuts: Vec<usize> = [vec![0, n], cuts].concat();
            cuts.iter_mut().for_each(|cut| *cut = (*cut).min(n));
            cuts.sort_unstable();
            let mut batches: Vec<MicroBatch> = cuts
                .windows(2)
                .map(|ends| micro_batch(&all[ends[0]..ends[1]], parameters))
                .collect();
            let what = format!("{n} positions, cut at {cuts:?}");
            let want = (tokens, loss, &gradient[..]);
            expect_sum(&what, &(answers.accumulate)(&batches)?, want)?;
            batches.reverse();
            let what = format!("{what}, in reverse");
            expect_sum(&what, &(answers.accumulate)(&batches)?, want)?;
        }
    }
    Ok(())
}

pub fn nothing_adds_nothing(answers: &Answers) -> Outcome {
    let batch = |labels: &[i64], mean_loss: f64, gradient: &[f32]| MicroBatch {
        labels: labels.to_vec(),
        mean_loss,
        gradient: gradient.to_vec(),
    };
    let nan = f32::NAN;
    let empty = batch(&[], f64::NAN, &[nan, nan]);
    let ignored = batch(&[IGNORE, IGNORE], f64::INFINITY, &[nan, f32::INFINITY]);
    let one = batch(&[4, IGNORE], 2.5, &[1.5, -0.5]);
    for batches in [
        vec![empty.clone(), one.clone()],
        vec![one.clone(), ignored.clone(), empty.clone()],
        vec![ignored.clone(), ignored.clone(), one.clone(), ignored.clone()],
    ] {
        let what = format!("the micro-batches {batches:?}");
        let got = (answers.accumulate)(&batches)?;
        expect_sum(&what, &got, (1, 2.5, &[1.5_f32, -0.5]))?;
    }
    let short = batch(&[3], 1.0, &[1.0]);
    let parameters = |micro_batch, parameters, expected| StabilityError::Parameters {
        micro_batch,
        parameters,
        expected,
    };
    for (batches, want) in [
        (vec![], StabilityError::NoTokens),
        (vec![empty.clone()], StabilityError::NoTokens),
        (vec![ignored.clone(), empty.clone()], StabilityError::NoTokens),
        (vec![one.clone(), short.clone()], parameters(1, 1, 2)),
        (vec![short.clone(), short.clone(), one.clone(), empty.clone()], parameters(2, 2, 1)),
        (vec![batch(&[], f64::NAN, &[]), ignored, one, short], parameters(1, 2, 0)),
        (vec![empty, batch(&[IGNORE], f64::NAN, &[])], parameters(1, 0, 2)),
    ] {
        let what = format!("the micro-batches {batches:?}");
        expect_error_is(&what, (answers.accumulate)(&batches), &want)?;
    }
    Ok(())
}

pub fn sums_agree(answers: &Answers) -> Outcome {
    let label = draw::select(vec![
        IGNORE,
        IGNORE,
        0,
        1,
        70_000,
        -1,
        -99,
        100,
        i64::MIN,
        IGNORE + (1 << 32),
        IGNORE + (1 << 16),
    ]);
    let number = draw::prop_oneof![
        9 => draw::between_f32(-3.0, 3.0), 2 => draw::finite_f32(), 1 => draw::any_f32()
    ];
    let loss = draw::prop_oneof![
        8 => draw::between(0.0, 20.0),
        1 => draw::select(vec![0.0, 1e100, -1e-100, f64::INFINITY, f64::NAN]),
    ];
    // Mostly of four parameters; a fifth number is cut off, or not.
    let batch = (draw::list(label, 0..=20), loss, draw::list(number, 5..=5), 0..30_u8).prop_map(
        |(labels, mean_loss, mut gradient, cut)| {
            gradient.truncate(if cut == 0 { 5 } else { 4 });
            MicroBatch { labels, mean_loss, gradient }
        },
    );
    differential(draw::list(batch, 0..=6), |batches| {
        let run = |answers: &Answers| (answers.accumulate)(batches);
        agree("accumulate", run(answers), run(&SOLUTION), |got, want| {
            expect_same("tokens", &got.tokens, &want.tokens)?;
            let asked = || batches.iter().filter(|b| b.labels.iter().any(|&y| y != IGNORE));
            // Where terms cancel, what is small is small beside the largest of them.
            let close = |what: &str, got: f64, want: f64, most: f64, digits: f64| {
                let atol = if most.is_finite() { digits * most } else { 0.0 };
                let tolerance = Tolerance { rtol: 10.0 * digits, atol };
                expect_close_or_nan(what, &[], &[got], &[want], tolerance)
            };
            let most = asked().map(|b| b.mean_loss.abs()).fold(0.0, f64::max);
            close("the mean loss", got.mean_loss, want.mean_loss, most, 1e-11)?;
            expect_same("parameters", &got.gradient.len(), &want.gradient.len())?;
            for (i, (&got, &want)) in got.gradient.iter().zip(&want.gradient).enumerate() {
                let most = asked().map(|b| b.gradient[i].abs()).fold(0.0, f32::max);
                let what = format!("number {i} of the gradient");
                close(&what, got.into(), want.into(), f64::from(most) + 1e-38, 1e-7)?;
            }
            Ok(())
        })
    })
}
