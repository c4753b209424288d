//! The next word of a small model of real text, under temperature, the filters and a penalty.

use candle_core::{Device as CandleDevice, Tensor};
use demo::control::{Choice, Number, Slider, Typed};
use demo::{Bar, Context, Demo, DemoError, Device, Start, View, format};
use grading::numbers::settled;
use rand::SeedableRng;
use rand::rngs::StdRng;
use softmax_sampling::{Answers, NextWords, Sampling};

const PROMPT: Choice = Choice {
    name: "prompt",
    label: "The word before",
    options: &[("she", "she"), ("to", "to"), ("it", "it"), ("alice", "Alice"), ("very", "very")],
};
const TEMPERATURE: Slider = Slider::new("temperature", "Temperature", 1.0, [0.0, 3.0], 0.05);
const TOP_K: Slider = Slider::new("top-k", "Top-k (0: off)", 0.0, [0.0, 25.0], 1.0);
const TOP_P: Slider = Slider::new("top-p", "Top-p (1: off)", 1.0, [0.05, 1.0], 0.05);
const MIN_P: Slider = Slider::new("min-p", "Min-p (0: off)", 0.0, [0.0, 1.0], 0.05);
const PENALTY: Slider = Slider::new("penalty", "Repetition penalty (1: off)", 1.0, [1.0, 3.0], 0.1);
const SEED: Number = Number::new("seed", "Seed of the draws", 1.0, [0.0, 9999.0], 1.0);

/// Bars shown; the other words share one more.
const SHOWN: usize = 12;
const DRAWS: usize = 12;
/// What the repetition penalty takes as said: the most frequent words.
const SAID: [usize; 3] = [0, 1, 2];

pub fn demo(answers: Answers) -> Demo {
    Demo {
        name: "temperature-bars",
        title: "Temperature bars",
        lesson: "softmax-sampling",
        has_yours: true,
        device: Device::Cpu,
        start: Start::OnInput,
        controls: || {
            vec![
                PROMPT.control(),
                TEMPERATURE.control(),
                TOP_K.control(),
                TOP_P.control(),
                MIN_P.control(),
                PENALTY.control(),
                SEED.control(),
            ]
        },
        run: demo::run(move |cx| run(cx, answers)),
    }
}

async fn run(cx: Context, answers: Answers) -> Result<(), DemoError> {
    let prompt = cx.get(&PROMPT)?;
    let (top_k, top_p, min_p) = (cx.get(&TOP_K)? as usize, cx.get(&TOP_P)?, cx.get(&MIN_P)?);
    let sampling = Sampling {
        temperature: cx.get(&TEMPERATURE)?,
        top_k: (top_k > 0).then_some(top_k),
        top_p: (top_p < 1.0).then_some(top_p),
        min_p: (min_p > 0.0).then_some(min_p),
    };
    let NextWords { words, mut logits } = NextWords::after(prompt);
    // Off, the demo works before the learner's `penalize` does.
    let penalty = cx.get(&PENALTY)?;
    if penalty != 1.0 {
        logits = (answers.penalize)(&logits, &SAID, penalty)?;
    }

    let kept: Vec<bool> =
        (answers.filtered_probs)(&logits, &sampling)?.iter().map(|&p| p > 0.0).collect();
    let full = softmax(answers, &logits, sampling.temperature)?;
    let kept_mass: f64 = full.iter().zip(&kept).filter(|&(_, &kept)| kept).map(|(p, _)| p).sum();
    let probs: Vec<f64> =
        full.iter().zip(&kept).map(|(p, &kept)| if kept { p / kept_mass } else { 0.0 }).collect();

    let mut rng = StdRng::seed_from_u64(cx.get(&SEED)? as u64);
    let mut draws = Vec::new();
    for _ in 0..DRAWS {
        draws.push(words[(answers.sample)(&logits, &sampling, &mut rng)?].as_str());
    }

    let entropy: f64 = probs.iter().filter(|&&p| p > 0.0).map(|p| -p * p.ln()).sum();
    let open = format!(
        "The choice is as open as one among {:.1} equally likely words.",
        settled(entropy).exp()
    );
    let drawn = format!("{DRAWS} draws: {}.", draws.join(", "));
    let label = format!("What follows “{prompt}”");
    let (count, all) = (kept.iter().filter(|&&kept| kept).count(), words.len());
    let (bars, max) = bars(&words, &full, &probs, &kept);
    let best = (0..all).fold(0, |best, i| if probs[i] > probs[best] { i } else { best });
    let (word, prob) = (&words[best], percent(probs[best]));
    let mut prose = vec![open, drawn];
    if penalty != 1.0 {
        let said: Vec<&str> = SAID.iter().map(|&i| words[i].as_str()).collect();
        prose.push(format!("Taken as said before, and penalized: {}.", said.join(", ")));
    }
    cx.show(
        format!("{count} of {all} words can be drawn, “{word}” with {prob}."),
        &[View::Bars { label, bars, max }, View::Prose(prose)],
    );
    Ok(())
}

/// Softmax of the logits at a temperature.
fn softmax(answers: Answers, logits: &[f32], temperature: f64) -> Result<Vec<f64>, DemoError> {
    if temperature == 0.0 {
        return Ok((answers.filtered_probs)(
            logits,
            &Sampling { temperature, ..Sampling::default() },
        )?);
    }
    let scaled: Vec<f32> = logits.iter().map(|&x| (f64::from(x) / temperature) as f32).collect();
    let x = Tensor::new(scaled, &CandleDevice::Cpu)?;
    let probs = (answers.softmax)(&x, 0)?.to_vec1::<f32>()?;
    Ok(probs.into_iter().map(f64::from).collect())
}

/// The bars, and the value of a full one: the scale has few steps, so that it seldom jumps.
fn bars(words: &[String], full: &[f64], probs: &[f64], kept: &[bool]) -> (Vec<Bar>, f64) {
    let shown = words.len().min(SHOWN);
    let rest: f64 = probs[shown..].iter().sum();
    let top = probs[..shown].iter().chain(full[..shown].iter()).copied().fold(rest, f64::max);
    let max = [0.25, 0.5].into_iter().find(|&max| top <= max).unwrap_or(1.0);
    let mut bars: Vec<Bar> = (0..shown)
        .map(|i| {
            let (value, text) = match kept[i] {
                true => (probs[i], percent(probs[i])),
                false => (full[i], format!("cut, was {}", percent(full[i]))),
            };
            Bar { label: words[i].clone(), value, shown: text, muted: !kept[i] }
        })
        .collect();
    if words.len() > shown {
        bars.push(Bar {
            label: format!("{} other words", words.len() - shown),
            value: rest,
            shown: percent(rest),
            muted: rest == 0.0,
        });
    }
    (bars, max)
}

fn percent(share: f64) -> String {
    format::percent(settled(share))
}
