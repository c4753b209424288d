//! Models and what is right for them.

use gpt::Config;

use crate::{Model, Place, tensors};

/// A small model: `n_layer`, `n_head`, `n_embd`, `n_inner`, `n_positions`, `vocab_size`.
pub fn config([n_layer, n_head, n_embd, n_inner, n_positions, vocab_size]: [usize; 6]) -> Config {
    Config {
        n_inner: Some(n_inner),
        n_positions,
        vocab_size,
        layer_norm_epsilon: 0.01,
        eos_token_id: None,
        ..Config::gpt2(n_layer, n_head, n_embd)
    }
}

/// Where tensors lie, added up tensor by tensor.
pub fn places(config: &Config) -> Vec<Place> {
    let mut places = Vec::new();
    let mut at = 0;
    for (name, [rows, cols]) in tensors(config) {
        places.push(Place { name, rows, cols, at });
        for _ in 0..rows {
            at += cols / 4 + usize::from(cols % 4 > 0);
        }
    }
    places
}

/// The model of the golden files of the lesson on GPT, whose logits are those of transformers.
#[cfg(not(target_family = "wasm"))]
pub fn golden() -> Result<(Model, Vec<u32>, Vec<f64>), grading::Failure> {
    use serde::Deserialize;

    #[derive(Deserialize)]
    struct Golden {
        texts: Vec<Text>,
    }
    #[derive(Deserialize)]
    struct Text {
        name: String,
        ids: Vec<u32>,
        logits: Vec<f64>,
    }
    let config = Config::from_json(include_str!("../../gpt/golden/config.json"))?;
    let weights = include_bytes!("../../gpt/golden/tiny.safetensors").to_vec();
    let mut checkpoint = checkpoint::Checkpoint::read(weights)?.without_prefix("transformer.")?;
    let mut numbers = Vec::new();
    for (name, [rows, cols]) in tensors(&config) {
        let is_table = name.ends_with("weight") && !name.contains("ln_");
        let shape = [rows, cols];
        let shape = if is_table { &shape[..] } else { &shape[1..] };
        numbers.push(checkpoint.take(&name, shape)?.flatten_all()?.to_vec1::<f32>()?);
    }
    let golden: Golden = serde_json::from_str(include_str!("../../gpt/golden/gpt.json"))?;
    let text = golden.texts.into_iter().find(|text| text.name == "a text as long as fits");
    let text = text.ok_or(grading::Failure::wrong("the golden text is missing"))?;
    Ok((Model { config, tensors: numbers }, text.ids, text.logits))
}
