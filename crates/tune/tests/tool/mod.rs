//! A tiny base, data of a few kinds, and the program run on them.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use rand::SeedableRng;
use rand::rngs::StdRng;
use serde_json::{Value, json};
use small_gpt::{Model, Sizes};
use tempfile::TempDir;
use tokenization::solution::bpe_train;

pub const SIZES: Sizes =
    Sizes { n_layer: 2, n_head: 2, n_embd: 16, n_positions: 96, vocab_size: 270 };
pub const FEW: &str =
    "--steps 60 --every 20 --batch 8 --warmup 5 --threads 1 --targets attn.c_attn,mlp.c_fc";

/// A base that knows nothing yet, in `base`.
pub fn base(folder: &TempDir) {
    let base = folder.path().join("base");
    fs::create_dir(&base).unwrap();
    let text = "After 1 comes 2. After 3 comes 4. Label: even odd";
    let bpe = bpe_train(text, 270, &["<|endoftext|>"]).unwrap();
    assert_eq!(bpe.vocab_size(), 270);
    let mut model = Model::random(SIZES, &mut StdRng::seed_from_u64(1));
    // Trained models say more: without that an adapter has nothing to build on.
    model
        .parameters
        .iter_mut()
        .for_each(|number| *number *= if *number == 1.0 { 1.0 } else { 8.0 });
    let config = json!({
        "model_type": "gpt2", "n_layer": 2, "n_head": 2, "n_embd": 16, "n_positions": 96,
        "vocab_size": 270, "eos_token_id": 269,
    });
    let tokenizer = train::decoder::tokenizer_json(&bpe).to_string();
    fs::write(base.join("config.json"), config.to_string()).unwrap();
    fs::write(base.join("tokenizer.json"), tokenizer).unwrap();
    fs::write(base.join("model.safetensors"), train::decoder::weights(&mut model).unwrap())
        .unwrap();
}

pub fn lines(folder: &TempDir, name: &str, line: impl Fn(usize) -> Value) {
    let lines: Vec<String> = (0..120).map(|i| line(i).to_string()).collect();
    fs::write(folder.path().join(name), lines.join("\n")).unwrap();
}

/// A rule to be learned: numbers count upward.
pub fn counting(i: usize) -> Value {
    json!({ "prompt": format!("After {} comes", i % 7), "completion": format!(" {}.", i % 7 + 1) })
}

pub fn parity(i: usize) -> Value {
    let label = if i.is_multiple_of(2) { "even" } else { "odd" };
    json!({ "text": format!("After {} it is {label}", i % 8), "label": label })
}

pub fn chat(i: usize) -> Value {
    let say = |role: &str, content: String| json!({ "role": role, "content": content });
    let (question, answer) = (format!("After {}?", i % 7), (i % 7 + 1).to_string());
    json!({ "messages": [say("user", question), say("assistant", answer)] })
}

pub fn command(folder: &TempDir, words: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_study-tune"));
    command.current_dir(folder.path()).args(words.split_whitespace());
    command
}

pub fn run(folder: &TempDir, words: &str) -> Output {
    command(folder, words).output().unwrap()
}

pub fn finished(folder: &TempDir, words: &str, out: &str) -> Value {
    let output = run(folder, &format!("--base base {words} --out {out}"));
    assert!(output.status.success(), "{words}: {}", String::from_utf8_lossy(&output.stderr));
    json_of(&folder.path().join(out).join("training.json"))
}

pub fn json_of(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

pub fn refused(folder: &TempDir, words: &str) -> String {
    let output = run(folder, words);
    assert_eq!(output.status.code(), Some(2), "{words}");
    String::from_utf8(output.stderr).unwrap()
}
