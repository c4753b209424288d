//! The folder of a lesson and the files in it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::files;

/// The source files every lesson has.
const SOURCES: [&str; 7] = ["lib", "exercise", "solution", "checks", "quiz", "worked", "main"];

/// A lesson on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LessonDir {
    /// The name of its crate and folder, e.g. `softmax-sampling`.
    pub name: String,
    /// The folder of its step, e.g. `1-basics`.
    pub step: String,
    /// The folder of its crate.
    pub path: PathBuf,
    /// The root of the workspace.
    pub root: PathBuf,
}

impl LessonDir {
    /// A lesson of the workspace at `root`, whether or not its files exist yet.
    pub fn new(root: &Path, step: &str, name: &str) -> Self {
        Self {
            name: name.into(),
            step: step.into(),
            path: root.join("exercises").join(step).join(name),
            root: root.into(),
        }
    }

    /// `src/<step>/<lesson>.md`, from the root.
    pub fn page(&self) -> String {
        format!("src/{}/{}.md", self.step, self.name)
    }

    /// `src/<step>/<lesson>.quiz.md`, from the root.
    pub fn quiz(&self) -> String {
        format!("src/{}/{}.quiz.md", self.step, self.name)
    }

    /// The file of the page.
    pub fn page_path(&self) -> PathBuf {
        self.root.join(self.page())
    }

    /// The learner's file.
    pub fn exercise(&self) -> PathBuf {
        self.path.join("src/exercise.rs")
    }

    /// The reference.
    pub fn solution(&self) -> PathBuf {
        self.path.join("src/solution.rs")
    }

    /// Names of the kernels of the reference, in order; empty for a lesson without kernels.
    pub fn kernels(&self) -> Result<Vec<String>> {
        let folder = self.path.join("kernels/solution");
        if !folder.is_dir() {
            return Ok(Vec::new());
        }
        Ok(names(&folder)?.into_iter().filter(|name| name.ends_with(".wgsl")).collect())
    }

    /// All files a lesson must have.
    pub fn required_files(&self) -> Result<Vec<PathBuf>> {
        let mut files = vec![self.path.join("Cargo.toml")];
        files.extend(SOURCES.map(|name| self.path.join(format!("src/{name}.rs"))));
        files.extend(
            self.kernels()?.iter().map(|name| self.path.join("kernels/exercise").join(name)),
        );
        files.push(self.path.join("tests/mutants.rs"));
        files.extend([self.page_path(), self.root.join(self.quiz())]);
        Ok(files)
    }

    /// Those of the required files that are not there.
    pub fn missing_files(&self) -> Result<Vec<PathBuf>> {
        Ok(self.required_files()?.into_iter().filter(|file| !file.is_file()).collect())
    }

    /// The heading of its step in the table of contents, e.g. `Step 1: LLM basics`.
    pub fn step_title(&self) -> String {
        let number = format!("Step {}", self.step.split('-').next().unwrap_or_default());
        let summary = fs::read_to_string(self.root.join("src/SUMMARY.md")).unwrap_or_default();
        let headings = summary.lines().filter_map(|line| line.strip_prefix("# "));
        let is_its = |heading: &&str| heading.split(':').next() == Some(&number);
        headings.map(str::trim).find(is_its).unwrap_or(&self.step).to_owned()
    }

    /// A path as a person at the root of the workspace would type it.
    pub fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).display().to_string()
    }
}

/// Every lesson of the workspace: by step, then in the order of the table of contents.
pub fn find_all(root: &Path) -> Result<Vec<LessonDir>> {
    let exercises = root.join("exercises");
    let summary = fs::read_to_string(root.join("src/SUMMARY.md")).unwrap_or_default();
    let mut lessons = Vec::new();
    for step in names(&exercises)? {
        for name in names(&exercises.join(&step))? {
            let lesson = LessonDir::new(root, &step, &name);
            let manifest = lesson.path.join("Cargo.toml");
            if manifest.is_file() {
                check_name(&lesson, &manifest)?;
                lessons.push(lesson);
            }
        }
    }
    lessons.sort_by_cached_key(|lesson| {
        let link = format!("{}/{}.md)", lesson.step, lesson.name);
        let place = summary.find(&link).unwrap_or(usize::MAX);
        (step_order(&lesson.step), lesson.step.clone(), place, lesson.name.clone())
    });
    Ok(lessons)
}

/// Step 10 comes after step 9.
fn step_order(step: &str) -> u32 {
    step.split('-').next().and_then(|number| number.parse().ok()).unwrap_or(u32::MAX)
}

/// Everything finds a lesson's binary and its dependency by the folder's name.
fn check_name(lesson: &LessonDir, manifest: &Path) -> Result<()> {
    let shown = lesson.shown(manifest);
    let text = fs::read_to_string(manifest).with_context(|| format!("{shown} cannot be read"))?;
    let table: toml::Table =
        toml::from_str(&text).with_context(|| format!("{shown} is no valid manifest"))?;
    let package =
        table.get("package").and_then(|package| package.get("name")).and_then(|name| name.as_str());
    if package != Some(&lesson.name) {
        bail!("{shown}: the package must be named like its folder, `{}`", lesson.name);
    }
    Ok(())
}

/// The lesson of that name, or an error that names the nearest one. The name of a step will do only
/// if the step has one lesson: a guess could reset the wrong one.
pub fn find(root: &Path, name: &str) -> Result<LessonDir> {
    let mut selected = select(root, &[name.to_owned()])?;
    if selected.len() > 1 {
        bail!("`{name}` is a step: name one of its lessons, {}", listed(&selected));
    }
    Ok(selected.remove(0))
}

/// The lessons that the arguments name: a lesson, a path to one (as a shell completes it), or a
/// step for all of its lessons. No argument means all; none is selected twice.
pub fn select(root: &Path, arguments: &[String]) -> Result<Vec<LessonDir>> {
    let all = find_all(root)?;
    if all.is_empty() {
        bail!(
            "there is no lesson in exercises/ yet: `cargo study new 1-basics/my-lesson --title \"My \
             lesson\"` writes one"
        );
    }
    let mut selected: Vec<LessonDir> = Vec::new();
    for argument in arguments {
        let wanted =
            argument.trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next().unwrap_or_default();
        let is_wanted = |lesson: &&LessonDir| lesson.name == wanted || lesson.step == wanted;
        if !all.iter().any(|lesson| is_wanted(&lesson)) {
            bail!("{}", unknown(wanted, &all));
        }
        for lesson in all.iter().filter(is_wanted) {
            if !selected.contains(lesson) {
                selected.push(lesson.clone());
            }
        }
    }
    Ok(if arguments.is_empty() { all } else { selected })
}

fn unknown(wanted: &str, all: &[LessonDir]) -> String {
    let distance = |lesson: &&LessonDir| {
        let whole = strsim::damerau_levenshtein(wanted, &lesson.name);
        // "softmax" means softmax-sampling more than it means anything of the same length.
        let part =
            lesson.name.split('-').map(|word| 1 + strsim::damerau_levenshtein(wanted, word)).min();
        part.unwrap_or(whole).min(whole)
    };
    let nearest =
        all.iter().min_by_key(distance).filter(|l| distance(l) <= 3.max(wanted.len() / 3));
    match nearest {
        Some(lesson) => format!("there is no lesson `{wanted}`: did you mean `{}`?", lesson.name),
        None => {
            format!("there is no lesson `{wanted}`: there are {}", listed(all))
        }
    }
}

fn listed(lessons: &[LessonDir]) -> String {
    let names: Vec<&str> = lessons.iter().map(|lesson| lesson.name.as_str()).collect();
    names.join(", ")
}

pub(crate) fn names(folder: &Path) -> Result<Vec<String>> {
    let name = |path: PathBuf| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut names: Vec<String> = files::entries(folder)?.into_iter().map(name).collect();
    names.retain(|name| !name.starts_with('.'));
    // A stray file among the folders of steps is not a step.
    if folder.ends_with("exercises") || folder.ends_with("wasm-demos") {
        names.retain(|name| folder.join(name).is_dir());
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn world() -> tempfile::TempDir {
        let world = tempfile::tempdir().unwrap();
        for lesson in ["2-next/alpha", "10-last/omega", "2-next/beta"] {
            let folder = world.path().join("exercises").join(lesson);
            fs::create_dir_all(&folder).unwrap();
            let name = lesson.rsplit('/').next().unwrap();
            fs::write(folder.join("Cargo.toml"), format!("[package]\nname = \"{name}\"\n"))
                .unwrap();
        }
        fs::create_dir_all(world.path().join("src")).unwrap();
        let summary = "# Step 2: what next\n\n- [B](2-next/beta.md)\n- [A](2-next/alpha.md)\n";
        fs::write(world.path().join("src/SUMMARY.md"), summary).unwrap();
        world
    }

    #[test]
    fn lessons_come_in_the_order_of_the_book() {
        let world = world();
        let all = find_all(world.path()).unwrap();
        let names: Vec<&str> = all.iter().map(|l| l.name.as_str()).collect();
        assert_eq!(names, ["beta", "alpha", "omega"]);
        assert_eq!(all[0].step_title(), "Step 2: what next");
        assert_eq!(all[2].step_title(), "10-last");
    }

    #[test]
    fn a_path_or_a_step_selects_too_and_a_typo_is_answered() {
        let world = world();
        assert_eq!(find(world.path(), "exercises/2-next/alpha/").unwrap().name, "alpha");
        assert_eq!(select(world.path(), &["2-next".into()]).unwrap().len(), 2);
        assert_eq!(find(world.path(), "10-last").unwrap().name, "omega");
        let error = find(world.path(), "2-next").unwrap_err().to_string();
        assert_eq!(error, "`2-next` is a step: name one of its lessons, beta, alpha");
        let error = find(world.path(), "alhpa").unwrap_err().to_string();
        assert!(error.contains("did you mean `alpha`"), "{error}");
    }

    #[test]
    fn a_lesson_that_is_named_twice_is_selected_once() {
        let world = world();
        let arguments = ["alpha", "2-next", "alpha"].map(str::to_owned);
        let selected = select(world.path(), &arguments).unwrap();
        let names: Vec<&str> = selected.iter().map(|l| l.name.as_str()).collect();
        assert_eq!(names, ["alpha", "beta"]);
    }

    #[test]
    fn a_package_that_is_not_named_like_its_folder_is_an_error() {
        let world = world();
        let manifest = world.path().join("exercises/2-next/alpha/Cargo.toml");
        fs::write(manifest, "[package]\nname = \"other\"\n").unwrap();
        assert!(find_all(world.path()).unwrap_err().to_string().contains("`alpha`"));
    }

    #[test]
    fn missing_files_are_listed() {
        let world = world();
        let missing = find(world.path(), "alpha").unwrap().missing_files().unwrap();
        // The manifest is there; the sources, the mutants, the page and its quiz are not.
        assert_eq!(missing.len(), SOURCES.len() + 3);
    }
}
