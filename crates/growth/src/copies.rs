//! The scratch clone, and copies of lessons in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use regex::Regex;

/// A clone of the working tree, with what is not committed yet, in a folder that was emptied.
pub fn scratch(root: &Path) -> Result<PathBuf> {
    let clone = root.join("target/study/growth/clone");
    let _ = fs::remove_dir_all(&clone);
    let output = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .context("git cannot be started")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let names = String::from_utf8(output.stdout)?;
    for name in names.split('\0').filter(|name| root.join(name).is_file()) {
        let place = clone.join(name);
        fs::create_dir_all(place.parent().unwrap_or(&clone))?;
        fs::copy(root.join(name), place)?;
    }
    // A test asks git for the files of the repository.
    let git = |arguments: &[&str]| -> Result<()> {
        let status = Command::new("git").args(arguments).current_dir(&clone).status()?;
        ensure!(status.success(), "git {} failed", arguments.join(" "));
        Ok(())
    };
    git(&["init", "--quiet"])?;
    git(&["add", "--all"])?;
    Ok(clone)
}

/// Copies a lesson of the clone, its page and its demos, under the name `<lesson>-again`.
pub fn add(clone: &Path, lesson: &str) -> Result<()> {
    let found = lessons::find(clone, lesson)?;
    let (name, step) = (format!("{lesson}-again"), &found.step);
    let demos = format!("wasm-demos/{step}");
    let demo_names = demo_names(&clone.join(&demos).join(lesson))?;
    let rename = |text: &str| {
        let (snake, new) = (lesson.replace('-', "_"), name.replace('-', "_"));
        let mut text = text.replace(lesson, &name).replace(&snake, &new);
        for demo in &demo_names {
            text = text.replace(&format!("\"{demo}\""), &format!("\"{demo}-again\""));
        }
        text
    };
    copy(&found.path, &found.path.with_file_name(&name), &rename)?;
    copy(&clone.join(&demos).join(lesson), &clone.join(&demos).join(&name), &rename)?;
    for end in ["md", "quiz.md"] {
        let text = fs::read_to_string(clone.join(format!("src/{step}/{lesson}.{end}")))?;
        fs::write(clone.join(format!("src/{step}/{name}.{end}")), rename(&text))?;
    }
    let summary = clone.join("src/SUMMARY.md");
    let text = fs::read_to_string(&summary)?;
    let link = format!("({step}/{lesson}.md)");
    let lines = text.lines().flat_map(|line| match line.contains(&link) {
        true => vec![line.to_owned(), rename(line).replace("](", " again](")],
        false => vec![line.to_owned()],
    });
    fs::write(summary, lines.collect::<Vec<_>>().join("\n") + "\n")?;
    Ok(())
}

/// The names of the demos in a package: they are unique in the book.
fn demo_names(package: &Path) -> Result<Vec<String>> {
    let name = Regex::new(r#"name: "([a-z-]+)",\s+title:"#)?;
    let mut names = Vec::new();
    for entry in fs::read_dir(package.join("src"))? {
        let text = fs::read_to_string(entry?.path())?;
        names.extend(name.captures_iter(&text).map(|found| found[1].to_owned()));
    }
    Ok(names)
}

fn copy(from: &Path, to: &Path, rename: &impl Fn(&str) -> String) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let place = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() {
            copy(&path, &place, rename)?;
        } else {
            let data = fs::read(&path)?;
            // Golden values and data are the same under any name.
            match String::from_utf8(data) {
                Ok(text) => fs::write(place, rename(&text))?,
                Err(data) => fs::write(place, data.into_bytes())?,
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_are_lessons_like_others() {
        let root = lessons::workspace_root().unwrap();
        let clone = scratch(&root).unwrap();
        let before = lessons::find_all(&clone).unwrap().len();
        for name in crate::COPIED {
            add(&clone, name).unwrap();
        }
        assert_eq!(lessons::find_all(&clone).unwrap().len(), before + crate::COPIED.len());
        assert_eq!(
            lessons::demo_pages(&clone).unwrap().len(),
            lessons::demo_pages(&root).unwrap().len() + crate::COPIED.len()
        );
    }
}
