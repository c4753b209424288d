//! Real text of the size that is asked for, without a download: the sources and documents of the
//! crates in `Cargo.lock`, which every machine that builds this book has.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};

/// Text of at least `bytes` bytes: English (documentation, comments) and code, file by file in
/// the order of the crates' names.
pub fn text(root: &Path, bytes: usize) -> anyhow::Result<String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--offline"])
        .current_dir(root)
        .output()
        .context("cargo metadata does not start")?;
    ensure!(output.status.success(), "cargo metadata fails");
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)?;
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
