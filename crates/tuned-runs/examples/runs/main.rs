//! Measures again what is kept, each tuning in a program of its own, whose memory is counted:
//!
//! - `cargo run --release -p tuned-runs --example runs -- rates` tries learning rates;
//! - `cargo run --release -p tuned-runs --example runs -- runs` makes the table, of all tasks or of
//!   those that are named behind it. What is kept of others stays.

mod tuning;

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use peak_alloc::PeakAlloc;
use serde::Serialize;
use tuned_runs::{Kept, Rates, Run, Tried};
use tuning::{
    METHODS, Memory, SETTINGS, TASKS, TRIED_EXAMPLES, TRIED_SEED, TRIED_STEPS, Wanted, run,
    tried_rates,
};

impl Memory for PeakAlloc {
    fn allocated(&self) -> usize {
        self.current_usage()
    }

    fn forget_peak(&self) {
        self.reset_peak_usage();
    }

    fn peak(&self) -> usize {
        self.peak_usage()
    }
}

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const COMMAND: &str = "cargo run --release -p tuned-runs --example runs --";
/// Where the kept files lie.
const KEPT: &str = "crates/tuned-runs/golden";

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["one", task, method, lr, seed, examples, steps] => {
            let wanted = Wanted {
                task: task.parse()?,
                method: method.parse()?,
                lr: lr.parse()?,
                seed: seed.parse()?,
                examples: examples.parse()?,
                steps: steps.parse()?,
            };
            let run = run(wanted, &MEMORY)?;
            println!("{}", serde_json::to_string(&run)?);
            Ok(())
        }
        ["rates", ref only @ ..] => rates(only),
        ["runs", ref only @ ..] => runs(only),
        _ => bail!("say `rates` or `runs`"),
    }
}

/// Another program like this makes one run.
fn one(Wanted { task, method, lr, seed, examples, steps }: Wanted) -> Result<Run> {
    let output = Command::new(std::env::current_exe()?)
        .args(["one", &task.to_string(), &method.to_string()])
        .args([lr.to_string(), seed.to_string(), examples.to_string(), steps.to_string()])
        .stderr(Stdio::inherit())
        .output()?;
    ensure!(output.status.success(), "a run failed: {}", output.status);
    let line = String::from_utf8(output.stdout)?;
    println!("{steps} steps from {seed}: {}", line.trim());
    serde_json::from_str(&line).context("what a run said")
}

fn keep(name: &str, kept: &impl Serialize) -> Result<()> {
    let path = Path::new(KEPT).join(name);
    std::fs::write(path, serde_json::to_string_pretty(kept)? + "\n")?;
    Ok(())
}

/// Whether a task is asked for.
fn is_asked(only: &[&str], task: usize) -> bool {
    only.is_empty() || only.contains(&TASKS[task].1)
}

fn rates(only: &[&str]) -> Result<()> {
    let mut kept = Rates::read().unwrap_or_default();
    kept.command = format!("{COMMAND} rates");
    (kept.seed, kept.examples, kept.steps) = (TRIED_SEED, TRIED_EXAMPLES, TRIED_STEPS);
    kept.tried.retain(|tried| TASKS.iter().any(|task| task.1 == tried.task));
    for task in (0..TASKS.len()).filter(|&task| is_asked(only, task)) {
        kept.tried.retain(|tried| tried.task != TASKS[task].1);
        for (method, &(which, rank, _)) in METHODS.iter().enumerate() {
            let wanted = Wanted::of(task, method);
            // The other rank has the rate of this one.
            if rank == 2 || !wanted.is_possible() {
                continue;
            }
            for &lr in which.map_or(&[][..], tried_rates) {
                let (seed, examples, steps) = (kept.seed, kept.examples, kept.steps);
                let run = one(Wanted { lr, seed, examples, steps, ..wanted })?;
                let Run { task, method, loss, .. } = run;
                kept.tried.push(Tried { task, method, lr, loss });
                keep("rates.json", &kept)?;
            }
        }
    }
    Ok(())
}

fn runs(only: &[&str]) -> Result<()> {
    let mut kept = Kept::read().unwrap_or_default();
    kept.command = format!("{COMMAND} runs");
    kept.settings = SETTINGS;
    let mut all = Vec::new();
    for (task, &(_, name)) in TASKS.iter().enumerate() {
        if !is_asked(only, task) {
            all.extend(kept.of(name).cloned());
            continue;
        }
        for method in 0..METHODS.len() {
            let wanted = Wanted::of(task, method);
            if wanted.is_possible() {
                all.push(one(wanted)?);
                let runs = all.clone();
                keep("runs.json", &Kept { runs, ..kept.clone() })?;
            }
        }
    }
    keep("runs.json", &Kept { runs: all, ..kept })
}
