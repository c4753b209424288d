//! A clone of the book in which somebody has done every exercise.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use anyhow::{Context, Result, bail};
use lessons::LessonDir;

use crate::site::{self, Build, root};

/// What a clone needs to be graded and built.
const PARTS: [&str; 10] = [
    ".cargo",
    "Cargo.toml",
    "Cargo.lock",
    "book.toml",
    "crates",
    "exercises",
    "src",
    "tests",
    "theme",
    "wasm-demos",
];

/// The folder of the clone; its exercises hold what the solutions hold.
pub fn clone() -> Result<&'static Path> {
    static CLONE: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let clone = CLONE.get_or_init(|| make().map_err(|error| format!("{error:#}")));
    clone.as_deref().map_err(|message| anyhow::anyhow!("{message}"))
}

/// The version of the clone's crates. Cargo tells crates apart by name, version and place in their
/// workspace: with the same version it would take the crates of the clone for those of the book.
const VERSION: &str = "0.1.0+solved";

/// A command in the clone. The programs it compiles lie in the clone; all that goes into them lies
/// with the book's, so that third-party crates are compiled once.
pub fn command(program: impl AsRef<std::ffi::OsStr>) -> Result<Command> {
    let mut command = Command::new(program);
    command.current_dir(clone()?).stdin(Stdio::null());
    command.env("CARGO_TARGET_DIR", clone()?.join("target"));
    command.env("CARGO_BUILD_BUILD_DIR", root().join("target"));
    Ok(command)
}

/// The book's own `study-book` at work in the clone.
pub fn book() -> Result<Command> {
    // The program and the stills are those of the hosted site.
    site::folder(Build::Hosted)?;
    command(root().join(format!("target/debug/study-book{}", std::env::consts::EXE_SUFFIX)))
}

/// The local site of the clone.
pub fn site() -> Result<&'static Path> {
    static SITE: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let site = SITE.get_or_init(|| build().map_err(|error| format!("{error:#}")));
    site.as_deref().map_err(|message| anyhow::anyhow!("{message}"))
}

fn make() -> Result<PathBuf> {
    let clone = root().join("target/study/solved");
    for part in PARTS {
        let files = site::files(&root().join(part))?;
        for file in files.iter().filter(|file| !is_learners(file)) {
            let place = clone.join(file.strip_prefix(root())?);
            if ["Cargo.toml", "Cargo.lock"].contains(&part) {
                write(&place, renamed(&fs::read_to_string(file)?).as_bytes())?;
            } else {
                copy(file, &place)?;
            }
        }
    }
    for part in PARTS {
        for file in site::files(&clone.join(part))? {
            // What is no longer in the book must not stay in its clone.
            if !root().join(file.strip_prefix(&clone)?).exists() {
                fs::remove_file(file)?;
            }
        }
    }
    for lesson in lessons::find_all(root())? {
        solve(&lesson, &clone)?;
    }
    Ok(clone)
}

/// The workspace's manifest or lock file with the version of the clone: that of the packages that
/// have no source, and of the table they inherit it from.
fn renamed(toml: &str) -> String {
    let old = format!("version = \"{}\"", env!("CARGO_PKG_VERSION"));
    let new = format!("version = \"{VERSION}\"");
    let tables = toml.split("\n\n").map(|table| {
        let ours = table.starts_with("[workspace.package]")
            || (table.starts_with("[[package]]") && !table.contains("\nsource = "));
        if ours { table.replace(&old, &new) } else { table.to_owned() }
    });
    tables.collect::<Vec<_>>().join("\n\n")
}

fn is_learners(file: &Path) -> bool {
    let folder = file.parent();
    file.ends_with("src/exercise.rs") || folder.is_some_and(|f| f.ends_with("kernels/exercise"))
}

/// What a learner would write: the solution, which finds its kernels in the learner's folder.
fn solve(lesson: &LessonDir, clone: &Path) -> Result<()> {
    let place = |file: PathBuf| Ok::<_, anyhow::Error>(clone.join(file.strip_prefix(root())?));
    let solution = fs::read_to_string(lesson.solution())?;
    let answer = solution.replace("kernels/solution/", "kernels/exercise/");
    write(&place(lesson.exercise())?, answer.as_bytes())?;
    for kernel in lesson.kernels()? {
        let from = lesson.path.join("kernels/solution").join(&kernel);
        copy(&from, &place(lesson.path.join("kernels/exercise").join(&kernel))?)?;
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    let data = fs::read(from).with_context(|| format!("{} cannot be read", from.display()))?;
    write(to, &data)
}

/// Leaves a file alone that holds this already, so that cargo does, too.
fn write(file: &Path, data: &[u8]) -> Result<()> {
    if fs::read(file).is_ok_and(|found| found == data) {
        return Ok(());
    }
    fs::create_dir_all(file.parent().context("a file is in a folder")?)?;
    fs::write(file, data).with_context(|| format!("{} cannot be written", file.display()))
}

fn build() -> Result<PathBuf> {
    site::folder(Build::Hosted)?;
    let clone = clone()?;
    copy(&root().join("target/study/stills.json"), &clone.join("target/study/stills.json"))?;
    let arguments = ["build", "--with-yours", "--profile", "dev", "--skip-stills"];
    let output = book()?.args(arguments).output().context("study-book did not start")?;
    if !output.status.success() {
        bail!("the solved book cannot be built:\n{}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(clone.join("book"))
}
