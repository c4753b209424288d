//! Why a lesson does not compile: which file is to blame, and what to do about it.

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::process::Command;

use lessons::LessonDir;
use lessons::cargo::CompilerError;
use stubs::answered_functions;

/// Why a lesson does not compile.
#[derive(Clone, Default)]
pub struct Broken {
    /// The compiler's own words, colored.
    pub rendered: String,
    /// Those of the first error.
    pub first: String,
    /// How many errors there are.
    pub errors: usize,
    /// File and what is wrong with it, for a score that is read without the compiler's words.
    pub summary: String,
    /// What to do.
    pub advice: String,
}

impl Broken {
    /// What errors say of a lesson. They are `foreign` if they are in a crate that it is built on.
    pub fn new(lesson: &LessonDir, errors: &[&CompilerError], foreign: bool) -> Self {
        let (summary, advice) = match errors.first() {
            Some(first) => blame(lesson, first, foreign),
            None => Default::default(),
        };
        Self {
            rendered: errors.iter().flat_map(|error| [error.rendered.as_str(), "\n"]).collect(),
            first: errors.first().map(|error| error.rendered.clone()).unwrap_or_default(),
            errors: errors.len(),
            summary,
            advice,
        }
    }
}

/// Summary and advice.
fn blame(lesson: &LessonDir, first: &CompilerError, foreign: bool) -> (String, String) {
    let name = &lesson.name;
    let file = lesson.shown(&lesson.exercise());
    let does_not = |place: &str| format!("{place}: does not compile: {}", first.message);
    if let Some(place) = no_text(lesson).filter(|_| !foreign) {
        let advice = format!(
            "{place} is not UTF-8, the encoding of all Rust: save the file as UTF-8 in your editor"
        );
        return (format!("{place}: is not UTF-8"), advice);
    }
    let whose = if foreign { lesson.root.clone() } else { lesson.path.clone() };
    let changes = changes(&lesson.root, &whose);
    let gone = missing(lesson).into_iter().next().filter(|_| !foreign);
    let gone = gone.or_else(|| named(lesson, first));
    if let Some(path) = gone.or_else(|| changes.deleted.first().cloned()) {
        return (format!("{path}: is missing"), is_missing(&path));
    }
    let place = first.place.clone().unwrap_or_else(|| file.clone());
    let mut edited = changes.edited;
    if let Some(here) = edited.iter().find(|path| place.starts_with(*path)).cloned() {
        edited = vec![here];
    }
    if place.starts_with(&file) && !foreign {
        let also = match edited.is_empty() {
            true => String::new(),
            false => format!(". Also, {}", is_edited(&edited)),
        };
        return (
            does_not(&place),
            format!("{file} does not compile yet: fix the first error above{also}"),
        );
    }
    if let Some((summary, advice)) = unfit(lesson).filter(|_| !foreign) {
        return (format!("{file}: {summary}"), format!("{file} {advice}"));
    }
    let whose = match foreign {
        true => format!("a crate that {name} is built on does not compile"),
        false => format!("what is given in {name} does not compile"),
    };
    let advice = match (&first.place, edited.is_empty()) {
        (Some(place), false) => {
            format!("{whose}: the first error is at {place}. {}", is_edited(&edited))
        }
        (Some(place), true) => format!(
            "{whose}: the first error is at {place}. It is not your exercise: `git diff` shows what \
             has changed there"
        ),
        (None, false) => format!("{whose}: its error is above. {}", is_edited(&edited)),
        (None, true) => format!("{whose}: its error is above"),
    };
    (does_not(&place), advice)
}

/// Where a file of the learner's is no text, if one is not.
fn no_text(lesson: &LessonDir) -> Option<String> {
    let kernels = lesson.path.join("kernels/exercise");
    let kernels = lessons::files::entries(&kernels).unwrap_or_default();
    [lesson.exercise()].into_iter().chain(kernels).find_map(|path| {
        let bytes = fs::read(&path).ok()?;
        let good = std::str::from_utf8(&bytes).err()?.valid_up_to();
        let line = 1 + bytes[..good].iter().filter(|byte| **byte == b'\n').count();
        Some(format!("{}:{line}", lesson.shown(&path)))
    })
}

/// The files that a lesson cannot be compiled without and that are not there.
pub fn missing(lesson: &LessonDir) -> Vec<String> {
    let mut files = lesson.missing_files().unwrap_or_default();
    files.retain(|file| file.starts_with(&lesson.path) && !file.ends_with("tests/mutants.rs"));
    files.iter().map(|file| lesson.shown(file)).collect()
}

/// The file that the compiler looked for and that is not there.
fn named(lesson: &LessonDir, error: &CompilerError) -> Option<String> {
    let quoted = error.message.split('`').nth(1)?;
    let path = if error.message.starts_with("couldn't read") {
        PathBuf::from(quoted)
    } else if error.message.starts_with("file not found for module") {
        let at = Path::new(error.place.as_ref()?.rsplit_once(':')?.0);
        let folder = match at.file_stem()?.to_str()? {
            "lib" | "main" | "mod" => at.parent()?.to_owned(),
            _ => at.with_extension(""),
        };
        folder.join(quoted).with_extension("rs")
    } else {
        return None;
    };
    let mut plain = PathBuf::new();
    for part in path.strip_prefix(&lesson.root).unwrap_or(&path).components() {
        match part {
            Component::ParentDir => drop(plain.pop()),
            part => plain.push(part),
        }
    }
    (!lesson.root.join(&plain).exists()).then(|| plain.display().to_string())
}

/// What to do about a file that is not there.
pub fn is_missing(path: &str) -> String {
    match is_learners(path) {
        true => format!(
            "{path} is missing. It is yours: `git checkout -- {path}` brings back what you began \
             with or committed"
        ),
        false => format!("{path} is missing. It is given: `git checkout -- {path}` restores it"),
    }
}

fn is_edited(paths: &[String]) -> String {
    let shown = &paths[..paths.len().min(3)];
    let more = match paths.len() - shown.len() {
        0 => String::new(),
        more => format!(" (and {more} more)"),
    };
    let (was, it) = if paths.len() == 1 { ("was", "it is") } else { ("were", "they are") };
    format!(
        "{}{more} {was} changed, and {it} given: `git checkout -- {}` restores {}",
        shown.join(", "),
        shown.join(" "),
        if paths.len() == 1 { "it" } else { "them" }
    )
}

/// Whether a file, named from the root, is one that a learner writes.
pub fn is_learners(path: &str) -> bool {
    path.ends_with("/src/exercise.rs") || path.contains("/kernels/exercise/")
}

/// Given files, from the root, that are not as git has them.
#[derive(Default)]
pub struct Changes {
    /// Those that hold something else.
    pub edited: Vec<String>,
    /// Those that are gone.
    pub deleted: Vec<String>,
}

/// The given files of a folder that are not as git has them; none where git does not know.
pub fn changes(root: &Path, folder: &Path) -> Changes {
    let mut git = Command::new("git");
    git.current_dir(root).args(["diff", "--relative", "--no-renames", "--name-status", "-z", "--"]);
    let mut changes = Changes::default();
    let Ok(output) = git.arg(folder).output() else { return changes };
    let said = String::from_utf8_lossy(&output.stdout);
    let mut said = said.split('\0').filter(|_| output.status.success());
    while let (Some(status), Some(path)) = (said.next(), said.next()) {
        let is_code = [".rs", ".wgsl", ".toml", ".json", ".txt"].iter().any(|e| path.ends_with(e));
        if is_code && !is_learners(path) {
            let list = if status == "D" { &mut changes.deleted } else { &mut changes.edited };
            list.push(path.to_owned());
        }
    }
    changes
}

/// What the checks call and the learner's file does not have, or has with another signature.
fn unfit(lesson: &LessonDir) -> Option<(String, String)> {
    let solution = fs::read_to_string(lesson.solution()).ok()?;
    let exercise = fs::read_to_string(lesson.exercise()).ok()?;
    let asked = answered_functions(&solution);
    asked.iter().filter(|asked| asked.signature.starts_with("pub fn ")).find_map(|asked| {
        let (name, signature) = (&asked.name, asked.signature.replace('\n', "\n    "));
        let found = stubs::function(&exercise, name);
        match found {
            Some(found) if same(&found.signature, &asked.signature) => None,
            Some(_) => Some((
                format!("`{name}` has another signature than the checks call"),
                format!(
                    "has `{name}` with another signature than the checks call. It must be:\n\n    \
                     {signature}"
                ),
            )),
            None => Some((
                format!("has no function `{name}`, which the checks call"),
                format!(
                    "has no function `{name}`, which the checks call. It must be there, as:\n\n    \
                     {signature}"
                ),
            )),
        }
    })
}

/// Whether two signatures differ in nothing but how they are set.
pub fn same(a: &str, b: &str) -> bool {
    let bare = |text: &str| text.split_whitespace().collect::<String>().replace(",)", ")");
    bare(a) == bare(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOLUTION: &str = "pub fn one(\n    x: u32,\n) -> u32 {\n    // BEGIN ANSWER\n    x\n    \
                            // END ANSWER\n}\n";

    /// A lesson in a repository of its own.
    fn world() -> (tempfile::TempDir, LessonDir) {
        let world = tempfile::tempdir().unwrap();
        let lesson = LessonDir::new(world.path(), "1-basics", "one");
        fs::create_dir_all(lesson.path.join("src/checks")).unwrap();
        for name in ["lib", "exercise", "solution", "checks", "quiz", "worked", "main"] {
            fs::write(lesson.path.join(format!("src/{name}.rs")), SOLUTION).unwrap();
        }
        fs::write(lesson.path.join("src/checks/deep.rs"), "").unwrap();
        fs::write(lesson.path.join("Cargo.toml"), "").unwrap();
        for arguments in [&["init", "--quiet"][..], &["add", "--all"]] {
            let done = Command::new("git").current_dir(world.path()).args(arguments).status();
            assert!(done.unwrap().success());
        }
        (world, lesson)
    }

    fn error(message: &str, file: &str) -> CompilerError {
        CompilerError {
            package: String::new(),
            message: message.into(),
            rendered: "error".into(),
            place: Some(format!("exercises/1-basics/one/src/{file}:3")),
        }
    }

    fn advice(lesson: &LessonDir, error: &CompilerError) -> String {
        Broken::new(lesson, &[error], false).advice
    }

    #[test]
    fn a_given_file_that_was_changed_or_deleted_is_named_with_what_restores_it() {
        let (_world, lesson) = world();
        let src = "exercises/1-basics/one/src";
        let odd = error("mismatched types", "checks.rs");
        assert!(advice(&lesson, &odd).contains("`git diff` shows"), "{}", advice(&lesson, &odd));
        fs::write(lesson.path.join("src/checks.rs"), "fn {").unwrap();
        fs::write(lesson.path.join("src/quiz.rs"), "// mine").unwrap();
        let said = advice(&lesson, &odd);
        assert!(said.contains(&format!("error is at {src}/checks.rs:3. {src}/checks.rs was")));
        assert!(said.ends_with(&format!("given: `git checkout -- {src}/checks.rs` restores it")));
        // An error in the learner's file may have its cause there, too.
        let said = advice(&lesson, &error("unresolved import", "exercise.rs"));
        assert!(said.contains("fix the first error above. Also, "), "{said}");
        fs::remove_file(lesson.path.join("src/checks/deep.rs")).unwrap();
        let restores =
            format!("deep.rs is missing. It is given: `git checkout -- {src}/checks/deep.rs`");
        for message in ["file not found for module `deep`", "anything"] {
            assert!(advice(&lesson, &error(message, "checks.rs")).contains(&restores));
        }
        fs::remove_file(lesson.path.join("src/lib.rs")).unwrap();
        let said = advice(&lesson, &error("unresolved import", "exercise.rs"));
        assert!(said.starts_with(&format!("{src}/lib.rs is missing. It is given")), "{said}");
    }

    #[test]
    fn without_git_the_compiler_names_what_is_missing() {
        let (world, lesson) = world();
        fs::remove_dir_all(world.path().join(".git")).unwrap();
        fs::remove_file(lesson.path.join("src/checks/deep.rs")).unwrap();
        let said = advice(&lesson, &error("file not found for module `deep`", "checks.rs"));
        assert!(said.starts_with("exercises/1-basics/one/src/checks/deep.rs is missing"), "{said}");
        let message = "couldn't read `exercises/1-basics/one/src/../golden/a.txt`: No such file";
        let said = advice(&lesson, &error(message, "checks.rs"));
        assert!(said.starts_with("exercises/1-basics/one/golden/a.txt is missing"), "{said}");
    }

    #[test]
    fn a_function_that_is_gone_or_has_another_signature_is_told_with_the_right_one() {
        let (_world, lesson) = world();
        let odd = error("cannot find value `one` in module `exercise`", "main.rs");
        let set_otherwise = "pub fn one(x: u32) -> u32 { x }\n";
        for (text, told) in [
            ("pub fn won(x: u32) -> u32 {\n    x\n}\n", "has no function `one`, which the checks"),
            ("fn one(x: u32) -> u32 {\n    x\n}\n", "`one` with another signature"),
            ("pub fn one(x: u64) -> u32 {\n    x\n}\n", "`one` with another signature"),
            (set_otherwise, "`git diff` shows"),
        ] {
            fs::write(lesson.exercise(), text).unwrap();
            let said = advice(&lesson, &odd);
            assert!(said.contains(told), "{text}{said}");
            let signature = "pub fn one(\n        x: u32,\n    ) -> u32";
            assert_eq!(said.contains(signature), text != set_otherwise, "{said}");
        }
    }

    #[test]
    fn a_file_that_is_no_text_is_told_to_be_saved_as_utf8() {
        let (_world, lesson) = world();
        fs::write(lesson.exercise(), b"//! a\n// caf\xe9\n").unwrap();
        let broken = Broken::new(&lesson, &[&error("couldn't read `x`", "main.rs")], false);
        let place = "exercises/1-basics/one/src/exercise.rs:2";
        assert!(broken.advice.starts_with(&format!("{place} is not UTF-8")), "{}", broken.advice);
        assert_eq!(broken.summary, format!("{place}: is not UTF-8"));
    }
}
