//! The lessons and demos of the built book, as their pages' programs list them, and native runs to
//! compare with.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use anyhow::{Context, Result, ensure};
use lessons::cargo::target_dir;
use lessons::{DemoPage, demo_pages};
use scores::Listing;
use serde::Deserialize;
use serde_json::json;

use crate::site::{self, Build, root};

/// A demo.
#[derive(Clone, Debug, Deserialize)]
pub struct Listed {
    /// As in `<study-demo name="…">`.
    pub name: String,
    /// The page it is on, the lesson's name if it is one.
    pub page: String,
    /// Whether the learner's code can run in it.
    pub has_yours: bool,
    /// What it runs on.
    pub device: Device,
    /// When it runs.
    pub start: Start,
    /// What the reader sets.
    pub controls: Vec<Control>,
    /// What controls are set to while they are moved, in place of their defaults.
    pub trial: Inputs,
}

/// What a demo computes on.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Device {
    /// WebAssembly only.
    Cpu,
    /// WebGPU where there is one.
    CpuOrGpu,
}

/// What starts a run.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Start {
    /// Every change of a control.
    OnInput,
    /// A press of *Run*.
    OnRun,
}

/// A control.
#[derive(Clone, Debug, Deserialize)]
pub struct Control {
    /// Unique in the demo.
    pub name: String,
    /// The value before the reader touches it.
    pub default: String,
    /// What it takes.
    pub kind: Kind,
}

/// What a control takes.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Text, of at most so many bytes.
    Text { max_bytes: usize },
    /// A number, typed.
    Number { min: f64, max: f64, step: f64 },
    /// A number, dragged.
    Slider { min: f64, max: f64, step: f64 },
    /// One of `(value, label)`.
    Choice(Vec<(String, String)>),
    /// On or off.
    Toggle,
    /// WGSL, of at most so many bytes.
    Wgsl { max_bytes: usize },
    /// A file of any bytes, of at most so many.
    File { max_bytes: usize },
}

impl Kind {
    /// Whether it takes a text file.
    pub fn takes_file(&self) -> bool {
        matches!(self, Self::Text { max_bytes } if *max_bytes >= 64 << 10)
    }
}

impl Listed {
    /// The control with a kernel, if it is a kernel lab: one that compiles it on a GPU.
    pub fn kernel(&self) -> Option<&Control> {
        let mut controls = self.controls.iter().filter(|_| self.device == Device::CpuOrGpu);
        controls.find(|control| matches!(control.kind, Kind::Wgsl { .. }))
    }
}

/// What a page's program prints.
#[derive(Deserialize)]
struct Printed {
    lesson: Option<Lesson>,
    demos: Vec<Listed>,
}

/// A lesson.
#[derive(Clone, Debug, Deserialize)]
pub struct Lesson {
    /// Its checks.
    pub listing: Listing,
}

impl Lesson {
    /// Its page, from the root of the site.
    pub fn page(&self) -> String {
        format!("{}/{}.html", self.listing.step, self.listing.name)
    }
}

struct Book {
    pages: Vec<DemoPage>,
    lessons: Vec<Lesson>,
    demos: Vec<Listed>,
    kit: Vec<Listed>,
}

fn book() -> &'static Book {
    static BOOK: OnceLock<Book> = OnceLock::new();
    BOOK.get_or_init(|| read().unwrap_or_else(|error| panic!("{error:#}")))
}

fn read() -> Result<Book> {
    // The programs print it while the site is built.
    site::folder(Build::Hosted)?;
    let pages = demo_pages(root())?;
    let mut printed = BTreeMap::new();
    let mut demos = Vec::new();
    for page in &pages {
        let Printed { lesson, demos: its } = print(page)?;
        printed.insert(&page.name, lesson);
        demos.extend(its);
    }
    let lessons = lessons::find_all(root())?;
    let lessons = lessons.iter().filter_map(|lesson| printed.remove(&lesson.name).flatten());
    let lessons = lessons.collect();
    site::folder(Build::Kit)?;
    let kit = print(&DemoPage::alone(&root().join("tests/kit")))?.demos;
    Ok(Book { pages, lessons, demos, kit })
}

fn print(page: &DemoPage) -> Result<Printed> {
    let file = target_dir(root()).join(format!("study/stills/{}.json", page.name));
    let json = fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?;
    serde_json::from_slice(&json).with_context(|| file.display().to_string())
}

/// The lessons in the order of the book.
pub fn lessons_of_book() -> &'static [Lesson] {
    &book().lessons
}

/// All demos of the book.
pub fn demos() -> &'static [Listed] {
    &book().demos
}

/// The demos on which the kit is tried.
pub fn kit() -> &'static [Listed] {
    &book().kit
}

/// A demo of the kit by its name.
pub fn of_kit(name: &str) -> &'static Listed {
    let found = kit().iter().find(|demo| demo.name == name);
    found.unwrap_or_else(|| panic!("the kit has no demo {name}"))
}

/// The page of a lesson, or one that is no lesson, from the root of the site.
pub fn page_of(name: &str) -> String {
    let found = book().pages.iter().find(|page| page.name == name);
    found.map_or_else(|| format!("{name}.html"), DemoPage::page)
}

/// Texts by names of controls.
pub type Inputs = BTreeMap<String, String>;

/// What a native run came to.
#[derive(Clone, Debug, Deserialize)]
pub struct Shown {
    /// The views.
    #[serde(default)]
    pub html: String,
    /// Files to save.
    #[serde(default)]
    pub files: Vec<Offered>,
    /// A value that cannot be used: the control, and the message beside it.
    pub input: Option<(String, String)>,
    /// Any other error.
    pub error: Option<String>,
}

/// A file to save.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Offered {
    /// The name it is saved under.
    pub name: String,
    /// How many bytes it has.
    pub bytes: usize,
}

/// Runs demos of one page natively, on the CPU.
pub fn run_natively(page: &str, runs: &[(&str, Inputs)]) -> Result<Vec<Shown>> {
    let program = format!("debug/{page}-demos{}", std::env::consts::EXE_SUFFIX);
    let program = target_dir(root()).join(program);
    let mut child = Command::new(&program)
        .arg("run")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("{} cannot be started", program.display()))?;
    let questions: Vec<_> =
        runs.iter().map(|(demo, inputs)| json!({ "demo": demo, "inputs": inputs })).collect();
    // The program reads all questions before it answers.
    child
        .stdin
        .take()
        .context("it has an input")?
        .write_all(json!(questions).to_string().as_bytes())?;
    let output = child.wait_with_output()?;
    ensure!(output.status.success(), "{page}-demos failed: {}", output.status);
    Ok(serde_json::from_slice(&output.stdout)?)
}
