//! Runs a lesson's grader, the program cargo built, and reads its results.

use std::collections::VecDeque;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use grading::{
    CheckResult, ListedCheck, Listing, MEMORY_LIMIT, Part, Sheet, Status, TIME_LIMIT,
    TIME_LIMIT_AFTER_TIMEOUT,
};

use crate::output::{Lines, MOST_LINES, Printed};
use crate::terminal::Spinner;

/// A lesson's program.
pub struct Grader {
    program: PathBuf,
    root: PathBuf,
    /// What it has to judge.
    pub listing: Listing,
}

impl Grader {
    /// Asks the program what it has to judge.
    pub fn new(program: PathBuf, root: &Path) -> Result<Self> {
        let output = Command::new(&program)
            .arg("--list")
            .current_dir(root)
            .output()
            .with_context(|| format!("{} cannot be started", program.display()))?;
        let listing = serde_json::from_slice(&output.stdout)
            .with_context(|| format!("{} lists no checks", program.display()))?;
        Ok(Self { program, root: root.into(), listing })
    }

    /// Runs the checks on the learner's code, until `each`, which may still change a result, says
    /// that it is enough. After a crash, which counts for the check whose turn it was, or a timeout
    /// it goes on with the next one. Returns also what the code printed.
    pub fn run(
        &self,
        spinner: &Spinner,
        mut each: impl FnMut(&mut CheckResult) -> ControlFlow<()>,
    ) -> Result<(Sheet, Vec<String>)> {
        let checks = &self.listing.checks;
        let mut results: Vec<CheckResult> = Vec::new();
        let mut printed = Printed::default();
        let mut limit = TIME_LIMIT;
        let mut enough = false;
        while let (false, Some(next)) = (enough, checks.get(results.len())) {
            spinner.say(&self.turn(next, results.len()));
            let secret = secret();
            let mut child = self.start(&secret, results.len(), limit)?;
            let errors = collect(&mut child);
            let stdout = child.stdout.take().context("the grader has no output")?;
            let mut stopped = false;
            let mut lines = Lines::new(stdout);
            while let Some(line) = lines.next().context("the grader's output cannot be read")? {
                // Whoever does not know the secret says no result.
                let Some(mut result) = result(&line, &secret) else {
                    printed.add(&line);
                    continue;
                };
                enough = each(&mut result).is_break();
                // What did not end in time would take time and memory from the others.
                let hangs = result.status == Status::Timeout;
                if hangs {
                    limit = TIME_LIMIT_AFTER_TIMEOUT;
                }
                results.push(result);
                if enough || hangs {
                    stopped = true;
                    child.kill().context("the grader cannot be stopped")?;
                    break;
                }
                if let Some(next) = checks.get(results.len()) {
                    spinner.say(&self.turn(next, results.len()));
                }
            }
            let status = child.wait().context("the grader did not end")?;
            let errors = errors.and_then(|errors| errors.join().ok()).unwrap_or_default();
            if let (false, Some(check)) = (stopped, checks.get(results.len())) {
                let mut result = crashed(check, status, &errors);
                enough = each(&mut result).is_break();
                results.push(result);
            }
            errors.iter().filter(|line| !is_noise(line)).for_each(|line| printed.add(line));
        }
        let hash = self.listing.hash_number().context("the grader's hash is no number")?;
        Ok((Sheet::new(&self.listing.name, Part::Checks, hash, results), printed.lines()))
    }

    fn start(&self, secret: &str, skip: usize, limit: Duration) -> Result<Child> {
        let mut child = Command::new(&self.program)
            .args([skip.to_string(), limit.as_secs().to_string()])
            .current_dir(&self.root)
            // What a learner reads is the message and the place, not how the grader got there.
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("{} cannot be started", self.program.display()))?;
        if let Some(mut stdin) = child.stdin.take() {
            // A program that ended already is told by its status.
            let _ = writeln!(stdin, "{secret}");
        }
        Ok(child)
    }

    fn turn(&self, check: &ListedCheck, done: usize) -> String {
        let (name, all) = (&self.listing.name, self.listing.checks.len());
        format!("{name}: check {} of {all}: {}", done + 1, check.title)
    }
}

/// What results begin with: the learner's code cannot guess it.
fn secret() -> String {
    let draw = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", draw(), draw())
}

/// The result in a line, if it is one.
fn result(line: &str, secret: &str) -> Option<CheckResult> {
    serde_json::from_str(line.trim_end().strip_prefix(secret)?).ok()
}

/// Standard error, read beside standard output so that neither fills up.
fn collect(child: &mut Child) -> Option<thread::JoinHandle<Vec<String>>> {
    let mut lines = Lines::new(child.stderr.take()?);
    Some(thread::spawn(move || {
        let (mut first, mut last) = (Vec::new(), VecDeque::new());
        while let Ok(Some(line)) = lines.next() {
            // Why a program ended stands at the end.
            if first.len() < MOST_LINES {
                first.push(line);
            } else {
                last.push_back(line);
                if last.len() > MOST_LINES {
                    last.pop_front();
                }
            }
        }
        first.extend(last);
        first
    }))
}

fn crashed(check: &ListedCheck, status: ExitStatus, errors: &[String]) -> CheckResult {
    let about = errors.iter().rev().find(|line| is_last_words(line));
    let message = match about {
        Some(line) if line.contains("overflowed its stack") => {
            "crashed: the stack overflowed. Is there a recursion that never ends?".to_owned()
        }
        Some(_) => format!(
            "crashed: it asked for more than {} GB of memory. Is there a loop that keeps pushing?",
            MEMORY_LIMIT.div_ceil(1 << 30)
        ),
        None => match status.code() {
            Some(code) => {
                format!("the program ended itself with exit code {code}: return an error instead")
            }
            None => format!("crashed: {status}"),
        },
    };
    CheckResult {
        name: check.name.clone(),
        title: check.title.clone(),
        status: Status::Failed,
        points: check.points,
        section: check.section.clone(),
        message: Some(message),
        place: None,
    }
}

fn is_last_words(line: &str) -> bool {
    line.contains("overflowed its stack") || line.starts_with("memory allocation of")
}

/// What drivers and the runtime say is not what the learner printed.
fn is_noise(line: &str) -> bool {
    let signs = [
        "WARNING: lavapipe",
        "WARNING: dzn",
        "MESA",
        "libEGL",
        "XDG_RUNTIME_DIR",
        "fatal runtime error",
        "note: run with `RUST_BACKTRACE=1`",
    ];
    line.trim().is_empty() || is_last_words(line) || signs.iter().any(|sign| line.contains(sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_begins_with_the_secret_is_a_result() {
        let json = r#"{"name":"a","title":"A","status":"passed","points":2}"#;
        assert_eq!(result(&format!("s3cret{json}"), "s3cret").unwrap().points, 2);
        assert!(result(json, "s3cret").is_none());
        assert!(result(&format!("x{json}"), "s3cret").is_none());
        assert_ne!(secret(), secret());
    }
}
