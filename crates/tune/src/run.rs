//! The tuning itself, and what is seen of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread::available_parallelism;

use anyhow::{Context, Result, bail, ensure};
use buddy::{LossAt, sha256};
use optimizers::solution::adamw_step;
use optimizers::{AdamW, Moments};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use schedules_and_stability::solution::{clip_grad_norm, lr_at};
use serde::{Deserialize, Serialize};
use small_gpt::{Engine, Pass};
use task_heads::solution::head_backward;
use train::decoder::{Folder, svg};
use train::log::Log;
use training_loop::solution::rows_at;

use crate::arguments::{Method, Options, Recipe};
use crate::measure::{Measured, Rows, class, last_hidden, measure};
use crate::rows::{Row, csv, read_csv};
use crate::{Base, Data, Form, Learner};

/// As it is called.
pub const COMMAND: &str = "cargo study tune";
const SAMPLES: &str = "samples.json";
/// So many answers are kept in it.
const KEPT: usize = 5;
/// How a tuning ended.
pub const RESULT: &str = "training.json";

/// What was begun.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Begun {
    recipe: Recipe,
    base_sha256: String,
    data_sha256: String,
    /// The loss and the metric before the first step.
    before: [f64; 2],
}

/// How it ended, as `training.json` says it.
#[derive(Serialize)]
struct Ended<'a> {
    /// What repeats it, if it learned from Tinytown and the book's Buddy.
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<String>,
    recipe: &'a Recipe,
    base: &'a str,
    base_sha256: &'a str,
    data: &'a str,
    data_sha256: &'a str,
    /// Numbers that learned, and those of the base.
    learned: usize,
    parameters: usize,
    metric: &'static str,
    form: Form,
    /// The answers that there are, if examples have labels.
    labels: &'a [String],
    before: Judged,
    after: Judged,
    /// Of each file that was written.
    sha256: BTreeMap<&'a str, String>,
}

#[derive(Serialize)]
struct Judged {
    loss: f64,
    metric: f64,
}

/// Fine-tunes, or goes on.
///
/// # Errors
/// If the base, the data or the settings are wrong, before anything is written; if the folder cannot
/// be written, or the loss becomes no number.
pub fn tune(options: &Options) -> Result<()> {
    if let Some(folder) = &options.ask {
        return crate::ask::ask(folder, options);
    }
    let resumed: Option<(Folder, Begun)> = match &options.resume {
        Some(path) => Some(Folder::open(path, COMMAND)?),
        None => None,
    };
    let recipe = match &resumed {
        Some((_, begun)) => begun.recipe.clone(),
        None => Recipe::new(options)?,
    };
    let base = Base::open(recipe.base.as_deref())?;
    let positions = base.buddy.model.sizes.n_positions;
    let before = match recipe.method {
        Method::SoftPrompt | Method::Prefix => recipe.tokens,
        _ => 0,
    };
    ensure!(before < positions, "--tokens {before}: the model has only {positions} positions");
    let data = Data::read(&recipe, &base.buddy, positions - before)?;
    let data_sha256 = data.sha256();
    let base_sha256 = base.sha256.clone();
    let learner = Learner::new(base, &recipe, &data)?;
    say(&recipe, &learner, &data);

    let threads = options.threads.unwrap_or_else(|| available_parallelism().map_or(1, usize::from));
    let mut engine = train::decoder::engine(threads);
    let (folder, begun) = match resumed {
        Some((folder, begun)) => {
            ensure!(
                begun.data_sha256 == data_sha256 && begun.base_sha256 == base_sha256,
                "the data or the base is no longer that with which the tuning began: it cannot go on"
            );
            (folder, begun)
        }
        None => {
            let Measured { loss, metric, .. } = measure(&learner, &data, &mut engine)?;
            eprintln!("before: held out {loss:.3}, {} {:.1}%", data.metric.name(), 100.0 * metric);
            let out = match &options.out {
                Some(out) => out.clone(),
                None => usual(recipe.method)?,
            };
            set_aside(&out)?;
            let before = [loss, metric];
            let begun = Begun { recipe, base_sha256, data_sha256, before };
            (Folder::begin(&out, &begun, COMMAND)?, begun)
        }
    };
    let moments = Moments::new(learner.numbers().len());
    let every = options.every;
    let pass = Pass::default();
    let mut run = Run {
        begun,
        learner,
        data,
        folder,
        engine,
        pass,
        moments,
        step: 0,
        every,
        rows: Vec::new(),
    };
    run.all()
}

fn usual(method: Method) -> Result<PathBuf> {
    Ok(lessons::workspace_root()?.join("target/tuned").join(method.name()))
}

/// What a folder holds that was tuned before is kept as `FOLDER.old`, in place of an older copy.
fn set_aside(out: &Path) -> Result<()> {
    let shown = out.display();
    let is_empty = |path: &Path| path.read_dir().map(|mut files| files.next().is_none());
    if !out.exists() || (out.is_dir() && is_empty(out)?) {
        return Ok(());
    }
    ensure!(
        out.join("run.json").is_file(),
        "{shown} holds something that is no tuning: give another --out FOLDER"
    );
    // If it has checkpoints, `Folder::begin` says how to go on. Without them and without an end there
    // is nothing in it, and an older copy is worth more.
    if out.join("checkpoints.json").exists() || !out.join(RESULT).exists() {
        return Ok(());
    }
    let mut old = out.to_owned().into_os_string();
    old.push(".old");
    let old = PathBuf::from(old);
    let cannot = || format!("{} cannot be replaced", old.display());
    if old.exists() {
        ensure!(old.join("run.json").is_file(), "{}: it is no tuning", cannot());
        fs::remove_dir_all(&old).with_context(cannot)?;
    }
    fs::rename(out, &old).with_context(cannot)?;
    eprintln!("what was in {shown} is now in {}", old.display());
    Ok(())
}

/// What is going to be done.
fn say(recipe: &Recipe, learner: &Learner, data: &Data) {
    let (learned, all) = (learner.numbers().len(), learner.parameters);
    eprintln!(
        "tuning {} by {} on {}: {} examples, {} held out",
        learner.base.name,
        recipe.method.name(),
        data.name,
        data.training.len(),
        data.held_out.len()
    );
    if data.too_long > 0 {
        eprintln!(
            "left out: {} with more than the {} tokens that the model has room for",
            data.too_long, data.room
        );
    }
    // Each number has a slope and two moments besides.
    let megabytes = 16.0 * learned as f64 / 1e6;
    eprintln!(
        "{learned} numbers learn, {:.2}% of the {all} of the model; with slopes and moments they take {megabytes:.1} MB",
        100.0 * learned as f64 / all as f64
    );
}

/// The most memory that this program had so far, in megabytes, where the system tells it.
fn memory() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes * 1024.0 / 1e6)
}

struct Run {
    begun: Begun,
    learner: Learner,
    data: Data,
    folder: Folder,
    engine: Engine,
    pass: Pass,
    moments: Moments,
    step: usize,
    every: usize,
    rows: Vec<Row>,
}

impl Run {
    fn all(&mut self) -> Result<()> {
        let steps = self.begun.recipe.steps;
        let mut log = Log::new(steps);
        if self.folder.is_begun() {
            self.restore()?;
            eprintln!("going on after step {}", self.step);
            log.go_on(self.step, Vec::new());
        }
        let (mut sum, mut count) = (0.0, 0);
        while self.step < steps {
            let (loss, tokens) = self.step().map_err(|error| self.told(error))?;
            self.step += 1;
            (sum, count) = (sum + loss, count + 1);
            log.step(self.step, loss, tokens);
            if self.step.is_multiple_of(self.every) || self.step == steps {
                self.look(sum / f64::from(count), &mut log)?;
                (sum, count) = (0.0, 0);
            }
        }
        log.end();
        self.finish()
    }

    fn told(&self, error: anyhow::Error) -> anyhow::Error {
        match self.folder.is_begun() {
            true => error.context(format!(
                "the last checkpoint is kept in {}",
                self.folder.path().display()
            )),
            false => error,
        }
    }

    /// A step of the optimizer; the loss before it, and how many tokens were read.
    fn step(&mut self) -> Result<(f64, usize)> {
        let Recipe { batch, seed, clip, decay, .. } = self.begun.recipe;
        let which = rows_at(self.data.training.len(), batch, seed, self.step)?;
        let items: Vec<_> = which.iter().map(|&row| &self.data.training[row]).collect();
        let base = &self.learner.base.buddy;
        let (mut gradient, loss, tokens);
        if let Some(head) = self.learner.head() {
            let hidden = last_hidden(&self.learner, &items, &mut self.pass)?;
            let classes: Vec<i64> = items.iter().map(|item| class(&self.data, item)).collect();
            let slopes = head_backward(&hidden, &classes, &head)?;
            gradient = [slopes.weight, slopes.bias].concat();
            loss = slopes.loss;
            tokens = items.iter().map(|item| item.given).sum();
        } else {
            let rows = Rows::of(items.iter().map(|item| &item.encoded), base.end)?;
            let asked = rows.labels.iter().filter(|label| **label >= 0).count();
            let (scale, tuning) = ((1.0 / asked as f64) as f32, self.learner.tuning());
            gradient = vec![0.0; tuning.len()];
            let texts = rows.texts();
            let summed =
                self.engine.gradient_tuned(&base.model, tuning, texts, scale, &mut gradient);
            loss = summed.mean();
            tokens = rows.tokens();
        }
        if !loss.is_finite() {
            bail!("the loss of step {} is no number: give a smaller --lr", self.step + 1);
        }
        clip_grad_norm(&mut [&mut gradient], clip)?;
        let lr = lr_at(&self.begun.recipe.schedule(), self.step);
        let adamw = AdamW { lr, beta1: 0.9, beta2: 0.999, eps: 1e-8 };
        let (groups, moments) = (self.learner.decay(decay), &mut self.moments);
        self.learner
            .change(|numbers| adamw_step(numbers, &gradient, &groups, moments, &adamw))??;
        Ok((loss, tokens))
    }

    /// Measures, shows, and keeps a checkpoint.
    fn look(&mut self, loss: f64, log: &mut Log) -> Result<()> {
        let Measured { loss: held_out, metric, samples } =
            measure(&self.learner, &self.data, &mut self.engine)?;
        let step = self.step;
        let memory = memory().map_or_else(String::new, |most| format!("  {most:.0} MB"));
        log.note(format!("  {} {:.1}%{memory}", self.data.metric.name(), 100.0 * metric));
        log.row(LossAt { step, loss, held_out });
        self.rows.push(Row { step, loss, held_out, metric });
        self.folder.keep(step, &self.checkpoint()?, &csv(&self.rows))?;
        let rows = self.rows.iter();
        let rows: Vec<LossAt> =
            rows.map(|&Row { step, loss, held_out, .. }| LossAt { step, loss, held_out }).collect();
        self.folder.write("loss.svg", svg(&rows).as_bytes())?;
        self.folder.write(SAMPLES, &json(&samples[..samples.len().min(KEPT)])?)
    }

    /// All that a tuning is besides its base and its data.
    fn checkpoint(&self) -> Result<Vec<u8>> {
        let bytes = |numbers: &[f32]| -> Vec<u8> {
            numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
        };
        let parts = [
            ("numbers", bytes(self.learner.numbers())),
            ("adamw.m", bytes(&self.moments.m)),
            ("adamw.v", bytes(&self.moments.v)),
        ];
        let mut views = Vec::new();
        for (name, bytes) in &parts {
            views.push((name, TensorView::new(Dtype::F32, vec![bytes.len() / 4], bytes)?));
        }
        Ok(safetensors::serialize(views, None)?)
    }

    fn restore(&mut self) -> Result<()> {
        let count = self.learner.numbers().len();
        let (step, numbers, moments) = self.folder.last(|step, bytes| {
            let file = SafeTensors::deserialize(bytes)?;
            let read = |name: &str| -> Result<Vec<f32>> {
                let view = file.tensor(name)?;
                ensure!(
                    view.dtype() == Dtype::F32 && view.shape() == [count],
                    "{name} is of another tuning"
                );
                let numbers = view.data().as_chunks::<4>().0.iter();
                Ok(numbers.map(|&bytes| f32::from_le_bytes(bytes)).collect())
            };
            let (m, v) = (read("adamw.m")?, read("adamw.v")?);
            Ok((step, read("numbers")?, Moments { m, v, step: step as u64 }))
        })?;
        self.learner.change(|own| own.copy_from_slice(&numbers))?;
        self.moments = moments;
        self.step = step;
        self.rows = read_csv(&self.folder.losses()?)?;
        self.rows.retain(|row| row.step <= step);
        Ok(())
    }

    fn finish(&mut self) -> Result<()> {
        let files = self.learner.files()?;
        // As it was written: a whole model is rounded to f16.
        let Measured { loss, metric, samples } =
            measure(&self.learner, &self.data, &mut self.engine)?;
        let Begun { recipe, base_sha256, data_sha256, before } = &self.begun;
        let ended = Ended {
            command: recipe.command().filter(|_| recipe.base.is_none()),
            recipe,
            base: &self.learner.base.name,
            base_sha256,
            data: &self.data.name,
            data_sha256,
            learned: self.learner.numbers().len(),
            parameters: self.learner.parameters,
            metric: self.data.metric.name(),
            form: self.data.form,
            labels: &self.data.labels,
            before: Judged { loss: before[0], metric: before[1] },
            after: Judged { loss, metric },
            sha256: files.iter().map(|(name, bytes)| (*name, sha256(bytes))).collect(),
        };
        self.folder.write(SAMPLES, &json(&samples[..samples.len().min(KEPT)])?)?;
        for (name, bytes) in files {
            self.folder.write(name, &bytes)?;
        }
        self.folder.write(RESULT, &json(&ended)?)?;
        println!("wrote {}", self.folder.path().display());
        println!(
            "held out: loss {:.3} → {loss:.3}, {} {:.1}% → {:.1}%",
            before[0],
            ended.metric,
            100.0 * before[1],
            100.0 * metric
        );
        if recipe.method == Method::Qlora {
            println!(
                "it was measured beside weights in 4 bits: beside others it answers a little otherwise"
            );
        }
        self.folder.clone().end()
    }
}

fn json(value: &(impl Serialize + ?Sized)) -> Result<Vec<u8>> {
    Ok((serde_json::to_string_pretty(value)? + "\n").into_bytes())
}
