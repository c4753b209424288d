//! The figures of the page.

use demo::figure::{Bars, Figure, Plot};
use grading::numbers::short;
use neural_language_model::solution::backward;
use schedules_and_stability::solution::{accumulate, lr_at};
use schedules_and_stability::training::{
    BAD_STEP, Run, STEPS, blind, examples, good, rising, runs,
};
use schedules_and_stability::{Decay, MicroBatch, Schedule};

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    let mut figures = vec![three_runs(), three_rates(), decays(), bad_batch()];
    figures.extend([pieces(), sizes()].into_iter().flatten());
    figures
}

/// Every tenth value of a list, and the last.
fn thinned(values: &[f64]) -> Vec<(f64, f64)> {
    let last = values.len().saturating_sub(1);
    let point = |(x, &y): (usize, &f64)| (x as f64, y);
    values.iter().enumerate().filter(|(x, _)| x % 10 == 0 || *x == last).map(point).collect()
}

fn told(run: &Run) -> String {
    let smooth = run.smooth();
    let at = |step: usize| short(smooth[step.min(smooth.len() - 1)], 1);
    format!("{} at step 100, {} at step 300, {} at the end", at(100), at(300), at(STEPS))
}

fn three_runs() -> Figure {
    let runs = runs();
    let named = [("learns", &runs.learns), ("explodes", &runs.explodes), ("crawls", &runs.crawls)];
    let mut plot = Plot::new(("step", 0.0, STEPS as f64), ("loss", 3.0, 12.0))
        .across(blind(), "a blind guess");
    for (name, run) in named {
        plot = plot.curve(name, thinned(&run.smooth()));
    }
    let lines: Vec<String> =
        named.iter().map(|(name, run)| format!("one {name}: {}", told(run))).collect();
    Figure {
        name: "three-runs",
        caption:
            "Three trainings of the same network on the same batches: the loss in nats a word, \
                  smoothed. Below the line of the blind guess, something has been learned."
                .into(),
        text: format!(
            "Three curves of the loss. {}. A blind guess has {}.",
            lines.join("; "),
            short(blind(), 1)
        ),
        drawing: plot.into(),
    }
}

fn three_rates() -> Figure {
    let crawling = Schedule { peak: good().peak / 100.0, ..good() };
    let mut plot = Plot::new(("step", 0.0, STEPS as f64), ("learning rate", 0.0, 9.0));
    for (name, schedule) in [("learns", good()), ("explodes", rising()), ("crawls", crawling)] {
        let rates: Vec<f64> = (0..STEPS).map(|step| lr_at(&schedule, step)).collect();
        plot = plot.curve(name, thinned(&rates));
    }
    Figure {
        name: "three-rates",
        caption: "All that sets them apart: the learning rate, step by step.".into(),
        text: format!(
            "The rate of the run that learns rises to {} in {} steps and falls in a wave to 0 at \
             step {STEPS}. That of the run that explodes rises in a straight line to {}. That of \
             the run that crawls has the shape of the first, a hundredth as high.",
            good().peak,
            good().warmup,
            rising().peak
        ),
        drawing: plot.into(),
    }
}

fn decays() -> Figure {
    let named = [
        ("constant", Decay::Constant),
        ("inverse square root", Decay::InverseSqrt),
        ("stable, then a line", Decay::WarmupStableDecay { decay: 20 }),
        ("cosine", Decay::Cosine),
        ("linear", Decay::Linear),
    ];
    let schedule = |decay| Schedule { decay, peak: 1.0, floor: 0.1, warmup: 10, total: 100 };
    let mut plot = Plot::new(("step", 0.0, 110.0), ("rate", 0.0, 1.1)).up(100.0, "total");
    let mut told = Vec::new();
    for (name, decay) in named {
        let rate = |step| lr_at(&schedule(decay), step);
        plot = plot.curve("", (0..=110).map(|step| (step as f64, rate(step))));
        let [middle, end] = [55, 100].map(|step| short(rate(step), 2));
        told.push(format!("{name}: {middle} at step 55, {end} at step 100"));
    }
    for (name, decay, step) in [
        ("constant", Decay::Constant, 96),
        ("stable, then a line", Decay::WarmupStableDecay { decay: 20 }, 90),
        ("cosine", Decay::Cosine, 42),
        ("linear", Decay::Linear, 58),
        ("inverse square root", Decay::InverseSqrt, 34),
    ] {
        plot = plot.point((step as f64, lr_at(&schedule(decay), step)), name);
    }
    Figure {
        name: "decays",
        caption:
            "Five schedules with a warm-up of 10 steps, a peak of 1, a total of 100 steps and \
                  a floor of 0.1. Three of them reach the floor at the total; two know no end."
                .into(),
        text: format!("All rise in a line to 1 at step 10. {}.", told.join("; ")),
        drawing: plot.into(),
    }
}

fn bad_batch() -> Figure {
    let runs = runs();
    let named = [("not clipped", &runs.bad), ("clipped", &runs.clipped)];
    let mut plot = Plot::new(("step", 0.0, STEPS as f64), ("loss", 0.0, 80.0))
        .up(BAD_STEP as f64, "bad batch");
    for (name, run) in named {
        plot = plot.curve(name, thinned(&run.smooth()));
    }
    let lines: Vec<String> =
        named.iter().map(|(name, run)| format!("{name}: {}", told(run))).collect();
    Figure {
        name: "bad-batch",
        caption: "The run that learns, with one bad batch at step 300: the loss, smoothed.".into(),
        text: format!("Two curves of the loss. {}.", lines.join("; ")),
        drawing: plot.into(),
    }
}

fn pieces() -> Option<Figure> {
    let batch = |labels: &[i64], mean_loss| MicroBatch {
        labels: labels.to_vec(),
        mean_loss,
        gradient: vec![],
    };
    let right = accumulate(&[batch(&[1, 2, 3], 2.0), batch(&[4], 6.0)]).ok()?.mean_loss;
    let values = [2.0, 6.0, 4.0, right];
    Some(Figure {
        name: "pieces",
        caption:
            "The mean loss of two micro-batches, of 3 words and of 1, and two ways to put them \
                  together: the mean of the two means, and the mean of the four words."
                .into(),
        text: format!(
            "Bars. Micro-batch A of 3 words: 2. Micro-batch B of 1 word: 6. The mean of the two \
             means: 4. The mean of the four words: {right}."
        ),
        drawing: Bars::new(&["A: 3 words", "B: 1 word", "of means", "of words"])
            .series("mean loss", &values, |x| short(x, 1))
            .into(),
    })
}

/// How large the numbers of a gradient are, in powers of two.
fn sizes() -> Option<Figure> {
    let (_, gradient) = backward(&runs().learns.model, &examples(0..1024)).ok()?;
    let numbers: Vec<f32> = gradient
        .parts()
        .iter()
        .flat_map(|(_, part)| part.iter().copied())
        .filter(|g| *g != 0.0)
        .collect();
    let shares = |scale: f32| -> Vec<(f64, f64)> {
        let power = |g: &f32| (f64::from(*g) * f64::from(scale)).abs().log2().floor();
        (-28..=16)
            .map(|x| {
                let n = numbers.iter().filter(|g| power(g) == f64::from(x)).count();
                (f64::from(x), 100.0 * n as f64 / numbers.len() as f64)
            })
            .collect()
    };
    let mut plot = Plot::new(("size of a number", -28.0, 18.0), ("share, %", 0.0, 30.0))
        .x_ticks(&[(-24.0, "2⁻²⁴"), (-14.0, "2⁻¹⁴"), (-4.0, "2⁻⁴"), (6.0, "2⁶"), (16.0, "2¹⁶")])
        .up(-24.0, "smallest")
        .up(-14.0, "all bits")
        .up(16.0, "∞");
    let mut tops = Vec::new();
    for (name, scale) in [("as it is", 1.0), ("× 1,024", 1024.0)] {
        let shares = shares(scale);
        let top = shares.iter().copied().max_by(|a, b| a.1.total_cmp(&b.1))?;
        plot = plot.curve("", shares).point(top, name);
        tops.push(short(top.0, 0));
    }
    Some(Figure {
        name: "sizes",
        caption:
            "The numbers of one gradient by their size. Left of the first dashed line f16 has \
                  nothing but 0; up to the second it has fewer bits; beyond the last it has ∞."
                .into(),
        text: format!(
            "Two hills of the same shape on an axis of powers of two. That of the gradient as it is \
             has its top at 2 to the power of {}, and some of it lies left of the line at −14, from \
             which on f16 has all its bits. Multiplied by 1,024, the top is at {}, and all of it \
             lies between that line and the one at 16, where ∞ begins.",
            tops[0], tops[1]
        ),
        drawing: plot.into(),
    })
}
