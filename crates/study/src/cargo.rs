//! Builds a lesson's grader or one of the book's programs, with a progress line.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, bail};
use lessons::LessonDir;
use lessons::cargo::{Built, CompilerError, cargo};

use crate::broken::{Broken, changes, is_missing, missing};
use crate::terminal::Spinner;

/// What a build came to.
pub enum Build {
    /// The grader.
    Ready(PathBuf),
    /// The learner's code, or what it is built on, does not compile.
    Broken(Broken),
}

/// Runs cargo with the terminal passed through, and tells whether it succeeded.
pub fn pass_through<S: AsRef<OsStr>>(root: &Path, arguments: &[S]) -> Result<Option<i32>> {
    let status = cargo(root).args(arguments).status().context("cargo cannot be started")?;
    Ok(status.code())
}

/// Builds the graders of lessons, all in one call of cargo; one that does not compile stops no
/// other. Returns what came of each.
pub fn build(lessons: &[LessonDir], spinner: &Spinner) -> Result<Vec<Build>> {
    let Some(first) = lessons.first() else { return Ok(Vec::new()) };
    let mut arguments = vec!["--keep-going"];
    for LessonDir { name, .. } in lessons {
        arguments.extend(["--package", name, "--bin", name]);
    }
    match lessons {
        [one] => spinner.say(&format!("building {}", one.name)),
        all => spinner.say(&format!("building {} lessons", all.len())),
    }
    let built = lessons::cargo::build(&first.root, &arguments, |text| spinner.say(text))?;
    if !built.success && built.errors.is_empty() {
        // Without a manifest or a program cargo does not even begin.
        let gone = lessons.iter().flat_map(missing);
        let gone = gone.chain(changes(&first.root, &first.root).deleted).next();
        if let Some(path) = gone {
            bail!("cargo could not build the lessons: {}\n{}", is_missing(&path), built.why());
        }
    }
    lessons.iter().map(|lesson| outcome(lesson, &built)).collect()
}

/// What a build came to for one lesson.
fn outcome(lesson: &LessonDir, built: &Built) -> Result<Build> {
    let name = &lesson.name;
    if let Some(program) = built.program(name) {
        return Ok(Build::Ready(program.to_owned()));
    }
    let own = format!("/{}/{name}#", lesson.step);
    let is_own = |error: &&CompilerError| error.package.contains(&own);
    let mine: Vec<&CompilerError> = built.errors.iter().filter(is_own).collect();
    // Without an error of its own it is built on what has one.
    let errors = if mine.is_empty() { built.errors.iter().collect() } else { mine };
    let Some(first) = errors.first() else {
        bail!("cargo could not build {name}\n{}", built.why());
    };
    let foreign = !first.package.contains(&own);
    Ok(Build::Broken(Broken::new(lesson, &errors, foreign)))
}

/// Builds a lesson's grader without the learner's file, which can only list the checks; `None` if
/// the rest does not compile either.
pub fn build_listing(lesson: &LessonDir, spinner: &Spinner) -> Result<Option<PathBuf>> {
    spinner.say(&format!("listing the checks of {}", lesson.name));
    let name = lesson.name.as_str();
    let arguments = ["rustc", "--package", name, "--bin", name, "--message-format=json", "--quiet"];
    let output = cargo(&lesson.root)
        .args(arguments)
        .args(["--", "--cfg", "listing"])
        .stderr(Stdio::null())
        .stdin(Stdio::null())
        .output()
        .context("cargo cannot be started")?;
    let built = Built::from_messages(output.stdout.as_slice());
    Ok(built.program(name).map(Path::to_owned))
}

/// Builds a program of the book and returns where it is. It is started by itself and not by
/// `cargo run`, whose exit code could be cargo's own.
pub fn program(root: &Path, name: &str, arguments: &[&str], spinner: &Spinner) -> Result<PathBuf> {
    spinner.say(&format!("building {name}"));
    let built = lessons::cargo::build(root, arguments, |text| spinner.say(text))?;
    if let (true, Some(program)) = (built.success, built.program(name)) {
        return Ok(program.to_owned());
    }
    if built.errors.is_empty() {
        bail!("cargo could not build the program {name}\n{}", built.why());
    }
    bail!("the program {name} does not compile\n{}", built.rendered().trim_end())
}
