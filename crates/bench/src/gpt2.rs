//! A forward pass of the lesson's GPT-2 against transformers and candle-transformers with the same
//! weights on the same cores.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::time::Instant;

use anyhow::Result;
use candle_core::{Device, Tensor, safetensors};
use gpt::{Config, Gpt2, SOLUTION};
use serde_json::json;

use crate::peer::{Peer, Way, compare, rounds, scratch};

/// What is run: its name, its sizes, the shape of the ids, and how many rounds.
fn contests() -> [(&'static str, Config, [usize; 2], usize); 3] {
    let small = Config { vocab_size: 512, n_positions: 256, ..Config::gpt2(4, 8, 256) };
    // candle-transformers has no GPT-2; its GPT-BigCode with one head computes the same.
    let one_head = Config { n_head: 1, ..small.clone() };
    [
        ("4 blocks, 256 wide, 8 heads, 4 × 128 tokens", small, [4, 128], 15),
        ("the same with one head", one_head, [4, 128], 15),
        ("GPT-2 small, 1 × 128 tokens", Config::gpt2(12, 12, 768), [1, 128], 5),
    ]
}

/// Prints the ratios, or what is missing.
pub fn bench(root: &Path) -> Result<()> {
    println!("Logits of GPT-2 on the CPU");
    for (name, config, shape, rounds) in contests() {
        contest(root, name, &config, shape, rounds)?;
    }
    Ok(())
}

fn contest(
    root: &Path,
    name: &str,
    config: &Config,
    [batch, seq]: [usize; 2],
    times: usize,
) -> Result<()> {
    let (model, tensors) = model(config)?;
    let number = |i: usize| ((i * 7919 + 13) % config.vocab_size) as u32;
    let ids: Vec<Vec<u32>> =
        (0..batch).map(|row| (0..seq).map(|i| number(row * seq + i)).collect()).collect();
    let folder = scratch("gpt")?;
    let [weights, sizes, ids_file] =
        ["model.safetensors", "sizes.json", "ids.json"].map(|name| folder.join(name));
    safetensors::save(&tensors, &weights)?;
    drop(tensors);
    let all = json!({
        "n_layer": config.n_layer, "n_head": config.n_head, "n_embd": config.n_embd,
        "n_positions": config.n_positions, "vocab_size": config.vocab_size,
    });
    fs::write(&sizes, all.to_string())?;
    fs::write(&ids_file, serde_json::to_string(&ids)?)?;

    let ids = Tensor::new(ids, &Device::Cpu)?;
    let ours = || {
        let start = Instant::now();
        let (logits, _) = (SOLUTION.forward)(&model, &ids, None, &[])?;
        let last = logits.narrow(1, seq - 1, 1)?.squeeze(1)?.to_vec2::<f32>()?;
        Ok((start.elapsed(), last))
    };
    let mut ways: Vec<Way<'_>> = vec![Box::new(ours)];
    let mut names = Vec::new();
    let files: [&Path; 3] = [&weights, &sizes, &ids_file];
    match Peer::python(include_str!("peers/gpt2.py"), &files)? {
        Some(mut peer) => {
            names.push("transformers");
            ways.push(Box::new(move || peer.run("once")));
        }
        None => println!("  STUDY_PYTHON names no interpreter with transformers"),
    }
    if config.n_head == 1 {
        let arguments = [&[Path::new("gpt")][..], &files].concat();
        if let Some(mut peer) = Peer::program(root, "candle-transformers", &arguments)? {
            names.push("candle-transformers (1 is the budget)");
            ways.push(Box::new(move || peer.run("once")));
        }
    }
    let times = rounds(times, &mut ways, 1e-3)?;
    drop(ways);
    fs::remove_dir_all(&folder)?;
    println!("  {name}: ours take {:.1} ms", times[0].median().as_secs_f64() * 1e3);
    compare(&names, &times);
    Ok(())
}

/// A model of drawn weights, and its tensors by name.
fn model(config: &Config) -> Result<(Gpt2, HashMap<String, Tensor>)> {
    let mut tensors = HashMap::new();
    let mut state = 1_u64;
    let mut draw = || {
        // Steele and Vigna, 2021: the multiplier of a linear congruential generator.
        state = state.wrapping_mul(0xd134_2543_de82_ef95).wrapping_add(1);
        (state >> 40) as f32 / (1 << 23) as f32 - 1.0
    };
    let model = Gpt2::from_tensors(config.clone(), |name, shape| {
        let (mean, spread) = match shape.len() {
            1 if name.ends_with("weight") => (1.0, 0.1),
            1 => (0.0, 0.1),
            _ => (0.0, 0.06),
        };
        let numbers: Vec<f32> =
            (0..shape.iter().product()).map(|_| mean + spread * draw()).collect();
        let tensor = Tensor::from_vec(numbers, shape, &Device::Cpu)?;
        tensors.insert(name.to_owned(), tensor.clone());
        Ok(tensor)
    })?;
    Ok((model, tensors))
}
