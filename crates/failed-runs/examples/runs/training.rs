//! The texts and the training that all runs share.

use std::collections::HashMap;
use std::error::Error;

use batches::solution::{epoch_order, pack};
use failed_runs::{Point, Run};
use rand::SeedableRng;
use rand::rngs::StdRng;
use schedules_and_stability::{Decay, Schedule};
use small_gpt::{Engine, Model, Sizes};
use tinytown::{Story, World};
use tokenization::solution::{bpe_train, encode};
use tokenization::{Bpe, pretokenize};
use training_loop::solution::{evaluate, train};
use training_loop::{LoopError, Report, Rows, Settings, State};

pub type Outcome<T> = Result<T, Box<dyn Error>>;

pub const VOCAB: usize = 512;
pub const CONTEXT: usize = 32;
pub const BATCH: usize = 16;
pub const STEPS: usize = 600;
/// A run is measured every so many steps.
pub const EVERY: usize = 15;
pub const PEAK: f64 = 0.003;
/// Stories to learn from, and others held out.
pub const STORIES: usize = 1450;
pub const HELD_OUT: usize = 20;
/// The token behind each story.
const END: &str = "<|endoftext|>";

/// Stories as tokens.
pub struct Texts {
    pub bpe: Bpe,
    pub end: u32,
    pub training: Vec<Story>,
    pub held_out: Vec<Vec<u32>>,
    cache: HashMap<String, Vec<u32>>,
}

impl Texts {
    pub fn town() -> Outcome<Self> {
        let world = World::new(1);
        let bpe = bpe_train(&world.text(0, 60_000), VOCAB, &[END])?;
        let end = *encode(&bpe, END).first().ok_or("no end token")?;
        let training = world.stories(0).take(STORIES).collect();
        let mut texts = Self { bpe, end, training, held_out: vec![], cache: HashMap::new() };
        let held_out: Vec<Story> = world.stories(2).take(HELD_OUT).collect();
        texts.held_out = held_out.iter().map(|story| texts.tokens(&story.text)).collect();
        Ok(texts)
    }

    /// A story in tokens; words come again and again, so each is cut once.
    pub fn tokens(&mut self, text: &str) -> Vec<u32> {
        let mut tokens = Vec::new();
        for word in pretokenize(text) {
            if !self.cache.contains_key(word) {
                self.cache.insert(word.to_owned(), encode(&self.bpe, word));
            }
            tokens.extend(&self.cache[word]);
        }
        tokens
    }

    /// Packed rows of these stories.
    pub fn rows<'a>(&mut self, stories: impl IntoIterator<Item = &'a str>) -> Outcome<Rows> {
        let tokens: Vec<Vec<u32>> = stories.into_iter().map(|text| self.tokens(text)).collect();
        Ok(Rows::from(&pack(&tokens, CONTEXT, self.end)?[..]))
    }

    pub fn healthy(&mut self) -> Outcome<[Rows; 2]> {
        let stories: Vec<String> = self.training.iter().map(|story| story.text.clone()).collect();
        let training = self.rows(stories.iter().map(String::as_str))?;
        let held_out = Rows::from(&pack(&self.held_out, CONTEXT, self.end)?[..]);
        Ok([training, held_out])
    }
}

pub fn sizes() -> Sizes {
    Sizes { n_layer: 2, n_head: 2, n_embd: 32, n_positions: CONTEXT, vocab_size: VOCAB }
}

pub fn settings(seed: u64) -> Settings {
    let schedule =
        Schedule { decay: Decay::Cosine, peak: PEAK, floor: 0.0, warmup: STEPS / 10, total: STEPS };
    Settings {
        schedule,
        beta1: 0.9,
        beta2: 0.95,
        eps: 1e-8,
        weight_decay: 0.1,
        max_norm: 1.0,
        batch: BATCH,
        micro_batch: BATCH,
        seed,
    }
}

/// So placed that the first epoch reads these rows in their order: the loop always shuffles.
#[allow(dead_code, reason = "the test trains on shuffled rows only")]
pub fn in_order(rows: &Rows, seed: u64) -> Rows {
    let order = epoch_order(rows.count(), seed, 0);
    let mut placed = rows.clone();
    for (at, &place) in order.iter().enumerate() {
        let (from, to) = (at * CONTEXT, place * CONTEXT);
        placed.ids[to..to + CONTEXT].copy_from_slice(&rows.ids[from..from + CONTEXT]);
        placed.labels[to..to + CONTEXT].copy_from_slice(&rows.labels[from..from + CONTEXT]);
    }
    placed
}

/// Trains from fresh weights, measures on the way, and returns the model as it is then.
pub fn measure(
    name: &str,
    (rows, held_out): (&Rows, &Rows),
    settings: &Settings,
    steps: usize,
) -> Outcome<(Run, Model)> {
    let seed = settings.seed;
    let mut state = State::new(Model::random(sizes(), &mut StdRng::seed_from_u64(seed)));
    let mut engine = Engine::default();
    let first = evaluate(&state.model, held_out, BATCH, &mut engine)?;
    let mut run = Run { name: name.into(), seed, points: vec![], diverged: None };
    let mut since: Vec<(f64, f64)> = Vec::new();
    while state.step < steps {
        let until = steps.min(state.step + EVERY);
        let on_step = &mut |_: &State, report: &Report| {
            if report.step == 0 {
                run.points.push(Point(
                    0,
                    rounded(report.loss),
                    rounded(first),
                    rounded(report.norm),
                ));
            }
            since.push((report.loss, report.norm));
            true
        };
        match train(&mut state, rows, settings, &mut engine, until, on_step) {
            Err(LoopError::Diverged { .. } | LoopError::Stability(_)) => {
                run.diverged = Some(state.step);
                break;
            }
            trained => trained?,
        }
        let loss = since.iter().map(|one| one.0).sum::<f64>() / since.len() as f64;
        let norm = since.iter().map(|one| one.1).fold(0.0, f64::max);
        let held = evaluate(&state.model, held_out, BATCH, &mut engine)?;
        run.points.push(Point(state.step, rounded(loss), rounded(held), rounded(norm)));
        since.clear();
    }
    Ok((run, state.model))
}

/// To four digits behind the point.
pub fn rounded(x: f64) -> f64 {
    (x * 1e4).round() / 1e4
}
