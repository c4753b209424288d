//! Runs a lesson's grader, the program cargo built, and reads its results.

use std::io::{BufRead, BufReader, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use grading::{
    CheckResult, ListedCheck, Listing, MEMORY_LIMIT, Part, Sheet, Status, TIME_LIMIT,
    TIME_LIMIT_AFTER_TIMEOUT,
};

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

    /// Runs the checks on a subject, until `each`, which may still change a result, says that it
    /// is enough. After a crash, which counts for the check whose turn it was, or a timeout it goes
    /// on with the next one. Returns also what the subject printed.
    pub fn run(
        &self,
        subject: &str,
        spinner: &Spinner,
        mut each: impl FnMut(&mut CheckResult) -> ControlFlow<()>,
    ) -> Result<(Sheet, Vec<String>)> {
        let checks = self.checks(subject);
        let mut results: Vec<CheckResult> = Vec::new();
        let mut printed = Vec::new();
        let mut limit = TIME_LIMIT;
        let mut enough = false;
        while let (false, Some(next)) = (enough, checks.get(results.len())) {
            spinner.say(&self.turn(next, results.len(), checks.len()));
            let mut child = self.start(subject, results.len(), limit)?;
            let errors = collect(&mut child);
            let stdout = child.stdout.take().context("the grader has no output")?;
            let mut stopped = false;
            for line in BufReader::new(stdout).split(b'\n') {
                let line = line.context("the grader's output cannot be read")?;
                match result(&String::from_utf8_lossy(&line)) {
                    Line::Result(mut result, before) => {
                        enough = each(&mut result).is_break();
                        // What did not end in time would take time and memory from the others.
                        let hangs = result.status == Status::Timeout;
                        if hangs {
                            limit = TIME_LIMIT_AFTER_TIMEOUT;
                        }
                        results.push(*result);
                        printed.extend(before);
                        if enough || hangs {
                            stopped = true;
                            child.kill().context("the grader cannot be stopped")?;
                            break;
                        }
                        if let Some(next) = checks.get(results.len()) {
                            spinner.say(&self.turn(next, results.len(), checks.len()));
                        }
                    }
                    Line::Sheet => {}
                    Line::Printed(text) => printed.push(text),
                }
            }
            let status = child.wait().context("the grader did not end")?;
            let errors = errors.and_then(|errors| errors.join().ok()).unwrap_or_default();
            if let Some(problem) =
                errors.iter().find(|line| line.contains("this build has no subject"))
            {
                bail!("{problem}");
            }
            if let (false, Some(check)) = (stopped, checks.get(results.len())) {
                let mut result = crashed(check, status, &errors);
                enough = each(&mut result).is_break();
                results.push(result);
            }
            printed.extend(errors.into_iter().filter(|line| !is_noise(line)));
        }
        let hash = self.listing.hash_number().context("the grader's hash is no number")?;
        Ok((Sheet::new(&self.listing.name, Part::Checks, hash, results), printed))
    }

    fn start(&self, subject: &str, skip: usize, limit: Duration) -> Result<Child> {
        Command::new(&self.program)
            .args([subject, &skip.to_string(), &limit.as_secs().to_string()])
            .current_dir(&self.root)
            // What a learner reads is the message and the place, not how the grader got there.
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("{} cannot be started", self.program.display()))
    }

    /// What judges a subject: all checks, or of a mutant the one that must reject it.
    fn checks(&self, subject: &str) -> Vec<&ListedCheck> {
        let mutant = self.listing.mutants.iter().find(|mutant| mutant.name == subject);
        let judges =
            |check: &&ListedCheck| mutant.is_none_or(|mutant| mutant.killed_by == check.name);
        self.listing.checks.iter().filter(judges).collect()
    }

    fn turn(&self, check: &ListedCheck, done: usize, all: usize) -> String {
        let name = &self.listing.name;
        format!("{name}: check {} of {all}: {}", done + 1, check.title)
    }
}

enum Line {
    /// A result, and what the subject printed on the same line before it.
    Result(Box<CheckResult>, Option<String>),
    Sheet,
    Printed(String),
}

fn result(line: &str) -> Line {
    let line = line.trim_end_matches('\r');
    if line.starts_with("{\"lesson\":") && serde_json::from_str::<Sheet>(line).is_ok() {
        return Line::Sheet;
    }
    if let Some(at) = line.find("{\"name\":")
        && let Ok(result) = serde_json::from_str(&line[at..])
    {
        return Line::Result(Box::new(result), (at > 0).then(|| line[..at].to_owned()));
    }
    Line::Printed(line.to_owned())
}

/// Standard error, read beside standard output so that neither fills up.
fn collect(child: &mut Child) -> Option<thread::JoinHandle<Vec<String>>> {
    let mut stderr = child.stderr.take()?;
    Some(thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = stderr.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).lines().map(str::to_owned).collect()
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
    fn a_result_is_found_behind_what_the_learner_printed() {
        let json = r#"{"name":"a","title":"A","status":"passed","points":2}"#;
        assert!(matches!(result(json), Line::Result(r, None) if r.points == 2));
        let glued = format!("x = 3{json}");
        assert!(matches!(result(&glued), Line::Result(_, Some(text)) if text == "x = 3"));
        assert!(matches!(result("{\"name\": 3"), Line::Printed(_)));
    }
}
