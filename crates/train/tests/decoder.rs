//! `cargo study train buddy` as it is used: begun, killed, damaged, resumed.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use buddy::Record;
use checkpoint::Checkpoint;
use gpt::{Config, Gpt2, solution};
use small_gpt::{Engine, Model, Sizes, Texts};
use tempfile::TempDir;
use tokenizer_file::Tokenizer;

const SIZES: Sizes = Sizes { n_layer: 1, n_head: 2, n_embd: 16, n_positions: 16, vocab_size: 270 };
const TINY: &str =
    "--vocab 270 --layers 1 --width 16 --heads 2 --context 16 --batch 4 --warmup 5 --lr 0.01";

/// A text with a rule: numbers count upward.
fn text(folder: &TempDir) -> String {
    let line = |i: usize| format!("After {} comes {}.", i % 7, (i + 1) % 7);
    let path = folder.path().join("numbers.txt");
    fs::write(&path, (0..600).map(line).collect::<Vec<_>>().join("\n")).unwrap();
    path.display().to_string()
}

fn command(words: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_study-train"));
    command.arg("buddy").args(words.split_whitespace());
    command
}

fn run(words: &str) -> Output {
    command(words).output().unwrap()
}

/// What a run that should fail says.
fn refused(words: &str) -> String {
    let output = run(words);
    assert_eq!(output.status.code(), Some(2), "{words}");
    String::from_utf8(output.stderr).unwrap()
}

fn finished(words: &str, out: &Path) -> Record {
    let output = run(words);
    assert!(output.status.success(), "{words}: {}", String::from_utf8_lossy(&output.stderr));
    record(out)
}

fn record(out: &Path) -> Record {
    serde_json::from_str(&fs::read_to_string(out.join("training.json")).unwrap()).unwrap()
}

/// Begins a training and kills it as soon as there are two checkpoints.
fn killed(words: &str, out: &Path) {
    let mut child = command(words).stderr(Stdio::null()).spawn().unwrap();
    let begun = Instant::now();
    let has_two = || {
        fs::read_to_string(out.join("checkpoints.json"))
            .is_ok_and(|t| t.matches("step").count() == 2)
    };
    while !has_two() {
        assert!(begun.elapsed() < Duration::from_secs(120), "no checkpoint was written");
        assert!(child.try_wait().unwrap().is_none(), "it ended before it was killed");
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!out.join("training.json").exists(), "it ended before it was killed");
}

/// The two checkpoints, the newest first.
fn checkpoints(out: &Path) -> Vec<std::path::PathBuf> {
    let list: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(out.join("checkpoints.json")).unwrap()).unwrap();
    let entries = list.as_array().unwrap().iter();
    entries.map(|entry| out.join(format!("checkpoint-{}.safetensors", entry["step"]))).collect()
}

#[test]
fn a_killed_training_goes_on_to_the_same_bits_and_so_does_a_damaged_one() {
    let folder = TempDir::new().unwrap();
    let text = text(&folder);
    let [whole, part] = ["whole", "part"].map(|name| folder.path().join(name));
    let words = |out: &Path, threads| {
        format!(
            "--text {text} {TINY} --steps 1500 --every 20 --threads {threads} --out {}",
            out.display()
        )
    };
    let want = finished(&words(&whole, 1), &whole);
    assert!(want.training_loss < 0.5, "{want:?}");
    assert!(!whole.join("checkpoints.json").exists());
    let losses = fs::read_to_string(whole.join("loss.csv")).unwrap();
    assert_eq!(buddy::losses(&losses).unwrap().len(), 75);
    assert!(fs::read_to_string(whole.join("loss.svg")).unwrap().contains("<polyline"));

    killed(&words(&part, 3), &part);
    // To begin again in its folder would lose it.
    let error = refused(&words(&part, 3));
    assert!(error.contains("has not ended") && error.contains("--resume"), "{error}");
    // A damaged checkpoint is told, and the one before taken.
    let newest = checkpoints(&part).remove(0);
    let mut bytes = fs::read(&newest).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&newest, bytes).unwrap();
    let output = run(&format!("--resume {} --every 20 --threads 2", part.display()));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{said}");
    assert!(said.contains("is damaged\ngoing on from step "), "{said}");
    let got = record(&part);
    assert_eq!(got.weights_sha256, want.weights_sha256);
    assert_eq!(Record { command: want.command.clone(), ..got }, want);
    for name in ["loss.csv", "samples.json", "loss.svg"] {
        let [whole, part] = [&whole, &part].map(|out| fs::read_to_string(out.join(name)).unwrap());
        assert_eq!(whole, part, "{name}");
    }
}

#[test]
fn a_training_that_cannot_go_on_says_why_and_loses_nothing() {
    let folder = TempDir::new().unwrap();
    let text = text(&folder);
    let out = folder.path().join("run");
    killed(
        &format!("--text {text} {TINY} --steps 100000 --every 20 --out {}", out.display()),
        &out,
    );
    let resume = format!("--resume {} --every 20", out.display());

    let error = refused(&format!("{resume} --lr 0.1"));
    assert!(error.contains("--lr"), "{error}");
    // The next checkpoint cannot be written, as on a full disk.
    let newest: usize = {
        let name = checkpoints(&out)[0].file_stem().unwrap().to_string_lossy().into_owned();
        name.trim_start_matches("checkpoint-").parse().unwrap()
    };
    let blocked = out.join(format!(".checkpoint-{}.safetensors.part", newest + 20));
    fs::create_dir_all(&blocked).unwrap();
    let error = refused(&resume);
    let says =
        ["cannot be written", &format!("the checkpoint of step {newest} is kept"), "--resume"];
    assert!(says.iter().all(|part| error.contains(part)), "{error}");
    fs::remove_dir(&blocked).unwrap();

    fs::write(&text, "Another text, and a longer one. ".repeat(200)).unwrap();
    assert!(refused(&resume).contains("no longer that"));
    self::text(&folder);
    for file in checkpoints(&out) {
        fs::write(file, "nothing").unwrap();
    }
    let error = refused(&resume);
    assert!(
        error.matches("is damaged").count() == 2 && error.contains("no checkpoint of"),
        "{error}"
    );
}

#[test]
fn what_does_not_fit_is_refused_where_it_was_given() {
    let folder = TempDir::new().unwrap();
    let text = text(&folder);
    let out = folder.path().join("out");
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path.display().to_string()
    };
    let (bytes, short) = (file("bytes.txt", b"abc\xff"), file("short.txt", b"abc def"));
    let empty = folder.path().join("empty");
    fs::create_dir(&empty).unwrap();
    for (words, says) in [
        (format!("--text {text} --heads 3 --width 16"), "--heads 3 must divide --width 16"),
        (format!("--text {text} --vocab 256"), "at least 257"),
        (format!("--text {text} --steps 10 --warmup 10"), "must be below --steps 10"),
        (format!("--text {text} --floor 2"), "--floor 2"),
        (format!("--text {text} --clip 0"), "--clip 0"),
        (format!("--text {text} --batch 0"), "at least 1"),
        (format!("--text {text} --size huge"), "buddy"),
        (format!("--text {text} --vocab 60000"), "too few different pairs"),
        (format!("--text {short} --vocab 260"), "a row has 128"),
        (format!("--text {bytes}"), "not UTF-8 from byte 3"),
        (format!("--text {}", empty.display()), "has no text"),
        ("--text nowhere.txt".into(), "nowhere.txt cannot be read"),
        (format!("--text {text} --out {text}"), "it is a file"),
        (format!("--resume {}", empty.display()), "has no training to go on with"),
    ] {
        let words = if words.contains("--out") || words.contains("--resume") {
            words
        } else {
            format!("{words} --out {}", out.display())
        };
        let error = refused(&words);
        assert!(error.contains(says), "{words}: {error}");
    }
}

#[test]
fn libraries_read_what_was_written() {
    let folder = TempDir::new().unwrap();
    let text = text(&folder);
    let out = folder.path().join("out");
    finished(&format!("--text {text} {TINY} --steps 60 --out {}", out.display()), &out);

    let tokenizer = Tokenizer::open(&out.join("tokenizer.json")).unwrap();
    let line = "After 3 comes 4. Café!<|endoftext|>";
    let ids = tokenizer.encode(line).unwrap();
    assert_eq!(ids.last(), Some(&269));
    assert!(ids.len() < line.len() - 13, "no merges: {ids:?}");
    assert_eq!(tokenizer.decode(&ids, true).unwrap(), "After 3 comes 4. Café!");

    let config = Config::from_json(&fs::read_to_string(out.join("config.json")).unwrap()).unwrap();
    let weights = Checkpoint::open(&out.join(checkpoint::WEIGHTS)).unwrap();
    let theirs = Gpt2::from_checkpoint(config, weights).unwrap();
    let mut ours = Model::zeros(SIZES);
    let mut file = Checkpoint::open(&out.join(checkpoint::WEIGHTS)).unwrap();
    for tensor in ours.tensors().to_vec() {
        let numbers = file.take(&tensor.name, &tensor.shape).unwrap();
        let numbers = numbers.flatten_all().unwrap().to_vec1::<f32>().unwrap();
        ours.parameters[tensor.range].copy_from_slice(&numbers);
    }
    let ids = &ids[..9];
    let device = candle_core::Device::Cpu;
    let tensor = candle_core::Tensor::from_slice(ids, (1, ids.len()), &device).unwrap();
    let (logits, _) = solution::forward(&theirs, &tensor, None, &[]).unwrap();
    let want = logits.get(0).unwrap().get(8).unwrap().to_vec1::<f32>().unwrap();
    let mut engine = Engine::default();
    for (got, want) in engine.next_logits(&ours, ids).iter().zip(&want) {
        assert!((got - want).abs() < 1e-4, "{got}, not {want}");
    }
    // It has learned: after a sum of losses an untrained model would have ln 270 a token.
    let labels: Vec<i64> = ids[1..].iter().map(|&id| i64::from(id)).chain([-1]).collect();
    let loss = engine.loss(&ours, Texts { ids, labels: &labels, seq: 9 });
    assert!(loss.mean() < 4.0, "{}", loss.mean());
}
