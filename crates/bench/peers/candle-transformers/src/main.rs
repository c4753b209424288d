//! candle-transformers as a contender: its arguments are a model's name and files, and for each line
//! that it reads it runs once. See `crates/bench/src/peer.rs`.

use std::collections::HashMap;
use std::io::{BufRead, stdin};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use candle_core::{D, DType, Device, Tensor, safetensors};
use candle_nn::VarBuilder;
use candle_transformers::models::bert::{self, BertModel};
use candle_transformers::models::bigcode::{self, GPTBigCode};
use serde::Deserialize;
use serde_json::json;

type Run = Box<dyn FnMut() -> Result<Vec<Vec<f32>>>>;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut run = match *arguments {
        ["gpt", weights, sizes, ids] => gpt(weights, sizes, ids)?,
        ["bert", folder, batches] => bert(folder, batches)?,
        _ => bail!("give gpt WEIGHTS SIZES IDS, or bert FOLDER BATCHES"),
    };
    println!("PEER {}", json!({ "ready": true }));
    for line in stdin().lock().lines() {
        line?;
        let start = Instant::now();
        let result = run()?;
        let seconds = start.elapsed().as_secs_f64();
        println!("PEER {}", json!({ "seconds": seconds, "result": result }));
    }
    Ok(())
}

fn json<T: for<'a> Deserialize<'a>>(path: &str) -> Result<T> {
    let text = std::fs::read_to_string(path).with_context(|| path.to_owned())?;
    Ok(serde_json::from_str(&text)?)
}

#[derive(Deserialize)]
struct Sizes {
    n_layer: usize,
    n_head: usize,
    n_embd: usize,
    n_positions: usize,
    vocab_size: usize,
}

/// The last logits of each row. GPT-BigCode is GPT-2 whose heads share their keys and values; with
/// one head it is GPT-2.
fn gpt(weights: &str, sizes: &str, ids: &str) -> Result<Run> {
    let sizes: Sizes = json(sizes)?;
    let ids = Tensor::new(json::<Vec<Vec<u32>>>(ids)?, &Device::Cpu)?;
    let mut tensors = HashMap::new();
    for (name, tensor) in safetensors::load(weights, &Device::Cpu)? {
        // GPT-2's weights lie the other way around.
        let turned = name.contains(".c_") && name.ends_with("weight");
        let tensor = if turned { tensor.t()?.contiguous()? } else { tensor };
        tensors.insert(format!("transformer.{name}"), tensor);
    }
    let config = bigcode::Config {
        vocab_size: sizes.vocab_size,
        max_position_embeddings: sizes.n_positions,
        num_hidden_layers: sizes.n_layer,
        hidden_size: sizes.n_embd,
        layer_norm_epsilon: 1e-5,
        n_inner: None,
        num_attention_heads: sizes.n_head,
        multi_query: true,
        use_cache: false,
    };
    let weights = VarBuilder::from_tensors(tensors, DType::F32, &Device::Cpu);
    let mut model = GPTBigCode::load(weights, config)?;
    Ok(Box::new(move || Ok(model.forward(&ids, 0)?.to_vec2()?)))
}

/// A vector of length 1 for each sentence: batches name their places and have their ids.
fn bert(folder: &str, batches: &str) -> Result<Run> {
    let config: bert::Config = json(&format!("{folder}/config.json"))?;
    let tensors = safetensors::load(format!("{folder}/model.safetensors"), &Device::Cpu)?;
    let weights = VarBuilder::from_tensors(tensors, DType::F32, &Device::Cpu);
    let model = BertModel::load(weights, &config)?;
    let batches: Vec<(Vec<usize>, Vec<Vec<u32>>)> = json(batches)?;
    let count = batches.iter().map(|(places, _)| places.len()).sum();
    Ok(Box::new(move || {
        let mut vectors = vec![Vec::new(); count];
        for (places, texts) in &batches {
            let longest = texts.iter().map(Vec::len).max().unwrap_or(0);
            let padded = |text: &Vec<u32>| {
                let mut ids = text.clone();
                ids.resize(longest, 0);
                ids
            };
            let ids = Tensor::new(texts.iter().map(padded).collect::<Vec<_>>(), &Device::Cpu)?;
            let is_token = |text: &Vec<u32>| {
                (0..longest).map(|i| u32::from(i < text.len())).collect::<Vec<_>>()
            };
            let mask = Tensor::new(texts.iter().map(is_token).collect::<Vec<_>>(), &Device::Cpu)?;
            let hidden = model.forward(&ids, &ids.zeros_like()?, Some(&mask))?;
            let mask = mask.to_dtype(DType::F32)?.unsqueeze(2)?;
            let sum = hidden.broadcast_mul(&mask)?.sum(1)?;
            let mean = sum.broadcast_div(&mask.sum(1)?)?;
            let unit = mean.broadcast_div(&mean.sqr()?.sum_keepdim(D::Minus1)?.sqrt()?)?;
            for (&place, vector) in places.iter().zip(unit.to_vec2()?) {
                vectors[place] = vector;
            }
        }
        Ok(vectors)
    }))
}
