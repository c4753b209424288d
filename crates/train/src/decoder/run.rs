//! The training itself, and what is seen of it.

use std::path::Path;
use std::thread::available_parallelism;

use anyhow::{Result, bail, ensure};
use buddy::{LossAt, Record, Sample, Settings, sha256};
use checkpoint::WEIGHTS;
use rand::SeedableRng;
use rand::rngs::StdRng;
use serde::{Deserialize, Serialize};
use small_gpt::{Engine, Model};
use tokenization::Bpe;
use training_loop::{Report, Rows, State, solution};

use super::curve;
use super::folder::Folder;
use super::model::{config, held_out, sample, weights};
use super::options::DecoderOptions;
use super::products::Gemm;
use super::ranks;
use super::recipe::Recipe;
use super::start::Start;
use super::texts::{Texts, pieces, rows, tokenizer_json};
use crate::log::Log;

/// Rows that a thread takes at a time; decides in which groups gradients are summed.
pub(super) const PORTION: usize = 4;
/// What the model wrote on the way.
const SAMPLES: &str = "samples.json";
/// Tokens of a text that is shown.
const SAMPLE: usize = 60;

/// What starts it.
pub(super) const COMMAND: &str = "cargo study train buddy";

/// What was begun.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Begun {
    /// Its settings.
    pub recipe: Recipe,
    /// Of all that is learned from.
    texts_sha256: String,
    /// The steps of the checkpoint that it goes on from.
    #[serde(default)]
    first: usize,
}

/// Who computes, on so many threads.
pub fn engine(threads: usize) -> Engine {
    Engine::new(PORTION, threads, || Box::new(Gemm))
}

/// How many threads options ask for: else the cores, shared with the other ranks of this machine.
pub(super) fn threads(options: &DecoderOptions) -> usize {
    let cores = || available_parallelism().map_or(1, usize::from) / ranks::here();
    options.threads.unwrap_or_else(|| cores().max(1))
}

/// Pre-trains Buddy, or goes on.
///
/// # Errors
/// If a text cannot be read, the folder not written, or the loss becomes no number; of several ranks,
/// if one ends.
pub fn train(options: &DecoderOptions, usual: &Path) -> Result<()> {
    if let Some(ranks) = options.ranks {
        if ranks::is_rank() {
            return ranks::join(options, usual);
        }
        let folder = options.resume.as_deref().or(options.out.as_deref()).unwrap_or(usual);
        return ranks::launch(ranks, options.hosts.as_deref(), folder);
    }
    let (mut run, texts) = Run::new(options, usual)?;
    let (mut state, mut log) = run.begin()?;
    run.steps(&mut state, &mut log)?;
    run.finish(&mut state, &log, &texts)
}

pub(super) struct Run {
    pub recipe: Recipe,
    first: usize,
    folder: Folder,
    every: usize,
    ranks: Option<usize>,
    bpe: Bpe,
    pub training: Rows,
    judged: Rows,
    pub engine: Engine,
    judge: Engine,
    samples: Vec<Sample>,
}

fn json(value: &impl Serialize) -> serde_json::Result<String> {
    serde_json::to_string_pretty(value).map(|text| text + "\n")
}

impl Run {
    /// What options ask for, with the texts that it learns from.
    pub fn new(options: &DecoderOptions, usual: &Path) -> Result<(Self, Texts)> {
        let (folder, begun, texts) = match &options.resume {
            Some(path) => {
                ensure!(
                    !path.is_file(),
                    "{0} is a file: go on from it with `{COMMAND} --from {0}`, as another training with settings of its own",
                    path.display()
                );
                let (folder, begun): (_, Begun) = Folder::open(path, COMMAND)?;
                let texts = Texts::read(&begun.recipe)?;
                ensure!(
                    texts.sha256() == begun.texts_sha256,
                    "the text is no longer that with which the training began: it cannot go on"
                );
                (folder, begun, texts)
            }
            None => {
                let start = options.from.as_deref().map(Start::read).transpose()?;
                let asked = Recipe::new(options).map_err(anyhow::Error::msg)?;
                let recipe = match &start {
                    Some(start) => start.recipe(asked)?,
                    None => asked,
                };
                let texts = Texts::read(&recipe)?;
                let first = start.as_ref().map_or(0, |start| start.state.step);
                let begun = Begun { recipe, texts_sha256: texts.sha256(), first };
                let path = options.out.as_deref().unwrap_or(usual);
                let mut folder = Folder::begin(path, &begun, COMMAND)?;
                if let Some(start) = start {
                    folder.write(SAMPLES, b"[]\n")?;
                    folder.keep(first, &start.bytes, &Log::new(0).csv())?;
                }
                (folder, begun, texts)
            }
        };
        let Begun { recipe, first, .. } = begun;
        let bpe = match &recipe.from {
            Some(_) => pieces()?,
            None => texts.vocabulary(recipe.vocab)?,
        };
        ensure!(
            bpe.vocab_size() == recipe.vocab,
            "the text has too few different pairs for --vocab {}: give {}",
            recipe.vocab,
            bpe.vocab_size()
        );
        let training = Rows::from(rows(&texts.training, &bpe, recipe.context)?.as_slice());
        let judged = Rows::from(rows(&texts.held_out, &bpe, recipe.context)?.as_slice());
        let run = Self {
            every: options.every,
            ranks: options.ranks,
            engine: engine(threads(options)),
            judge: engine(threads(options)),
            training,
            judged,
            bpe,
            recipe,
            first,
            folder,
            samples: Vec::new(),
        };
        Ok((run, texts))
    }

    /// The state that the training begins with or goes on from, and its log.
    pub fn begin(&mut self) -> Result<(State, Log)> {
        let recipe = self.recipe.clone();
        let state = match self.folder.is_begun() {
            true => self.folder.last(|step, bytes| {
                let state = solution::restore(bytes)?;
                let is_this = state.model.sizes == recipe.sizes() && state.step == step;
                ensure!(is_this, "it is of another training");
                Ok(state)
            })?,
            false => {
                let mut rng = StdRng::seed_from_u64(recipe.seed);
                State::new(Model::random(recipe.sizes(), &mut rng))
            }
        };
        eprintln!(
            "training Buddy: {} parameters, {} rows of {} tokens, {} steps of {} rows{}",
            state.model.parameters.len(),
            self.training.count(),
            recipe.context,
            recipe.steps,
            recipe.batch,
            self.ranks.map_or_else(String::new, |ranks| format!(", {ranks} ranks")),
        );
        let mut log = Log::new(recipe.steps);
        if state.step > 0 {
            eprintln!("going on after step {}", state.step);
            let mut losses = buddy::losses(&self.folder.losses()?)?;
            losses.retain(|row| row.step <= state.step);
            log.go_on(state.step, losses);
            self.samples = self.folder.read_json(SAMPLES)?;
            self.samples.retain(|sample| sample.step <= state.step);
        }
        if state.step > 0 && state.step == self.first {
            self.judge_start(&state)?;
        }
        Ok((state, log))
    }

    /// Says how good the checkpoint is that it goes on from.
    fn judge_start(&mut self, state: &State) -> Result<()> {
        let loss = held_out(&state.model, &self.judged, &mut self.judge)?.loss;
        let guessing = (self.recipe.vocab as f64).ln();
        let doubt = match loss > guessing {
            true => format!("; to guess blindly costs only {guessing:.3}: were its tokens others?"),
            false => String::new(),
        };
        eprintln!("on what is held out here its loss is {loss:.3} nats a token{doubt}");
        Ok(())
    }

    /// Takes all steps.
    pub fn steps(&mut self, state: &mut State, log: &mut Log) -> Result<()> {
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
                folder.keep(state.step, &solution::checkpoint(state)?, &log.csv())?;
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
        log.end();
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
        (self.first..steps).try_fold(0, |tokens, step| {
            let rows = solution::rows_at(of_row.len(), batch, seed, step)?;
            Ok(tokens + rows.iter().map(|&row| of_row[row]).sum::<usize>())
        })
    }

    /// Writes the model as it is kept: in f16, and judged so.
    pub fn finish(&mut self, state: &mut State, log: &Log, texts: &Texts) -> Result<()> {
        let recipe = &self.recipe;
        let weights = weights(&mut state.model)?;
        let now = held_out(&state.model, &self.judged, &mut self.judge)?;
        let bytes: usize = texts.held_out.iter().map(|text| text.len() + 1).sum();
        let bits = now.loss / std::f64::consts::LN_2 * self.judged.tokens() as f64 / bytes as f64;
        let rounded = |x: f64| (x * 1e4).round() / 1e4;
        let Recipe { seed, steps, batch, lr, .. } = *recipe;
        let first = texts.training.iter().take(100).map(String::as_str);
        let record = Record {
            command: self.ranks.map_or_else(
                || recipe.command(),
                |ranks| format!("{} --ranks {ranks}", recipe.command()),
            ),
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
