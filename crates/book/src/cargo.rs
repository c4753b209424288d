//! Runs cargo, shows how far it is, and reads what it made.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::progress::Step;

/// A program that does not compile.
#[derive(Debug)]
pub struct CompileError {
    /// What was compiled.
    pub what: String,
    /// The compiler's messages, with colors for a terminal.
    pub rendered: String,
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} does not compile", self.what)
    }
}

impl std::error::Error for CompileError {}

/// A line of `cargo build --message-format=json`.
#[derive(Deserialize)]
#[serde(tag = "reason")]
enum Message {
    #[serde(rename = "compiler-artifact")]
    Artifact { target: Target, filenames: Vec<PathBuf>, executable: Option<PathBuf> },
    #[serde(rename = "compiler-message")]
    Said { message: Diagnostic },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

#[derive(Deserialize)]
struct Diagnostic {
    level: String,
    rendered: Option<String>,
}

/// What cargo built: the files of each target.
pub type Files = BTreeMap<String, Vec<PathBuf>>;

/// Runs `cargo build` with these arguments and returns the files of every target, by its name.
pub fn build(root: &Path, what: &str, args: &[&str], step: &Step) -> Result<Files> {
    let mut child = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .current_dir(root)
        .args(["build", "--message-format=json-diagnostic-rendered-ansi"])
        .args(args)
        // Off a terminal cargo shows its progress only when told to.
        .env("CARGO_TERM_PROGRESS_WHEN", "always")
        .env("CARGO_TERM_PROGRESS_WIDTH", "200")
        .env("CARGO_TERM_COLOR", "never")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("cargo could not be started: install Rust from https://rustup.rs")?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let (Some(stdout), Some(stderr)) = (stdout, stderr) else { bail!("cargo gave no output") };

    let (files, errors, said) = std::thread::scope(|scope| {
        let said = scope.spawn(|| follow(stderr, step));
        let (files, errors) = read_messages(stdout);
        (files, errors, said.join().unwrap_or_default())
    });
    if child.wait()?.success() {
        return Ok(files);
    }
    if errors.is_empty() {
        bail!("{what} could not be built: {}", said.trim());
    }
    Err(CompileError { what: what.to_owned(), rendered: errors }.into())
}

/// Tells one build of a file from another. Being newer is not enough: cargo puts an older file back
/// when a feature is switched off again.
pub fn stamp(file: &Path) -> Result<String> {
    let data = file.metadata()?;
    let time = data.modified()?.duration_since(SystemTime::UNIX_EPOCH)?;
    Ok(format!("{} {}", data.len(), time.as_nanos()))
}

/// The files of all targets, and all errors as the compiler rendered them.
fn read_messages(stdout: impl Read) -> (Files, String) {
    let (mut files, mut errors) = (Files::new(), String::new());
    for line in BufReader::new(stdout).lines().map_while(Result::ok) {
        match serde_json::from_str(&line) {
            Ok(Message::Artifact { target, filenames, executable }) => {
                files.insert(target.name, executable.map_or(filenames, |path| vec![path]));
            }
            Ok(Message::Said { message }) if message.level == "error" => {
                errors.push_str(message.rendered.as_deref().unwrap_or_default());
            }
            _ => {}
        }
    }
    (files, errors)
}

/// Shows cargo's progress; returns its last words, for the case that it fails before it compiles.
fn follow(stderr: impl Read, step: &Step) -> String {
    let mut last = VecDeque::new();
    let mut line = Vec::new();
    for byte in BufReader::new(stderr).bytes().map_while(Result::ok) {
        if byte != b'\r' && byte != b'\n' {
            line.push(byte);
            continue;
        }
        let text = console::strip_ansi_codes(&String::from_utf8_lossy(&line)).trim().to_owned();
        line.clear();
        if let Some((_, crates)) = text.strip_prefix("Building ").and_then(|t| t.split_once("] ")) {
            step.say(crates);
        } else if let Some(what) = text.strip_prefix("Blocking ") {
            step.say(what);
        } else if !text.is_empty() && !text.starts_with("Compiling ") {
            last.push_back(text);
            if last.len() > 8 {
                last.pop_front();
            }
        }
    }
    Vec::from(last).join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_give_the_files_and_the_errors() {
        let lines = [
            r#"{"reason":"compiler-artifact","target":{"name":"a"},"filenames":["/a"],"executable":null}"#,
            r#"{"reason":"compiler-artifact","target":{"name":"b"},"filenames":["/b.wasm"],"executable":null}"#,
            r#"{"reason":"compiler-message","message":{"level":"warning","rendered":"w"}}"#,
            r#"{"reason":"compiler-message","message":{"level":"error","rendered":"error: e\n"}}"#,
            r#"{"reason":"build-finished","success":false}"#,
        ];
        let (files, errors) = read_messages(lines.join("\n").as_bytes());
        assert_eq!(files["a"], [PathBuf::from("/a")]);
        assert_eq!(files["b"], [PathBuf::from("/b.wasm")]);
        assert_eq!(errors, "error: e\n");
    }
}
