//! Finding the clone of the book.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The root of this workspace, found upward from the current directory.
pub fn workspace_root() -> Result<PathBuf> {
    let here = std::env::current_dir().context("the current directory cannot be read")?;
    let root = here.ancestors().find(|folder| is_root(folder)).map(Path::to_path_buf);
    root.with_context(|| {
        format!(
            "not inside GenAI Study Buddy: {} is no part of it. cd into your clone and try again",
            here.display()
        )
    })
}

/// The workspace of the book has exercises and the grader they share; any other lacks one of them.
fn is_root(folder: &Path) -> bool {
    let Ok(text) = std::fs::read_to_string(folder.join("Cargo.toml")) else { return false };
    let is_workspace =
        toml::from_str::<toml::Table>(&text).is_ok_and(|t| t.contains_key("workspace"));
    is_workspace && folder.join("exercises").is_dir() && text.contains("grading")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_has_exercises_and_the_grader() {
        let root = workspace_root().expect("tests run inside the workspace");
        assert!(root.join("ARCHITECTURE.md").is_file());
        assert!(!is_root(&root.join("crates")));
    }
}
