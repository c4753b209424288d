//! The training itself, and what is seen of it.

use std::collections::HashMap;
use std::path::Path;
use std::thread::available_parallelism;

use anyhow::{Context, Result, bail, ensure};
use buddy::{LossAt, Record, Sample, Settings, sha256};
use checkpoint::WEIGHTS;
use half::f16;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use safetensors::tensor::TensorView;
use serde::Serialize;
use small_gpt::{Engine, Model, Products};
use softmax_sampling::Sampling;
use tokenization::Bpe;
use training_loop::{Report, Rows, State, solution};

use super::curve;
use super::folder::{Begun, Folder};
use super::products::Gemm;
use super::recipe::{DecoderOptions, Recipe};
use super::texts::{Texts, rows, tokenizer_json};
use crate::log::Log;
use crate::run::HeldOut;

/// Rows that a thread takes at a time; decides in which groups gradients are summed.
const PORTION: usize = 4;
/// What the model wrote on the way.
const SAMPLES: &str = "samples.json";
/// Tokens of a text that is shown.
const SAMPLE: usize = 60;

/// Who computes, on so many threads.
pub fn engine(threads: usize) -> Engine {
    Engine::new(PORTION, threads, || Box::new(Gemm))
}

/// Pre-trains Buddy, or goes on.
///
/// # Errors
/// If a text cannot be read, the folder not written, or the loss becomes no number.
pub fn train(options: &DecoderOptions, usual: &Path) -> Result<()> {
    let (folder, begun, texts) = match &options.resume {
        Some(path) => {
            let (folder, begun) = Folder::open(path)?;
            let texts = Texts::read(&begun.recipe)?;
            ensure!(
                texts.sha256() == begun.texts_sha256,
                "the text is no longer that with which the training began: it cannot go on"
            );
            (folder, begun, texts)
        }
        None => {
            let recipe = Recipe::new(options).map_err(anyhow::Error::msg)?;
            let texts = Texts::read(&recipe)?;
            let begun = Begun { recipe, texts_sha256: texts.sha256() };
            let path = options.out.as_deref().unwrap_or(usual);
            (Folder::begin(path, &begun)?, begun, texts)
        }
    };
    let recipe = begun.recipe;
    let bpe = texts.vocabulary(recipe.vocab)?;
    ensure!(
        bpe.vocab_size() == recipe.vocab,
        "the text has too few different pairs for --vocab {}: give {}",
        recipe.vocab,
        bpe.vocab_size()
    );
    let training = Rows::from(rows(&texts.training, &bpe, recipe.context)?.as_slice());
    let judged = Rows::from(rows(&texts.held_out, &bpe, recipe.context)?.as_slice());
    let threads = options.threads.unwrap_or_else(|| available_parallelism().map_or(1, usize::from));
    let mut run = Run {
        every: options.every,
        engine: engine(threads),
        judge: engine(threads),
        training,
        judged,
        bpe,
        recipe,
        folder,
        samples: Vec::new(),
    };
    run.all(&texts)
}

struct Run {
    recipe: Recipe,
    folder: Folder,
    every: usize,
    bpe: Bpe,
    training: Rows,
    judged: Rows,
    engine: Engine,
    judge: Engine,
    samples: Vec<Sample>,
}

fn json(value: &impl Serialize) -> serde_json::Result<String> {
    serde_json::to_string_pretty(value).map(|text| text + "\n")
}

impl Run {
    fn all(&mut self, texts: &Texts) -> Result<()> {
        let recipe = self.recipe.clone();
        let mut state = match self.folder.is_begun() {
            true => self.folder.last(recipe.sizes())?,
            false => {
                let mut rng = StdRng::seed_from_u64(recipe.seed);
                State::new(Model::random(recipe.sizes(), &mut rng))
            }
        };
        eprintln!(
            "training Buddy: {} parameters, {} rows of {} tokens, {} steps of {} rows",
            state.model.parameters.len(),
            self.training.count(),
            recipe.context,
            recipe.steps,
            recipe.batch
        );
        let mut log = Log::new(recipe.steps);
        if state.step > 0 {
            eprintln!("going on after step {}", state.step);
            log.go_on(state.step, self.folder.losses(state.step)?);
            self.samples = self.folder.read_json(SAMPLES)?;
            self.samples.retain(|sample| sample.step <= state.step);
        }
        self.steps(&mut state, &mut log)?;
        log.end();
        self.finish(&mut state, &log, texts)
    }

    fn steps(&mut self, state: &mut State, log: &mut Log) -> Result<()> {
        let recipe = self.recipe.clone();
        let settings = recipe.settings();
        let Self { every, folder, judge, judged, bpe, engine, training, samples, .. } = self;
        let (mut sum, mut count) = (0.0, 0);
        let mut outcome = Ok(());
        let mut on_step = |state: &State, report: &Report| {
            sum += report.loss;
            count += 1;
            log.step(state.step, report.loss, report.tokens);
            if !state.step.is_multiple_of(*every) && state.step != recipe.steps {
                return true;
            }
            let row = held_out(&state.model, judged, judge).map(|now| LossAt {
                step: state.step,
                loss: sum / f64::from(count),
                held_out: now.loss,
            });
            outcome = row.and_then(|row| {
                log.row(row);
                (sum, count) = (0.0, 0);
                folder.keep(state, &log.csv())?;
                folder.write("loss.svg", curve::svg(log.rows()).as_bytes())?;
                let mut rng = StdRng::seed_from_u64(recipe.seed);
                let text = sample(&state.model, bpe, SAMPLE, judge, &mut rng)?;
                log.say(&text);
                samples.push(Sample { step: state.step, text });
                folder.write(SAMPLES, json(samples)?.as_bytes())
            });
            outcome.is_ok()
        };
        let trained =
            solution::train(state, training, &settings, engine, recipe.steps, &mut on_step);
        outcome?;
        if let Err(error) = trained {
            match folder.is_begun() {
                true => bail!(
                    "{error}; the last checkpoint is kept in {}: give a smaller --lr",
                    folder.path().display()
                ),
                false => bail!("{error}; give a smaller --lr"),
            }
        }
        Ok(())
    }

    /// All labels that were asked.
    fn tokens(&self) -> Result<usize> {
        let Recipe { batch, seed, steps, context, .. } = self.recipe;
        let asked = |row: usize| {
            let labels = &self.training.labels[row * context..][..context];
            labels.iter().filter(|label| **label >= 0).count()
        };
        let of_row: Vec<usize> = (0..self.training.count()).map(asked).collect();
        (0..steps).try_fold(0, |tokens, step| {
            let rows = solution::rows_at(of_row.len(), batch, seed, step)?;
            Ok(tokens + rows.iter().map(|&row| of_row[row]).sum::<usize>())
        })
    }

    /// Writes the model as it is kept: in f16, and judged so.
    fn finish(&mut self, state: &mut State, log: &Log, texts: &Texts) -> Result<()> {
        let recipe = &self.recipe;
        let weights = weights(&mut state.model)?;
        let now = held_out(&state.model, &self.judged, &mut self.judge)?;
        let bytes: usize = texts.held_out.iter().map(|text| text.len() + 1).sum();
        let bits = now.loss / std::f64::consts::LN_2 * self.judged.tokens() as f64 / bytes as f64;
        let rounded = |x: f64| (x * 1e4).round() / 1e4;
        let Recipe { seed, steps, batch, lr, .. } = *recipe;
        let first = texts.training.iter().take(100).map(String::as_str);
        let record = Record {
            command: recipe.command(),
            settings: Settings { seed, steps, batch, lr },
            data: texts.name.clone(),
            data_sha256: sha256(first.collect::<Vec<_>>().join("\n").as_bytes()),
            parameters: state.model.parameters.len(),
            tokens: self.tokens()?,
            training_loss: rounded(log.last().map_or(0.0, |row| row.loss)),
            held_out_loss: rounded(now.loss),
            held_out_bits: Some(rounded(bits)),
            held_out_accuracy: rounded(now.accuracy),
            weights_sha256: sha256(&weights),
        };
        for (name, text) in [
            ("config.json", json(&config(recipe))?),
            ("tokenizer.json", json(&tokenizer_json(&self.bpe))?),
            ("training.json", json(&serde_json::to_value(&record)?)?),
            ("loss.csv", log.csv()),
            ("loss.svg", curve::svg(log.rows())),
        ] {
            self.folder.write(name, text.as_bytes())?;
        }
        self.folder.write(WEIGHTS, &weights)?;
        println!("wrote {}", self.folder.path().display());
        println!(
            "held out: loss {:.4} nats a token, {bits:.4} bits a byte, first guess right {:.1}%",
            now.loss,
            100.0 * now.accuracy
        );
        println!("SHA-256 of the weights: {}", record.weights_sha256);
        self.folder.clone().end()
    }
}

/// What a model does on rows held out.
///
/// # Errors
/// If rows do not fit the model.
pub fn held_out(model: &Model, rows: &Rows, engine: &mut Engine) -> Result<HeldOut> {
    let loss = solution::evaluate(model, rows, 8 * PORTION, engine)?;
    let vocab = model.sizes.vocab_size;
    let (mut right, mut products) = (0, Gemm);
    let mut pass = small_gpt::Pass::default();
    for texts in rows.portions(PORTION) {
        let products: &mut dyn Products = &mut products;
        let logits = pass.forward(model, texts.ids, texts.seq, products);
        right += logits
            .chunks_exact(vocab)
            .zip(texts.labels)
            .filter(|(logits, label)| {
                let best = (0..vocab).max_by(|&a, &b| logits[a].total_cmp(&logits[b]));
                best.is_some_and(|best| best as i64 == **label)
            })
            .count();
    }
    Ok(HeldOut { loss, accuracy: right as f64 / rows.tokens().max(1) as f64 })
}

/// A text that the model writes from nothing.
///
/// # Errors
/// If a logit is no number.
pub fn sample(
    model: &Model,
    bpe: &Bpe,
    tokens: usize,
    engine: &mut Engine,
    rng: &mut dyn Rng,
) -> Result<String> {
    let end = bpe.vocab_size() as u32 - 1;
    let sampling = Sampling { temperature: 0.8, ..Sampling::default() };
    let mut ids = vec![end];
    while ids.len() < tokens.min(model.sizes.n_positions) {
        let logits = engine.next_logits(model, &ids);
        let id = softmax_sampling::solution::sample(logits, &sampling, rng)? as u32;
        if id == end {
            break;
        }
        ids.push(id);
    }
    let bytes: Vec<u8> =
        ids[1..].iter().flat_map(|&id| bpe.bytes(id).unwrap_or_default()).copied().collect();
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Rounds a model to f16, and gives its file.
fn weights(model: &mut Model) -> Result<Vec<u8>> {
    let mut halves = Vec::with_capacity(model.parameters.len());
    for number in &mut model.parameters {
        let half = f16::from_f32(*number);
        ensure!(half.is_finite(), "a number of the model is too large for f16");
        *number = half.to_f32();
        halves.extend(half.to_le_bytes());
    }
    let views: Result<Vec<(String, TensorView<'_>)>> = model
        .tensors()
        .iter()
        .map(|tensor| {
            let bytes = &halves[2 * tensor.range.start..2 * tensor.range.end];
            let view = TensorView::new(safetensors::Dtype::F16, tensor.shape.clone(), bytes)?;
            Ok((tensor.name.clone(), view))
        })
        .collect();
    // Libraries ask for it.
    let notes = HashMap::from([("format".to_owned(), "pt".to_owned())]);
    safetensors::serialize(views?, Some(notes)).context("the weights cannot be written")
}

/// `config.json`, as transformers reads it.
fn config(recipe: &Recipe) -> serde_json::Value {
    serde_json::json!({
        "architectures": ["GPT2LMHeadModel"],
        "model_type": "gpt2",
        "activation_function": "gelu_new",
        "n_layer": recipe.layers,
        "n_head": recipe.heads,
        "n_embd": recipe.width,
        "n_positions": recipe.context,
        "vocab_size": recipe.vocab,
        "layer_norm_epsilon": 1e-5,
        "bos_token_id": recipe.vocab - 1,
        "eos_token_id": recipe.vocab - 1,
        "tie_word_embeddings": true,
    })
}
