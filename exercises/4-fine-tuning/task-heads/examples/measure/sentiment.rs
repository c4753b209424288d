//! Good or bad: a head alone, a head with its model, both without pre-training, and counted words.

use std::time::Instant;

use anyhow::Result;
use pocket_buddy::PocketBuddy;
use rand::SeedableRng;
use rand::rngs::StdRng;
use serde_json::{Value, json};
use small_gpt::Model;
use task_heads::SOLUTION;
use task_heads::tune::{Order, Settings, Text, Tuned, accuracy, head_step, moments};
use tinytown::{Mood, Sentiment, Way, World};
use what_llms_are_for::ClassCounts;
use what_llms_are_for::solution::{classify, count_classes};

use crate::{TRAINING, VALIDATION, WORLD};

const EXAMPLES: [usize; 3] = [50, 500, 5000];
const HELD_OUT: usize = 500;
const SEEDS: [u64; 1] = [1];
const BATCH: usize = 16;
/// How many texts a step of the head alone reads.
const HEAD_BATCH: usize = 64;

/// The settings of a run. The rate of `all` is the better of two that were tried, 3e-4 and 1e-3.
fn settings(name: &str, examples: usize, seed: u64) -> Settings {
    let steps = match examples {
        50 => 80,
        500 => 150,
        _ => 300,
    };
    match name {
        "head" => Settings { lr: 0.02, steps: 400, batch: HEAD_BATCH, seed },
        "all" => Settings { lr: 3e-4, steps, batch: BATCH, seed },
        _ => Settings { lr: 1e-3, steps, batch: BATCH, seed },
    }
}

pub fn measure() -> Result<Value> {
    let clock = Instant::now();
    let buddy = PocketBuddy::kept()?;
    let (model, end) = (buddy.model.clone(), buddy.end);
    let world = World::new(WORLD);
    let texts = |stream, n| world.sentiments(stream).take(n).collect::<Vec<Sentiment>>();
    let training = texts(TRAINING, EXAMPLES[2]);
    let held_out = texts(VALIDATION, HELD_OUT);
    let encode = |texts: &[Sentiment]| -> Result<Vec<Text>> {
        let text = |text: &Sentiment| {
            let ids = [vec![end], buddy.encode(&text.text)?].concat();
            Ok(Text { ids, label: i64::from(text.mood == Mood::Good) })
        };
        texts.iter().map(text).collect()
    };
    let (tokens, judged) = (encode(&training)?, encode(&held_out)?);
    let (tokens, judged) = (tokens.iter().collect::<Vec<_>>(), judged.iter().collect::<Vec<_>>());
    let mut frozen = Tuned::new(model.clone(), 2, end);
    let [known, asked] = [&tokens, &judged].map(|texts| frozen.features(&SOLUTION, texts));
    let (known, asked) = (known?, asked?);
    eprintln!("{:5.0?} hidden states", clock.elapsed());

    let ways = [Way::Plain, Way::Negated, Way::Contrast];
    let mut runs = Vec::new();
    let mut keep = |name: &str, examples: usize, seed: u64, logits: &[f32]| {
        let by_way = ways.map(|way| {
            let (some, texts): (Vec<&[f32]>, Vec<&Text>) = logits
                .chunks(2)
                .zip(&judged)
                .zip(&held_out)
                .filter(|(_, text)| text.way == way)
                .map(|((logits, text), _)| (logits, *text))
                .unzip();
            accuracy(&some.concat(), &texts)
        });
        let all = accuracy(logits, &judged);
        eprintln!("{:5.0?} {name} {examples} {seed}: {all:.3} {by_way:.3?}", clock.elapsed());
        runs.push(json!({
            "name": name, "examples": examples, "seed": seed, "accuracy": all,
            "ways": by_way.map(|x| (x * 1e4).round() / 1e4),
        }));
    };
    for examples in EXAMPLES {
        let good = training[..examples].iter().filter(|text| text.mood == Mood::Good).count();
        let most = if 2 * good > examples { [0.0, 1.0] } else { [1.0, 0.0] };
        keep("majority", examples, 0, &most.repeat(HELD_OUT));

        let some = &training[..examples];
        let labeled = some.iter().map(|t| (&t.text[..], usize::from(t.mood == Mood::Good)));
        let counts: ClassCounts = count_classes(&labeled.collect::<Vec<_>>(), 2)?;
        let said = held_out.iter().flat_map(|text| classify(&counts, &text.text));
        keep("words", examples, 0, &said.map(|p| p as f32).collect::<Vec<_>>());

        for seed in SEEDS {
            let n_embd = model.sizes.n_embd;
            let tune = settings("head", examples, seed);
            let mut head = Tuned::new(Model::zeros(model.sizes), 2, end).head;
            let (mut order, mut kept) = (Order::new(examples, seed), moments(&head));
            for step in 0..tune.steps {
                let some = order.next(tune.batch);
                let h: Vec<f32> = some
                    .iter()
                    .flat_map(|i| known[i * n_embd..][..n_embd].iter().copied())
                    .collect();
                let labels: Vec<i64> = some.iter().map(|&i| tokens[i].label).collect();
                head_step(&SOLUTION, &mut head, &mut kept, (&h, &labels), (&tune, step))?;
            }
            let logits: Vec<f32> = asked.chunks(n_embd).flat_map(|h| head.logits(h)).collect();
            keep("head", examples, seed, &logits);
        }
        for name in ["all", "scratch"] {
            for seed in SEEDS {
                let fresh = Model::random(model.sizes, &mut StdRng::seed_from_u64(seed));
                let start = if name == "all" { model.clone() } else { fresh };
                let tune = settings(name, examples, seed);
                let (mut tuned, mut order) =
                    (Tuned::new(start, 2, end), Order::new(examples, seed));
                for step in 0..tune.steps {
                    let some: Vec<&Text> =
                        order.next(tune.batch).into_iter().map(|i| tokens[i]).collect();
                    tuned.step(&SOLUTION, &some, (&tune, step))?;
                }
                let logits = tuned.logits(&SOLUTION, &judged)?;
                keep(name, examples, seed, &logits);
            }
        }
    }
    let lengths = tokens.iter().map(|text| text.ids.len());
    let longest = lengths.clone().max();
    Ok(json!({
        "command": "cargo run -p task-heads --example measure -- sentiment",
        "held_out": HELD_OUT, "batch": BATCH, "parameters": model.parameters.len(),
        "tokens": lengths.sum::<usize>() as f64 / tokens.len() as f64, "longest": longest,
        "runs": runs,
    }))
}
