//! The numbers of the page.

use batches::solution::pack;
use grading::numbers::{count, percent, short};
use grading::random::seeded;
use grading::{Failure, Outcome, Worked};
use optimizers::AdamW;
use schedules_and_stability::{Decay, Schedule};
use serde_json::Value;
use small_gpt::{Engine, Model, Sizes};
use tinytown::World;

use crate::solution::{checkpoint, evaluate, restore, rows_at, train};
use crate::{Rows, Settings, State};

/// The numbers of the page.
///
/// # Panics
/// If the code of the lesson fails on them.
pub fn worked() -> Worked {
    let mut worked = Worked::default();
    fill(&mut worked).expect("the numbers of the page can be computed");
    worked
}

const CONTEXT: usize = 16;
const STEPS: usize = 40;
/// By how much a loss is scaled by mistake.
const FACTOR: f32 = 8.0;

const SETTINGS: Settings = Settings {
    schedule: Schedule { decay: Decay::Cosine, peak: 0.01, floor: 0.001, warmup: 4, total: STEPS },
    beta1: 0.9,
    beta2: 0.95,
    eps: 1e-8,
    weight_decay: 0.1,
    max_norm: 1.0,
    batch: 8,
    micro_batch: 8,
    seed: 1,
};

/// Stories in letters, and how many letters there are with the end of a story.
fn town() -> Result<(Rows, usize), batches::BatchError> {
    let text = World::new(1).text(0, 20_000);
    let mut letters: Vec<char> = text.chars().filter(|c| *c != '\n').collect();
    letters.sort_unstable();
    letters.dedup();
    let id = |c: char| letters.partition_point(|other| *other < c) as u32 + 1;
    let stories: Vec<Vec<u32>> = text.lines().map(|line| line.chars().map(id).collect()).collect();
    Ok((Rows::from(&pack(&stories, CONTEXT, 0)?[..]), letters.len() + 1))
}

/// Buddy, as it was pre-trained and is kept.
fn buddy(worked: &mut Worked) -> Outcome {
    let record: Value =
        serde_json::from_str(include_str!("../../../../models/buddy/training.json"))?;
    let missing = |what: &str| Failure::wrong(format!("Buddy has no {what}"));
    for (name, field) in [("buddy-parameters", "parameters"), ("buddy-tokens", "tokens")] {
        worked.set(name, count(record[field].as_u64().unwrap_or_default()));
    }
    worked.set("buddy-steps", count(record["settings"]["steps"].as_u64().unwrap_or_default()));
    let samples: Value =
        serde_json::from_str(include_str!("../../../../models/buddy/samples.json"))?;
    let samples = samples.as_array().map(Vec::as_slice).unwrap_or_default();
    for (name, at) in [("early", 0), ("late", samples.len().saturating_sub(1))] {
        let sample = &samples.get(at).ok_or_else(|| missing("sample"))?;
        worked
            .set(&format!("buddy-{name}-step"), count(sample["step"].as_u64().unwrap_or_default()));
        worked.set(&format!("buddy-{name}"), sample["text"].as_str().unwrap_or_default().trim());
    }
    let card: Value = serde_json::from_str(include_str!("../../../../src/report-card.json"))?;
    let models = card["models"].as_array().map(Vec::as_slice).unwrap_or_default();
    for (name, model, metric) in [
        ("buddy-bits", "pre-trained Buddy", "bits a byte"),
        ("counts-bits", "n-gram Buddy", "bits a byte"),
        ("buddy-true", "pre-trained Buddy", "true statements"),
        ("buddy-formed", "pre-trained Buddy", "well-formed statements"),
        ("counts-true", "n-gram Buddy", "true statements"),
    ] {
        let scores =
            models.iter().filter(|m| m["name"] == model).filter_map(|m| m["scores"].as_array());
        let score = scores.flatten().find(|score| score["metric"] == metric);
        let score = score.ok_or_else(|| missing(metric))?;
        let value = score["value"].as_f64().unwrap_or_default();
        let shown = if score["is_share"] == true { percent(value, 0) } else { short(value, 3) };
        worked.set(name, shown);
    }
    Ok(())
}

fn fill(worked: &mut Worked) -> Outcome {
    buddy(worked)?;
    let (count_of, batch) = (10, 4);
    worked.set("ten", count_of).set("ten-batch", batch);
    worked.set("ten-left", count_of % batch).set("ten-steps", count_of / batch);
    let sorted = |step| {
        rows_at(count_of, batch, 1, step)
            .map(|rows| rows.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
    };
    worked.set("ten-7", sorted(7)?).set("ten-7-epoch", 7 / (count_of / batch));

    let (rows, vocab_size) = town()?;
    let sizes = Sizes { n_layer: 1, n_head: 2, n_embd: 16, n_positions: CONTEXT, vocab_size };
    let start = State::new(Model::random(sizes, &mut seeded(1)));
    let engine = &mut Engine::default();
    worked.set("vocab", vocab_size).set("ln-vocab", short((vocab_size as f64).ln(), 2));
    worked.set("untrained", short(evaluate(&start.model, &rows, 64, engine)?, 2));

    let mut whole = start.clone();
    let mut middle = None;
    let mut first = None;
    train(&mut whole, &rows, &SETTINGS, engine, STEPS, &mut |state, report| {
        first.get_or_insert(*report);
        if state.step == STEPS / 2 {
            middle = Some(checkpoint(state));
        }
        true
    })?;
    let file = middle.ok_or(Failure::wrong("no step was taken"))??;
    let mut again = restore(&file)?;
    train(&mut again, &rows, &SETTINGS, engine, STEPS, &mut |_, _| true)?;
    let pairs = whole.model.parameters.iter().zip(&again.model.parameters);
    let same = pairs.filter(|(a, b)| a.to_bits() == b.to_bits()).count();
    worked.set("steps", STEPS).set("half", STEPS / 2);
    worked.set("weights", count(whole.model.parameters.len() as u64));
    worked.set("same", count(same as u64)).set("file", count(file.len() as u64));
    worked.set("numbers", count(12 * whole.model.parameters.len() as u64));
    worked.set("header", count(file.len() as u64 - 12 * whole.model.parameters.len() as u64));
    if let Some(first) = first {
        worked.set("first-loss", short(first.loss, 2)).set("first-norm", short(first.norm, 2));
        worked.set("first-lr", first.lr).set("first-tokens", first.tokens);
    }
    worked.set("lines", lines(include_str!("solution.rs"), &["rows_at", "train_step", "train"]));
    // 175 billion weights, 12 bytes each.
    worked.set("gpt-3", short(175e9 * 12.0 / 1e12, 1));
    scaled(worked, &rows, &start)
}

/// How many lines the answers of these functions have.
fn lines(solution: &str, functions: &[&str]) -> usize {
    let answer = |name: &&str| -> Option<usize> {
        let (_, rest) = solution.split_once(&format!("pub fn {name}("))?;
        let (_, rest) = rest.split_once("// BEGIN ANSWER\n")?;
        Some(rest.split_once("// END ANSWER")?.0.trim_end().lines().count())
    };
    functions.iter().filter_map(answer).sum()
}

/// The same training with a loss that is scaled by mistake, by AdamW and by plain steps.
fn scaled(worked: &mut Worked, rows: &Rows, start: &State) -> Outcome {
    worked.set("factor", FACTOR);
    for (name, factor) in [("right", 1.0), ("wrong", FACTOR)] {
        for is_plain in [false, true] {
            let mut state = start.clone();
            let groups = optimizers::Group::all(state.model.parameters.len(), 0.0);
            let engine = &mut Engine::default();
            for step in 0..STEPS {
                let which = rows_at(rows.count(), SETTINGS.batch, SETTINGS.seed, step)?;
                let batch = rows.pick(&which, state.model.sizes)?;
                let mut gradient = vec![0.0; state.model.parameters.len()];
                let scale = factor / batch.tokens() as f32;
                for texts in batch.portions(SETTINGS.batch) {
                    engine.gradient(&state.model, texts, scale, &mut gradient);
                }
                if is_plain {
                    let moved = state.model.parameters.iter_mut().zip(&gradient);
                    moved.for_each(|(w, g)| *w -= 0.5 * g);
                    continue;
                }
                let adamw = AdamW { lr: 0.01, ..AdamW::default() };
                let weights = &mut state.model.parameters;
                adamw.step(weights, &gradient, &groups, &mut state.moments)?;
            }
            let loss = evaluate(&state.model, rows, 64, engine)?;
            let optimizer = if is_plain { "plain" } else { "adam" };
            worked.set(&format!("{optimizer}-{name}"), short(loss, 3));
        }
    }
    Ok(())
}
