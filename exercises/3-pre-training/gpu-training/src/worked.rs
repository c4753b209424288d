//! The numbers of the page.

use grading::Worked;
use grading::numbers::{count, minus, short};
use optimizers::AdamW;

use crate::{CpuTrainer, Job, Letters, Update};

/// Steps of the training on the page, and what each reads.
pub(crate) const STEPS: usize = 30;
pub(crate) const BATCH: [usize; 2] = [4, 16];

/// The numbers of the page.
pub fn worked() -> Worked {
    let mut worked = Worked::default();
    let letters = Letters::of_tinytown();
    let model = letters.model(BATCH[1]);
    worked.set("parameters", count(model.parameters.len() as u64));
    worked.set("alphabet", letters.alphabet.len()).set("steps", STEPS);
    worked.set("texts", BATCH[0]).set("seq", BATCH[1]);
    let settings = AdamW { lr: 1e-2, ..AdamW::default() };
    let mut cpu = CpuTrainer::new(model, Update::AdamW { settings, weight_decay: 0.1 });
    let mut losses = Vec::new();
    for step in 0..STEPS {
        let (ids, labels) = letters.batch(BATCH[0], BATCH[1], step as u64);
        losses.push(cpu.step(&ids, &labels, BATCH[1]));
    }
    worked.set("first-loss", short(losses[0], 2)).set("last-loss", short(losses[STEPS - 1], 2));
    let blocks = cpu.model.sizes.n_layer;
    worked.set("blocks", blocks).set("dispatches", dispatches(blocks));

    let shown = |x: f64| minus(&short(x, 2));
    for (name, x) in [("far-left", -10.0), ("dip", -1.5), ("zero", 0.0), ("one", 1.0), ("two", 2.0)]
    {
        let job = Job::gelu_at(&[x], &[1.0]);
        worked.set(&format!("gelu-{name}"), shown(job.wanted[0].numbers[0][0]));
    }
    let (x, dy) = ([0.0, 0.0, 3.0], [1.0, 0.0, 0.0]);
    let (z, r, dx) = normed(&x, &dy);
    worked.set("norm-r", shown(r));
    for (at, name) in ["a", "b", "c"].into_iter().enumerate() {
        worked.set(&format!("norm-z-{name}"), shown(z[at]));
        worked.set(&format!("norm-dx-{name}"), shown(dx[at]));
    }
    let means = [0, 1].map(|of| {
        let term = |i: usize| dy[i] * if of == 1 { z[i] } else { 1.0 };
        (0..3).map(term).sum::<f64>() / 3.0
    });
    worked.set("norm-mean", shown(means[0])).set("norm-turn", shown(means[1]));
    worked
}

/// How many dispatches a step has, for so many blocks: see [`crate::GpuTrainer::dispatches`].
pub fn dispatches(n_layer: usize) -> usize {
    // Forward and back through a block, and an update for each of its tensors; then what is outside
    // of the blocks, with four tensors.
    (14 + 18 + 12) * n_layer + 12 + 4
}

/// A row through layer norm without parameters, and slopes back: z, r and dx.
pub(crate) fn normed(x: &[f64], dy: &[f64]) -> (Vec<f64>, f64, Vec<f64>) {
    let n = x.len() as f64;
    let mean = x.iter().sum::<f64>() / n;
    let variance = x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n;
    let r = (variance + 1e-5).sqrt().recip();
    let z: Vec<f64> = x.iter().map(|x| (x - mean) * r).collect();
    let mean_slope = dy.iter().sum::<f64>() / n;
    let mean_turn = dy.iter().zip(&z).map(|(dy, z)| dy * z).sum::<f64>() / n;
    let back = |(dy, z): (&f64, &f64)| r * (dy - mean_slope - z * mean_turn);
    let dx = dy.iter().zip(&z).map(back).collect();
    (z, r, dx)
}
