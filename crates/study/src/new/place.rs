//! Where a new lesson goes, and the names that follow from it.

use std::path::Path;

use anyhow::{Result, bail};
use lessons::{LessonDir, find_all};

/// The keywords of Rust, also those that are only reserved: no module can be called so.
/// <https://doc.rust-lang.org/reference/keywords.html>
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Names that belong to Rust's own crates, to cargo's folders, to modules of the demos, or to
/// devices of Windows.
const TAKEN: &[&str] = &[
    "alloc",
    "core",
    "proc-macro",
    "std",
    "test",
    "build",
    "deps",
    "examples",
    "incremental",
    "demos",
    "modules",
    "reference",
    "yours",
    "aux",
    "con",
    "nul",
    "prn",
];

/// A new lesson's place and names.
#[derive(Debug)]
pub struct Place {
    /// `2-transformers`.
    pub step: String,
    /// `kv-cache`.
    pub lesson: String,
    /// `KV cache`.
    pub title: String,
}

impl Place {
    /// Reads `<step>/<lesson>` and refuses what cannot become a lesson.
    pub fn parse(root: &Path, place: &str, title: &str) -> Result<Self> {
        let place = place.trim_start_matches("exercises/").trim_end_matches('/');
        let Some((step, lesson)) = place.split_once('/') else {
            bail!("`{place}` names no step: write it as STEP/LESSON, e.g. 1-basics/{place}");
        };
        let numbered =
            step.split_once('-').is_some_and(|(n, word)| n.parse::<u8>().is_ok() && is_kebab(word));
        if !numbered {
            bail!("`{step}` is no step: a step is a number and a word, e.g. 2-transformers");
        }
        if !is_kebab(lesson) {
            bail!(
                "`{lesson}` is no name of a lesson: use lower-case words with hyphens, e.g. kv-cache"
            );
        }
        let title = title.trim();
        if title.is_empty() || title.contains(['"', '[', ']', '\\', '\n']) {
            bail!("the title `{title}` cannot be used: write a few plain words");
        }
        if KEYWORDS.contains(&lesson) {
            bail!("`{lesson}` is a keyword of Rust: choose another name");
        }
        if TAKEN.contains(&lesson) || root.join("crates").join(lesson).exists() {
            bail!("`{lesson}` is the name of something else already: choose another");
        }
        let (step, lesson, title) = (step.to_owned(), lesson.to_owned(), title.to_owned());
        let dir = LessonDir::new(root, &step, &lesson);
        if dir.path.exists() || dir.page_path().exists() {
            bail!("the lesson {step}/{lesson} is there already");
        }
        let number = |step: &str| step.split('-').next().unwrap_or_default().to_owned();
        for other in find_all(root)? {
            if other.name == lesson {
                bail!(
                    "there is a lesson `{lesson}` in {} already: choose another name",
                    other.step
                );
            }
            if other.step != step && number(&other.step) == number(&step) {
                bail!("step {} is called `{}`", number(&step), other.step);
            }
        }
        Ok(Self { step, lesson, title })
    }

    /// The lesson's name in Rust.
    pub fn module(&self) -> String {
        self.lesson.replace('-', "_")
    }

    /// `Step 2`, as the headings of the table of contents begin.
    pub fn step_number(&self) -> &str {
        self.step.split('-').next().unwrap_or_default()
    }

    /// A template with the names filled in.
    pub fn fill(&self, template: &str) -> String {
        template
            .replace("@lesson@", &self.lesson)
            .replace("@module@", &self.module())
            .replace("@step@", &self.step)
            .replace("@title@", &self.title)
    }
}

fn is_kebab(name: &str) -> bool {
    let word = |word: &str| {
        !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name.split('-').all(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_become_a_lesson_is_refused_with_a_reason() {
        let world = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(world.path().join("exercises/1-basics")).unwrap();
        std::fs::create_dir_all(world.path().join("crates/gpu")).unwrap();
        let parse = |place, title| Place::parse(world.path(), place, title);
        assert_eq!(parse("2-next/kv-cache", "KV cache").unwrap().module(), "kv_cache");
        for (place, title, reason) in [
            ("kv-cache", "T", "no step"),
            ("next/kv", "T", "is no step"),
            ("2-next/KV", "T", "lower-case"),
            ("2-next/a--b", "T", "lower-case"),
            ("2-next/match", "T", "keyword"),
            ("2-next/type", "T", "keyword"),
            ("2-next/yield", "T", "keyword"),
            ("2-next/deps", "T", "something else"),
            ("2-next/gpu", "T", "something else"),
            ("2-next/kv", " ", "title"),
        ] {
            let error = parse(place, title).unwrap_err().to_string();
            assert!(error.contains(reason), "{place}: {error}");
        }
    }
}
