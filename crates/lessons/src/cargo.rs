//! Runs cargo and its relatives, for both halves of the command line: tells how far they are,
//! reads what they made, and says what to do when the network is missing.

mod messages;

use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context, Result, bail};

use messages::read_messages;

/// The target that the demos of the pages are compiled to.
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// What a build came to.
#[derive(Debug, Default)]
pub struct Built {
    /// Whether everything was built.
    pub success: bool,
    /// What was built, in order.
    pub artifacts: Vec<Artifact>,
    /// The errors of the compiler, in order.
    pub errors: Vec<CompilerError>,
    /// What cargo itself said, progress left out.
    pub log: String,
}

/// The files of a target: a program, a library.
#[derive(Debug)]
pub struct Artifact {
    /// The name of the target.
    pub target: String,
    /// Its files.
    pub files: Vec<PathBuf>,
    /// The program among them.
    pub executable: Option<PathBuf>,
}

/// An error of the compiler.
#[derive(Debug)]
pub struct CompilerError {
    /// The package it is in, as cargo names it: `path+file:///…/exercises/1-basics/review#0.1.0`.
    pub package: String,
    /// The error in one line.
    pub message: String,
    /// The compiler's own words, colored: whatever prints them drops the colors off a terminal.
    pub rendered: String,
    /// File and line, from the root.
    pub place: Option<String>,
}

impl Built {
    /// What cargo's messages in JSON tell of a build.
    pub fn from_messages(messages: impl Read) -> Self {
        let mut built = Self::default();
        read_messages(messages, &mut built);
        built
    }

    /// The program of that name.
    pub fn program(&self, name: &str) -> Option<&Path> {
        let mut made = self.artifacts.iter().filter(|artifact| artifact.target == name);
        made.find_map(|artifact| artifact.executable.as_deref())
    }

    /// All errors of the compiler as it rendered them; empty if cargo failed before it compiled.
    pub fn rendered(&self) -> String {
        self.errors.iter().flat_map(|error| [error.rendered.as_str(), "\n"]).collect()
    }

    /// What cargo said, and what to do about it if that was for lack of a network.
    pub fn why(&self) -> String {
        with_network_advice(&self.log)
    }
}

/// The folder of everything that is made: `CARGO_TARGET_DIR` as cargo takes it, or `target/`.
pub fn target_dir(root: &Path) -> PathBuf {
    let named =
        ["CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR"].into_iter().find_map(std::env::var_os);
    root.join(named.unwrap_or_else(|| "target".into()))
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

/// Runs `cargo build` with these arguments; `say` hears how far it is.
pub fn build<S: AsRef<str>>(
    root: &Path,
    arguments: &[S],
    say: impl Fn(&str) + Send,
) -> Result<Built> {
    let mut child = cargo(root)
        .args(["build", "--message-format=json-diagnostic-rendered-ansi"])
        .args(arguments.iter().map(AsRef::as_ref))
        // Cargo's own bar, made machine-readable: it knows how many crates there are to build.
        .env("CARGO_TERM_PROGRESS_WHEN", "always")
        .env("CARGO_TERM_PROGRESS_WIDTH", "160")
        .env("CARGO_TERM_COLOR", "never")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("cargo cannot be started: install Rust from https://rustup.rs")?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let (Some(stdout), Some(stderr)) = (stdout, stderr) else { bail!("cargo gave no output") };
    let mut built = Built::default();
    built.log = thread::scope(|scope| {
        let log = scope.spawn(move || follow(stderr, say));
        read_messages(stdout, &mut built);
        log.join().unwrap_or_default()
    });
    built.success = child.wait().context("cargo did not end")?.success();
    Ok(built)
}

/// Adds the WebAssembly target to Rust unless it is there; `say` hears that it takes a moment.
pub fn add_wasm_target(say: impl Fn(&str)) -> Result<()> {
    let found = Command::new("rustc")
        .args(["--print", "target-libdir", "--target", WASM_TARGET])
        .output()
        .context("rustc cannot be started: install Rust from https://rustup.rs")?;
    let folder = String::from_utf8_lossy(&found.stdout).trim().to_owned();
    if found.status.success() && Path::new(&folder).exists() {
        return Ok(());
    }
    say("adding the WebAssembly target to Rust");
    let command = format!("rustup target add {WASM_TARGET}");
    let added =
        Command::new("rustup").args(["target", "add", WASM_TARGET]).stdin(Stdio::null()).output();
    match added {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            bail!("`{command}` failed: {}", with_network_advice(&said))
        }
        Err(_) => bail!(
            "Rust's target {WASM_TARGET} is missing, and there is no rustup to add it: install Rust \
             from https://rustup.rs, and then `{command}`"
        ),
    }
}

/// What a tool said, and what to do about it if it missed the network.
fn with_network_advice(said: &str) -> String {
    let signs = [
        "network",
        "resolve host",
        "Couldn't connect",
        "--offline",
        "failed to download",
        "could not download",
        "timed out",
        "dns error",
    ];
    let said = said.trim();
    if !signs.iter().any(|sign| said.contains(sign)) {
        return said.to_owned();
    }
    format!(
        "{said}\n\nThe network is needed once, to download what this is built from. Connect and try \
         again; after that it works offline."
    )
}

/// Tells cargo's progress, and returns everything else that it says.
fn follow(stderr: impl Read, say: impl Fn(&str)) -> String {
    let mut log = String::new();
    let mut line = Vec::new();
    for byte in BufReader::new(stderr).bytes().map_while(Result::ok) {
        // The bar ends with a carriage return, everything else with a line feed.
        if byte != b'\r' && byte != b'\n' {
            line.push(byte);
            continue;
        }
        let text = String::from_utf8_lossy(&line).replace("\u{1b}[K", "");
        line.clear();
        match activity(&text) {
            Some(activity) => say(&activity),
            None if text.trim().is_empty() => {}
            None => log.extend([text.as_str(), "\n"]),
        }
    }
    log
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

    #[test]
    fn progress_is_told_and_the_rest_is_kept() {
        let said = std::cell::RefCell::new(Vec::new());
        let stderr =
            "   Compiling a v1.0.0\n    Building [=> ] 1/2: b\r\u{1b}[Kerror: no\n\n  why\n";
        let log = follow(stderr.as_bytes(), |text| said.borrow_mut().push(text.to_owned()));
        assert_eq!(said.into_inner(), ["compiling a", "compiling 1/2 b"]);
        assert_eq!(log, "error: no\n  why\n");
    }

    #[test]
    fn a_missing_network_is_met_with_advice() {
        let log = "error: failed to download `a v1.0.0`\nCould not resolve host: index.crates.io\n";
        let built = Built { log: log.into(), ..Built::default() };
        assert!(built.why().contains("Connect and try again"), "{}", built.why());
        let built = Built { log: "error: no such target\n".into(), ..Built::default() };
        assert_eq!(built.why(), "error: no such target");
    }
}
