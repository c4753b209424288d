//! What is right, computed without the lesson's code: runs of PyTorch in golden files, files read and
//! written byte by byte, and small runs to try things on.

use std::collections::BTreeMap;

use grading::random::seeded;
use grading::{Failure, Outcome, Tolerance, expect_bits, expect_close, expect_eq, expect_same};
use optimizers::Moments;
use rand::RngExt;
use schedules_and_stability::{Decay, Schedule};
use serde::Deserialize;
use serde_json::Value;
use small_gpt::{Model, Sizes};

use crate::{Rows, Settings, State};

/// Ten steps of PyTorch.
#[derive(Deserialize)]
pub struct Run {
    pub name: String,
    batch: usize,
    micro_batch: usize,
    max_norm: f64,
    schedule: GoldenSchedule,
    adamw: Option<GoldenAdamW>,
    ids: Vec<Vec<u32>>,
    labels: Vec<Vec<i64>>,
    pub steps: Vec<Step>,
    /// Of each tensor at the end: the sum of its numbers, and that of their sizes.
    pub sums: BTreeMap<String, [f64; 2]>,
    /// The mean loss of all rows before the first step.
    pub evaluated: f64,
}

#[derive(Deserialize)]
struct GoldenSchedule {
    decay: String,
    peak: f64,
    floor: f64,
    warmup: usize,
    total: usize,
}

#[derive(Deserialize)]
struct GoldenAdamW {
    beta1: f64,
    beta2: f64,
    eps: f64,
    weight_decay: f64,
}

#[derive(Deserialize)]
pub struct Step {
    pub loss: f64,
    pub norm: f64,
    pub lr: f64,
}

pub fn runs() -> Result<Vec<Run>, Failure> {
    grading::golden!("runs.json")
}

/// With an ε so large that AdamW goes plainly downhill: `lr · g / (|g| + ε)` is nearly `lr / ε · g`.
pub const PLAIN: f64 = 1e6;

impl Run {
    /// Whether its steps are plain ones: their learning rates are those of AdamW divided by
    /// [`PLAIN`].
    pub fn is_plain(&self) -> bool {
        self.adamw.is_none()
    }

    pub fn settings(&self) -> Settings {
        let GoldenSchedule { ref decay, peak, floor, warmup, total } = self.schedule;
        let decay = if decay == "cosine" { Decay::Cosine } else { Decay::Constant };
        let plain = GoldenAdamW { beta1: 0.0, beta2: 0.0, eps: PLAIN, weight_decay: 0.0 };
        let times = if self.is_plain() { PLAIN } else { 1.0 };
        let &GoldenAdamW { beta1, beta2, eps, weight_decay } =
            self.adamw.as_ref().unwrap_or(&plain);
        Settings {
            schedule: Schedule { decay, peak: times * peak, floor, warmup, total },
            beta1,
            beta2,
            eps,
            weight_decay,
            max_norm: self.max_norm,
            batch: self.batch,
            micro_batch: self.micro_batch,
            seed: 5,
        }
    }

    /// Its rows, so placed that the first epoch reads them in their order.
    pub fn rows(&self) -> Rows {
        let order = batches::solution::epoch_order(self.ids.len(), self.settings().seed, 0);
        let mut placed = vec![0; order.len()];
        for (at, &place) in order.iter().enumerate() {
            placed[place] = at;
        }
        Rows {
            ids: placed.iter().flat_map(|&at| self.ids[at].iter().copied()).collect(),
            labels: placed.iter().flat_map(|&at| self.labels[at].iter().copied()).collect(),
            context: self.ids[0].len(),
        }
    }

    /// The labels of a step that ask something.
    pub fn tokens(&self, step: usize) -> usize {
        let rows = &self.labels[step * self.batch..][..self.batch];
        rows.iter().flatten().filter(|label| **label >= 0).count()
    }
}

/// The golden file of a run at step 3, written by Python.
pub const START: &[u8] = include_bytes!("../golden/start.safetensors");
pub const START_STEP: usize = 3;

/// What it holds, read byte by byte.
pub fn start() -> Result<State, Failure> {
    let File { tensors, .. } = File::read(START)?;
    let sizes = Sizes { n_layer: 2, n_head: 3, n_embd: 12, n_positions: 10, vocab_size: 29 };
    let mut model = Model::zeros(sizes);
    let mut moments = Moments::new(model.parameters.len());
    let named = model.tensors().to_vec();
    let lists = [&mut model.parameters, &mut moments.m, &mut moments.v];
    for (prefix, numbers) in PREFIXES.into_iter().zip(lists) {
        for tensor in &named {
            let found = tensors.get(&format!("{prefix}{}", tensor.name));
            let found = found.ok_or(Failure::wrong("golden/start.safetensors is not whole"))?;
            numbers[tensor.range.clone()].copy_from_slice(&found.numbers());
        }
    }
    moments.step = START_STEP as u64;
    Ok(State { model, moments, step: START_STEP })
}

/// Before the names of weights, means of gradients, and means of their squares.
pub const PREFIXES: [&str; 3] = ["", "adamw.m.", "adamw.v."];

/// A file of safetensors, by its specification: how long the header is, the header in JSON, bytes.
#[derive(Clone)]
pub struct File {
    pub about: Option<Value>,
    pub tensors: BTreeMap<String, Entry>,
}

#[derive(Clone)]
pub struct Entry {
    pub dtype: String,
    pub shape: Vec<usize>,
    pub bytes: Vec<u8>,
}

impl Entry {
    pub fn numbers(&self) -> Vec<f32> {
        self.bytes.as_chunks().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect()
    }
}

impl File {
    pub fn read(file: &[u8]) -> Result<Self, Failure> {
        let broken = || Failure::wrong("the file is none of safetensors");
        let (length, rest) = file.split_first_chunk().ok_or_else(broken)?;
        let length = usize::try_from(u64::from_le_bytes(*length)).map_err(|_| broken())?;
        let (header, data) = rest.split_at_checked(length).ok_or_else(broken)?;
        let header: BTreeMap<String, Value> =
            serde_json::from_slice(header).map_err(|_| broken())?;
        let mut read = Self { about: None, tensors: BTreeMap::new() };
        for (name, value) in header {
            if name == "__metadata__" {
                read.about = Some(value);
                continue;
            }
            let [start, end] =
                serde_json::from_value(value["data_offsets"].clone()).map_err(|_| broken())?;
            let entry = Entry {
                dtype: value["dtype"].as_str().unwrap_or_default().into(),
                shape: serde_json::from_value(value["shape"].clone()).map_err(|_| broken())?,
                bytes: data.get::<std::ops::Range<usize>>(start..end).ok_or_else(broken)?.into(),
            };
            read.tensors.insert(name, entry);
        }
        Ok(read)
    }

    pub fn write(&self) -> Vec<u8> {
        let (mut header, mut data) = (serde_json::Map::new(), Vec::new());
        if let Some(about) = &self.about {
            header.insert("__metadata__".into(), about.clone());
        }
        for (name, Entry { dtype, shape, bytes }) in &self.tensors {
            let offsets = [data.len(), data.len() + bytes.len()];
            data.extend(bytes);
            let entry =
                serde_json::json!({"dtype": dtype, "shape": shape, "data_offsets": offsets});
            header.insert(name.clone(), entry);
        }
        let header = Value::Object(header).to_string();
        let length = (header.len() as u64).to_le_bytes();
        [&length, header.as_bytes(), &data].concat()
    }

    /// The same with another text about the run.
    pub fn about(&self, text: Option<&str>) -> Vec<u8> {
        let about = text.map(|text| serde_json::json!({ "training_loop": text }));
        Self { about, ..self.clone() }.write()
    }
}

/// Sizes of a model that is trained in no time.
pub const TINY: Sizes = Sizes { n_layer: 1, n_head: 2, n_embd: 4, n_positions: 5, vocab_size: 7 };

/// A run of some steps: its numbers are drawn.
pub fn tiny_state(sizes: Sizes, step: usize, seed: u64) -> State {
    let mut rng = seeded(seed);
    let mut state = State::new(Model::zeros(sizes));
    for number in state.model.parameters.iter_mut().chain(&mut state.moments.m) {
        *number = rng.random_range(-0.7..0.7);
    }
    state.moments.v.fill_with(|| rng.random_range(0.0..0.5));
    (state.step, state.moments.step) = (step, step as u64);
    state
}

/// Rows with labels for most of their tokens.
pub fn tiny_rows(count: usize, context: usize, vocab_size: usize, seed: u64) -> Rows {
    let mut rng = seeded(seed);
    let mut draw = |asked: f64| match rng.random_bool(asked) {
        true => rng.random_range(0..vocab_size as i64),
        false => -100,
    };
    let labels = (0..count * context).map(|_| draw(0.8)).collect();
    let ids = (0..count * context).map(|_| draw(1.0) as u32).collect();
    Rows { ids, labels, context }
}

pub const SETTINGS: Settings = Settings {
    schedule: Schedule { decay: Decay::Cosine, peak: 0.05, floor: 0.01, warmup: 2, total: 9 },
    beta1: 0.8,
    beta2: 0.9,
    eps: 1e-2,
    weight_decay: 0.2,
    max_norm: 0.5,
    batch: 3,
    micro_batch: 2,
    seed: 11,
};

/// Bit by bit, NaN included.
pub fn expect_same_state(what: &str, got: &State, want: &State) -> Outcome {
    expect_counts(what, got, want)?;
    for (list, got, want) in lists(got, want) {
        let what = format!("{what}: {list}");
        expect_bits(&what, got, want)?;
        let bits = |numbers: &[f32]| numbers.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
        expect_eq(&format!("{what}, as bits"), &bits(got), &bits(want))?;
    }
    Ok(())
}

/// But for rounding.
pub fn expect_near_state(what: &str, got: &State, want: &State) -> Outcome {
    expect_counts(what, got, want)?;
    let near = Tolerance { rtol: 1e-4, atol: 2e-5 };
    for (list, got, want) in lists(got, want) {
        expect_close(&format!("{what}: {list}"), &[], got, want, near)?;
    }
    Ok(())
}

fn expect_counts(what: &str, got: &State, want: &State) -> Outcome {
    expect_same(&format!("{what}: `step`"), &got.step, &want.step)?;
    expect_same(&format!("{what}: `moments.step`"), &got.moments.step, &want.moments.step)?;
    expect_same(&format!("{what}: the model's sizes"), &got.model.sizes, &want.model.sizes)
}

fn lists<'a>(got: &'a State, want: &'a State) -> [(&'static str, &'a [f32], &'a [f32]); 3] {
    [
        ("the model's numbers", &got.model.parameters, &want.model.parameters),
        ("m", &got.moments.m, &want.moments.m),
        ("v", &got.moments.v, &want.moments.v),
    ]
}
