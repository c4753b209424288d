//! A small book: a clone of this one with two lessons, in which somebody has done the first.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use anyhow::{Context, Result, bail, ensure};
use lessons::LessonDir;
use lessons::cargo::target_dir;

use crate::site::{self, Build, root};

/// The lesson whose exercise is done.
pub const SOLVED: &str = "tokenization";
/// The lesson whose exercise is as it was.
pub const UNSOLVED: &str = "what-an-llm-is";

/// What the clone takes from the book as it is.
const PARTS: [&str; 6] =
    [".cargo", "Cargo.lock", "book.toml", "crates", "theme", "src/introduction.md"];
/// The folder of the clone.
pub fn clone() -> Result<&'static Path> {
    static CLONE: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let clone = CLONE.get_or_init(|| make().map_err(|error| format!("{error:#}")));
    clone.as_deref().map_err(|message| anyhow::anyhow!("{message}"))
}

/// The version of the clone's crates. Cargo tells crates apart by name, version and place in their
/// workspace: with the same version it would take the crates of the clone for those of the book.
const VERSION: &str = "0.1.0+clone";

/// The book's own `study-book` at work in the clone. What it makes lies beside the clone, as where
/// nothing may be written into a checkout; all that goes into its programs lies with the book's, so
/// that third-party crates are compiled once.
pub fn book() -> Result<Command> {
    // The program is that of the hosted site.
    site::folder(Build::Hosted)?;
    let program = format!("debug/study-book{}", std::env::consts::EXE_SUFFIX);
    let program = target_dir(root()).join(program);
    let mut command = Command::new(program);
    command.current_dir(clone()?).stdin(Stdio::null());
    command.env("CARGO_TARGET_DIR", root().join("target/study/clone-made"));
    command.env("CARGO_BUILD_BUILD_DIR", target_dir(root()));
    Ok(command)
}

/// The local site of the clone.
pub fn site() -> Result<&'static Path> {
    static SITE: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let site = SITE.get_or_init(|| build().map_err(|error| format!("{error:#}")));
    site.as_deref().map_err(|message| anyhow::anyhow!("{message}"))
}

fn make() -> Result<PathBuf> {
    let clone = root().join("target/study/clone");
    // Of an earlier run.
    let _ = fs::remove_dir_all(clone.join("target"));
    let left_out = left_out()?;
    for folder in &left_out {
        let _ = fs::remove_dir_all(clone.join(folder));
    }
    let mut kept = Vec::new();
    for part in PARTS {
        for file in site::files(&root().join(part))? {
            let path = file.strip_prefix(root())?;
            if !left_out.iter().any(|folder| path.starts_with(folder)) {
                let data = fs::read(&file)?;
                write(&clone.join(path), &renamed(path, data))?;
                kept.push(clone.join(path));
            }
        }
    }
    let manifest = fs::read_to_string(root().join("Cargo.toml"))?;
    let manifest = manifest.replace(", \"tests\", \"tests/kit\"]", "]");
    write(&clone.join("Cargo.toml"), &renamed(Path::new("Cargo.toml"), manifest.into()))?;
    let mut summary =
        "# Summary\n\n[Introduction](introduction.md)\n\n# Step 1: LLM basics\n\n".to_owned();
    for name in [UNSOLVED, SOLVED] {
        let lesson = lessons::find(root(), name)?;
        kept.extend(copy_lesson(&lesson, &clone)?);
        summary += &format!("- [{name}]({}/{name}.md)\n", lesson.step);
    }
    write(&clone.join("src/SUMMARY.md"), summary.as_bytes())?;
    for folder in ["crates", "exercises", "wasm-demos", "theme"] {
        for file in site::files(&clone.join(folder))? {
            // What is no longer in the book must not stay in its clone.
            if !kept.contains(&file) {
                fs::remove_file(file)?;
            }
        }
    }
    Ok(clone)
}

/// Crates that are built on what the clone does not have: other lessons, or the tests.
fn left_out() -> Result<Vec<PathBuf>> {
    let has = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or_default();
        [UNSOLVED, SOLVED].contains(&name) || !path.contains("exercises/") && name != "tests"
    };
    let mut crates = Vec::new();
    for folder in fs::read_dir(root().join("crates"))? {
        let folder = folder?.path();
        let manifest = fs::read_to_string(folder.join("Cargo.toml"))?;
        let manifest: toml::Table = toml::from_str(&manifest)?;
        let mut needs = Vec::new();
        for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
            needs.extend(
                manifest.get(kind).and_then(toml::Value::as_table).cloned().unwrap_or_default(),
            );
        }
        crates.push((folder.strip_prefix(root())?.to_owned(), needs));
    }
    let mut left_out: Vec<PathBuf> = Vec::new();
    loop {
        let lacks = |(name, need): &(String, toml::Value)| {
            let path = need.get("path").and_then(toml::Value::as_str);
            !path.is_none_or(has) || left_out.contains(&Path::new("crates").join(name))
        };
        let more = crates
            .iter()
            .filter(|(folder, needs)| !left_out.contains(folder) && needs.iter().any(lacks));
        let more: Vec<PathBuf> = more.map(|(folder, _)| folder.clone()).collect();
        if more.is_empty() {
            return Ok(left_out);
        }
        left_out.extend(more);
    }
}

fn copy_lesson(lesson: &LessonDir, clone: &Path) -> Result<Vec<PathBuf>> {
    let demos = root().join("wasm-demos").join(&lesson.step).join(&lesson.name);
    let mut files = site::files(&lesson.path)?;
    files.extend(site::files(&demos)?);
    // The page, its quiz, and what it includes.
    let pages = site::files(&root().join("src").join(&lesson.step))?;
    let is_its = |file: &PathBuf| {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        name.strip_prefix(&*lesson.name).is_some_and(|rest| rest.starts_with(['.', '-']))
    };
    files.extend(pages.into_iter().filter(is_its));
    let mut kept = Vec::new();
    for file in files {
        let place = clone.join(file.strip_prefix(root())?);
        let mut data = fs::read(&file)?;
        if file == lesson.exercise() {
            // What a learner would write: the solution, which finds its kernels in their folder.
            let solution = fs::read_to_string(lesson.solution())?;
            data = match lesson.name == SOLVED {
                true => solution.replace("kernels/solution/", "kernels/exercise/").into(),
                false => lessons::stub_files(lesson)?.remove(0).text.into(),
            };
        }
        write(&place, &data)?;
        kept.push(place);
    }
    Ok(kept)
}

/// The workspace's manifest or lock file with the version of the clone: that of the packages that
/// have no source, and of the table they inherit it from.
fn renamed(path: &Path, data: Vec<u8>) -> Vec<u8> {
    let is_workspace = ["Cargo.toml", "Cargo.lock"].iter().any(|name| path == Path::new(name));
    let Ok(text) = String::from_utf8(data.clone()) else { return data };
    if !is_workspace {
        return data;
    }
    let old = format!("version = \"{}\"", env!("CARGO_PKG_VERSION"));
    let new = format!("version = \"{VERSION}\"");
    let tables = text.split("\n\n").map(|table| {
        let ours = table.starts_with("[workspace.package]")
            || (table.starts_with("[[package]]") && !table.contains("\nsource = "));
        if ours { table.replace(&old, &new) } else { table.to_owned() }
    });
    tables.collect::<Vec<_>>().join("\n\n").into()
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
    let output = book()?.args(["build", "--with-yours", "--profile", "dev"]).output();
    let output = output.context("study-book did not start")?;
    if !output.status.success() {
        bail!("the clone cannot be built:\n{}", String::from_utf8_lossy(&output.stderr));
    }
    for made in ["target", ".study"] {
        let is_there = clone()?.join(made).exists();
        ensure!(!is_there, "building the clone made {made} in it, though it compiles elsewhere");
    }
    Ok(clone()?.join("book"))
}
