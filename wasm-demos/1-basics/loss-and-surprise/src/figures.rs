//! The figures of the page.

use candle_core::{Device, Tensor};
use demo::figure::{Figure, Plot};
use loss_and_surprise::solution::{cross_entropy, log_softmax, surprise_bits};
use loss_and_surprise::{BYTES, Bin, ByteModel, calibration, calibration_error};

use crate::scaling::{
    HOFFMANN_FLOOR, HOFFMANN_SIZES, KAPLAN_SIZES, TOKENS_PER_PARAMETER, curve, hoffmann, kaplan,
    kaplan_factor, large,
};

/// How much of a text the model of the first figure sees, as that of the demo.
const CONTEXT: usize = 3;
/// The highest surprise on paper, in bits.
const MOST_BITS: f64 = 7.0;

/// Each paragraph is guessed by a model that has read those of the other groups.
const GROUPS: usize = 4;
/// The temperature that makes a model too sure.
const COLD: f64 = 0.5;
/// How sure a guess is that the page asks for, at least.
const ASKED: f64 = 0.7;
/// A bin of fewer guesses is not shown.
const FEWEST: usize = 50;

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    [surprise(), Some(size()), calibrated()].into_iter().flatten().collect()
}

fn surprise() -> Option<Figure> {
    let model = ByteModel::train(tokenization::PROSE.as_bytes(), CONTEXT);
    let expected = probability(&model, "The keeper climbed the stairs of the lighth", "o")?;
    let possible = probability(&model, "The ", "k")?;
    let rare = probability(&model, "The ", "z")?;
    let bits = |p| surprise_bits(p).ok();

    let curve = (1..=1000).map(|i| f64::from(i) / 1000.0).filter_map(|p| Some((p, bits(p)?)));
    let points = [("a coin", 0.5), ("o", expected), ("k", possible)];
    let axes = Plot::new(("probability p", 0.0, 1.0), ("surprise, bits", 0.0, MOST_BITS));
    let mut plot = axes.curve("", curve);
    let mut told = Vec::new();
    for (name, p) in points {
        plot = plot.point((p, bits(p)?), &format!("{name}: {:.1}", bits(p)?));
        told.push(format!("{name} has p = {p:.2} and {:.1} bits", bits(p)?));
    }
    let (rare_bits, one_in) = (bits(rare)?, (1.0 / rare / 1e6).round());
    Some(Figure {
        name: "surprise",
        caption: format!(
            "The less likely, the more surprising: the o after “lighth”, a coin, a k after “The”. A \
             z after “The”, one in {one_in} million, would stand at {rare_bits:.1} bits: {:.1} times \
             as high as this picture, {:.0} times as high as the o.",
            rare_bits / MOST_BITS,
            rare_bits / bits(expected)?
        ),
        text: format!(
            "A curve of surprise over probability: it falls from {MOST_BITS} bits near a probability \
             of {:.3}, steeply at first, to 0 bits at 1. On it: {}; far above it, a z with \
             {rare_bits:.1} bits.",
            (-MOST_BITS).exp2(),
            told.join("; ")
        ),
        drawing: plot.into(),
    })
}

/// What the model gives to a byte after a text.
fn probability(model: &ByteModel, before: &str, next: &str) -> Option<f64> {
    let text = [before, next].concat();
    let (logits, target) = model.rows(&[model.pair(text.as_bytes(), before.len())]);
    let logits = Tensor::from_vec(logits, (1, BYTES), &Device::Cpu).ok()?;
    let target = Tensor::from_vec(target, 1, &Device::Cpu).ok()?;
    let nats = cross_entropy(&logits, &target, u32::MAX).ok()?.to_scalar::<f32>().ok()?;
    Some(f64::from(-nats).exp())
}

fn size() -> Figure {
    let ticks =
        [(6.0, "1M"), (7.0, "10M"), (8.0, "100M"), (9.0, "1B"), (10.0, "10B"), (11.0, "100B")];
    let plot = Plot::new(("parameters", 6.0, 11.5), ("loss, nats per token", 1.0, 4.2))
        .x_ticks(&ticks)
        .across(HOFFMANN_FLOOR, &format!("E = {HOFFMANN_FLOOR:.2}"))
        .curve("Kaplan", curve(KAPLAN_SIZES, kaplan))
        .curve("Hoffmann", curve(HOFFMANN_SIZES, hoffmann));
    let ends = |(from, to): (f64, f64), loss: fn(f64) -> f64| {
        format!("from {:.2} at {} to {:.2} at {}", loss(from), large(from), loss(to), large(to))
    };
    Figure {
        name: "size",
        caption: format!(
            "With enough text, ten times the size multiplies the loss by {:.2} (Kaplan and others, \
             2020, equation 1.1, word vectors not counted), or brings it closer to a floor E \
             (Hoffmann and others, 2022, at {TOKENS_PER_PARAMETER} tokens a parameter, as refitted \
             by Besiroglu and others, arXiv 2404.10102). Each curve covers sizes that were trained.",
            kaplan_factor()
        ),
        text: format!(
            "Loss in nats per token over the number of parameters, on a logarithmic axis. Kaplan \
             2020 falls {}; Hoffmann 2022 falls {}, above the dashed floor of \
             {HOFFMANN_FLOOR:.2}.",
            ends(KAPLAN_SIZES, kaplan),
            ends(HOFFMANN_SIZES, hoffmann)
        ),
        drawing: plot.into(),
    }
}

/// How sure the model of the first figure is of what it has not read, and how often it is right.
fn calibrated() -> Option<Figure> {
    let (mut warm, mut cold) = (Guesses::default(), Guesses::default());
    let paragraphs: Vec<&str> =
        tokenization::PROSE.lines().filter(|line| !line.is_empty()).collect();
    for group in 0..GROUPS {
        let those = |is_held: bool| -> String {
            let of_group = |i: &usize| (i % GROUPS == group) == is_held;
            let chosen = (0..paragraphs.len()).filter(of_group).map(|i| paragraphs[i]);
            chosen.collect::<Vec<_>>().join("\n")
        };
        let model = ByteModel::train(those(false).as_bytes(), CONTEXT);
        let held = those(true);
        warm.add(&model, held.as_bytes(), 1.0)?;
        cold.add(&model, held.as_bytes(), COLD)?;
    }
    let [(warm, warm_bits), (cold, cold_bits)] = [warm.judged()?, cold.judged()?];
    let percent = |share: f64| format!("{:.0}%", 100.0 * share);
    // What the page asks for.
    let asked = |bins: &[Bin]| bins.iter().find(|bin| bin.confidence > ASKED).copied();
    let (warm_asked, cold_asked) = (asked(&warm)?, asked(&cold)?);
    let means = |bin: Bin| format!("{} means {}", percent(bin.confidence), percent(bin.accuracy));
    let named = |bin: Bin, name: &str| format!("{name}: {}", percent(bin.accuracy));
    let told = |bins: &[Bin]| -> String {
        let told = bins.iter().filter(|bin| bin.count >= FEWEST);
        let told =
            told.map(|bin| format!("{} at {}", percent(bin.accuracy), percent(bin.confidence)));
        told.collect::<Vec<_>>().join(", ")
    };
    let line = |bins: &[Bin]| -> Vec<(f64, f64)> {
        let shown = bins.iter().filter(|bin| bin.count >= FEWEST);
        shown.map(|bin| (bin.confidence, bin.accuracy)).collect()
    };
    let cold_name = format!("T = {COLD}");
    let count: usize = warm.iter().map(|bin| bin.count).sum();
    Some(Figure {
        name: "calibration",
        caption: format!(
            "First guesses for {} bytes, each by a model that has not read that paragraph, in bins \
             of 10% (with {FEWEST} guesses or more). As it is, {}; at temperature {COLD}, with the \
             same guesses, {}. On average they stray {:.2} and {:.2} from the line; the loss rises \
             from {warm_bits:.2} to {cold_bits:.2} bits.",
            grading::numbers::count(count as u64),
            means(warm_asked),
            means(cold_asked),
            calibration_error(&warm),
            calibration_error(&cold)
        ),
        text: format!(
            "How many guesses are right over how sure the model is. On the diagonal both are equal. \
             As it is, right: {}. At temperature {COLD}, well below the diagonal: {}.",
            told(&warm),
            told(&cold)
        ),
        drawing: Plot::new(
            ("probability of the first guess", 0.0, 1.0),
            ("share that was right", 0.0, 1.0),
        )
        // Named at its lower end: at the upper one, all three lines meet.
        .curve("equal", [(1.0, 1.0), (0.0, 0.0)])
        .curve("", line(&warm))
        .curve("", line(&cold))
        .point((warm_asked.confidence, warm_asked.accuracy), &named(warm_asked, "as it is"))
        .point((cold_asked.confidence, cold_asked.accuracy), &named(cold_asked, &cold_name))
        .into(),
    })
}

/// What a model gave to its first guess at each place, whether that was right, and its surprise.
#[derive(Default)]
struct Guesses {
    made: Vec<(f64, bool)>,
    nats: f64,
}

impl Guesses {
    /// Those for every byte of a text.
    fn add(&mut self, model: &ByteModel, text: &[u8], temperature: f64) -> Option<()> {
        let pairs: Vec<usize> = (0..text.len()).map(|at| model.pair(text, at)).collect();
        let (logits, targets) = model.rows(&pairs);
        let logits = Tensor::from_vec(logits, (pairs.len(), BYTES), &Device::Cpu).ok()?;
        let log_probs = log_softmax(&(logits / temperature).ok()?, 1).ok()?;
        for (log_probs, target) in log_probs.to_vec2::<f32>().ok()?.into_iter().zip(targets) {
            let (guess, log_prob) =
                log_probs.iter().copied().enumerate().max_by(|a, b| a.1.total_cmp(&b.1))?;
            let (p, target) = (f64::from(log_prob).exp().min(1.0), target as usize);
            self.made.push((p, guess == target));
            self.nats -= f64::from(log_probs[target]);
        }
        Some(())
    }

    /// The bins of confidence, and the mean surprise in bits.
    fn judged(&self) -> Option<(Vec<Bin>, f64)> {
        let bits = self.nats / self.made.len() as f64 * std::f64::consts::LOG2_E;
        Some((calibration(&self.made).ok()?, bits))
    }
}
