//! Notices edits and tells what they change.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use anyhow::{Context, Result};
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};

/// An editor saves in several steps; wait until it is quiet this long.
const QUIET: Duration = Duration::from_millis(80);

/// Folders whose files are compiled.
const CODE: [&str; 12] = [
    "exercises",
    "wasm-demos",
    "crates/checkpoint",
    "crates/demo",
    "crates/gpu",
    "crates/grading",
    "crates/grading-macros",
    "crates/kernel-test",
    "crates/page",
    "crates/scores",
    "crates/tinytown",
    "crates/workspace-hack",
];
/// Folders whose files are pages, or around them.
const PAGES: [&str; 2] = [SOURCES, "theme"];
/// The folder of the pages' text.
const SOURCES: &str = "src";

/// What has to be built again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Rust or WGSL.
    pub code: bool,
    /// What concerns many pages: the table of contents, a quiz, the look.
    pub pages: bool,
    /// The text of single pages, as named from the folder of sources.
    pub texts: BTreeSet<PathBuf>,
}

impl Changes {
    fn any(&self) -> bool {
        self.code || self.pages || !self.texts.is_empty()
    }

    fn and(mut self, other: Self) -> Self {
        self.code |= other.code;
        self.pages |= other.pages;
        self.texts.extend(other.texts);
        self
    }
}

/// What comes next.
#[derive(Debug, PartialEq)]
pub enum Next {
    /// Files changed.
    Changed(Changes),
    /// Nothing happened for the time that was given.
    Quiet,
    /// Watching ended.
    End,
}

/// Watches the sources of the book.
pub struct Watch {
    root: PathBuf,
    events: Receiver<notify::Result<Event>>,
    /// Watches as long as it lives.
    _watcher: RecommendedWatcher,
}

impl Watch {
    /// Starts watching.
    pub fn start(root: &Path) -> Result<Self> {
        let (sender, events) = channel();
        let mut watcher = notify::recommended_watcher(sender).context("cannot watch files")?;
        // The root's own files, e.g. book.toml: editors replace a file, so its folder is watched.
        watcher.watch(root, RecursiveMode::NonRecursive).context("cannot watch the book")?;
        for folder in CODE.iter().chain(&PAGES) {
            let path = root.join(folder);
            if path.is_dir() {
                let watched = watcher.watch(&path, RecursiveMode::Recursive);
                watched.with_context(|| format!("cannot watch {folder}/"))?;
            }
        }
        Ok(Self { root: root.to_owned(), events, _watcher: watcher })
    }

    /// Waits for an edit and for the end of what belongs to it; no longer than `patience`, if there
    /// is a limit to it.
    pub fn next(&self, patience: Option<Duration>) -> Next {
        let mut changes = Changes::default();
        while !changes.any() {
            let event = match patience {
                Some(patience) => self.events.recv_timeout(patience),
                None => self.events.recv().map_err(RecvTimeoutError::from),
            };
            match event {
                Ok(event) => changes = self.changes(&event),
                Err(RecvTimeoutError::Timeout) => return Next::Quiet,
                Err(RecvTimeoutError::Disconnected) => return Next::End,
            }
        }
        while let Ok(event) = self.events.recv_timeout(QUIET) {
            changes = changes.and(self.changes(&event));
        }
        Next::Changed(changes)
    }

    fn changes(&self, event: &notify::Result<Event>) -> Changes {
        let Ok(event) = event else { return Changes::default() };
        // The build itself reads these files.
        if event.kind.is_access() {
            return Changes::default();
        }
        let paths = event.paths.iter().filter_map(|path| path.strip_prefix(&self.root).ok());
        paths.map(classify).fold(Changes::default(), Changes::and)
    }
}

/// What an edit of a file, named from the root, changes.
fn classify(path: &Path) -> Changes {
    let hidden = |part: Component<'_>| part.as_os_str().to_string_lossy().starts_with('.');
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    // What editors write beside a file.
    let scratch = name.ends_with('~') || name.ends_with(".tmp") || name == "4913";
    if scratch || path.components().any(hidden) {
        return Changes::default();
    }
    let within = |folders: &[&str]| folders.iter().any(|folder| path.starts_with(folder));
    let is_text = name.ends_with(".md") && !name.ends_with(".quiz.md") && name != "SUMMARY.md";
    let text = path.strip_prefix(SOURCES).ok().filter(|_| is_text).map(Path::to_owned);
    Changes {
        code: within(&CODE) || name == "Cargo.lock" || path == Path::new("Cargo.toml"),
        pages: (within(&PAGES) && text.is_none()) || path == Path::new("book.toml"),
        texts: text.into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_told_apart() {
        let of = |path: &str| classify(Path::new(path));
        let code = Changes { code: true, ..Changes::default() };
        let pages = Changes { pages: true, ..Changes::default() };
        let text = |page: &str| Changes { texts: [page.into()].into(), ..Changes::default() };
        assert_eq!(of("exercises/1-basics/x/kernels/exercise/a.wgsl"), code);
        assert_eq!(of("crates/demo/src/lib.rs"), code);
        assert_eq!(of("crates/tinytown/src/lib.rs"), code);
        assert_eq!(of("crates/workspace-hack/Cargo.toml"), code);
        assert_eq!(of("theme/study/demo.js"), pages);
        assert_eq!(of("book.toml"), pages);
        assert_eq!(of("src/SUMMARY.md"), pages);
        assert_eq!(of("src/1-basics/x.quiz.md"), pages);
        assert_eq!(of("src/1-basics/x.md"), text("1-basics/x.md"));
        assert_eq!(text("a.md").and(text("b.md")).texts.len(), 2);
        for other in ["crates/study/src/main.rs", "src/.page.md.swp", "src/page.md~", "README.md"] {
            assert_eq!(of(other), Changes::default(), "{other}");
        }
    }

    #[test]
    fn an_edit_is_noticed_and_reading_is_not() {
        let root = tempfile::tempdir().unwrap();
        let page = root.path().join("src/page.md");
        std::fs::create_dir(root.path().join("src")).unwrap();
        std::fs::write(&page, "1").unwrap();
        let watch = Watch::start(root.path()).unwrap();
        std::fs::read(&page).unwrap();
        while let Ok(event) = watch.events.recv_timeout(QUIET) {
            assert_eq!(watch.changes(&event), Changes::default());
        }
        std::fs::write(&page, "2").unwrap();
        let texts = [PathBuf::from("page.md")].into();
        assert_eq!(watch.next(None), Next::Changed(Changes { texts, ..Changes::default() }));
        assert_eq!(watch.next(Some(QUIET)), Next::Quiet);
    }
}
