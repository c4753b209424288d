//! Runs a lesson's grader, the program cargo built, and reads its results.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use scores::{
    CheckResult, ListedCheck, Listing, MEMORY_LIMIT, Part, Sheet, Status, TIME_LIMIT,
    TIME_LIMIT_AFTER_TIMEOUT,
};

use crate::output::{Lines, Printed};
use crate::pick;
use crate::terminal::Spinner;

/// A lesson's program.
pub struct Grader {
    program: PathBuf,
    root: PathBuf,
    /// What it has to judge.
    pub listing: Listing,
    /// The first check of it that is run, and how many are.
    first: usize,
    count: usize,
}

/// Ends a grading from another thread.
#[derive(Clone, Default)]
pub struct Stop(Arc<Mutex<Running>>);

#[derive(Default)]
struct Running {
    is_stopped: bool,
    child: Option<Child>,
}

impl Stop {
    /// Ends it, also what hangs.
    pub fn stop(&self) {
        let mut running = self.running();
        running.is_stopped = true;
        if let Some(child) = &mut running.child {
            // One that has ended needs no end.
            let _ = child.kill();
        }
    }

    /// Whether it was ended.
    pub fn is_stopped(&self) -> bool {
        self.running().is_stopped
    }

    /// Takes a program that was started; one that comes too late is ended at once.
    fn hold(&self, mut child: Child) {
        let mut running = self.running();
        if running.is_stopped {
            let _ = child.kill();
        }
        running.child = Some(child);
    }

    /// Waits for its end, without keeping others from stopping it.
    fn wait(&self) -> Result<ExitStatus> {
        loop {
            let ended = self.running().child.as_mut().map(Child::try_wait).transpose();
            let ended = ended.context("the grader cannot be waited for")?.flatten();
            if let Some(status) = ended {
                self.running().child = None;
                return Ok(status);
            }
            thread::sleep(Duration::from_millis(2));
        }
    }

    fn kill(&self) -> Result<()> {
        let mut running = self.running();
        running.child.as_mut().map_or(Ok(()), Child::kill).context("the grader cannot be stopped")
    }

    fn running(&self) -> MutexGuard<'_, Running> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Grader {
    /// Asks the program what it has to judge.
    pub fn new(program: PathBuf, root: &Path) -> Result<Self> {
        let output = Command::new(&program)
            .arg("--list")
            .current_dir(root)
            .output()
            .with_context(|| format!("{} cannot be started", program.display()))?;
        let listing: Listing = serde_json::from_slice(&output.stdout)
            .with_context(|| format!("{} lists no checks", program.display()))?;
        let count = listing.checks.len();
        Ok(Self { program, root: root.into(), listing, first: 0, count })
    }

    /// The same for the one check of this name.
    pub fn only(self, name: &str) -> Result<Self> {
        let wanted = pick::check(&self.listing, name)?;
        let first = self.listing.checks.iter().position(|check| check.name == wanted.name);
        Ok(Self { first: first.unwrap_or_default(), count: 1, ..self })
    }

    /// Runs the checks on the learner's code, until `each`, which may still change a result, says
    /// that it is enough. After a crash, which counts for the check whose turn it was, or a timeout
    /// it goes on with the next one. Returns also what the code printed during each check.
    pub fn run(
        &self,
        spinner: &Spinner,
        stop: &Stop,
        mut each: impl FnMut(&mut CheckResult) -> ControlFlow<()>,
    ) -> Result<(Sheet, Vec<Vec<String>>)> {
        let checks = &self.listing.checks[self.first..][..self.count];
        let mut results: Vec<CheckResult> = Vec::new();
        let mut printed: Vec<Printed> = Vec::new();
        let mut limit = TIME_LIMIT;
        let mut enough = false;
        while let (false, Some(next)) = (enough, checks.get(results.len())) {
            spinner.say(&self.turn(next, results.len()));
            let (secret, first) = (secret(), results.len());
            let mut child = self.start(&secret, first, limit)?;
            let errors = collect(&mut child, &secret);
            let stdout = child.stdout.take().context("the grader has no output")?;
            stop.hold(child);
            let mut said = Printed::default();
            let mut ended = false;
            let mut lines = Lines::new(stdout);
            while let Some(line) = lines.next().context("the grader's output cannot be read")? {
                // Whoever does not know the secret says no result.
                let Some(mut result) = result(&line, &secret) else {
                    said.add(&line);
                    continue;
                };
                enough = each(&mut result).is_break();
                // What did not end in time would take time and memory from the others.
                let hangs = result.status == Status::Timeout;
                if hangs {
                    limit = TIME_LIMIT_AFTER_TIMEOUT;
                }
                results.push(result);
                printed.push(std::mem::take(&mut said));
                if enough || hangs {
                    ended = true;
                    stop.kill()?;
                    break;
                }
                if let Some(next) = checks.get(results.len()) {
                    spinner.say(&self.turn(next, results.len()));
                }
            }
            let status = stop.wait()?;
            let errors = errors.and_then(|errors| errors.join().ok()).unwrap_or_default();
            if stop.is_stopped() {
                bail!("the grading of {} was ended", self.listing.name);
            }
            if let (false, Some(check)) = (ended, checks.get(results.len())) {
                let mut result = crashed(check, status, errors.last_words.as_deref());
                enough = each(&mut result).is_break();
                results.push(result);
                printed.push(said);
            }
            for (lines, i) in errors.by_check.into_iter().zip(first..) {
                let of = i.min(printed.len().saturating_sub(1));
                lines.lines().iter().for_each(|line| printed[of].add(line));
            }
        }
        let hash = self.listing.hash_number().context("the grader's hash is no number")?;
        let printed = printed.into_iter().map(Printed::lines).collect();
        Ok((Sheet::new(&self.listing.name, Part::Checks, hash, results), printed))
    }

    fn start(&self, secret: &str, done: usize, limit: Duration) -> Result<Child> {
        let (skip, most) = (self.first + done, self.count - done);
        let mut child = Command::new(&self.program)
            .args([skip.to_string(), limit.as_secs().to_string(), most.to_string()])
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
        let (name, all) = (&self.listing.name, self.count);
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

/// What stands on standard error, by the check that it came in.
#[derive(Default)]
struct Errors {
    by_check: Vec<Printed>,
    /// Why the program ended.
    last_words: Option<String>,
}

/// Standard error, read beside standard output so that neither fills up.
fn collect(child: &mut Child, secret: &str) -> Option<thread::JoinHandle<Errors>> {
    let mut lines = Lines::new(child.stderr.take()?);
    let secret = secret.to_owned();
    Some(thread::spawn(move || {
        let mut errors = Errors::default();
        let mut said = Printed::default();
        while let Ok(Some(line)) = lines.next() {
            if line == secret {
                errors.by_check.push(std::mem::take(&mut said));
            } else if is_last_words(&line) {
                errors.last_words = Some(line);
            } else if !is_noise(&line) {
                said.add(&line);
            }
        }
        errors.by_check.push(said);
        errors
    }))
}

fn crashed(check: &ListedCheck, status: ExitStatus, last_words: Option<&str>) -> CheckResult {
    let message = match last_words {
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
    CheckResult::new(check, Status::Failed, Some(message))
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
    line.trim().is_empty() || signs.iter().any(|sign| line.contains(sign))
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
