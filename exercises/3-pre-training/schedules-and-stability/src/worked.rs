//! The numbers of the page.

use grading::numbers::{count, percent, short};
use grading::{Outcome, Worked};
use neural_language_model::Model;
use neural_language_model::solution::backward;

use crate::solution::{accumulate, clip_grad_norm, lr_at, unscale, update_scale};
use crate::training::{
    BAD, BATCH, MAX_NORM, STEPS, Settings, blind, examples, good, network, rising, runs, train,
};
use crate::{Decay, LossScaler, MicroBatch, SOLUTION, Schedule, to_f16};

/// The numbers of the page.
///
/// # Panics
/// If the code of the lesson fails on them.
pub fn worked() -> Worked {
    let mut worked = Worked::default();
    fill(&mut worked).expect("the numbers of the page can be computed");
    worked
}

fn fill(worked: &mut Worked) -> Outcome {
    let runs = runs();
    for (name, run) in [
        ("learns", &runs.learns),
        ("cold", &runs.cold),
        ("explodes", &runs.explodes),
        ("crawls", &runs.crawls),
        ("constant", &runs.constant),
        ("bad", &runs.bad),
        ("clipped", &runs.clipped),
    ] {
        worked.set(name, short(run.held_out, 2));
    }
    worked.set("blind", short(blind(), 2)).set("steps", STEPS).set("batch", BATCH);
    worked.set("parameters", count(network().parameters() as u64));
    worked.set("peak", good().peak).set("warm-up", good().warmup).set("too-high", rising().peak);
    let lost = runs.explodes.smooth().iter().rposition(|&loss| loss <= blind()).unwrap_or(0);
    worked.set("lost-step", lost + 1).set("lost-rate", short(runs.explodes.rates[lost + 1], 1));
    let long = Schedule { total: 2 * STEPS, ..good() };
    worked.set("long-total", count(long.total as u64));
    worked.set("long", short(train(&SOLUTION, &Settings::plain(long))?.held_out, 2));
    worked.set("long-rate", short(lr_at(&long, STEPS), 1));
    let ordinary = runs.learns.norms.iter().copied();
    worked.set("least-norm", short(ordinary.clone().fold(f64::INFINITY, f64::min), 1));
    worked.set("most-norm", short(ordinary.fold(0.0, f64::max), 1));
    worked.set("bad-norm", short(runs.clipped.norms.iter().copied().fold(0.0, f64::max), 0));
    worked.set("bad-times", BAD).set("max-norm", MAX_NORM);
    let clipped = runs.clipped.norms.iter().filter(|&&norm| norm > MAX_NORM).count();
    worked.set("clipped-steps", clipped);

    // By hand.
    let small = Schedule { decay: Decay::Cosine, peak: 0.6, floor: 0.0, warmup: 2, total: 6 };
    for step in 0..7 {
        worked.set(&format!("rate-{step}"), short(lr_at(&small, step), 3));
    }
    let (mut a, mut b) = ([3.0_f32, 4.0], [12.0_f32]);
    let norm = clip_grad_norm(&mut [&mut a, &mut b], 6.5)?;
    worked.set("norm", norm).set("factor", short(6.5 / norm, 2));
    for (name, x) in [("first", a[0]), ("second", a[1]), ("third", b[0])] {
        worked.set(&format!("clipped-{name}"), short(x.into(), 2));
    }
    ragged(worked, &runs.learns.model)?;
    halves(worked, &runs.learns.model)
}

/// One batch, cut into four.
fn ragged(worked: &mut Worked, model: &Model) -> Outcome {
    let rows = [40, 5, 12, 3];
    let flat = |gradient: &Model| gradient.parts().map(|(_, part)| part.to_vec()).concat();
    let mut micro_batches = Vec::new();
    let mut begin = 0;
    for n in rows {
        let piece = examples(begin..begin + n);
        let (mean_loss, gradient) = backward(model, &piece)?;
        let labels = piece.targets.iter().map(|&y| i64::from(y)).collect();
        micro_batches.push(MicroBatch { labels, mean_loss, gradient: flat(&gradient) });
        begin += n;
    }
    let (loss, whole) = backward(model, &examples(0..begin))?;
    let whole = flat(&whole);
    let together = accumulate(&micro_batches)?;
    let means = |at: usize| micro_batches.iter().map(|b| f64::from(b.gradient[at])).sum::<f64>();
    let length =
        |of: &dyn Fn(usize) -> f64| (0..whole.len()).map(|at| of(at) * of(at)).sum::<f64>().sqrt();
    let size = length(&|at| whole[at].into());
    let off = |of: &dyn Fn(usize) -> f64| length(&|at| of(at) - f64::from(whole[at])) / size;
    let wrong = off(&|at| means(at) / rows.len() as f64);
    let right = off(&|at| together.gradient[at].into());
    assert!(right < 1e-5, "the micro-batches are the batch, but for rounding: {right}");
    let mean = micro_batches.iter().map(|b| b.mean_loss).sum::<f64>() / rows.len() as f64;
    worked.set("ragged-rows", begin).set("ragged-loss", short(loss, 2));
    worked.set("ragged-together", short(together.mean_loss, 2));
    worked.set("ragged-means", short(mean, 2)).set("ragged-off", percent(wrong, 0));
    Ok(())
}

/// Gradients in 16 bits.
fn halves(worked: &mut Worked, model: &Model) -> Outcome {
    let power = |x: f32| {
        let text = format!("{x:.2e}");
        let (digits, power) = text.split_once('e').unwrap_or((&text, "0"));
        let raised: String = power
            .chars()
            .map(|c| match c {
                '-' => '⁻',
                c => ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'][c as usize - '0' as usize],
            })
            .collect();
        format!("{digits} · 10{raised}")
    };
    let (g, scale) = (2e-8_f32, 1024.0);
    worked.set("tiny", power(g)).set("tiny-half", to_f16(g)).set("scale", count(scale as u64));
    let mut back = [to_f16(g * scale)];
    worked.set("tiny-scaled", power(back[0]));
    unscale(&mut [&mut back], scale);
    worked.set("tiny-back", power(back[0]));
    worked.set("near-one", to_f16(1.0 + 0.0004));

    let (_, gradient) = backward(model, &examples(0..1024))?;
    let parts = gradient.parts();
    let numbers = || parts.iter().flat_map(|(_, part)| part.iter()).filter(|g| **g != 0.0);
    let share = |is: &dyn Fn(f32) -> bool| {
        numbers().filter(|g| is(**g)).count() as f64 / numbers().count() as f64
    };
    worked.set("few-bits", percent(share(&|g| g.abs() < 2_f32.powi(-14)), 0));
    worked.set("few-bits-scaled", percent(share(&|g| (g * scale).abs() < 2_f32.powi(-14)), 2));

    let mut scaler = LossScaler { scale: 1024.0, growth_interval: 3, ..LossScaler::default() };
    let after = [true, true, true, false, true].map(|finite| {
        update_scale(&mut scaler, finite);
        count(scaler.scale as u64)
    });
    worked.set("scales", after.join(", "));
    Ok(())
}
