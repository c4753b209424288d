//! Buddy's training on the CPU against PyTorch: the same first weights, rows and settings on the same
//! cores, step by step, so the losses are compared, too.

use std::fs;
use std::path::Path;
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use rand::SeedableRng;
use rand::rngs::StdRng;
use schedules_and_stability::solution::lr_at;
use serde_json::json;
use small_gpt::{Model, Portable, Products};
use train::decoder::{Recipe, Size, Texts, engine, rows};
use training_loop::solution::{checkpoint, rows_at, train_step};
use training_loop::{Rows, State};

use crate::peer::{Peer, scratch};
use crate::timing::{Times, ratio};

/// Steps that are compared, behind one that only warms up.
const STEPS: usize = 40;
/// The losses of both may differ by so much, as a share.
const TOLERANCE: f64 = 2e-3;

/// Prints the ratios, or what is missing.
pub fn bench() -> Result<()> {
    let recipe = Recipe::of(Size::Buddy);
    let texts = Texts::read(&recipe)?;
    let bpe = texts.vocabulary(recipe.vocab)?;
    let rows = Rows::from(&rows(&texts.training[..4000], &bpe, recipe.context)?[..]);
    let settings = recipe.settings();
    let mut state = State::new(Model::random(recipe.sizes(), &mut StdRng::seed_from_u64(1)));
    let threads = available_parallelism()?.into();
    println!(
        "Training Buddy, {} parameters, {} rows of {} tokens a step, {threads} threads",
        state.model.parameters.len(),
        recipe.batch,
        recipe.context
    );
    let folder = scratch("training")?;
    let [weights, sizes, all] =
        ["weights.safetensors", "sizes.json", "rows.json"].map(|name| folder.join(name));
    fs::write(&weights, checkpoint(&state)?)?;
    let described = json!({
        "n_layer": recipe.layers, "n_head": recipe.heads, "n_embd": recipe.width,
        "n_positions": recipe.context, "vocab_size": recipe.vocab,
    });
    fs::write(&sizes, described.to_string())?;
    let ids: Vec<&[u32]> = rows.ids.chunks(recipe.context).collect();
    let labels: Vec<&[i64]> = rows.labels.chunks(recipe.context).collect();
    let data = json!({
        "ids": ids, "labels": labels, "decay": recipe.decay, "beta2": recipe.beta2,
        "clip": recipe.clip,
    });
    fs::write(&all, data.to_string())?;
    let files: [&Path; 3] = [&weights, &sizes, &all];
    let mut peer = Peer::python(include_str!("peers/training.py"), &files)?;

    let mut engine = engine(threads);
    let (mut ours, mut theirs, mut apart) = (Vec::new(), Vec::new(), Vec::new());
    let tokens = (recipe.batch * recipe.context) as f64;
    for step in 0..=STEPS {
        let which = rows_at(rows.count(), recipe.batch, recipe.seed, step)?;
        let start = Instant::now();
        let report = train_step(&mut state, &rows, &settings, &mut engine)?;
        let time = start.elapsed();
        let mut both = None;
        if let Some(peer) = &mut peer {
            let line = json!({ "lr": lr_at(&settings.schedule, step), "rows": which });
            let (time, loss) = peer.run::<f64>(&line.to_string())?;
            apart.push((report.loss - loss).abs() / loss);
            both = Some(time);
        }
        if step > 0 {
            ours.push(time);
            theirs.extend(both);
        }
    }
    fs::remove_dir_all(folder)?;
    let ours = Times::new(ours);
    println!("    {:.0} tokens/s (median step)", tokens / ours.median().as_secs_f64());
    match peer {
        Some(_) => {
            let theirs = Times::new(theirs);
            println!(
                "    {:.2}× as fast as PyTorch ({:.2}× by the shortest steps; 0.8 is the budget)",
                ratio(theirs.median(), ours.median()),
                ratio(theirs.shortest(), ours.shortest())
            );
            let mean = apart.iter().sum::<f64>() / apart.len() as f64;
            let most = apart.iter().copied().fold(0.0, f64::max);
            println!(
                "    losses of {} steps differ by {mean:.1e} on average, {most:.1e} at most",
                apart.len()
            );
            ensure!(most < TOLERANCE, "the two do not train the same");
        }
        None => println!("  STUDY_PYTHON names no interpreter with transformers"),
    }
    one_thread(&recipe, &rows)
}

/// What the products that a page has cost, which have the same bits everywhere.
fn one_thread(recipe: &Recipe, rows: &Rows) -> Result<()> {
    let step = |products: fn() -> Box<dyn Products + Send>| -> Result<Duration> {
        let mut state = State::new(Model::random(recipe.sizes(), &mut StdRng::seed_from_u64(1)));
        let mut engine = small_gpt::Engine::new(4, 1, products);
        let mut times = Vec::new();
        for _ in 0..6 {
            let start = Instant::now();
            train_step(&mut state, rows, &recipe.settings(), &mut engine)?;
            times.push(start.elapsed());
        }
        Ok(Times::new(times).shortest())
    };
    let fast = step(|| Box::new(train::decoder::Gemm))?;
    let portable = step(|| Box::<Portable>::default())?;
    println!(
        "    on one thread, with the page's products {:.2}× as fast as with gemm's",
        ratio(fast, portable)
    );
    Ok(())
}
