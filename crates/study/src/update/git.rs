//! Git, as an update asks it.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use lessons::files;

/// The repository of the book.
pub struct Git<'a>(pub &'a Path);

impl Git<'_> {
    /// What a command prints; an error with git's own words if it fails.
    pub fn run(&self, arguments: &[&str]) -> Result<Vec<u8>> {
        let output = Command::new("git")
            .current_dir(self.0)
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .context("git cannot be started: install it from https://git-scm.com")?;
        if !output.status.success() {
            // Conflicts are told on standard output.
            let said = [output.stderr, output.stdout].concat();
            let said = String::from_utf8_lossy(&said).trim().to_owned();
            bail!("`git {}` failed: {said}", arguments.join(" "));
        }
        Ok(output.stdout)
    }

    /// The same as a line of text.
    pub fn line(&self, arguments: &[&str]) -> Result<String> {
        Ok(String::from_utf8_lossy(&self.run(arguments)?).trim().to_owned())
    }

    /// What two made of the same file, line by line; where both have changed the same, `mine`.
    pub fn merged(&self, mine: &[u8], base: &[u8], theirs: &[u8]) -> Result<Vec<u8>> {
        let folder = self.0.join(".study/update");
        files::make_folder(&folder)?;
        for (name, bytes) in [("mine", mine), ("base", base), ("theirs", theirs)] {
            files::write(&folder.join(name), bytes)?;
        }
        let names = ["mine", "base", "theirs"].map(|name| format!(".study/update/{name}"));
        let [mine, base, theirs] = &names;
        let merged = self.run(&["merge-file", "-p", "--quiet", "--ours", mine, base, theirs]);
        std::fs::remove_dir_all(&folder)
            .with_context(|| format!("{} cannot be removed", folder.display()))?;
        merged
    }
}
