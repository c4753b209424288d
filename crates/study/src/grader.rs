//! Runs a lesson's grader, the program cargo built, and reads its results.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;

use anyhow::{Context, Result, bail};
use grading::{CheckResult, ListedCheck, Listing, Part, Sheet, Status};
use lessons::{FileState, LessonDir, STUB_COMMENT};

use crate::cargo::{Broken, Build, build};
use crate::state;
use crate::terminal::Spinner;

/// A lesson, graded.
pub struct Graded {
    /// The lesson.
    pub lesson: LessonDir,
    /// How that ended.
    pub outcome: Outcome,
}

/// How grading ended.
pub enum Outcome {
    /// With points.
    Scored(Box<Scored>),
    /// The learner's code does not compile.
    Broken(Broken),
}

/// The points of a lesson.
pub struct Scored {
    /// The checks.
    pub listing: Listing,
    /// Their results.
    pub sheet: Sheet,
    /// What the learner's code printed.
    pub printed: Vec<String>,
}

impl Graded {
    /// The points, if it compiled.
    pub fn scored(&self) -> Option<&Scored> {
        match &self.outcome {
            Outcome::Scored(scored) => Some(scored),
            Outcome::Broken(_) => None,
        }
    }
}

/// Builds a lesson and runs the checks on the learner's code.
pub fn grade(lesson: &LessonDir) -> Result<Graded> {
    let spinner = Spinner::new();
    let outcome = match build(lesson, &[], &spinner)? {
        Build::Broken(broken) => Outcome::Broken(broken),
        Build::Ready(program) => {
            let grader = Grader::new(program, &lesson.root)?;
            state::remember_listing(&lesson.root, &grader.listing)?;
            let (mut sheet, printed) = grader.run("exercise", &spinner)?;
            mark_untouched_kernels(lesson, &grader.listing, &mut sheet)?;
            Outcome::Scored(Box::new(Scored { listing: grader.listing, sheet, printed }))
        }
    };
    Ok(Graded { lesson: lesson.clone(), outcome })
}

/// A kernel has no `todo!()`: that it is not written yet shows in its being the stub still.
fn mark_untouched_kernels(lesson: &LessonDir, listing: &Listing, sheet: &mut Sheet) -> Result<()> {
    let mut files = lessons::stub_files(lesson)?;
    files.retain(|file| file.path.extension().is_some_and(|extension| extension == "wgsl"));
    for (check, listed) in sheet.checks.iter_mut().zip(&listing.checks) {
        let Some(kernel) = listed.kernel.as_ref().filter(|_| check.status == Status::Failed) else {
            continue;
        };
        // `softmax_wgsl` returns `softmax.wgsl`.
        let name = kernel.trim_end_matches("_wgsl");
        let file = files.iter().find(|file| file.path.file_stem().is_some_and(|stem| stem == name));
        if let Some(file) = file.filter(|file| file.state == FileState::InSync) {
            let line = file.text.lines().position(|line| line.trim().starts_with(STUB_COMMENT));
            let line = line.unwrap_or_default() + 1;
            let place = lesson.shown(&file.path);
            check.status = Status::Unfinished;
            check.message = Some(format!("{place}:{line}: not yet implemented: {kernel}"));
        }
    }
    Ok(())
}

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

    /// Runs all checks on a subject. After a crash, which counts for the check whose turn it was,
    /// it goes on with the next one. Returns also what the subject printed.
    pub fn run(&self, subject: &str, spinner: &Spinner) -> Result<(Sheet, Vec<String>)> {
        let checks = &self.listing.checks;
        let mut results: Vec<CheckResult> = Vec::new();
        let mut printed = Vec::new();
        while let Some(next) = checks.get(results.len()) {
            spinner.say(&self.turn(next, results.len()));
            let mut child = self.start(subject, results.len())?;
            let errors = collect(&mut child);
            let stdout = child.stdout.take().context("the grader has no output")?;
            for line in BufReader::new(stdout).split(b'\n') {
                let line = line.context("the grader's output cannot be read")?;
                match result(&String::from_utf8_lossy(&line)) {
                    Line::Result(result, before) => {
                        results.push(*result);
                        printed.extend(before);
                        if let Some(next) = checks.get(results.len()) {
                            spinner.say(&self.turn(next, results.len()));
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
            if let Some(check) = checks.get(results.len()) {
                results.push(crashed(check, status, &errors));
            }
            printed.extend(errors.into_iter().filter(|line| !is_noise(line)));
        }
        let hash = u64::from_str_radix(&self.listing.hash, 16)
            .context("the grader's hash is no number")?;
        Ok((Sheet::new(&self.listing.name, Part::Checks, hash, results), printed))
    }

    fn start(&self, subject: &str, skip: usize) -> Result<Child> {
        Command::new(&self.program)
            .args([subject, &skip.to_string()])
            .current_dir(&self.root)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("{} cannot be started", self.program.display()))
    }

    fn turn(&self, check: &ListedCheck, done: usize) -> String {
        let (name, all) = (&self.listing.name, self.listing.checks.len());
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
        Some(line) => format!("crashed: {}", line.trim()),
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
