//! `cargo study new`: a lesson that works as it is, to be turned into a real one.

mod place;
mod registry;
mod summary;

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use lessons::{LessonDir, find_all, write_stubs};
use owo_colors::OwoColorize;

use place::Place;

/// The files of a new lesson, by their place in its crate.
const FILES: [(&str, &str); 11] = [
    ("Cargo.toml", include_str!("../templates/Cargo.toml.in")),
    ("src/lib.rs", include_str!("../templates/src/lib.rs")),
    ("src/empty.rs", include_str!("../templates/src/empty.rs")),
    ("src/solution.rs", include_str!("../templates/src/solution.rs")),
    ("src/checks.rs", include_str!("../templates/src/checks.rs")),
    ("src/mutants.rs", include_str!("../templates/src/mutants.rs")),
    ("src/quiz.rs", include_str!("../templates/src/quiz.rs")),
    ("src/worked.rs", include_str!("../templates/src/worked.rs")),
    ("src/main.rs", include_str!("../templates/src/main.rs")),
    ("golden/make.py", include_str!("../templates/golden/make.py")),
    ("golden/means.txt", include_str!("../templates/golden/means.txt")),
];

/// Writes the crate, the page and the demo, and enters them where lessons are listed.
pub fn command(root: &Path, place: &str, title: &str) -> Result<ExitCode> {
    let place = Place::parse(root, place, title)?;
    let lesson = LessonDir::new(root, &place.step, &place.lesson);
    let demo = format!("wasm-demos/src/demos/{}_bars.rs", place.module());
    let program = format!("wasm-demos/src/bin/demos-{}.rs", place.lesson);

    // Everything that can be refused is computed before anything is written.
    for file in [&demo, &program] {
        if root.join(file).exists() {
            return refuse(file, "it is there already: choose another name, or remove it");
        }
    }
    let summary = read(root, "src/SUMMARY.md")?;
    let summary = summary::with_lesson(&summary, &place)?;
    let manifest = registry::manifest(&read(root, "wasm-demos/Cargo.toml")?, &place)?;
    let before = find_all(root)?;
    let registry = read(root, "wasm-demos/src/registry.rs")?;
    let registry = registry::list(&registry, &place, &previous(&before, &lesson, &summary))?;

    for (file, template) in FILES {
        write(&lesson.path.join(file), &place.fill(template))?;
    }
    write(&root.join(&demo), &place.fill(include_str!("../templates/demo.rs")))?;
    write(&root.join(&program), &place.fill(include_str!("../templates/program.rs")))?;
    write(&lesson.page_path(), &place.fill(include_str!("../templates/page.md")))?;
    write(&root.join("src/SUMMARY.md"), &summary)?;
    write(&root.join("wasm-demos/Cargo.toml"), &manifest)?;
    write(&root.join("wasm-demos/src/registry.rs"), &registry)?;
    write_stubs(&lesson, false)?;
    format(root, &lesson, &demo);

    let name = &place.lesson;
    anstream::println!("{} {}", "The lesson is there and works:".green().bold(), place.title);
    anstream::println!("  {}  {}", "crate".dimmed(), lesson.shown(&lesson.path));
    anstream::println!("  {}   {}", "page".dimmed(), lesson.page());
    anstream::println!("  {}   {demo}", "demo".dimmed());
    anstream::println!("\nNow make it yours:");
    let steps = [
        (
            "write solution.rs, checks.rs, mutants.rs, then".to_owned(),
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
fn format(root: &Path, lesson: &LessonDir, demo: &str) {
    let sources = FILES.iter().filter(|(file, _)| file.ends_with(".rs"));
    let _ = std::process::Command::new("rustfmt")
        .args(["--edition", "2024", "--config-path", "."])
        .args([demo, "wasm-demos/src/registry.rs"])
        .args(sources.map(|(file, _)| lesson.path.join(file)))
        .current_dir(root)
        .stderr(std::process::Stdio::null())
        .status();
}

/// The lessons that come before the new one in the book, the nearest first.
fn previous(before: &[LessonDir], lesson: &LessonDir, summary: &str) -> Vec<String> {
    let at = |lesson: &LessonDir| summary.find(&format!("({}/{}.md)", lesson.step, lesson.name));
    let own = at(lesson);
    let mut earlier: Vec<_> = before.iter().filter(|other| at(other) < own).collect();
    earlier.sort_by_key(|other| std::cmp::Reverse(at(other)));
    earlier.iter().map(|other| other.name.clone()).collect()
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
