//! What the lessons computed for the pages: checks, keys of quizzes, worked numbers and stills of
//! demos. The native program of each page prints its own; the last good print is kept.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::PoisonError;
use std::thread;

use anyhow::{Context, Error, Result, anyhow, bail};
use lessons::{DemoPage, files};
use scores::Listing;
use serde::Deserialize;

use crate::cargo;
use crate::progress::Step;

/// All of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stills {
    /// In the order of the book.
    pub lessons: Vec<Lesson>,
    /// Every demo.
    pub demos: Vec<Demo>,
    /// Every figure, with the page it is made for.
    pub figures: Vec<(String, Figure)>,
    /// Numbers of the pages that are no lessons.
    pub worked: BTreeMap<String, BTreeMap<String, String>>,
    /// Whether some of it is still being made: what is missing then is no mistake.
    pub pending: bool,
}

/// What one page's program prints.
#[derive(Clone, Debug, Deserialize, PartialEq)]
struct Printed {
    lesson: Option<Lesson>,
    #[serde(default)]
    figures: Vec<Figure>,
    #[serde(default)]
    worked: BTreeMap<String, String>,
    demos: Vec<Demo>,
}

/// A lesson.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Lesson {
    /// Its checks.
    pub listing: Listing,
    /// The right choices of the quiz.
    pub keys: Vec<Key>,
    /// Numbers for the page.
    pub worked: BTreeMap<String, String>,
}

/// The key of a question, or why the code could not tell.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Key {
    /// The question.
    pub id: String,
    /// The index of the right choice.
    pub answer: Option<usize>,
    /// Why there is none.
    pub problem: Option<String>,
}

/// A demo.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Demo {
    /// As in `<study-demo name="…">`.
    pub name: String,
    /// The name of the page that it is made for.
    #[serde(default)]
    pub page: String,
    /// The files of `models/` that it may ask for.
    #[serde(default)]
    pub assets: Vec<String>,
    /// Its markup: what the reader sees before anything runs.
    pub still: String,
}

/// A figure.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Figure {
    /// As in `{{#figure LESSON NAME}}`.
    pub name: String,
    /// The drawing with its caption.
    pub html: String,
}

impl Lesson {
    /// The crate's name.
    pub fn name(&self) -> &str {
        &self.listing.name
    }

    /// The folder of its step.
    pub fn step(&self) -> &str {
        &self.listing.step
    }
}

impl Stills {
    /// What programs of pages printed, in the order given.
    #[cfg(test)]
    pub fn of<'a>(printed: impl IntoIterator<Item = &'a str>) -> Result<Self> {
        let mut stills = Self::default();
        for json in printed {
            let Printed { lesson, figures, demos, .. } = parse(json.as_bytes())?;
            let page = lesson.as_ref().map_or("", Lesson::name).to_owned();
            stills.figures.extend(figures.into_iter().map(|figure| (page.clone(), figure)));
            stills.lessons.extend(lesson);
            stills.demos.extend(demos);
        }
        Ok(stills)
    }

    /// The lesson of this name, or an error that names those there are; `None` while it may still
    /// come.
    pub fn lesson(&self, name: &str) -> Result<Option<&Lesson>> {
        let found = self.lessons.iter().find(|lesson| lesson.name() == name);
        if found.is_none() && !self.pending {
            bail!("{}", unknown("lesson", name, self.lessons.iter().map(Lesson::name)));
        }
        Ok(found)
    }

    /// The demo of this name, or an error that names those there are; `None` while it may still
    /// come.
    pub fn demo(&self, name: &str) -> Result<Option<&Demo>> {
        let found = self.demos.iter().find(|demo| demo.name == name);
        if found.is_none() && !self.pending {
            bail!("{}", unknown("demo", name, self.demos.iter().map(|d| &*d.name)));
        }
        Ok(found)
    }

    /// Whether a page has demos: one that has figures only needs no WebAssembly.
    pub fn has_demos(&self, page: &str) -> bool {
        self.demos.iter().any(|demo| demo.page == page)
    }

    /// The figure of this name made for a page, or an error that names those there are; `None` while
    /// it may still come.
    pub fn figure(&self, page: &str, name: &str) -> Result<Option<&Figure>> {
        let of_page = || self.figures.iter().filter(|(of, _)| of == page).map(|(_, figure)| figure);
        let found = of_page().find(|figure| figure.name == name);
        if found.is_none() && !self.pending {
            let known = of_page().map(|figure| &*figure.name);
            bail!("{}", unknown(&format!("figure of {page}"), name, known));
        }
        Ok(found)
    }
}

/// “there is no lesson `x`; there are: a, b”.
pub fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.collect();
    format!("there is no {what} `{name}`; there are: {}", known.join(", "))
}

fn folder(root: &Path) -> PathBuf {
    lessons::cargo::target_dir(root).join("study/stills")
}

/// Builds the programs of these pages and runs those that changed. A page whose program does not
/// compile or fails keeps what it printed last; the first such problem is returned.
pub fn make(root: &Path, pages: &[DemoPage]) -> Result<Option<Error>> {
    let step = Step::start("Running every demo for its still");
    let programs: Vec<String> = pages.iter().map(DemoPage::reference).collect();
    let mut args = vec!["--keep-going"];
    for program in &programs {
        args.extend(["--package", program, "--bin", program]);
    }
    let built = lessons::cargo::build(root, &args, |text| step.say(text))?;
    let mut problem = None;
    if !built.success {
        problem = Some(cargo::problem("the program that runs the demos", &built)?);
    }
    files::make_folder(&folder(root))?;
    step.say("running");
    let made = pages.iter().zip(&programs);
    let made = made.filter_map(|(page, program)| Some((page, built.program(program)?)));
    let queue = Mutex::new(made.collect::<Vec<_>>());
    let problems = Mutex::new(Vec::new());
    let cores = thread::available_parallelism().map_or(2, usize::from);
    thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                loop {
                    let next = queue.lock().unwrap_or_else(PoisonError::into_inner).pop();
                    let Some((page, program)) = next else { break };
                    if let Err(error) = run(root, page, program) {
                        problems.lock().unwrap_or_else(PoisonError::into_inner).push(error);
                    }
                }
            });
        }
    });
    let problems = problems.into_inner().unwrap_or_else(PoisonError::into_inner);
    step.done(&format!("{} pages", pages.len()));
    Ok(problem.or(problems.into_iter().next()))
}

/// Runs a page's program, unless it is the one that ran last.
fn run(root: &Path, page: &DemoPage, program: &Path) -> Result<()> {
    let place = folder(root);
    let (json, stamp_file) =
        (place.join(format!("{}.json", page.name)), place.join(format!("{}.stamp", page.name)));
    let stamp = cargo::stamp(program)?;
    if json.exists() && fs::read_to_string(&stamp_file).is_ok_and(|found| found == stamp) {
        return Ok(());
    }
    let output = Command::new(program)
        .current_dir(root)
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("{} could not be started", program.display()))?;
    if !output.status.success() {
        bail!("{}: {}", page.name, String::from_utf8_lossy(&output.stderr).trim());
    }
    parse(&output.stdout)?;
    files::write(&json, &output.stdout)?;
    files::write(&stamp_file, stamp)
}

/// What the programs of these pages printed when they last succeeded. Pages that never did are missing, which is
/// an error unless it is `pending`.
pub fn last(root: &Path, pages: &[DemoPage], pending: bool) -> Result<Stills> {
    let mut stills = Stills { pending, ..Stills::default() };
    let mut printed = BTreeMap::new();
    for page in pages {
        match fs::read(folder(root).join(format!("{}.json", page.name))) {
            Ok(json) => drop(printed.insert(page.name.clone(), parse(&json)?)),
            Err(_) if pending => {}
            Err(_) => {
                return Err(anyhow!("no stills of {} yet: build without skipping", page.name));
            }
        }
    }
    for lesson in lessons::find_all(root)? {
        let found = printed.get(&lesson.name).and_then(|printed| printed.lesson.clone());
        stills.lessons.extend(found);
    }
    for (page, printed) in printed {
        stills.demos.extend(printed.demos);
        if !printed.worked.is_empty() {
            stills.worked.insert(page.clone(), printed.worked);
        }
        stills.figures.extend(printed.figures.into_iter().map(|figure| (page.clone(), figure)));
    }
    Ok(stills)
}

fn parse(json: &[u8]) -> Result<Printed> {
    serde_json::from_slice(json).context("the program of a page printed something else")
}
