//! What a model is worth, what it writes, and the files that are kept of it.

use std::collections::HashMap;

use anyhow::{Context, Result, ensure};
use half::f16;
use rand::Rng;
use safetensors::tensor::TensorView;
use small_gpt::{Engine, Model, Products};
use softmax_sampling::Sampling;
use tokenization::Bpe;
use training_loop::{Rows, solution};

use super::products::Gemm;
use super::recipe::Recipe;
use super::run::PORTION;
use crate::run::HeldOut;

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
///
/// # Errors
/// If a number is too large for f16.
pub fn weights(model: &mut Model) -> Result<Vec<u8>> {
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
pub(super) fn config(recipe: &Recipe) -> serde_json::Value {
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
