//! `cargo study tune` as it is used: on a tiny base, with good data and bad, killed and resumed.

mod tool;

use std::fs;
use std::process::Stdio;
use std::time::{Duration, Instant};

use peft::{Base, CONFIG, Kind, WEIGHTS};
use pocket_buddy::PocketBuddy;
use serde_json::json;
use small_gpt::{Linear, Matrix, Products, Tuning};
use tempfile::TempDir;

use tool::*;

#[test]
fn every_method_learns() {
    let folder = TempDir::new().unwrap();
    base(&folder);
    lines(&folder, "counting.jsonl", counting);
    lines(&folder, "parity.jsonl", parity);
    lines(&folder, "chat.jsonl", chat);
    for (method, data, less) in [
        ("full", "counting", 0.6),
        ("lora", "counting", 0.7),
        ("qlora", "counting", 0.7),
        ("soft-prompt", "counting", 0.95),
        ("prefix", "counting", 0.95),
        ("head", "parity", 0.95),
        ("lora", "parity", 0.7),
        ("lora", "chat", 0.7),
    ] {
        let words = format!("--data {data}.jsonl --method {method} --tokens 3 {FEW}");
        let ended = finished(&folder, &words, method);
        let loss = |when: &str| ended[when]["loss"].as_f64().unwrap();
        assert!(loss("after") < less * loss("before"), "{method}: {ended}");
        let losses = fs::read_to_string(folder.path().join(method).join("loss.csv")).unwrap();
        assert_eq!(losses.lines().count(), 4, "{losses}");
        let curve = fs::read_to_string(folder.path().join(method).join("loss.svg")).unwrap();
        assert!(curve.contains("<polyline"));
        assert!(!folder.path().join(method).join("checkpoints.json").exists());
    }
    let labels = json_of(&folder.path().join("head/head.json"));
    assert_eq!(labels["labels"], json!(["even", "odd"]));
    // A second run keeps what the first one wrote.
    finished(&folder, &format!("--data parity.jsonl --method head {FEW}"), "full");
    assert!(folder.path().join("full.old/model.safetensors").exists());
    assert!(folder.path().join("full/head.safetensors").exists());
}

/// An adapter as its file has it.
struct Read(Kind);

impl Tuning for Read {
    fn len(&self) -> usize {
        0
    }

    fn linear(&self, layer: Linear<'_>, y: &mut [f32], products: &mut dyn Products) {
        layer.base(y, products);
        let Kind::Lora(lora) = &self.0 else { return };
        let Some(weights) = lora.weights.get(&layer.place.name()) else { return };
        let ([inputs, outputs], rank, rows) = (layer.sizes(), lora.rank, layer.rows());
        let mut low = vec![0.0; rows * rank];
        let a = Matrix::rows(&weights.a, inputs).transposed();
        let x = Matrix::rows(layer.x, inputs);
        products.product((rows, inputs, rank), x, a, &mut low, rank, false);
        low.iter_mut().for_each(|x| *x *= lora.scale() as f32);
        let b = Matrix::rows(&weights.b, rank).transposed();
        products.product((rows, rank, outputs), Matrix::rows(&low, rank), b, y, outputs, true);
    }

    fn prompt(&self) -> &[f32] {
        if let Kind::Prompt(prompt) = &self.0 { &prompt.embeddings } else { &[] }
    }

    fn prefix(&self, block: usize) -> [&[f32]; 2] {
        let Kind::Prefix(prefix) = &self.0 else { return [&[], &[]] };
        [&prefix.blocks[block].keys, &prefix.blocks[block].values]
    }
}

#[test]
fn what_was_written_answers_as_it_was_measured() {
    let folder = TempDir::new().unwrap();
    base(&folder);
    lines(&folder, "counting.jsonl", counting);
    lines(&folder, "held.jsonl", |i| counting(i + 3));
    for method in ["lora", "soft-prompt", "prefix"] {
        let words = format!(
            "--data counting.jsonl --held-out held.jsonl --method {method} --tokens 3 {FEW}"
        );
        let ended = finished(&folder, &words, method);
        let out = folder.path().join(method);
        let buddy = PocketBuddy::open(&folder.path().join("base")).unwrap();
        let hash = ended["base_sha256"].as_str();
        let config = fs::read_to_string(out.join(CONFIG)).unwrap();
        let weights = fs::read(out.join(WEIGHTS)).unwrap();
        let of = Base { name: "base", sizes: SIZES, hash };
        let adapter = peft::read(&config, &weights, &of).unwrap();
        // Another base is told apart.
        assert!(peft::read(&config, &weights, &Base { hash: Some("0"), ..of }).is_err());
        let tuning = Read(adapter.kind);
        // The loss held out, once more, from the files alone.
        let (mut nats, mut tokens) = (0.0, 0);
        for i in 3..123 {
            let given = buddy.encode(counting(i)["prompt"].as_str().unwrap()).unwrap();
            let mut wanted = buddy.encode(counting(i)["completion"].as_str().unwrap()).unwrap();
            wanted.push(buddy.end);
            let given = [&[buddy.end][..], &given].concat();
            nats -= buddy.log_likelihood(&given, &wanted, Some(&tuning)).unwrap();
            tokens += wanted.len();
        }
        let (got, want) =
            (nats / f64::from(tokens as u32), ended["after"]["loss"].as_f64().unwrap());
        assert!((got - want).abs() < 1e-4 * want, "{method}: {got}, not {want}");
    }
    // A whole model is opened as any base.
    let words = format!("--data counting.jsonl --method full {FEW}");
    let first = finished(&folder, &words, "full");
    let output = run(
        &folder,
        &format!("--base full/model.safetensors --data counting.jsonl {FEW} --out on"),
    );
    assert!(output.status.success());
    let second = json_of(&folder.path().join("on/training.json"));
    let [first, second] =
        [&first["after"], &second["before"]].map(|at| at["loss"].as_f64().unwrap());
    assert!((first - second).abs() < 1e-4 * first, "{first} {second}");
}

#[test]
fn bad_data_is_refused_with_file_and_line_before_anything_is_written() {
    let folder = TempDir::new().unwrap();
    base(&folder);
    let good = counting(0).to_string();
    for (line, why) in [
        ("{", "JSON"),
        ("[1]", "object"),
        ("{\"prompt\": \"a\"}", "completion"),
        ("{\"prompt\": \"a\", \"completion\": 3}", "completion"),
        ("{\"prompt\": \"a\", \"completion\": \" \"}", "completion"),
        ("{\"prompt\": \"a<|endoftext|>\", \"completion\": \"b\"}", "<|endoftext|>"),
        ("{\"text\": \"a\", \"label\": \"b\"}", "label"),
        ("{\"messages\": [{\"role\": \"robot\", \"content\": \"a\"}]}", "messages"),
    ] {
        fs::write(folder.path().join("bad.jsonl"), format!("{good}\n\n{line}\n")).unwrap();
        let error = refused(&folder, "--base base --data bad.jsonl --out out");
        assert!(error.contains("bad.jsonl:3: "), "{line}: {error}");
        assert!(error.contains(why), "{line}: {error}");
    }
    lines(&folder, "counting.jsonl", counting);
    let long = |i| json!({ "prompt": "After ".repeat(i + 100), "completion": "b" });
    lines(&folder, "long.jsonl", long);
    for (words, why) in [
        ("--base base --data none.jsonl", "none.jsonl cannot be read"),
        ("--base nobody/gpt --data counting.jsonl", "there is no such folder"),
        ("--base base --data long.jsonl", "no example fits into the 96 tokens"),
        ("--base base --data counting.jsonl --method head", "data with labels"),
        ("--base base --data counting.jsonl --targets lm_head", "attn.c_attn, attn.c_proj"),
        ("--base base --data counting.jsonl --method prefix --tokens 96", "only 96 positions"),
        ("--base base --data counting.jsonl --batch 500", "only 108 examples"),
        ("--base base --data counting.jsonl --warmup 600", "must be below --steps"),
        ("--base base --data counting.jsonl --rank 0", "at least 1"),
    ] {
        let error = refused(&folder, &format!("{words} --out out"));
        assert!(error.contains(why), "{words}: {error}");
    }
    assert!(!folder.path().join("out").exists());
    lines(&folder, "parity.jsonl", parity);
    fs::write(folder.path().join("typo.jsonl"), "{\"text\": \"a\", \"label\": \"evn\"}").unwrap();
    let error = refused(&folder, "--base base --data parity.jsonl --held-out typo.jsonl");
    assert!(error.contains("typo.jsonl") && error.contains("even, odd"), "{error}");
    let error = refused(&folder, "--base base --data counting.jsonl --out base");
    assert!(error.contains("holds something that is no tuning"), "{error}");
}

#[test]
fn a_killed_tuning_goes_on_to_the_same_bytes() {
    let folder = TempDir::new().unwrap();
    base(&folder);
    lines(&folder, "counting.jsonl", counting);
    let words = "--data counting.jsonl --steps 900 --every 10 --batch 8";
    let want = finished(&folder, words, "whole");
    let out = folder.path().join("part");
    let mut child = command(&folder, &format!("--base base {words} --threads 2 --out part"))
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while !out.join("checkpoints.json").exists() {
        assert!(begun.elapsed() < Duration::from_secs(120), "no checkpoint was written");
        assert!(child.try_wait().unwrap().is_none(), "it ended before it was killed");
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!out.join("training.json").exists(), "it ended before it was killed");
    let error = refused(&folder, &format!("--base base {words} --out part"));
    assert!(error.contains("cargo study tune --resume"), "{error}");
    let output = run(&folder, "--resume part --every 10");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && said.contains("going on after step "), "{said}");
    assert_eq!(json_of(&out.join("training.json")), want);
    for name in [WEIGHTS, "loss.csv", "samples.json"] {
        let [whole, part] = ["whole", "part"].map(|of| fs::read(folder.path().join(of).join(name)));
        assert_eq!(whole.unwrap(), part.unwrap(), "{name}");
    }
    // With other data it would be another tuning.
    finished(&folder, &words.replace("900", "20"), "short");
    let error = refused(&folder, "--resume short");
    assert!(error.contains("no training to go on with"), "{error}");
}
