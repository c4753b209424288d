//! What the lessons computed for the pages: checks, quizzes, worked numbers and stills of demos.
//! The program `stills` of `wasm-demos` prints it; the last good print is kept.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use grading::ListedCheck;
use serde::Deserialize;

use crate::cargo;
use crate::progress::Step;

/// All of it.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
pub struct Stills {
    /// In the order of the book.
    pub lessons: Vec<Lesson>,
    /// Every demo.
    pub demos: Vec<Demo>,
}

/// A lesson.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Lesson {
    /// The crate's name.
    pub name: String,
    /// The folder of its step.
    pub step: String,
    /// As in the table of contents.
    pub title: String,
    /// Of the checks.
    pub hash: String,
    /// In the order of the page.
    pub checks: Vec<ListedCheck>,
    /// The questions.
    pub quiz: Quiz,
    /// Numbers for the page.
    pub worked: BTreeMap<String, String>,
}

/// A quiz.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Quiz {
    /// Of the questions.
    pub hash: String,
    /// In the order they are asked.
    pub questions: Vec<Question>,
}

/// A question with one right choice.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Question {
    /// Unique in the lesson.
    pub id: String,
    /// Markdown.
    pub prompt: String,
    /// In the order they are shown.
    pub choices: Vec<Choice>,
    /// The index of the right choice.
    pub answer: usize,
}

/// A choice.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Choice {
    /// Markdown.
    pub text: String,
    /// Why it is right or wrong; Markdown.
    pub why: String,
}

/// A demo.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Demo {
    /// As in `<study-demo name="…">`.
    pub name: String,
    /// Its markup: what the reader sees before anything runs.
    pub still: String,
}

impl Stills {
    /// The lesson of this name, or an error that names the nearest one.
    pub fn lesson(&self, name: &str) -> Result<&Lesson> {
        let found = self.lessons.iter().find(|lesson| lesson.name == name);
        found.with_context(|| unknown("lesson", name, self.lessons.iter().map(|l| &*l.name)))
    }

    /// The demo of this name, or an error that names the nearest one.
    pub fn demo(&self, name: &str) -> Result<&Demo> {
        let found = self.demos.iter().find(|demo| demo.name == name);
        found.with_context(|| unknown("demo", name, self.demos.iter().map(|d| &*d.name)))
    }
}

/// “there is no lesson `x`; there are: a, b”.
pub fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.collect();
    format!("there is no {what} `{name}`; there are: {}", known.join(", "))
}

fn path(root: &Path) -> PathBuf {
    root.join("target/study/stills.json")
}

/// Runs every demo on its default inputs; where `reuse` is set, only if their code changed.
pub fn make(root: &Path, reuse: bool) -> Result<Stills> {
    let step = Step::start("Running every demo for its still");
    let args = ["--package", "wasm-demos", "--bin", "stills"];
    let built = cargo::build(root, "the program that runs the demos", &args, &step)?;
    let program = built.program("stills");
    let program = program.context("cargo built no program `stills`")?;
    let stamp = cargo::stamp(program)?;
    let stamp_file = root.join("target/study/stills.stamp");
    if reuse
        && fs::read_to_string(&stamp_file).ok().as_ref() == Some(&stamp)
        && let Ok(data) = last(root)
    {
        return Ok(data);
    }
    step.say("running");
    let output = Command::new(program)
        .current_dir(root)
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("{} could not be started", program.display()))?;
    if !output.status.success() {
        bail!("a demo failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    let data = parse(&output.stdout)?;
    fs::create_dir_all(root.join("target/study"))?;
    fs::write(path(root), &output.stdout)?;
    fs::write(stamp_file, stamp)?;
    step.done(&format!("{} lessons, {} demos", data.lessons.len(), data.demos.len()));
    Ok(data)
}

/// What the last successful run printed.
pub fn last(root: &Path) -> Result<Stills> {
    let json = fs::read(path(root)).context("no stills yet: build once without skipping")?;
    parse(&json)
}

fn parse(json: &[u8]) -> Result<Stills> {
    serde_json::from_slice(json).context("the program `stills` printed something else")
}
