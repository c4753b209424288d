//! `cargo study update`: a new version of the book, with the learner's answers kept.
//!
//! Git fetches and merges; only where the learner's files and their stubs have both changed are
//! the two merged here. Every answer is copied aside first, and whatever fails, all is as it was.

mod git;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use lessons::{FileState, LessonDir, backup, files, stub_files};
use owo_colors::OwoColorize;
use stubs::{Function, answered_functions};

use crate::board::{alert, cyan};
use crate::broken::{is_learners, same};
use crate::text::paragraph;
use git::Git;

/// What an update came to.
#[derive(Debug, Default, PartialEq)]
struct Updated {
    /// The files with answers, from the root, each with its copy.
    kept: Vec<(String, String)>,
    /// What has changed for them: a file, and what to know.
    changed: Vec<(String, String)>,
}

/// Takes the newest version of what the branch follows.
pub fn command(root: &Path) -> Result<ExitCode> {
    let Some(Updated { kept, changed }) = update(root)? else {
        anstream::println!("You have the newest version of the book.");
        return Ok(ExitCode::SUCCESS);
    };
    anstream::println!("{}", "You have a new version of the book.".green().bold());
    let mut out = String::new();
    for (file, copy) in &kept {
        paragraph(&mut out, 2, "kept", file, cyan);
        paragraph(&mut out, 4, "a copy is in", copy, cyan);
    }
    if !changed.is_empty() {
        out += &format!("{}\n", alert("What is asked of you has changed:"));
    }
    for (file, what) in &changed {
        paragraph(&mut out, 2, "", file, cyan);
        for line in what.lines() {
            paragraph(&mut out, 4, "", line, str::to_owned);
        }
    }
    anstream::print!("{out}");
    Ok(ExitCode::SUCCESS)
}

/// `None` if there is nothing new.
fn update(root: &Path) -> Result<Option<Updated>> {
    let git = Git(root);
    let before = git.line(&["rev-parse", "HEAD"])?;
    if git.run(&["rev-parse", "--verify", "--quiet", "MERGE_HEAD"]).is_ok() {
        bail!("a merge is under way: finish it, or give it up with `git merge --abort`");
    }
    let follows = "this branch follows no other, so there is no new version to take: \
                   `git branch --set-upstream-to origin/main` says which";
    git.line(&["rev-parse", "@{upstream}"]).context(follows)?;
    let mine = dirty(&git)?;
    git.run(&["fetch", "--quiet"]).context("the new version could not be fetched")?;
    let new = git.line(&["rev-parse", "@{upstream}"])?;
    if git.run(&["merge-base", "--is-ancestor", &new, "HEAD"]).is_ok() {
        return Ok(None);
    }
    let begun = begun(root)?;
    let mut updated = Updated::default();
    for Begun { lesson, answered, .. } in &begun {
        for path in answered {
            let copy = lesson.shown(&backup(lesson, path)?);
            updated.kept.push((lesson.shown(path), copy));
        }
    }
    let done = merge(root, &git, &new, &mine).and_then(|()| {
        for begun in &begun {
            updated.changed.extend(adjust(begun)?);
        }
        Ok(())
    });
    match done {
        Ok(()) => Ok(Some(updated)),
        Err(error) => {
            let undone = undo(root, &git, &before, &mine);
            let copies =
                "your answers are in .study/backups/, but not everything else is as it was";
            undone.with_context(|| format!("{error:#}; {copies}"))?;
            Err(error.context("the new version could not be merged, and all is as it was"))
        }
    }
}

/// The learner's files that are not committed, with what is in them. Others must be as git has
/// them: a merge would lose them or stop. Cargo writes its lock file anew.
fn dirty(git: &Git) -> Result<Vec<(String, Vec<u8>)>> {
    let changed = git.run(&["diff", "--relative", "--no-renames", "--name-only", "-z", "HEAD"])?;
    let changed = String::from_utf8_lossy(&changed).into_owned();
    let changed: Vec<&str> = changed.split_terminator('\0').collect();
    let is_kept = |path: &&&str| is_learners(path) || **path == "Cargo.lock";
    let given: Vec<&str> = changed.iter().filter(|path| !is_kept(path)).copied().collect();
    if !given.is_empty() {
        let given = given.join(" ");
        bail!(
            "these are given and were changed: {given}. Restore them with `git checkout HEAD -- \
             {given}`, or commit them, and try again. Nothing was done"
        );
    }
    // One that was deleted comes back with the merge.
    let there = changed.into_iter().filter(|path| git.0.join(path).exists());
    there.map(|path| Ok((path.to_owned(), files::read(&git.0.join(path))?))).collect()
}

/// A lesson with answers, as it was before.
struct Begun {
    lesson: LessonDir,
    /// Its files that are not stubs any more.
    answered: Vec<PathBuf>,
    functions: Vec<Function>,
    /// The stubs of its kernels.
    kernels: BTreeMap<PathBuf, String>,
}

fn begun(root: &Path) -> Result<Vec<Begun>> {
    let mut begun = Vec::new();
    for lesson in lessons::find_all(root)? {
        let stubs = stub_files(&lesson)?;
        let is_begun = |state| !matches!(state, FileState::InSync | FileState::Missing);
        let answered: Vec<PathBuf> =
            stubs.iter().filter(|f| is_begun(f.state)).map(|f| f.path.clone()).collect();
        if answered.is_empty() {
            continue;
        }
        let functions = answered_functions(&files::read_text(&lesson.solution())?);
        let kernels = stubs.into_iter().skip(1).map(|file| (file.path, file.text)).collect();
        begun.push(Begun { lesson, answered, functions, kernels });
    }
    Ok(begun)
}

/// Merges the new version with the learner's files as they were committed, and then what was not
/// committed with the new stubs. Where both have changed the same lines, the learner's stay.
fn merge(root: &Path, git: &Git, new: &str, mine: &[(String, Vec<u8>)]) -> Result<()> {
    git.run(&["reset", "--quiet", "--hard", "HEAD"])?;
    let read = |path: &String| fs::read(root.join(path)).ok();
    let bases: Vec<_> = mine.iter().map(|(path, _)| read(path)).collect();
    git.run(&["merge", "--no-edit", "--strategy-option", "ours", new])?;
    for ((path, mine), base) in mine.iter().zip(&bases) {
        let theirs = read(path).filter(|_| is_learners(path));
        // A file that is no more, or the lock file: the copy will do.
        let (Some(base), Some(theirs)) = (base, theirs) else { continue };
        let merged = if *base == theirs { mine.clone() } else { git.merged(mine, base, &theirs)? };
        files::write(&root.join(path), merged)?;
    }
    Ok(())
}

/// Puts everything back.
fn undo(root: &Path, git: &Git, before: &str, mine: &[(String, Vec<u8>)]) -> Result<()> {
    git.run(&["reset", "--quiet", "--hard", before])?;
    mine.iter().try_for_each(|(path, bytes)| files::write(&root.join(path), bytes))
}

/// Says what has changed for a lesson, and adds the stubs of functions that are new and found no
/// place in the learner's file.
fn adjust(begun: &Begun) -> Result<Vec<(String, String)>> {
    let lesson = &begun.lesson;
    let file = lesson.shown(&lesson.exercise());
    if !lesson.solution().is_file() {
        return Ok(vec![(file, "the lesson is no more in the book".into())]);
    }
    let mut told = Vec::new();
    let stubs = stub_files(lesson)?;
    let asked = answered_functions(&files::read_text(&lesson.solution())?);
    for Function { name, signature, .. } in &asked {
        let old = begun.functions.iter().find(|old| old.name == *name);
        match old {
            Some(old) if same(&old.signature, signature) => {}
            Some(_) => told.push(format!(
                "`{name}` has another signature; your answer stands as it was:\n{signature}"
            )),
            None => {
                let mine = String::from_utf8_lossy(&files::read(&lesson.exercise())?).into_owned();
                let stub = stubs.first().and_then(|file| stubs::function(&file.text, name));
                if let (None, Some(stub)) = (stubs::function(&mine, name), stub) {
                    let text = format!("{}\n\n{}\n", mine.trim_end(), stub.source);
                    files::write(&lesson.exercise(), text)?;
                }
                told.push(format!("`{name}` is new:\n{signature}"));
            }
        }
    }
    let is_gone = |old: &&Function| asked.iter().all(|now| now.name != old.name);
    let gone = begun.functions.iter().filter(is_gone);
    told.extend(gone.map(|old| format!("`{}` is asked for no more", old.name)));
    let mut told: Vec<(String, String)> =
        told.into_iter().map(|what| (file.clone(), what)).collect();
    for stub in stubs.iter().skip(1).filter(|stub| begun.answered.contains(&stub.path)) {
        if begun.kernels.get(&stub.path) != Some(&stub.text) {
            let what = "its stub has changed: see whether your kernel fits what is given now";
            told.push((lesson.shown(&stub.path), what.into()));
        }
    }
    Ok(told)
}

#[cfg(test)]
mod tests;
