//! `cargo study tune` as it is used: on a tiny base, with good data and bad, killed and resumed.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use peft::{Base, CONFIG, Kind, WEIGHTS};
use pocket_buddy::PocketBuddy;
use rand::SeedableRng;
use rand::rngs::StdRng;
use serde_json::{Value, json};
use small_gpt::{Linear, Matrix, Model, Products, Sizes, Tuning};
use tempfile::TempDir;
use tokenization::solution::bpe_train;

const SIZES: Sizes = Sizes { n_layer: 2, n_head: 2, n_embd: 16, n_positions: 96, vocab_size: 270 };
const FEW: &str =
    "--steps 60 --every 20 --batch 8 --warmup 5 --threads 1 --targets attn.c_attn,mlp.c_fc";

/// A base that knows nothing yet, in `base`.
fn base(folder: &TempDir) {
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

fn lines(folder: &TempDir, name: &str, line: impl Fn(usize) -> Value) {
    let lines: Vec<String> = (0..120).map(|i| line(i).to_string()).collect();
    fs::write(folder.path().join(name), lines.join("\n")).unwrap();
}

/// A rule to be learned: numbers count upward.
fn counting(i: usize) -> Value {
    json!({ "prompt": format!("After {} comes", i % 7), "completion": format!(" {}.", i % 7 + 1) })
}

fn parity(i: usize) -> Value {
    let label = if i.is_multiple_of(2) { "even" } else { "odd" };
    json!({ "text": format!("After {} it is {label}", i % 8), "label": label })
}

fn chat(i: usize) -> Value {
    let say = |role: &str, content: String| json!({ "role": role, "content": content });
    let (question, answer) = (format!("After {}?", i % 7), (i % 7 + 1).to_string());
    json!({ "messages": [say("user", question), say("assistant", answer)] })
}

fn command(folder: &TempDir, words: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_study-tune"));
    command.current_dir(folder.path()).args(words.split_whitespace());
    command
}

fn run(folder: &TempDir, words: &str) -> Output {
    command(folder, words).output().unwrap()
}

fn finished(folder: &TempDir, words: &str, out: &str) -> Value {
    let output = run(folder, &format!("--base base {words} --out {out}"));
    assert!(output.status.success(), "{words}: {}", String::from_utf8_lossy(&output.stderr));
    json_of(&folder.path().join(out).join("training.json"))
}

fn json_of(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn refused(folder: &TempDir, words: &str) -> String {
    let output = run(folder, words);
    assert_eq!(output.status.code(), Some(2), "{words}");
    String::from_utf8(output.stderr).unwrap()
}

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
    let words = "--data counting.jsonl --steps 300 --every 10 --batch 8";
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
    finished(&folder, &words.replace("300", "20"), "short");
    let error = refused(&folder, "--resume short");
    assert!(error.contains("no training to go on with"), "{error}");
}

/// What `--ask` says, line by line.
fn asked(folder: &TempDir, words: &str) -> Vec<String> {
    let output = run(folder, words);
    assert!(output.status.success(), "{words}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn what_was_tuned_answers_and_is_judged_as_at_its_end() {
    let folder = TempDir::new().unwrap();
    base(&folder);
    lines(&folder, "counting.jsonl", counting);
    lines(&folder, "parity.jsonl", parity);
    lines(&folder, "chat.jsonl", chat);
    let mut said_something = 0;
    for (method, data) in [
        ("full", "counting"),
        ("lora", "counting"),
        ("qlora", "counting"),
        ("soft-prompt", "counting"),
        ("prefix", "counting"),
        ("head", "parity"),
        ("lora", "parity"),
        ("lora", "chat"),
    ] {
        let out = format!("{method}-{data}");
        let held = format!("--data {data}.jsonl --held-out {data}.jsonl");
        let ended = finished(&folder, &format!("{held} --method {method} {FEW}"), &out);
        let said = asked(&folder, &format!("--ask {out} --data {data}.jsonl"));
        let number = |key: &str| ended["after"][key].as_f64().unwrap();
        let last = said.last().unwrap();
        let want = format!("{:.1}%, loss {:.3}", 100.0 * number("metric"), number("loss"));
        // f16 is what a whole model is kept in, and all of it was judged so.
        assert!(last.ends_with(&want), "{out}: {last}, not {want}");
        let wrong = said.iter().filter(|line| line.starts_with("  wanted ")).count();
        let right: usize = last.split(' ').next().unwrap().parse().unwrap();
        assert_eq!(right + wrong, 120, "{out}");
        // A text by itself gets the answer that the samples have.
        let sample = &json_of(&folder.path().join(&out).join("samples.json"))[0];
        let first = match data {
            "counting" => counting(0)["prompt"].clone(),
            "parity" => parity(0)["text"].clone(),
            _ => chat(0)["messages"][0]["content"].clone(),
        };
        let output = command(&folder, &format!("--ask {out} --text"))
            .arg(first.as_str().unwrap())
            .output()
            .unwrap();
        let answer = String::from_utf8(output.stdout).unwrap();
        // What is judged may be cut off sooner.
        assert!(answer.starts_with(sample["got"].as_str().unwrap()), "{out}: {answer} {sample}");
        said_something += usize::from(!answer.trim().is_empty());
    }
    assert!(said_something > 4, "only {said_something} of 8 said something");
    fs::write(folder.path().join("plain.txt"), "After 1 comes 2.\n\nAfter 3 comes 4.\n").unwrap();
    for (out, is_same) in [("head-parity", true), ("lora-counting", false)] {
        let said = asked(&folder, &format!("--ask {out} --forgotten plain.txt"));
        let numbers: Vec<f64> =
            said[0].split([' ', ',']).filter_map(|word| word.parse().ok()).collect();
        assert_eq!(numbers[0], 2.0, "{said:?}");
        assert_eq!(numbers[1] == numbers[2], is_same, "{said:?}");
    }
    // Without training.json it is an adapter as PEFT writes them.
    fs::remove_file(folder.path().join("lora-counting/training.json")).unwrap();
    let output = run(&folder, "--ask lora-counting --base base --text after");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn another_base_of_the_same_shapes_is_refused_by_name() {
    let folder = TempDir::new().unwrap();
    base(&folder);
    lines(&folder, "counting.jsonl", counting);
    lines(&folder, "parity.jsonl", parity);
    finished(&folder, &format!("--data counting.jsonl {FEW}"), "lora");
    finished(&folder, &format!("--data parity.jsonl --method head {FEW}"), "head");
    finished(&folder, &format!("--data counting.jsonl --method full {FEW}"), "other");
    for out in ["lora", "head"] {
        let error = refused(&folder, &format!("--ask {out} --base other --text a"));
        assert!(error.contains("tuned on base,") && error.contains("of other have"), "{error}");
        let error = refused(&folder, &format!("--ask {out} --data none.jsonl"));
        assert!(error.contains("none.jsonl cannot be read"), "{error}");
    }
    let error = refused(&folder, "--ask head --data counting.jsonl");
    assert!(error.contains("of another kind"), "{error}");
    let error = refused(&folder, "--ask base --text a");
    assert!(error.contains("neither training.json nor adapter_config.json"), "{error}");
    let output = command(&folder, "--ask lora --text").arg("After ".repeat(100)).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(error.contains("shorten it"), "{error}");
    // The file of the adapter names its base, too.
    fs::remove_file(folder.path().join("lora/training.json")).unwrap();
    let error = refused(&folder, "--ask lora --base other --text a");
    assert!(error.contains("trained on base") && error.contains("other"), "{error}");
    // PEFT names no hash: then only the names can tell.
    let path = folder.path().join("lora").join(WEIGHTS);
    let bytes = fs::read(&path).unwrap();
    let header = 8 + usize::try_from(u64::from_le_bytes(bytes[..8].try_into().unwrap())).unwrap();
    let text = String::from_utf8(bytes[8..header].to_vec()).unwrap();
    let hash = peft_hash(&text);
    let plain = text.replace(&hash, "\"format\":\"pt\"");
    let plain = format!("{plain}{}", " ".repeat(text.len() - plain.len()));
    fs::write(&path, [&bytes[..8], plain.as_bytes(), &bytes[header..]].concat()).unwrap();
    let output = run(&folder, "--ask lora --base other --text a");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{said}");
    assert!(said.contains("warning") && said.contains("trained on base,"), "{said}");
    assert!(said.contains("used with other"), "{said}");
}

/// The field of the header that names the base's weights.
fn peft_hash(header: &str) -> String {
    let start = header.find("\"base_hash\":\"").unwrap();
    let end = start + "\"base_hash\":\"".len() + 64 + 1;
    header[start..end].to_owned()
}
