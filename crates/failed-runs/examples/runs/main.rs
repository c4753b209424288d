//! Trains a small GPT once a cause of failure and seed, and prints what came of it:
//! `cargo run -p failed-runs --example runs > crates/failed-runs/golden/runs.json`, ten minutes.

mod training;

use std::collections::BTreeMap;
use std::time::Instant;

use batches::IGNORE;
use deduplication::solution::dedup;
use failed_runs::{Kept, Run};
use neural_language_model::draw_token;
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use small_gpt::{Engine, Model};
use tinytown::{Story, World};
use tokenization::solution::decode;
use training::*;
use training_loop::solution::evaluate;
use training_loop::{Rows, Settings};

/// How often the repeated stories come.
const TIMES: usize = 100;
/// Different stories in the text with copies, of which a tenth is repeated.
const DIFFERENT: usize = 134;
const REPEATED: usize = DIFFERENT / 10;

struct Bench {
    kept: Kept,
    clock: Instant,
}

impl Bench {
    /// Trains, keeps the curve, and returns the model.
    fn run(
        &mut self,
        name: &str,
        rows: (&Rows, &Rows),
        settings: &Settings,
        steps: usize,
    ) -> Outcome<Model> {
        let (run, model) = measure(name, rows, settings, steps)?;
        let last = run.last();
        eprintln!("{:5.0?} {name} {}: {last:?} {:?}", self.clock.elapsed(), run.seed, run.diverged);
        self.kept.runs.push(run);
        Ok(model)
    }

    fn number(&mut self, name: &str, x: f64) {
        eprintln!("      {name}: {x:.4}");
        self.kept.numbers.insert(name.into(), rounded(x));
    }

    fn sample(&mut self, name: &str, text: String) {
        eprintln!("      {name}: {text:?}");
        self.kept.samples.insert(name.into(), text);
    }
}

fn main() -> Outcome<()> {
    let mut texts = Texts::town()?;
    let [rows, held_out] = texts.healthy()?;
    let mut bench = Bench {
        kept: Kept {
            command: "cargo run -p failed-runs --example runs".into(),
            settings: BTreeMap::new(),
            runs: vec![],
            numbers: BTreeMap::new(),
            samples: BTreeMap::new(),
        },
        clock: Instant::now(),
    };
    let fresh = Model::zeros(sizes());
    for (name, x) in [
        ("layers", 2.0),
        ("width", 32.0),
        ("heads", 2.0),
        ("context", CONTEXT as f64),
        ("vocabulary", VOCAB as f64),
        ("parameters", fresh.parameters.len() as f64),
        ("batch", BATCH as f64),
        ("steps", STEPS as f64),
        ("every", EVERY as f64),
        ("peak", PEAK),
        ("warmup", settings(1).schedule.warmup as f64),
        ("stories", STORIES as f64),
        ("rows", rows.count() as f64),
        ("held_out_stories", HELD_OUT as f64),
        ("held_out_tokens", held_out.tokens() as f64),
        ("unigram_loss", counted(&rows, &held_out)),
    ] {
        bench.kept.settings.insert(name.into(), rounded(x));
    }

    for seed in 1..=3 {
        let model = bench.run("healthy", (&rows, &held_out), &settings(seed), STEPS)?;
        if seed == 1 {
            boundaries(&mut bench, &mut texts, &model)?;
            let text = sample(&texts, &model, 60)?;
            bench.sample("healthy", text);
            by_plot(&mut bench, &mut texts, "healthy", &model)?;
        }
    }
    for seed in 1..=2 {
        no_shift(&mut bench, &texts, (&rows, &held_out), seed)?;
        copies(&mut bench, &mut texts, &held_out, seed)?;
        sorted(&mut bench, &mut texts, &held_out, seed)?;
        rates(&mut bench, (&rows, &held_out), seed)?;
    }
    one_batch(&mut bench, &rows, &held_out)?;
    print(&bench.kept)
}

/// The loss of counted tokens.
fn counted(rows: &Rows, held_out: &Rows) -> f64 {
    let mut counts = vec![1.0; VOCAB];
    rows.ids.iter().for_each(|&id| counts[id as usize] += 1.0);
    let all: f64 = counts.iter().sum();
    let asked = held_out.labels.iter().filter(|label| **label >= 0);
    let sum: f64 = asked.map(|&label| -(counts[label as usize] / all).ln()).sum();
    sum / held_out.tokens() as f64
}

/// Too high, far too high, too low, and with a warm-up or without.
fn rates(bench: &mut Bench, rows: (&Rows, &Rows), seed: u64) -> Outcome<()> {
    for (name, times, warms, free) in [
        ("rate x10", 10.0, true, false),
        ("rate x30", 30.0, true, false),
        ("rate x100", 100.0, true, false),
        ("rate /30", 1.0 / 30.0, true, false),
        ("cold", 1.0, false, false),
        ("cold x10", 10.0, false, false),
        ("warm x10, free", 10.0, true, true),
        ("cold x10, free", 10.0, false, true),
    ] {
        let mut settings = settings(seed);
        settings.schedule.peak *= times;
        if !warms {
            settings.schedule.warmup = 0;
        }
        if free {
            (settings.beta2, settings.max_norm) = (0.999, 1e9);
        }
        bench.run(name, rows, &settings, STEPS)?;
    }
    Ok(())
}

/// One kind of story after another, each once.
fn sorted(bench: &mut Bench, texts: &mut Texts, held_out: &Rows, seed: u64) -> Outcome<()> {
    let mut stories = texts.training.clone();
    stories.sort_by_key(|story| story.plot);
    let rows = texts.rows(stories.iter().map(|story| &*story.text))?;
    let rows = in_order(&rows, seed);
    let model = bench.run("sorted", (&rows, held_out), &settings(seed), STEPS)?;
    if seed == 1 {
        by_plot(bench, texts, "sorted", &model)?;
    }
    Ok(())
}

/// The loss on other stories of the first, the middle and the last kind.
fn by_plot(bench: &mut Bench, texts: &mut Texts, name: &str, model: &Model) -> Outcome<()> {
    let other: Vec<Story> = World::new(1).stories(2).skip(HELD_OUT).take(400).collect();
    let mut plots: Vec<&str> = other.iter().map(|story| story.plot).collect();
    plots.sort_unstable();
    plots.dedup();
    for (which, plot) in [("first", plots[0]), ("middle", plots[6]), ("last", plots[11])] {
        let of_kind = other.iter().filter(|story| story.plot == plot).take(12);
        let rows = texts.rows(of_kind.map(|story| &*story.text))?;
        let loss = evaluate(model, &rows, BATCH, &mut Engine::default())?;
        bench.number(&format!("{name}, {which} kind"), loss);
        bench.kept.samples.insert(format!("{which} kind"), plot.into());
    }
    Ok(())
}

/// A tenth of the stories a hundred times; the text without copies; and what a split says that was
/// made when the copies were there.
fn copies(bench: &mut Bench, texts: &mut Texts, held_out: &Rows, seed: u64) -> Outcome<()> {
    let different: Vec<String> =
        texts.training.iter().take(DIFFERENT).map(|story| story.text.clone()).collect();
    let mut documents: Vec<String> = different
        .iter()
        .flat_map(|text| {
            let is_repeated = different.iter().position(|other| other == text) < Some(REPEATED);
            vec![text.clone(); if is_repeated { TIMES } else { 1 }]
        })
        .collect();
    documents.shuffle(&mut StdRng::seed_from_u64(7));
    let split = documents.len() - HELD_OUT;
    let own = texts.rows(documents[split..].iter().map(String::as_str))?;
    let rows = texts.rows(documents[..split].iter().map(String::as_str))?;
    let model = bench.run("copies", (&rows, held_out), &settings(seed), STEPS)?;
    let mut engine = Engine::default();
    if seed == 1 {
        bench.number("copies, documents", documents.len() as f64);
        bench.number("copies, own split", evaluate(&model, &own, BATCH, &mut engine)?);
        bench.number("copies, new stories", evaluate(&model, held_out, BATCH, &mut engine)?);
        bench.number("copies, repeated", REPEATED as f64);
    }
    let settings_of_lesson =
        deduplication::Settings { words: 5, threshold: 0.8, bands: 16, rows: 8 };
    let stands_for = dedup(&documents, &settings_of_lesson)?;
    let left: Vec<&str> = stands_for
        .iter()
        .enumerate()
        .filter(|(at, first)| at == *first)
        .map(|(at, _)| &*documents[at])
        .collect();
    let rows = texts.rows(left.iter().copied())?;
    if seed == 1 {
        bench.number("copies, left", left.len() as f64);
        bench.number("copies, left rows", rows.count() as f64);
    }
    bench.run("no copies", (&rows, held_out), &settings(seed), STEPS)?;
    Ok(())
}

/// Stories with nothing between them.
fn boundaries(bench: &mut Bench, texts: &mut Texts, healthy: &Model) -> Outcome<()> {
    let stories: Vec<String> = texts.training.iter().map(|story| story.text.clone()).collect();
    let training: Vec<Vec<u32>> = stories.iter().map(|story| texts.tokens(story)).collect();
    let held_out = texts.held_out.clone();
    let rows = joined(&training, None).0;
    let (held, places) = joined(&held_out, None);
    let model = bench.run("no end", (&rows, &held), &settings(1), STEPS)?;
    let (with, with_places) = joined(&held_out, Some(texts.end));
    let mut engine = Engine::default();
    for (name, model, rows, places) in
        [("no end", &model, &held, &places), ("healthy", healthy, &with, &with_places)]
    {
        for (part, from, to) in [("first tokens", 0, 8), ("later tokens", 8, usize::MAX)] {
            let mut asked = rows.clone();
            for (label, place) in asked.labels.iter_mut().zip(places) {
                if !place.is_some_and(|place| (from..to).contains(&place)) {
                    *label = IGNORE;
                }
            }
            let loss = evaluate(model, &asked, BATCH, &mut engine)?;
            bench.number(&format!("{name}, {part}"), loss);
        }
        let mut ends = 0;
        for seed in 0..20 {
            let written = write(model, &[texts.end], 600, seed);
            ends += u32::from(written.contains(&texts.end));
        }
        bench.number(&format!("{name}, samples that end"), ends.into());
    }
    let lens: usize = held_out.iter().map(Vec::len).sum();
    bench.number("tokens a story", lens as f64 / held_out.len() as f64);
    let text = sample(texts, &model, 90)?;
    bench.sample("no end", text);
    Ok(())
}

/// Rows of documents with this token behind each, if any, and for each label its place in its
/// document; none for the token between.
fn joined(documents: &[Vec<u32>], end: Option<u32>) -> (Rows, Vec<Option<usize>>) {
    let mut stream = Vec::new();
    for document in documents {
        stream.extend(document.iter().enumerate().map(|(at, &id)| (id, Some(at))));
        stream.extend(end.map(|end| (end, None)));
    }
    let len = (stream.len() - 1) / CONTEXT * CONTEXT;
    let ids = stream[..len].iter().map(|token| token.0).collect();
    let labels = stream[1..=len].iter().map(|token| i64::from(token.0)).collect();
    let places = stream[1..=len].iter().map(|token| token.1).collect();
    (Rows { ids, labels, context: CONTEXT }, places)
}

/// Labels that are the inputs.
fn no_shift(
    bench: &mut Bench,
    texts: &Texts,
    (rows, held_out): (&Rows, &Rows),
    seed: u64,
) -> Outcome<()> {
    let unshifted = |rows: &Rows| Rows {
        labels: rows.ids.iter().map(|&id| i64::from(id)).collect(),
        ..rows.clone()
    };
    let its = (&unshifted(rows), &unshifted(held_out));
    let model = bench.run("no shift", its, &settings(seed), STEPS / 3)?;
    if seed == 1 {
        let right = evaluate(&model, held_out, BATCH, &mut Engine::default())?;
        bench.number("no shift, judged rightly", right);
        bench.sample("no shift", sample(texts, &model, 40)?);
    }
    Ok(())
}

/// A healthy model, and one whose rate is too high, on the same sixteen rows again and again.
fn one_batch(bench: &mut Bench, rows: &Rows, held_out: &Rows) -> Outcome<()> {
    let few = Rows {
        ids: rows.ids[..BATCH * CONTEXT].to_vec(),
        labels: rows.labels[..BATCH * CONTEXT].to_vec(),
        context: CONTEXT,
    };
    for (name, times) in [("one batch", 1.0), ("one batch, rate x30", 30.0)] {
        let mut settings = settings(1);
        settings.schedule.peak *= times;
        settings.schedule.warmup = STEPS / 30;
        settings.schedule.total = STEPS / 3;
        bench.run(name, (&few, held_out), &settings, STEPS / 3)?;
    }
    Ok(())
}

fn write(model: &Model, start: &[u32], len: usize, seed: u64) -> Vec<u32> {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut engine = Engine::default();
    let mut tokens = start.to_vec();
    for _ in 0..len {
        let from = tokens.len().saturating_sub(CONTEXT);
        let logits = engine.next_logits(model, &tokens[from..]);
        tokens.push(draw_token(logits, &mut rng));
    }
    tokens.split_off(start.len())
}

fn sample(texts: &Texts, model: &Model, len: usize) -> Outcome<String> {
    let text = decode(&texts.bpe, &write(model, &[texts.end], len, 1))?;
    Ok(text.replace("<|endoftext|>", " ¶ ").trim().to_owned())
}

/// A run a line.
fn print(kept: &Kept) -> Outcome<()> {
    let Kept { command, settings, runs, numbers, samples } = kept;
    let runs: Result<Vec<String>, _> = runs.iter().map(serde_json::to_string::<Run>).collect();
    println!("{{\n\"command\": {},", serde_json::to_string(command)?);
    println!("\"settings\": {},", serde_json::to_string(settings)?);
    println!("\"runs\": [\n{}\n],", runs?.join(",\n"));
    println!("\"numbers\": {},", serde_json::to_string_pretty(numbers)?);
    println!("\"samples\": {}\n}}", serde_json::to_string_pretty(samples)?);
    Ok(())
}
