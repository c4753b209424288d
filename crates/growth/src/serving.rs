//! `cargo study serve` in the clone, and when it has something new.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};

/// A build of seventy lessons on a slow machine is done by then.
const PATIENCE: Duration = Duration::from_secs(3600);
/// When nothing is said for so long, nothing is being built.
const QUIET: Duration = Duration::from_secs(20);

/// A server, until it is dropped.
pub struct Serving {
    child: Child,
    lines: Receiver<String>,
}

impl Serving {
    /// Starts it and waits until the first page can be read.
    pub fn start(clone: &Path) -> Result<Self> {
        let mut child = super::cargo(clone)
            .args(["study", "serve", "--no-open", "--port", "38700"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .context("cargo cannot be started")?;
        let stderr = child.stderr.take().context("it has no output")?;
        let (sender, lines) = channel();
        thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        let serving = Self { child, lines };
        serving.wait("The book is at")?;
        Ok(serving)
    }

    /// Waits until everything is built: the pages are written once more after the last demos.
    pub fn settled(&mut self) -> Result<()> {
        self.wait("Everything is there")
    }

    /// Waits for the edited page to be written again.
    pub fn rewritten(&mut self) -> Result<()> {
        self.wait("Writing what was edited: ")
    }

    /// Waits for all pages to be written again.
    pub fn rebuilt(&mut self) -> Result<()> {
        self.wait("Writing the pages: ")
    }

    /// Waits for a line, and for what belongs to it.
    fn wait(&self, words: &str) -> Result<()> {
        loop {
            let line = self.lines.recv_timeout(PATIENCE);
            let line = line.with_context(|| format!("it did not say “{words}”"))?;
            if line.contains(words) {
                return Ok(());
            }
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // The program that serves is a child of cargo's.
        let _ =
            std::process::Command::new("pkill").args(["-P", &self.child.id().to_string()]).status();
        let _ = self.child.kill();
        let _ = self.child.wait();
        thread::sleep(QUIET / 20);
    }
}
