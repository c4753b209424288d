//! Keeps the learner's files and the solutions in step, and never loses what a learner wrote.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};

use stubs::{STUB_COMMENT, fill_given, stub, stub_wgsl};

use crate::{LessonDir, files};

/// A file that is made from a solution.
#[derive(Clone, Debug)]
pub struct StubFile {
    /// Where it is.
    pub path: PathBuf,
    /// What it must hold.
    pub text: String,
    /// How it compares with that.
    pub state: FileState,
    /// Where its copy is, if it was replaced.
    pub backup: Option<PathBuf>,
}

/// How a file compares with its stub.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileState {
    /// It is the stub.
    InSync,
    /// It is not there.
    Missing,
    /// It is an older stub: the solution has changed.
    Stale,
    /// It holds an answer: somebody did the exercise.
    Answered,
}

/// The files of a lesson that are made from its solution, as they are and as they must be.
pub fn stub_files(lesson: &LessonDir) -> Result<Vec<StubFile>> {
    let source = read(lesson, &lesson.solution())?;
    let shown = lesson.shown(&lesson.solution());
    let text = stub(&source, &header(lesson)).with_context(|| shown)?;
    let mut files = vec![file(lesson, lesson.exercise(), text, "todo!(\"")?];
    for name in lesson.kernels()? {
        let solution = lesson.path.join("kernels/solution").join(&name);
        let text = stub_wgsl(&read(lesson, &solution)?).with_context(|| lesson.shown(&solution))?;
        let path = lesson.path.join("kernels/exercise").join(&name);
        files.push(file(lesson, path, text, STUB_COMMENT)?);
    }
    Ok(files)
}

/// Brings into a lesson's kernels what earlier lessons give, and returns the kernels that differed.
/// With `check`, nothing is written.
pub fn write_given(lesson: &LessonDir, check: bool) -> Result<Vec<PathBuf>> {
    let mut differed = Vec::new();
    for name in lesson.kernels()? {
        let path = lesson.path.join("kernels/solution").join(name);
        let source = read(lesson, &path)?.replace("\r\n", "\n");
        let earlier = |name: &str, file: &str| {
            let earlier = crate::find(&lesson.root, name)?;
            read(&earlier, &earlier.path.join("kernels/solution").join(file))
        };
        let filled = fill_given(&source, earlier).with_context(|| lesson.shown(&path))?;
        if filled != source {
            if !check {
                files::write(&path, filled)?;
            }
            differed.push(path);
        }
    }
    Ok(differed)
}

/// Writes the stubs that differ, each after a copy of what was there, and returns every file with
/// the state it was found in. With `check`, nothing is written.
pub fn write_stubs(lesson: &LessonDir, check: bool) -> Result<Vec<StubFile>> {
    let mut files = stub_files(lesson)?;
    for file in files.iter_mut().filter(|file| !check && file.state != FileState::InSync) {
        if file.state != FileState::Missing {
            file.backup = Some(backup(lesson, &file.path)?);
        }
        if let Some(folder) = file.path.parent() {
            files::make_folder(folder)?;
        }
        files::write(&file.path, &file.text)?;
    }
    Ok(files)
}

/// Copies a file to `.study/backups/<lesson>/`, which git ignores and `cargo clean` leaves alone,
/// and returns where the copy is.
pub fn backup(lesson: &LessonDir, path: &Path) -> Result<PathBuf> {
    let private = lesson.root.join(".study");
    let folder = private.join("backups").join(&lesson.name);
    files::make_folder(&folder)?;
    files::write(&private.join(".gitignore"), "*\n")?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let copy = folder.join(format!("{}-{:03}-{name}", now.as_secs(), now.subsec_millis()));
    fs::copy(path, &copy).with_context(|| format!("{} cannot be copied", lesson.shown(path)))?;
    Ok(copy)
}

/// What the learner reads at the top of the file.
fn header(lesson: &LessonDir) -> String {
    let (name, page) = (&lesson.name, lesson.page());
    format!(
        "//! Your file: write what each `todo!()` asks for, in any order you like.\n\
         //!\n\
         //! - Read {page}, or run `cargo study serve`.\n\
         //! - Grade it with `cargo study grade {name}`.\n\
         //! - Stuck? `cargo study hint {name}` gives one hint at a time.\n"
    )
}

fn read(lesson: &LessonDir, path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("{} cannot be read", lesson.shown(path)))
}

/// An answer has fewer of the places to fill in than the stub, and more text than an older stub.
/// Bytes that are no text are somebody's work as well, and a file that cannot be read may be.
fn file(lesson: &LessonDir, path: PathBuf, text: String, place: &str) -> Result<StubFile> {
    let state = match fs::read(&path) {
        Ok(bytes) => {
            // Windows checks files out with another line ending.
            let found = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
            if found == text {
                FileState::InSync
            } else if found.matches(place).count() < text.matches(place).count() {
                FileState::Answered
            } else {
                FileState::Stale
            }
        }
        Err(error) if error.kind() == ErrorKind::NotFound => FileState::Missing,
        Err(error) => {
            return Err(error).with_context(|| format!("{} cannot be read", lesson.shown(&path)));
        }
    };
    Ok(StubFile { path, text, state, backup: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOLUTION: &str =
        "//! R.\n\npub fn one() -> u32 {\n    // BEGIN ANSWER\n    1\n    // END ANSWER\n}\n";

    fn lesson() -> (tempfile::TempDir, LessonDir) {
        let world = tempfile::tempdir().unwrap();
        let lesson = LessonDir::new(world.path(), "1-basics", "one");
        fs::create_dir_all(lesson.path.join("src")).unwrap();
        fs::write(lesson.solution(), SOLUTION).unwrap();
        (world, lesson)
    }

    #[test]
    fn a_missing_stub_is_written_and_then_in_sync() {
        let (_world, lesson) = lesson();
        assert_eq!(write_stubs(&lesson, true).unwrap()[0].state, FileState::Missing);
        assert!(!lesson.exercise().exists(), "a check writes nothing");
        write_stubs(&lesson, false).unwrap();
        assert_eq!(write_stubs(&lesson, true).unwrap()[0].state, FileState::InSync);
        let text = fs::read_to_string(lesson.exercise()).unwrap();
        assert!(
            text.contains("cargo study grade one") && text.contains("todo!(\"one\")"),
            "{text}"
        );
    }

    #[test]
    fn an_answer_is_told_from_an_old_stub_and_is_never_lost() {
        let (world, lesson) = lesson();
        write_stubs(&lesson, false).unwrap();
        let stub = fs::read_to_string(lesson.exercise()).unwrap();
        fs::write(lesson.exercise(), stub.replace("u32", "u64")).unwrap();
        assert_eq!(stub_files(&lesson).unwrap()[0].state, FileState::Stale);
        let answer = stub.replace("todo!(\"one\")", "1");
        fs::write(lesson.exercise(), &answer).unwrap();
        assert_eq!(write_stubs(&lesson, false).unwrap()[0].state, FileState::Answered);
        assert_eq!(fs::read_to_string(lesson.exercise()).unwrap(), stub);
        let kept = fs::read_dir(world.path().join(".study/backups/one")).unwrap().next().unwrap();
        assert_eq!(fs::read_to_string(kept.unwrap().path()).unwrap(), answer);
    }
    #[test]
    fn what_is_no_text_is_kept_and_what_cannot_be_read_is_left_alone() {
        let (_world, lesson) = lesson();
        // An editor that saves in Latin-1.
        let answer = b"// caf\xe9\npub fn one() -> u32 { 1 }\n";
        fs::write(lesson.exercise(), answer).unwrap();
        let file = write_stubs(&lesson, false).unwrap().remove(0);
        assert_eq!(file.state, FileState::Answered);
        assert_eq!(fs::read(file.backup.unwrap()).unwrap(), answer);

        fs::remove_file(lesson.exercise()).unwrap();
        fs::create_dir(lesson.exercise()).unwrap();
        let error = write_stubs(&lesson, false).unwrap_err().to_string();
        assert!(error.contains("exercise.rs cannot be read"), "{error}");
        assert!(lesson.exercise().is_dir());
    }
}
