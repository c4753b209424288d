//! The figures of the page.

use demo::figure::{Figure, NumberLine, Plot};
use demo::format::percent;
use grading::numbers::{settled, short};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use softmax_sampling::solution::{filtered_probs, sample};
use softmax_sampling::{LOGITS, NextWords, Sampling};

/// The words of the draw: so many, the likeliest.
const KEPT: usize = 5;
/// Its random numbers: how many, and their seed.
const DRAWS: usize = 3;
const SEED: u64 = 1;

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    vec![weights(), temperature(), draw()]
}

fn weights() -> Figure {
    let curve = (-80..=80).map(|i| f64::from(i) / 40.0).map(|x| (x, x.exp()));
    let mut plot = Plot::new(("score x", -2.0, 2.5), ("weight", 0.0, 8.0)).curve("", curve);
    let shares = probs(&LOGITS, Sampling::default());
    let mut told = Vec::new();
    for (x, share) in LOGITS.into_iter().map(f64::from).zip(shares) {
        let (weight, share) = (x.exp(), percent(settled(share)));
        plot = plot.point((x, weight), &format!("{weight:.2}, or {share}"));
        told.push(format!(
            "the score {x} has a weight of {weight:.2}, which is {share} of the sum"
        ));
    }
    let factor = 1_f64.exp();
    Figure {
        name: "weights",
        caption: format!(
            "A step to the right multiplies the weight by {factor:.3}; percentages are shares of the \
             sum."
        ),
        text: format!(
            "A curve of weights over scores from −2 to 2. It rises ever more steeply, by a factor of \
             {factor:.3} a step, and stays above 0. On it: {}.",
            told.join("; ")
        ),
        drawing: plot.into(),
    }
}

fn temperature() -> Figure {
    let at = |temperature| probs(&LOGITS, Sampling { temperature, ..Sampling::default() });
    let temperatures = || (0..=60).map(|i| f64::from(i) / 20.0);
    let mut plot =
        Plot::new(("temperature T", 0.0, 3.0), ("probability", 0.0, 1.0)).up(1.0, "T = 1");
    for (i, x) in LOGITS.into_iter().enumerate() {
        let curve = temperatures().filter_map(|t| Some((t, *at(t).get(i)?)));
        plot = plot.curve(&format!("logit {x}"), curve);
    }
    let row = |t: f64| {
        let shares: Vec<String> = at(t).into_iter().map(|p| percent(settled(p))).collect();
        format!("{} at T = {t}", shares.join(", "))
    };
    let rows: Vec<String> = [0.0, 0.5, 1.0, 2.0, 3.0].map(row).into();
    let each = 1.0 / LOGITS.len() as f64;
    Figure {
        name: "temperature",
        caption: format!(
            "The same three logits at every temperature. Far to the right, each comes close to {}.",
            percent(each)
        ),
        text: format!(
            "Three curves over the temperature: the probabilities of the logits {}. They are {}.",
            LOGITS.map(|x| x.to_string()).join(", "),
            rows.join("; ")
        ),
        drawing: plot.into(),
    }
}

fn draw() -> Figure {
    let NextWords { words, logits } = NextWords::after("she");
    let sampling = Sampling { top_k: Some(KEPT), ..Sampling::default() };
    let shares = probs(&logits, sampling);
    let mut line = NumberLine::new(0.0, 1.0);
    let mut owners = Vec::new();
    for (word, &p) in words.iter().zip(&shares).filter(|&(_, &p)| p > 0.0) {
        line = line.stretch(word, p);
        owners.push(format!("{word} {}", percent(settled(p))));
    }
    // The same seed gives the number that falls and the word that is drawn with it.
    let mut numbers = StdRng::seed_from_u64(SEED);
    let mut draws = StdRng::seed_from_u64(SEED);
    let mut told = Vec::new();
    for _ in 0..DRAWS {
        let number: f64 = numbers.random();
        let drawn = sample(&logits, &sampling, &mut draws).ok();
        if let Some(word) = drawn.and_then(|token| words.get(token)) {
            line = line.mark(number, &short(number, 2));
            told.push(format!("{} on “{word}”", short(number, 2)));
        }
    }
    let told = told.join(", ");
    Figure {
        name: "draw",
        caption: format!("The {KEPT} likeliest words after “she”. {DRAWS} numbers fall: {told}."),
        text: format!(
            "A line from 0 to 1 in {KEPT} stretches, one a word, as long as its probability: {}. \
             Random numbers fall: {told}.",
            owners.join(", ")
        ),
        drawing: line.into(),
    }
}

/// No logits of the figures are bad, so an empty list never reaches one.
fn probs(logits: &[f32], sampling: Sampling) -> Vec<f64> {
    filtered_probs(logits, &sampling).unwrap_or_default()
}
