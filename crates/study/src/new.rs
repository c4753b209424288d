//! `cargo study new`: a lesson that works as it is, to be turned into a real one.

mod place;
mod summary;

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use lessons::{LessonDir, write_stubs};
use owo_colors::OwoColorize;

use place::Place;

/// The files of a new lesson: their places, from the root, and their templates.
const FILES: [(&str, &str); 18] = [
    ("exercises/@step@/@lesson@/Cargo.toml", include_str!("../templates/Cargo.toml.in")),
    ("exercises/@step@/@lesson@/src/lib.rs", include_str!("../templates/src/lib.rs")),
    ("exercises/@step@/@lesson@/src/empty.rs", include_str!("../templates/src/empty.rs")),
    ("exercises/@step@/@lesson@/src/solution.rs", include_str!("../templates/src/solution.rs")),
    ("exercises/@step@/@lesson@/src/checks.rs", include_str!("../templates/src/checks.rs")),
    ("exercises/@step@/@lesson@/src/quiz.rs", include_str!("../templates/src/quiz.rs")),
    ("exercises/@step@/@lesson@/src/worked.rs", include_str!("../templates/src/worked.rs")),
    ("exercises/@step@/@lesson@/src/main.rs", include_str!("../templates/src/main.rs")),
    ("exercises/@step@/@lesson@/tests/mutants.rs", include_str!("../templates/tests/mutants.rs")),
    ("exercises/@step@/@lesson@/golden/make.py", include_str!("../templates/golden/make.py")),
    ("exercises/@step@/@lesson@/golden/means.txt", include_str!("../templates/golden/means.txt")),
    ("wasm-demos/@step@/@lesson@/Cargo.toml", include_str!("../templates/demos/Cargo.toml.in")),
    ("wasm-demos/@step@/@lesson@/src/lib.rs", include_str!("../templates/demos/src/lib.rs")),
    (
        "wasm-demos/@step@/@lesson@/src/figures.rs",
        include_str!("../templates/demos/src/figures.rs"),
    ),
    (
        "wasm-demos/@step@/@lesson@/src/mean_bars.rs",
        include_str!("../templates/demos/src/mean_bars.rs"),
    ),
    ("wasm-demos/@step@/@lesson@/src/main.rs", include_str!("../templates/demos/src/main.rs")),
    ("wasm-demos/@step@/@lesson@/src/yours.rs", include_str!("../templates/demos/src/yours.rs")),
    ("src/@step@/@lesson@.quiz.md", include_str!("../templates/quiz.md")),
];

/// Writes the crate, the page and the demo, and enters the page into the table of contents: nothing
/// else lists lessons.
pub fn command(root: &Path, place: &str, title: &str) -> Result<ExitCode> {
    let place = Place::parse(root, place, title)?;
    let lesson = LessonDir::new(root, &place.step, &place.lesson);

    // Everything that can be refused is computed before anything is written.
    let files: Vec<(String, String)> =
        FILES.iter().map(|(file, text)| (place.fill(file), place.fill(text))).collect();
    for (file, _) in &files {
        if root.join(file).exists() {
            return refuse(file, "it is there already: choose another name, or remove it");
        }
    }
    let summary = read(root, "src/SUMMARY.md")?;
    let summary = summary::with_lesson(&summary, &place)?;

    for (file, text) in &files {
        write(&root.join(file), text)?;
    }
    write(&lesson.page_path(), &place.fill(include_str!("../templates/page.md")))?;
    write(&root.join("src/SUMMARY.md"), &summary)?;
    write_stubs(&lesson, false)?;
    format(root, &files);

    let name = &place.lesson;
    anstream::println!("{} {}", "The lesson is there and works:".green().bold(), place.title);
    anstream::println!("  {}  {}", "crate".dimmed(), lesson.shown(&lesson.path));
    anstream::println!("  {}   {}", "page".dimmed(), lesson.page());
    let demos = format!("wasm-demos/{}/{name}", place.step);
    anstream::println!("  {}  {demos}", "demos".dimmed());
    anstream::println!("\nNow make it yours:");
    let steps = [
        (
            "write solution.rs, checks.rs, tests/mutants.rs, then".to_owned(),
            format!("cargo study stubs {name}"),
        ),
        ("prove the checks".to_owned(), format!("cargo study mutants {name}")),
        (
            "write the page, 900 to 2,000 words, and see it".to_owned(),
            "cargo study serve".to_owned(),
        ),
        ("before you open a pull request".to_owned(), "cargo study test".to_owned()),
    ];
    for (what, command) in steps {
        anstream::println!("  {what}: {}", command.cyan());
    }
    Ok(ExitCode::SUCCESS)
}

/// Names of another length break lines elsewhere. Without rustfmt the files are as good, only not
/// as pretty.
fn format(root: &Path, files: &[(String, String)]) {
    let sources = files.iter().map(|(file, _)| file).filter(|file| file.ends_with(".rs"));
    let _ = std::process::Command::new("rustfmt")
        .args(["--edition", "2024", "--config-path", "."])
        .args(sources)
        .current_dir(root)
        .stderr(std::process::Stdio::null())
        .status();
}

fn read(root: &Path, path: &str) -> Result<String> {
    fs::read_to_string(root.join(path)).with_context(|| format!("{path} cannot be read"))
}

fn write(path: &Path, text: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)
            .with_context(|| format!("{} cannot be made", folder.display()))?;
    }
    fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))
}

/// An error that says what to do by hand.
fn refuse<T>(file: &str, what: &str) -> Result<T> {
    bail!("{file}: {what}. Nothing was written")
}
