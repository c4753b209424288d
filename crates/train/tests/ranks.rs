//! `cargo study train buddy --ranks N`: the same training on one process and on several, and what is left
//! when one of them dies.
#![cfg(feature = "mpi")]

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use buddy::Record;
use checkpoint::Checkpoint;
use tempfile::TempDir;

/// Batches of seven rows, which no number of ranks but one divides, of lines that are not equally long.
const TINY: &str = "--vocab 270 --layers 1 --width 16 --heads 2 --context 16 --batch 7 --warmup 5 --lr 0.01 --threads 1";

fn text(folder: &TempDir) -> String {
    let line = |i: usize| format!("After {} comes {}{}", i % 7, (i + 1) % 7, ".".repeat(i % 5));
    let path = folder.path().join("numbers.txt");
    fs::write(&path, (0..600).map(line).collect::<Vec<_>>().join("\n")).unwrap();
    path.display().to_string()
}

fn command(words: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_study-train"));
    command.arg("buddy").args(words.split_whitespace());
    // Open MPI asks twice before it runs as root, as containers do.
    command.envs(["OMPI_ALLOW_RUN_AS_ROOT", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"].map(|v| (v, "1")));
    command
}

fn error(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn finished(words: &str) {
    let output = command(words).output().unwrap();
    assert!(output.status.success(), "{words}: {}", error(&output));
}

fn record(out: &Path) -> Record {
    serde_json::from_str(&fs::read_to_string(out.join("training.json")).unwrap()).unwrap()
}

/// All numbers of a model, by the names of its tensors.
fn weights(out: &Path) -> Vec<f32> {
    let mut file = Checkpoint::open(&out.join(checkpoint::WEIGHTS)).unwrap();
    let mut names: Vec<String> = file.names().map(str::to_owned).collect();
    names.sort();
    let numbers = names.iter().map(|name| {
        let shape = file.shape(name).unwrap().to_vec();
        let tensor = file.take(name, &shape).unwrap().to_dtype(candle_core::DType::F32).unwrap();
        tensor.flatten_all().unwrap().to_vec1::<f32>().unwrap()
    });
    numbers.collect::<Vec<_>>().concat()
}

fn expect_same(out: &Path, alone: &Path) {
    let (a, b) = (weights(out), weights(alone));
    assert_eq!(a.len(), b.len());
    let (mut largest, mut sum) = (0.0_f32, 0.0);
    for (a, b) in a.iter().zip(&b) {
        largest = largest.max((a - b).abs());
        sum += f64::from(a - b);
    }
    // Kept in f16, whose steps are a two thousandth of a number.
    assert!(largest < 2e-3, "{}: {largest}", out.display());
    assert!((sum / a.len() as f64).abs() < 1e-6, "{}: {sum}", out.display());
    let (a, b) = (record(out), record(alone));
    assert!(
        (a.training_loss - b.training_loss).abs() < 2e-4,
        "{} {}",
        a.training_loss,
        b.training_loss
    );
    assert_eq!(a.tokens, b.tokens);
}

#[test]
fn one_two_and_four_ranks_train_the_same_model() {
    let folder = TempDir::new().unwrap();
    let words = format!("{TINY} --steps 40 --every 20 --text {}", text(&folder));
    let out = |name: &str| folder.path().join(name);
    finished(&format!("{words} --out {}", out("alone").display()));
    for ranks in [1, 2, 4] {
        let out = out(&ranks.to_string());
        finished(&format!("{words} --ranks {ranks} --out {}", out.display()));
        expect_same(&out, &folder.path().join("alone"));
        assert!(record(&out).command.ends_with(&format!("--ranks {ranks}")));
    }
}

/// Waits until there are two checkpoints.
fn wait(child: &mut Child, out: &Path) {
    let begun = Instant::now();
    let has_two = || {
        fs::read_to_string(out.join("checkpoints.json"))
            .is_ok_and(|text| text.matches("step").count() == 2)
    };
    while !has_two() {
        assert!(begun.elapsed() < Duration::from_secs(120), "no checkpoint was written");
        assert!(child.try_wait().unwrap().is_none(), "it ended before it was killed");
        std::thread::yield_now();
    }
}

/// The process of a rank of the training that writes into a folder.
fn process_of(rank: &str, out: &Path) -> String {
    let is_it = |process: &Path| {
        let read = |name: &str| fs::read(process.join(name)).unwrap_or_default();
        let has = |bytes: Vec<u8>, words: &str| {
            bytes.split(|byte| *byte == 0).any(|part| part == words.as_bytes())
        };
        has(read("environ"), &format!("OMPI_COMM_WORLD_RANK={rank}"))
            && has(read("cmdline"), &out.display().to_string())
    };
    let mut processes = fs::read_dir("/proc").unwrap().flatten();
    let process = processes.find(|process| is_it(&process.path())).expect("a rank");
    process.file_name().into_string().unwrap()
}

#[test]
fn when_a_rank_dies_all_end_and_the_last_checkpoint_is_kept() {
    let folder = TempDir::new().unwrap();
    let words = format!("{TINY} --steps 400 --every 10 --text {}", text(&folder));
    let [whole, out] = ["whole", "killed"].map(|name| folder.path().join(name));
    finished(&format!("{words} --ranks 2 --out {}", whole.display()));
    for rank in ["1", "0"] {
        let words = format!("{words} --ranks 2 --out {}", out.display());
        let mut child = command(&words).stderr(Stdio::piped()).spawn().unwrap();
        wait(&mut child, &out);
        let kill = Command::new("kill").args(["-9", &process_of(rank, &out)]).status().unwrap();
        assert!(kill.success());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        let said = error(&output);
        assert!(said.contains("a rank ended before the training did"), "{said}");
        let path = out.display();
        assert!(said.contains(&format!("--ranks 2 --resume {path}")), "{said}");
        assert!(!out.join("training.json").exists());
        finished(&format!("--ranks 2 --threads 1 --resume {path}"));
        // The same sums in the same order.
        assert_eq!(record(&out).weights_sha256, record(&whole).weights_sha256);
        fs::remove_dir_all(&out).unwrap();
    }
}

#[test]
fn what_rank_0_cannot_do_is_said() {
    let folder = TempDir::new().unwrap();
    let words = format!("{TINY} --steps 40 --text {}/none.txt --ranks 2", folder.path().display());
    let output = command(&words).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(error(&output).contains("none.txt"), "{}", error(&output));
}
