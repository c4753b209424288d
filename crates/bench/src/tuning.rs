//! A step of LoRA on Buddy: against PyTorch with peft, which begins with the same numbers and reads
//! the same rows, so the losses are compared, too; and against our own step of full fine-tuning.

use std::fs;
use std::path::Path;
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use clap::Parser;
use optimizers::solution::adamw_step;
use optimizers::{AdamW, Moments};
use serde_json::json;
use small_gpt::{Engine, Texts};
use train::decoder::{Size, engine};
use training_loop::Rows;
use training_loop::solution::rows_at;
use tune::arguments::{Arguments, Recipe};
use tune::{Base, Learner};

use crate::peer::{Peer, scratch};
use crate::timing::{Times, ratio};

/// Steps that are compared, behind one that only warms up.
const STEPS: usize = 30;
/// The losses of both may differ by so much, as a share.
const TOLERANCE: f64 = 2e-3;
const LR: f64 = 1e-3;
const BATCH: usize = 16;
const SEED: u64 = 1;

/// Prints the ratios, or what is missing.
pub fn bench() -> Result<()> {
    let recipe = train::decoder::Recipe::of(Size::Buddy);
    let texts = train::decoder::Texts::read(&recipe)?;
    let threads = available_parallelism()?.into();
    let (mut lora, mut full) = (Way::new("lora", threads)?, Way::new("full", threads)?);
    let bpe = texts.vocabulary(recipe.vocab)?;
    let rows = train::decoder::rows(&texts.training[..4000], &bpe, recipe.context)?;
    let rows = Rows::from(&rows[..]);
    println!(
        "A step of tuning Buddy, {BATCH} rows of {} tokens, {threads} threads: LoRA has {} numbers \
         of {}",
        rows.context,
        lora.moments.m.len(),
        lora.learner.parameters
    );
    let folder = scratch("tuning")?;
    for (name, bytes) in lora.learner.files()? {
        fs::write(folder.join(name), bytes)?;
    }
    let all = folder.join("rows.json");
    let ids: Vec<&[u32]> = rows.ids.chunks(rows.context).collect();
    let labels: Vec<&[i64]> = rows.labels.chunks(rows.context).collect();
    fs::write(&all, json!({ "ids": ids, "labels": labels, "lr": LR }).to_string())?;
    let base = lora.learner.base.folder.clone();
    let files: [&Path; 3] = [&base, &folder, &all];
    let mut peer = Peer::python(include_str!("peers/peft.py"), &files)?;

    let (mut ours, mut whole, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
    let mut most = 0.0_f64;
    for step in 0..=STEPS {
        let which = rows_at(rows.count(), BATCH, SEED, step)?;
        let (time, loss) = lora.step(&rows, &which)?;
        let (time_of_all, _) = full.step(&rows, &which)?;
        let mut both = None;
        if let Some(peer) = &mut peer {
            let (time, theirs) = peer.run::<f64>(&json!(which).to_string())?;
            most = most.max((loss - theirs).abs() / theirs);
            both = Some(time);
        }
        if step > 0 {
            ours.push(time);
            whole.push(time_of_all);
            theirs.extend(both);
        }
    }
    fs::remove_dir_all(folder)?;
    let (ours, whole) = (Times::new(ours), Times::new(whole));
    match peer {
        Some(_) => {
            let theirs = Times::new(theirs);
            println!(
                "    {:.2}× as fast as PyTorch with peft ({:.2}× by the shortest steps; 0.8 is the \
                 budget); losses differ by {most:.1e} at most",
                ratio(theirs.median(), ours.median()),
                ratio(theirs.shortest(), ours.shortest())
            );
            ensure!(most < TOLERANCE, "the two do not train the same");
        }
        None => println!("  STUDY_PYTHON names no interpreter with peft"),
    }
    println!(
        "    {:.2}× as fast as full fine-tuning ({:.2}× by the shortest steps; 1 is the budget), \
         with {:.3} of its optimizer's memory (0.5 is the budget)",
        ratio(whole.median(), ours.median()),
        ratio(whole.shortest(), ours.shortest()),
        lora.moments.m.len() as f64 / full.moments.m.len() as f64
    );
    Ok(())
}

/// What learns, and how.
struct Way {
    learner: Learner,
    moments: Moments,
    engine: Engine,
}

impl Way {
    fn new(method: &str, threads: usize) -> Result<Self> {
        let arguments = Arguments::try_parse_from(["tune", "--method", method])?;
        let recipe = Recipe::new(&arguments.options)?;
        let learner = Learner::with_labels(Base::open(None)?, &recipe, &[])?;
        let moments = Moments::new(learner.numbers().len());
        Ok(Self { learner, moments, engine: engine(threads) })
    }

    /// A step of AdamW on these rows: what it took, and the loss before it.
    fn step(&mut self, rows: &Rows, which: &[usize]) -> Result<(Duration, f64)> {
        let seq = rows.context;
        let (mut ids, mut labels) = (Vec::new(), Vec::new());
        for row in which {
            ids.extend_from_slice(&rows.ids[row * seq..][..seq]);
            labels.extend_from_slice(&rows.labels[row * seq..][..seq]);
        }
        let asked = labels.iter().filter(|label| **label >= 0).count();
        let start = Instant::now();
        let texts = Texts { ids: &ids, labels: &labels, seq };
        let Self { learner, moments, engine } = self;
        let mut gradient = vec![0.0; moments.m.len()];
        let (model, tuning) = (&learner.base.buddy.model, learner.tuning());
        let scale = 1.0 / asked as f32;
        let summed = engine.gradient_tuned(model, tuning, texts, scale, &mut gradient);
        let (groups, settings) = (learner.decay(0.0), AdamW { lr: LR, ..AdamW::default() });
        learner.change(|numbers| adamw_step(numbers, &gradient, &groups, moments, &settings))??;
        Ok((start.elapsed(), summed.mean()))
    }
}
