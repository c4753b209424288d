//! The numbers of the page.

use candle_core::{Device, Tensor};
use grading::numbers::{count, percent, short};
use grading::{Failure, Outcome, Worked};
use serde::Deserialize;
use serde_json::Value;
use tensor_test::flat;
use tinytown::World;

use crate::Config;
use crate::gap::{EXAMPLE, Pairs, Sides, TRAINING, split};
use crate::sentences::{dot, sentences};
use crate::solution::{linear, mean_pool};

/// The numbers of the page.
///
/// # Panics
/// If the code of the lesson fails on them.
pub fn worked() -> Worked {
    let mut worked = Worked::default();
    fill(&mut worked).expect("the numbers of the page can be computed");
    worked
}

/// A vector and a weight to multiply by hand.
const X: [f64; 2] = [1.0, 2.0];
const WEIGHT: [f64; 6] = [3.0, -1.0, 0.0, 4.0, 1.0, 0.5];
const BIAS: [f64; 3] = [0.0, 0.0, 10.0];

/// Two tokens and padding.
const HIDDEN: [f64; 6] = [1.0, 3.0, 3.0, 5.0, 9.0, 9.0];

/// Sentences among which the nearest two are looked for. Source: Reimers and Gurevych, 2019.
const MANY: u64 = 10_000;

fn pairs_of(n: u64) -> f64 {
    (n * (n - 1) / 2) as f64
}

/// What a run with the real model found: `tests/mutants/minilm.rs`.
#[derive(Deserialize)]
struct Found {
    texts: u64,
    longest: u64,
    least_cosine: f64,
    largest_difference: f64,
}

/// Of MiniLM, as in the `config.json` of all-MiniLM-L6-v2.
fn minilm() -> Config {
    Config { intermediate_size: 1536, ..Config::bert(6, 12, 384) }
}

/// Parameters without the pooler and without the head.
fn parameters(config: &Config) -> u64 {
    let Config { hidden_size: n, intermediate_size: inner, .. } = *config;
    let rows = config.vocab_size + config.max_position_embeddings + config.type_vocab_size;
    let linear = |n_in: usize, n_out: usize| (n_in + 1) * n_out;
    // Attention's four products, two more, and two norms.
    let block = 4 * linear(n, n) + linear(n, inner) + linear(inner, n) + 4 * n;
    (rows * n + 2 * n + config.num_hidden_layers * block) as u64
}

fn fill(worked: &mut Worked) -> Outcome {
    gaps(worked)?;
    trained(worked)?;
    let millions = |n: u64| format!("{:.1} million", n as f64 / 1e6);
    for (name, config) in [
        ("base", Config::bert(12, 12, 768)),
        ("large", Config::bert(24, 16, 1024)),
        ("minilm", minilm()),
    ] {
        let mut set = |what: &str, n: usize| {
            worked.set(&format!("{name}-{what}"), count(n as u64));
        };
        set("blocks", config.num_hidden_layers);
        set("heads", config.num_attention_heads);
        set("width", config.hidden_size);
        set("inner", config.intermediate_size);
        set("vocab", config.vocab_size);
        set("places", config.max_position_embeddings);
        worked.set(&format!("{name}-total"), millions(parameters(&config)));
    }

    let tensor = |x: &[f64], shape: &[usize]| Tensor::from_slice(x, shape, &Device::Cpu);
    let y = linear(&tensor(&X, &[2])?, &tensor(&WEIGHT, &[3, 2])?, &tensor(&BIAS, &[3])?)?;
    worked.set("x", list(&X));
    for (i, row) in WEIGHT.chunks(2).enumerate() {
        worked.set(&format!("row-{}", i + 1), list(row));
    }
    worked.set("bias", list(&BIAS)).set("y", list(&flat(&y)?));

    let is_token = |tokens: [u8; 3]| Tensor::new(&[tokens], &Device::Cpu);
    let hidden = tensor(&HIDDEN, &[1, 3, 2])?;
    for (i, vector) in HIDDEN.chunks(2).enumerate() {
        worked.set(&format!("hidden-{}", i + 1), list(vector));
    }
    worked.set("mean", list(&flat(&mean_pool(&hidden, &is_token([1, 1, 0])?)?)?));
    worked.set("mean-of-all", list(&flat(&mean_pool(&hidden, &is_token([1, 1, 1])?)?)?));

    let found: Found = grading::golden!("minilm-found.json")?;
    worked.set("texts", found.texts);
    worked.set("longest", found.longest);
    worked.set("least-cosine", format!("{:.8}", found.least_cosine));
    worked.set("largest-difference", format!("{:.6}", found.largest_difference));
    worked.set("many", count(MANY)).set("pairs", format!("{:.0} million", pairs_of(MANY) / 1e6));
    let all = sentences()?;
    worked.set("sentences", all.len());
    let vector = |start: &str| {
        let found = all.iter().find(|sentence| sentence.text.starts_with(start));
        found.map(|s| s.vector.as_slice()).ok_or_else(|| Failure::wrong(format!("no “{start}”")))
    };
    for (name, a, b) in [
        ("puppy", "The dog is asleep", "A puppy is"),
        ("age", "How old", "What is your"),
        ("refund", "I would like my money", "Please refund"),
        ("password", "How do I reset", "I can no longer"),
        ("bitten", "The dog bit", "The man bit"),
        ("not-good", "The film was good", "The film was not"),
        ("loved", "The film was good", "I loved"),
        ("german", "The dog is asleep", "Der Hund"),
        ("banks", "She opened", "He sat"),
        ("shore", "He sat", "The water"),
        ("unrelated", "How old", "The moon"),
    ] {
        worked.set(name, format!("{:.2}", dot(vector(a)?, vector(b)?)).replace('-', "−"));
    }
    Ok(())
}

/// What two sides are worth.
fn gaps(worked: &mut Worked) -> Outcome {
    let pairs = Pairs::tinytown(TRAINING);
    worked.set("kilobytes", TRAINING / 1000).set("words", pairs.size());
    let held_out = World::new(1).text(1, 40_000);
    for (name, sides) in [
        ("neither", Sides::Neither),
        ("left", Sides::Left),
        ("right", Sides::Right),
        ("both", Sides::Both),
    ] {
        let (right, all) = pairs.score(&held_out, sides, 7);
        worked.set(&format!("{name}-right"), percent(right as f64 / all as f64, 0));
        worked.set("gaps", count(all as u64));
    }
    let words = split(EXAMPLE);
    let (left, hidden, right) = (&words[1], &words[2], &words[3]);
    for (name, sides) in [("left", Sides::Left), ("right", Sides::Right), ("both", Sides::Both)] {
        let guess = pairs.guess(Some(left), Some(right), sides);
        let rank = guess.iter().position(|(word, _)| word == hidden).unwrap_or(0);
        worked.set(&format!("{name}-rank"), rank + 1);
        worked.set(&format!("{name}-first"), guess[0].0);
        worked.set(&format!("{name}-share"), percent(guess[rank].1, 1));
    }
    worked.set("hidden", hidden).set("before", left).set("after", right);
    Ok(())
}

/// Encoder Buddy, as recorded beside its weights and on the report card.
fn trained(worked: &mut Worked) -> Outcome {
    let card: Value = serde_json::from_str(include_str!("../../../../src/report-card.json"))?;
    let record = include_str!("../../../../models/encoder-buddy/training.json");
    let record: Value = serde_json::from_str(record)?;
    let all = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let score = |model: &str, field: &str| {
        let model = all(&card["models"]).into_iter().find(|its| its["name"] == model)?;
        let scores = all(&model["scores"]);
        scores.iter().find(|its| its["task"] == "fill-the-mask")?[field].as_f64()
    };
    let missing = || Failure::wrong("the report card has no fill-the-mask");
    for (name, model, field) in [
        ("buddy-right", "encoder Buddy", "value"),
        ("counts-right", "n-gram Buddy", "value"),
        ("frequent-right", "encoder Buddy", "floor"),
    ] {
        worked.set(name, percent(score(model, field).ok_or_else(missing)?, 1));
    }
    let asked = score("encoder Buddy", "examples").ok_or_else(missing)?;
    worked.set("buddy-gaps", short(asked, 0));
    for (name, field) in [("buddy-parameters", "parameters"), ("buddy-tokens", "tokens")] {
        worked.set(name, count(record[field].as_u64().unwrap_or_default()));
    }
    worked.set("buddy-steps", count(record["settings"]["steps"].as_u64().unwrap_or_default()));
    Ok(())
}

fn list(values: &[f64]) -> String {
    let values: Vec<String> = values.iter().map(|&v| short(v, 2)).collect();
    values.join(", ")
}
