//! Real text of the size that is asked for, without a download: the sources and documents of the
//! crates in `Cargo.lock`, which every machine that builds this book has.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context, ensure};

/// Text of at least `bytes` bytes: English (documentation, comments) and code, file by file in
/// the order of the crates' names.
pub fn text(root: &Path, bytes: usize) -> anyhow::Result<String> {
    // Crates of other platforms are on no machine that did not ask for them.
    let platform = said(Command::new("rustc").args(["--print", "host-tuple"]))?;
    let platform = String::from_utf8(platform)?;
    let arguments = ["metadata", "--format-version", "1", "--locked", "--filter-platform"];
    let metadata = said(lessons::cargo::cargo(root).args(arguments).arg(platform.trim()))?;
    let metadata: serde_json::Value = serde_json::from_slice(&metadata)?;
    let packages = metadata["packages"].as_array().context("cargo metadata lists no packages")?;
    let mut folders: Vec<PathBuf> = packages
        .iter()
        .filter(|p| !p["source"].is_null())
        .filter_map(|p| Path::new(p["manifest_path"].as_str()?).parent().map(Path::to_owned))
        .collect();
    folders.sort();
    let mut text = String::new();
    for folder in folders {
        let mut files = Vec::new();
        collect(&folder, &mut files);
        files.sort();
        for file in files {
            if let Ok(content) = fs::read_to_string(&file) {
                text.push_str(&content);
            }
            if text.len() >= bytes {
                return Ok(text);
            }
        }
    }
    Ok(text)
}

/// What a program prints, or an error with its own words.
fn said(command: &mut Command) -> anyhow::Result<Vec<u8>> {
    let Output { status, stdout, stderr } =
        command.output().with_context(|| format!("{command:?} does not start"))?;
    ensure!(status.success(), "{command:?} fails: {}", String::from_utf8_lossy(&stderr).trim());
    Ok(stdout)
}

/// The Markdown and Rust files of a crate; generated tables are no text.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    const LARGEST: u64 = 100_000;
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|e| e == "md" || e == "rs")
            && entry.metadata().is_ok_and(|m| m.len() < LARGEST)
        {
            files.push(path);
        }
    }
}
