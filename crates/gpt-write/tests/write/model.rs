//! A GPT-2 of a few numbers, with the tokenizer that the tests of `tokenizer-file` have.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use candle_core::Tensor;
use gpt::{Config, Gpt2};
use tempfile::TempDir;

pub const TOKENIZER: &str = "tokenizer.json";
pub const MERGES: &str = "merges.txt";

const VOCABULARY: &str = include_str!("../../../tokenizer-file/golden/gpt2.json");

/// A folder with config.json, model.safetensors and tokenizer.json.
pub fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let config =
        Config { n_positions: 40, vocab_size: 500, eos_token_id: Some(0), ..Config::gpt2(2, 2, 8) };
    let json = serde_json::json!({
        "model_type": "gpt2", "n_layer": 2, "n_head": 2, "n_embd": 8, "n_positions": 40,
        "vocab_size": 500, "layer_norm_epsilon": 1e-5, "eos_token_id": 0,
    });
    fs::write(folder.path().join("config.json"), json.to_string()).unwrap();
    let Gpt2 { wte, wpe, h, ln_f, .. } = Gpt2::random(config, 12).unwrap();
    let mut tensors: HashMap<String, Tensor> = HashMap::new();
    let mut put = |name: String, tensor: Tensor| tensors.insert(name, tensor);
    // Larger than they are drawn, or all tokens are alike.
    put("wte.weight".into(), (wte * 40.0).unwrap());
    put("wpe.weight".into(), (wpe * 40.0).unwrap());
    for (i, block) in h.into_iter().enumerate() {
        for (name, norm) in [("ln_1", block.ln_1), ("ln_2", block.ln_2)] {
            put(format!("h.{i}.{name}.weight"), norm.weight);
            put(format!("h.{i}.{name}.bias"), norm.bias);
        }
        for (name, conv) in [
            ("attn.c_attn", block.attn.c_attn),
            ("attn.c_proj", block.attn.c_proj),
            ("mlp.c_fc", block.mlp.c_fc),
            ("mlp.c_proj", block.mlp.c_proj),
        ] {
            put(format!("h.{i}.{name}.weight"), conv.weight);
            put(format!("h.{i}.{name}.bias"), conv.bias);
        }
    }
    put("ln_f.weight".into(), ln_f.weight);
    put("ln_f.bias".into(), ln_f.bias);
    candle_core::safetensors::save(&tensors, folder.path().join("model.safetensors")).unwrap();
    fs::write(folder.path().join(TOKENIZER), VOCABULARY).unwrap();
    folder
}

/// The same tokenizer as vocab.json and merges.txt.
pub fn write_merges(folder: &Path) {
    let file: serde_json::Value = serde_json::from_str(VOCABULARY).unwrap();
    let merges = file["model"]["merges"].as_array().unwrap();
    let lines: Vec<&str> = merges.iter().map(|merge| merge.as_str().unwrap()).collect();
    let text = format!("#version: 0.2\n{}\n", lines.join("\n"));
    fs::write(folder.join(MERGES), text).unwrap();
    fs::write(folder.join("vocab.json"), file["model"]["vocab"].to_string()).unwrap();
}
