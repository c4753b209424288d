//! Writes what PyTorch needs to train the same: `cargo run -p train --example curve -- FOLDER`, then
//! `python crates/train/golden/curve.py FOLDER`.

mod setting;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use schedules_and_stability::solution::lr_at;
use serde_json::json;
use training_loop::solution::{checkpoint, rows_at};

/// So many steps are compared.
const STEPS: usize = 300;

fn main() -> Result<()> {
    let folder = std::env::args().nth(1).context("say into which folder")?;
    let folder = PathBuf::from(folder);
    fs::create_dir_all(&folder)?;
    let (recipe, rows, state) = setting::setting()?;
    let settings = recipe.settings();
    let mut steps = Vec::new();
    for step in 0..STEPS {
        let which = rows_at(rows.count(), recipe.batch, recipe.seed, step)?;
        let picked = rows.pick(&which, recipe.sizes())?;
        let ids: Vec<&[u32]> = picked.ids.chunks(recipe.context).collect();
        let labels: Vec<&[i64]> = picked.labels.chunks(recipe.context).collect();
        let lr = lr_at(&settings.schedule, step);
        steps.push(json!({ "lr": lr, "ids": ids, "labels": labels }));
    }
    let sizes = recipe.sizes();
    let data = json!({
        "sizes": {
            "n_layer": sizes.n_layer, "n_head": sizes.n_head, "n_embd": sizes.n_embd,
            "n_positions": sizes.n_positions, "vocab_size": sizes.vocab_size,
        },
        "beta1": settings.beta1, "beta2": settings.beta2, "eps": settings.eps,
        "decay": settings.weight_decay, "clip": settings.max_norm, "steps": steps,
    });
    fs::write(folder.join("data.json"), data.to_string())?;
    fs::write(folder.join("start.safetensors"), checkpoint(&state)?)?;
    Ok(())
}
