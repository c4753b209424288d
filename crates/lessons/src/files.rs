//! Files, with errors that name them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The text of a file.
///
/// # Errors
/// If it cannot be read, or is not UTF-8.
pub fn read_text(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))
}

/// The bytes of a file.
///
/// # Errors
/// If it cannot be read.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("{} cannot be read", path.display()))
}

/// Writes a file anew.
///
/// # Errors
/// If it cannot be written, for example for lack of its folder.
pub fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    fs::write(path, content).with_context(|| format!("{} cannot be written", path.display()))
}

/// Makes a folder and those it is in, unless they are there.
///
/// # Errors
/// If one of them cannot be made.
pub fn make_folder(path: &Path) -> Result<()> {
    fs::create_dir_all(path).with_context(|| format!("{} cannot be made", path.display()))
}

/// What is in a folder, in no order.
///
/// # Errors
/// If it cannot be read.
pub fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let list = || fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect();
    let listed: std::io::Result<Vec<PathBuf>> = list();
    listed.with_context(|| format!("{} cannot be read", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_names_its_path() {
        let world = tempfile::tempdir().unwrap();
        let missing = world.path().join("no/such");
        let shown = missing.display().to_string();
        let file = world.path().join("file");
        fs::write(&file, [0xff]).unwrap();
        for error in [
            read_text(&missing).unwrap_err(),
            write(&missing, "").unwrap_err(),
            entries(&missing).unwrap_err(),
        ] {
            assert!(error.to_string().starts_with(&shown), "{error}");
        }
        for error in [read_text(&file).unwrap_err(), make_folder(&file.join("in")).unwrap_err()] {
            assert!(error.to_string().contains("file"), "{error}");
        }
    }
}
