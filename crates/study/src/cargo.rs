//! Runs cargo: builds a lesson's grader with a progress line, or passes everything through.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

use anyhow::{Context, Result, bail};
use lessons::LessonDir;
use serde::Deserialize;

use crate::terminal::Spinner;

/// What a build came to.
pub enum Build {
    /// The grader.
    Ready(PathBuf),
    /// The learner's code does not compile.
    Broken(Broken),
}

/// Why a lesson does not compile.
#[derive(Clone)]
pub struct Broken {
    /// The compiler's own words, colored.
    pub rendered: String,
    /// The first error in one line.
    pub headline: String,
    /// File and line of the first error, from the root.
    pub place: Option<String>,
}

impl Broken {
    /// The first error and its place, for a score that is read without the compiler's words.
    pub fn summary(&self, lesson: &LessonDir) -> String {
        let file = || lesson.shown(&lesson.exercise());
        let place = self.place.clone().unwrap_or_else(file);
        format!("{place}: does not compile: {}", self.headline)
    }

    /// One line that says what to do.
    pub fn advice(&self, lesson: &LessonDir) -> String {
        let file = lesson.shown(&lesson.exercise());
        let elsewhere = self.place.as_ref().filter(|place| !place.starts_with(&file));
        match elsewhere {
            None => format!("{file} does not compile yet: fix the first error above"),
            Some(place) => format!(
                "{file} does not fit the rest of the lesson: the first error is at {place}. Has a \
                 given signature changed?"
            ),
        }
    }
}

/// Cargo, without what an outer `cargo run` tells its child about itself: build scripts that look
/// at such variables would run again and again.
pub fn cargo(root: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let inherited =
        ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_"];
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if inherited.iter().any(|start| text.starts_with(start)) {
            command.env_remove(&name);
        }
    }
    command.current_dir(root);
    command
}

/// Runs cargo with the terminal passed through, and tells whether it succeeded.
pub fn pass_through<S: AsRef<OsStr>>(root: &Path, arguments: &[S]) -> Result<Option<i32>> {
    let status = cargo(root).args(arguments).status().context("cargo cannot be started")?;
    Ok(status.code())
}

/// Builds the grader of a lesson.
pub fn build(lesson: &LessonDir, features: &[&str], spinner: &Spinner) -> Result<Build> {
    let mut command = cargo(&lesson.root);
    command.args(["build", "--package", &lesson.name, "--bin", &lesson.name]);
    // Whatever prints the colors drops them where there is no terminal.
    command.arg("--message-format=json-diagnostic-rendered-ansi");
    if !features.is_empty() {
        command.arg("--features").arg(features.join(","));
    }
    // Cargo's own bar, made machine-readable: it knows how many crates there are to build.
    command.env("CARGO_TERM_PROGRESS_WHEN", "always").env("CARGO_TERM_PROGRESS_WIDTH", "160");
    command.env("CARGO_TERM_COLOR", "never");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().context("cargo cannot be started")?;
    spinner.say(&format!("building {}", lesson.name));
    let log = follow(&mut child, spinner.clone());
    let outcome = read_messages(&mut child, lesson)?;
    let status = child.wait().context("cargo did not end")?;
    let log = log.and_then(|log| log.join().ok()).unwrap_or_default();
    if let (true, Some(program)) = (status.success(), outcome.executable) {
        return Ok(Build::Ready(program));
    }
    if outcome.foreign {
        bail!(
            "{}\na crate that {} needs does not compile",
            outcome.rendered.trim_end(),
            lesson.name
        );
    }
    if !outcome.rendered.is_empty() {
        let Messages { rendered, headline, place, .. } = outcome;
        return Ok(Build::Broken(Broken { rendered, headline, place }));
    }
    bail!("cargo could not build {}\n{}{}", lesson.name, log.trim_end(), network_advice(&log))
}

fn network_advice(log: &str) -> &'static str {
    let signs = [
        "network",
        "resolve host",
        "Couldn't connect",
        "--offline",
        "failed to download",
        "timed out",
    ];
    if signs.iter().any(|sign| log.contains(sign)) {
        "\n\nCargo needs the network once, to download the crates this lesson is built on. Connect \
         and try again; after that everything works offline."
    } else {
        ""
    }
}

/// Shows what cargo's progress bar says, and collects the rest for the case that it fails.
fn follow(child: &mut Child, spinner: Spinner) -> Option<thread::JoinHandle<String>> {
    let mut stderr = BufReader::new(child.stderr.take()?);
    Some(thread::spawn(move || {
        let mut log = String::new();
        let mut line = Vec::new();
        let mut byte = [0];
        // The bar ends with a carriage return, everything else with a line feed.
        while stderr.read_exact(&mut byte).is_ok() {
            if byte[0] != b'\r' && byte[0] != b'\n' {
                line.push(byte[0]);
                continue;
            }
            let text = String::from_utf8_lossy(&line).into_owned();
            line.clear();
            let text = text.trim_start_matches("\u{1b}[K").trim_end_matches("\u{1b}[K");
            match activity(text) {
                Some(activity) => spinner.say(&activity),
                None => log.extend([text, "\n"]),
            }
        }
        log
    }))
}

/// What a line of cargo's says about its progress; `None` for anything worth keeping.
fn activity(line: &str) -> Option<String> {
    let text = line.trim();
    if let Some((_, bar)) = text.strip_prefix("Building [").and_then(|rest| rest.split_once("] ")) {
        let (count, names) = bar.split_once(':').unwrap_or((bar, ""));
        let name = names.split(',').next().unwrap_or_default().trim();
        return Some(format!(
            "compiling {} {}",
            count.trim(),
            name.trim_end_matches("(build)").trim()
        ));
    }
    let (verb, rest) = text.split_once(' ')?;
    match verb {
        "Blocking" => Some(format!("waiting: another cargo is at work ({})", rest.trim())),
        "Downloading" | "Downloaded" => Some("downloading crates".into()),
        "Updating" | "Locking" | "Adding" => Some("resolving dependencies".into()),
        "Compiling" => rest.split(" v").next().map(|name| format!("compiling {}", name.trim())),
        "Finished" => Some("compiled".into()),
        _ => None,
    }
}

#[derive(Deserialize)]
struct Message {
    reason: String,
    #[serde(default)]
    package_id: String,
    target: Option<Target>,
    executable: Option<PathBuf>,
    message: Option<Diagnostic>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

#[derive(Deserialize)]
struct Diagnostic {
    level: String,
    message: String,
    rendered: Option<String>,
    spans: Vec<Span>,
}

#[derive(Deserialize)]
struct Span {
    file_name: String,
    line_start: usize,
    is_primary: bool,
}

#[derive(Default)]
struct Messages {
    executable: Option<PathBuf>,
    rendered: String,
    headline: String,
    place: Option<String>,
    foreign: bool,
}

fn read_messages(child: &mut Child, lesson: &LessonDir) -> Result<Messages> {
    let mut messages = Messages::default();
    let stdout = child.stdout.take().context("cargo has no output")?;
    for line in BufReader::new(stdout).lines() {
        let line = line.context("cargo's output cannot be read")?;
        let Ok(message) = serde_json::from_str::<Message>(&line) else { continue };
        let is_bin = message.target.is_some_and(|target| target.name == lesson.name);
        if message.reason == "compiler-artifact" && is_bin && message.executable.is_some() {
            messages.executable = message.executable;
        }
        let Some(diagnostic) = message.message.filter(|d| d.level.starts_with("error")) else {
            continue;
        };
        let span = diagnostic.spans.iter().find(|span| span.is_primary);
        if span.is_none() && diagnostic.message.starts_with("aborting due to") {
            continue;
        }
        messages.foreign |=
            !message.package_id.contains(&format!("/{}/{}", lesson.step, lesson.name));
        if let (None, Some(span)) = (&messages.place, span) {
            messages.place = Some(format!("{}:{}", span.file_name, span.line_start));
        }
        if messages.rendered.is_empty() {
            messages.headline = diagnostic.message;
        }
        messages.rendered.extend([diagnostic.rendered.as_deref().unwrap_or_default(), "\n"]);
    }
    Ok(messages)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargos_bar_becomes_a_line() {
        let bar = "    Building [=======>         ]  57/214: candle-core, gemm(build), serde";
        assert_eq!(activity(bar).unwrap(), "compiling 57/214 candle-core");
        assert_eq!(
            activity("    Blocking waiting for file lock").unwrap(),
            "waiting: another cargo is at work (waiting for file lock)"
        );
        assert_eq!(activity("error: no such thing"), None);
    }
}
