//! Trains Bengio's network of step 1 in several sizes, on several lengths of text, and prints what
//! came of it: `cargo run --release -p scaling-laws --example runs > golden/runs.json`, some minutes.

use std::error::Error;

use embeddings::words;
use grading::random::seeded;
use neural_language_model::solution::{backward, forward, shift, softmax_loss};
use neural_language_model::{Examples, Model, Sizes, Town};
use rand::seq::SliceRandom;
use scaling_laws::solution::noise_of_examples;
use tinytown::World;

const CONTEXT: usize = 4;
const BATCH: usize = 16;
/// Neurons of the hidden layer, and the numbers of a word's vector.
const WIDTHS: [[usize; 2]; 6] = [[4, 4], [8, 4], [16, 8], [32, 8], [64, 16], [128, 32]];
const TOKENS: [usize; 6] = [10_000, 25_000, 62_500, 156_250, 390_625, 976_562];
const HELD_OUT: usize = 20_000;
/// The best of these first learning rates counts; each falls to 0 over the run.
const RATES: [f32; 4] = [0.5, 1.0, 2.0, 4.0];

fn main() -> Result<(), Box<dyn Error>> {
    let town = Town::new();
    let world = World::new(1);
    let read = |stream, bytes| -> Vec<u32> {
        words(&world.text(stream, bytes)).map(|word| town.id(&word)).collect()
    };
    let (text, held_out) = (read(0, 6_000_000), read(2, 150_000));
    let pad = town.vocab_size() as u32;
    let held_out = shift(held_out.get(..HELD_OUT).ok_or("too little text")?, CONTEXT, pad);
    println!("{{\n\"runs\": [");
    for (at, [hidden, dim]) in WIDTHS.into_iter().enumerate() {
        for (last, tokens) in TOKENS.into_iter().enumerate() {
            let all = shift(text.get(..tokens).ok_or("too little text")?, CONTEXT, pad);
            let mut best = (f64::INFINITY, 0.0, 0);
            for rate in RATES {
                let sizes = Sizes { vocab: town.vocab_size(), context: CONTEXT, dim, hidden };
                let mut model = Model::new(sizes, &mut seeded(1));
                train(&mut model, &all, rate)?;
                let logits = forward(&model, &held_out.contexts)?.logits;
                let loss = softmax_loss(&logits, &held_out.targets)?.0;
                if loss < best.0 {
                    best = (loss, rate, model.parameters() - model.c.data().len());
                }
            }
            let (loss, rate, parameters) = best;
            let comma = if (at, last) == (WIDTHS.len() - 1, TOKENS.len() - 1) { "" } else { "," };
            println!(
                "{{\"parameters\": {parameters}, \"tokens\": {tokens}, \"loss\": {loss:.4}, \
                 \"rate\": {rate}}}{comma}"
            );
            eprintln!("{hidden} {tokens}: {loss:.4} at {rate}");
        }
    }
    println!("],\n\"noise\": [");
    noise(&text, &held_out, &town)?;
    println!("]\n}}");
    Ok(())
}

/// One pass, in a drawn order.
fn train(model: &mut Model, all: &Examples, rate: f32) -> Result<(), Box<dyn Error>> {
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.shuffle(&mut seeded(2));
    for (step, places) in order.chunks(BATCH).enumerate() {
        let (_, gradients) = backward(model, &of(all, places))?;
        let done = (step * BATCH) as f32 / all.len() as f32;
        model.step(&gradients, rate * (1.0 - done));
    }
    Ok(())
}

fn of(all: &Examples, places: &[usize]) -> Examples {
    let contexts = places.iter().flat_map(|&at| all.context_of(at)).copied().collect();
    let targets = places.iter().map(|&at| all.targets[at]).collect();
    Examples { context: all.context, contexts, targets }
}

/// The noise scale as one network learns, from the gradients of 2,000 examples, one by one.
fn noise(text: &[u32], held_out: &Examples, town: &Town) -> Result<(), Box<dyn Error>> {
    let all = shift(&text[..TOKENS[4]], CONTEXT, town.vocab_size() as u32);
    let sizes = Sizes { vocab: town.vocab_size(), context: CONTEXT, dim: 8, hidden: 16 };
    let mut model = Model::new(sizes, &mut seeded(1));
    let mut at = 0;
    let stops = [0, 1_000, 4_000, 16_000, 64_000, 256_000];
    for stop in stops {
        let part = of(&all, &(at..stop).collect::<Vec<_>>());
        for start in (0..part.len()).step_by(BATCH) {
            let places: Vec<usize> = (start..(start + BATCH).min(part.len())).collect();
            let (_, gradients) = backward(&model, &of(&part, &places))?;
            model.step(&gradients, 0.5);
        }
        at = stop;
        let probe = all.draw(2000, &mut seeded(3));
        let mut gradients = Vec::new();
        for place in 0..probe.len() {
            let (_, one) = backward(&model, &of(&probe, &[place]))?;
            let numbers = one.parts().into_iter().flat_map(|(_, part)| part.iter());
            gradients.push(numbers.map(|&x| f64::from(x)).collect::<Vec<f64>>());
        }
        let noise = noise_of_examples(&gradients)?;
        let logits = forward(&model, &held_out.contexts)?.logits;
        let loss = softmax_loss(&logits, &held_out.targets)?.0;
        let comma = if Some(&stop) == stops.last() { "" } else { "," };
        println!(
            "{{\"tokens\": {stop}, \"loss\": {loss:.4}, \"squared_gradient\": {:.6}, \
             \"trace\": {:.6}}}{comma}",
            noise.squared_gradient, noise.trace
        );
    }
    Ok(())
}
