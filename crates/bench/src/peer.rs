//! A contender in a program of its own: it says when it is ready, and then, for each line that it
//! gets, runs once and answers with a line of JSON: seconds by its own clock, and what came out.
//! What the line says is between the two.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::timing::{Times, ratio};

/// A contender that waits.
pub struct Peer {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Peer {
    /// Starts a script of `src/peers`; `None` where `STUDY_PYTHON` names no interpreter.
    pub fn python(script: &str, arguments: &[&Path]) -> Result<Option<Self>> {
        let Some(python) = std::env::var_os("STUDY_PYTHON") else { return Ok(None) };
        let mut command = Command::new(&python);
        // The text of the script, so that it need not be found.
        command.args(["-c", script]).args(arguments).env("HF_HUB_OFFLINE", "1");
        Self::start(command).map(Some)
    }

    /// Starts the program of a folder of `peers`: a workspace of its own, since its dependencies are
    /// of no use to anything else here. `None` where it cannot be built, as without a network at the
    /// first time.
    pub fn program(root: &Path, name: &str, arguments: &[&Path]) -> Result<Option<Self>> {
        eprintln!("compiling {name}, which takes minutes the first time …");
        let target = lessons::cargo::target_dir(root).join("peers").join(name);
        let built = lessons::cargo::cargo(root)
            .args(["build", "--quiet", "--release", "--locked", "--manifest-path"])
            .arg(root.join("crates/bench/peers").join(name).join("Cargo.toml"))
            .arg("--target-dir")
            .arg(&target)
            .status()?;
        if !built.success() {
            println!(
                "  {name} is left out: it cannot be built. The first time it needs the network."
            );
            return Ok(None);
        }
        let program = format!("release/{name}-peer{}", std::env::consts::EXE_SUFFIX);
        let mut command = Command::new(target.join(program));
        command.args(arguments);
        Self::start(command).map(Some)
    }

    /// Starts a program.
    fn start(mut command: Command) -> Result<Self> {
        let threads = std::thread::available_parallelism()?.to_string();
        command.env("STUDY_THREADS", threads).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().with_context(|| format!("{command:?} does not start"))?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            bail!("{command:?} takes no input");
        };
        let mut peer = Self { child, input, output: BufReader::new(output) };
        peer.answer().context("the peer is not ready")?;
        Ok(peer)
    }

    /// One run: seconds, and what came out.
    pub fn run<T: DeserializeOwned>(&mut self, line: &str) -> Result<(Duration, T)> {
        writeln!(self.input, "{line}")?;
        self.input.flush()?;
        let answer = self.answer()?;
        let seconds = answer["seconds"].as_f64().context("the peer says no seconds")?;
        let result = serde_json::from_value(answer["result"].clone())?;
        // Threads of a pool that ended its work go on waiting for more with all their might.
        std::thread::sleep(Duration::from_millis(100));
        Ok((Duration::from_secs_f64(seconds), result))
    }

    fn answer(&mut self) -> Result<Value> {
        // What libraries print is not for us.
        loop {
            let mut line = String::new();
            if self.output.read_line(&mut line)? == 0 {
                bail!("the peer ended without an answer: {}", self.child.wait()?);
            }
            if let Some(json) = line.strip_prefix("PEER ") {
                return Ok(serde_json::from_str(json)?);
            }
        }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // Fails only where it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A folder for what peers read.
pub fn scratch(name: &str) -> Result<PathBuf> {
    let folder = std::env::temp_dir().join(format!("study-bench-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// A way that takes part in rounds: it runs once and says how long that took, and what came out.
pub type Way<'a> = Box<dyn FnMut() -> Result<(Duration, Vec<Vec<f32>>)> + 'a>;

/// What each way takes in so many rounds, behind one that only warms up; they take turns.
/// Every round must give what the first way gave, to within a share of its largest number.
pub fn rounds(rounds: usize, ways: &mut [Way<'_>], tolerance: f32) -> Result<Vec<Times>> {
    let mut times = vec![Vec::new(); ways.len()];
    let mut want: Option<Vec<Vec<f32>>> = None;
    for round in 0..=rounds {
        for (way, times) in ways.iter_mut().zip(&mut times) {
            let (time, got) = way()?;
            let want = want.get_or_insert_with(|| got.clone());
            expect_the_same(&got, want, tolerance)?;
            if round > 0 {
                times.push(time);
            }
        }
    }
    Ok(times.into_iter().map(Times::new).collect())
}

/// Prints how the first way fares against the others.
pub fn compare(names: &[&str], times: &[Times]) {
    let ours = &times[0];
    for (name, theirs) in names.iter().zip(&times[1..]) {
        println!(
            "    {:.2}× as fast as {name} ({:.2}× by the shortest runs)",
            ratio(theirs.median(), ours.median()),
            ratio(theirs.shortest(), ours.shortest())
        );
    }
}

fn expect_the_same(got: &[Vec<f32>], want: &[Vec<f32>], tolerance: f32) -> Result<()> {
    let most = want.iter().flatten().fold(0.0_f32, |most, x| most.max(x.abs()));
    let shape = |rows: &[Vec<f32>]| rows.iter().map(Vec::len).collect::<Vec<_>>();
    if most == 0.0 || shape(got) != shape(want) {
        bail!("two contenders give results of different shapes, or nothing but 0");
    }
    for (got, want) in got.iter().flatten().zip(want.iter().flatten()) {
        let off = (got - want).abs();
        if off.is_nan() || off > tolerance * most {
            bail!("two contenders give {got} and {want}, of numbers up to {most}");
        }
    }
    Ok(())
}
