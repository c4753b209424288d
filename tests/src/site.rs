//! The site under test: built when the sources are newer than the last build of a test.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::SystemTime;

use anyhow::{Context, Result, bail};

use crate::clone;

use crate::wire::gzipped;

/// Which site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Build {
    /// What is published: `book/`.
    Hosted,
    /// The page on which the kit of demos is tried.
    Kit,
    /// What `cargo study serve` shows of a small book: with the learner's code.
    Clone,
}

impl Build {
    fn folder(self) -> &'static str {
        match self {
            Self::Hosted => "book",
            Self::Kit => "target/study/kit-book",
            Self::Clone => "target/study/clone/book",
        }
    }

    fn arguments(self) -> Vec<&'static str> {
        let mut arguments = vec!["build", "--dest", self.folder()];
        if self == Self::Kit {
            arguments.extend(["--page", "tests/kit", "--profile", "dev"]);
        }
        arguments
    }
}

/// The root of the workspace.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ is in the workspace")
}

/// The folder of the built site.
pub fn folder(build: Build) -> Result<PathBuf> {
    static HOSTED: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    static KIT: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let once = match build {
        Build::Hosted => &HOSTED,
        Build::Kit => &KIT,
        Build::Clone => return clone::site().map(Path::to_owned),
    };
    once.get_or_init(|| make(build).map_err(|error| format!("{error:#}")))
        .clone()
        .map_err(anyhow::Error::msg)
}

fn make(build: Build) -> Result<PathBuf> {
    // A site that is there already is tested as it is: STUDY_SITE=path cargo test -p book-tests
    if let (Build::Hosted, Some(site)) = (build, std::env::var_os("STUDY_SITE")) {
        return Ok(site.into());
    }
    let dest = root().join(build.folder());
    let stamp = root().join(format!("target/study/tests-{build:?}.stamp"));
    let sources = format!("{:?}", newest_source()?);
    let state = || format!("{sources} {:?}", changed(&dest.join("index.html")));
    if fs::read_to_string(&stamp).is_ok_and(|found| found == state()) {
        return Ok(dest);
    }
    let output = Command::new("cargo")
        .current_dir(root())
        .args(["run", "--quiet", "--package", "book", "--bin", "study-book", "--"])
        .args(build.arguments())
        .stdin(Stdio::null())
        .output()
        .context("cargo could not be started")?;
    if !output.status.success() {
        bail!("the book could not be built:\n{}", String::from_utf8_lossy(&output.stderr));
    }
    fs::create_dir_all(root().join("target/study"))?;
    fs::write(stamp, state())?;
    Ok(dest)
}

/// When anything was last changed that the book is made from.
fn newest_source() -> Result<SystemTime> {
    let mut newest = SystemTime::UNIX_EPOCH;
    for name in [
        "src",
        "theme",
        "exercises",
        "wasm-demos",
        "crates",
        "models",
        "tests/kit",
        "book.toml",
        "Cargo.lock",
    ] {
        for file in files(&root().join(name))? {
            newest = newest.max(changed(&file).unwrap_or(newest));
        }
    }
    Ok(newest)
}

fn changed(file: &Path) -> Option<SystemTime> {
    file.metadata().and_then(|data| data.modified()).ok()
}

/// All files below a folder, or the file itself, in order.
pub fn files(path: &Path) -> Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(if path.exists() { vec![path.to_owned()] } else { Vec::new() });
    }
    let mut entries = fs::read_dir(path)
        .and_then(|entries| entries.map(|e| e.map(|e| e.path())).collect::<Result<Vec<_>, _>>())
        .with_context(|| format!("{} cannot be read", path.display()))?;
    entries.sort();
    let mut found = Vec::new();
    for entry in entries {
        found.extend(files(&entry)?);
    }
    Ok(found)
}

/// The pages that a reader turns to, as paths from the site's root, in order.
pub fn pages(folder: &Path) -> Result<Vec<String>> {
    let all = files(folder)?;
    let names = all.iter().filter_map(|file| file.strip_prefix(folder).ok()?.to_str());
    Ok(names.filter(|name| is_page(name)).map(str::to_owned).collect())
}

/// Whether a file of the site is a page: not the frame of the contents, the error page, or the
/// page for printing, which holds what the others hold.
pub fn is_page(path: &str) -> bool {
    path.ends_with(".html") && !["print.html", "toc.html", "404.html"].contains(&path)
}

/// What the first run of a demo downloads, by its size on the wire, for each WebAssembly module:
/// the module, what loads it, and the scripts of the demos.
pub fn first_runs(folder: &Path) -> Result<Vec<Vec<(usize, String)>>> {
    /// Scripts of pages and their quizzes, which a run of a demo does not need; what keeps scores,
    /// which comes when there is one; and what reads files or offers them, which comes with the first.
    const NOT_OF_DEMOS: [&str; 10] = [
        "study.js",
        "access.js",
        "print.js",
        "quiz.js",
        "progress.js",
        "scores.js",
        "fits.js",
        "offline.js",
        "reading.js",
        "offers.js",
    ];
    let mut scripts = code(&folder.join("study"))?;
    scripts.retain(|(_, name)| !NOT_OF_DEMOS.contains(&name.as_str()));
    let modules = code(&folder.join("wasm"))?;
    let names = modules.iter().filter_map(|(_, name)| name.strip_suffix(".js"));
    let run = |name: &str| {
        let own = [format!("{name}.js"), format!("{name}_bg.wasm")];
        let own = modules.iter().filter(|(_, file)| own.contains(file));
        own.chain(&scripts).cloned().collect()
    };
    Ok(names.map(run).collect())
}

/// The code in a folder: its compressed size, and its name.
fn code(folder: &Path) -> Result<Vec<(usize, String)>> {
    let mut code = Vec::new();
    for file in files(folder)? {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.ends_with(".wasm") || name.ends_with(".js") {
            code.push((gzipped(&fs::read(&file)?), name));
        }
    }
    Ok(code)
}
