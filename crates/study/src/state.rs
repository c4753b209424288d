//! What the command line remembers, in `.study/` (git ignores it, `cargo clean` leaves it alone).

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use lessons::files;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// How many hints of a check have been read, by `lesson/check`.
pub type HintsRead = BTreeMap<String, usize>;

/// Reads the hints seen so far; a file that cannot be read costs nothing but their count.
pub fn hints_read(root: &Path) -> HintsRead {
    load(root, "hints").unwrap_or_default()
}

/// Remembers the hints seen so far.
pub fn remember_hints(root: &Path, hints: &HintsRead) -> Result<()> {
    store(root, "hints", hints)
}

/// Forgets the hints read of a lesson.
pub fn forget_hints(root: &Path, lesson: &str) -> Result<()> {
    let mut read = hints_read(root);
    let before = read.len();
    read.retain(|check, _| check.split('/').next() != Some(lesson));
    if read.len() == before { Ok(()) } else { remember_hints(root, &read) }
}

fn path(root: &Path, name: &str) -> PathBuf {
    root.join(".study").join(format!("{name}.json"))
}

fn load<T: DeserializeOwned>(root: &Path, name: &str) -> Option<T> {
    serde_json::from_str(&fs::read_to_string(path(root, name)).ok()?).ok()
}

fn store<T: Serialize>(root: &Path, name: &str, value: &T) -> Result<()> {
    let folder = root.join(".study");
    files::make_folder(&folder)?;
    files::write(&folder.join(".gitignore"), "*\n")?;
    files::write(&path(root, name), serde_json::to_string_pretty(value)?)
}
