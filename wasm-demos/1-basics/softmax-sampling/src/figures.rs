//! The figures of the page.

use demo::figure::{Anchor, Drawing, Figure, Ink, NumberLine, Plot};
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

/// The first numbers in the slots of the tree.
const SLOTS: [u32; 8] = [3, 1, 9, 0, 4, 2, 6, 5];
/// Where its slots stand: the first, from one to the next, how high, the first row, the next.
const LEFT: f64 = 56.0;
const STEP: f64 = 37.5;
const CELL: f64 = 22.0;
const TOP: f64 = 20.0;
const PITCH: f64 = 64.0;

/// In the order of the page.
pub fn figures() -> Vec<Figure> {
    vec![weights(), temperature(), draw(), tree()]
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

fn tree() -> Figure {
    let mut slots = SLOTS;
    let mut rows = vec![("slots".to_owned(), slots, slots.len())];
    let mut half = slots.len() / 2;
    while half > 0 {
        for thread in 0..half {
            slots[thread] = slots[thread].max(slots[thread + half]);
        }
        rows.push((format!("half {half}"), slots, half));
        half /= 2;
    }

    let middle = |slot: usize| LEFT + STEP * (slot as f64 + 0.5);
    let top = |row: usize| TOP + PITCH * row as f64;
    let right = LEFT + STEP * SLOTS.len() as f64;
    let mut drawing = Drawing::new(top(rows.len()) - PITCH + CELL + 4.0);
    drawing.text((LEFT - 6.0, 12.0), Anchor::End, "thread", Ink::Quiet);
    for slot in 0..SLOTS.len() {
        drawing.text((middle(slot), 12.0), Anchor::Middle, &slot.to_string(), Ink::Quiet);
    }
    for (row, (name, slots, live)) in rows.iter().enumerate() {
        let y = top(row);
        if row > 0 {
            let (above, between) = (y - PITCH + CELL, y - (PITCH - CELL) / 2.0);
            drawing.line(&[(LEFT, between), (right, between)], Ink::Quiet);
            drawing.text((LEFT - 6.0, between + 4.0), Anchor::End, "barrier", Ink::Quiet);
            for thread in 0..*live {
                let x = middle(thread);
                drawing.arrow((x, above), (x, y), Ink::Plain);
                drawing.arrow((middle(thread + live), above), (x + 6.0, y), Ink::Marked);
            }
        }
        drawing.text((LEFT - 6.0, y + 15.0), Anchor::End, name, Ink::Plain);
        for (slot, number) in slots.iter().enumerate() {
            let ink = if slot < *live { Ink::Marked } else { Ink::Quiet };
            let x = middle(slot);
            drawing.boxed((x - 14.0, y), (x + 14.0, y + CELL), 4.0, ink);
            drawing.text((x, y + 15.0), Anchor::Middle, &number.to_string(), ink);
        }
    }

    let list = |slots: &[u32]| {
        let numbers: Vec<String> = slots.iter().map(u32::to_string).collect();
        numbers.join(", ")
    };
    let steps = rows
        .iter()
        .skip(1)
        .map(|(name, slots, live)| format!("{name} leaves {}", list(&slots[..*live])));
    Figure {
        name: "tree",
        caption: format!(
            "In each of {} steps, half of the threads that still work keep the larger of two \
             numbers. Nobody reads a gray slot again.",
            rows.len() - 1
        ),
        text: format!(
            "{} slots, one a thread, hold {}. In each step, after a barrier, the first half of the \
             threads that still work take the larger of two numbers, their own and that of their \
             partner in the second half: {}.",
            SLOTS.len(),
            list(&SLOTS),
            steps.collect::<Vec<_>>().join("; ")
        ),
        drawing,
    }
}

/// No logits of the figures are bad, so an empty list never reaches one.
fn probs(logits: &[f32], sampling: Sampling) -> Vec<f64> {
    filtered_probs(logits, &sampling).unwrap_or_default()
}
