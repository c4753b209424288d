//! Builds the local site and keeps the last good one when an edit breaks it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Error, Result};
use lessons::DemoPage;

use super::live::{Event, Live};
use super::watch::Changes;
use crate::cargo::CompileError;
use crate::math::Katex;
use crate::progress::{Step, error_text};
use crate::site::Site;
use crate::stills::{self, Stills};
use crate::{Profile, wasm};

/// Builds one site after the other.
pub struct Builder {
    root: PathBuf,
    /// Where the sites go, numbered.
    place: PathBuf,
    live: Arc<Live>,
    katex: Katex,
    stills: Stills,
    /// Whether the first build is still at work.
    pending: bool,
    /// Why the code as it is now does not compile.
    code_error: Option<String>,
    /// Why the pages as they are now cannot be written.
    page_error: Option<String>,
    /// How many sites were written.
    number: usize,
    /// Pages that were edited and could not be written.
    unwritten: BTreeSet<PathBuf>,
    /// Whether pages were written again since the index of the search was made.
    has_old_index: bool,
}

impl Builder {
    /// Builds into `place`.
    pub fn new(root: PathBuf, place: PathBuf, live: Arc<Live>) -> Self {
        let katex = Katex::default();
        Self {
            root,
            place,
            live,
            katex,
            stills: Stills { pending: true, ..Stills::default() },
            pending: true,
            code_error: None,
            page_error: None,
            number: 0,
            unwritten: BTreeSet::new(),
            has_old_index: false,
        }
    }

    /// The first build. The pages are there at once; what has to be compiled comes step by step of
    /// the book, and each time the pages reload. `readable` hears when there is something to read.
    pub fn first(&mut self, readable: impl FnOnce()) {
        match stills::last(&self.root, &lessons::demo_pages(&self.root).unwrap_or_default(), true) {
            Ok(stills) => self.stills = stills,
            Err(error) => self.code_error = Some(self.told(&error)),
        }
        self.show();
        readable();
        let pages = lessons::demo_pages(&self.root).unwrap_or_default();
        for make in [Self::stills, Self::modules] {
            for pages in pages.chunk_by(|a, b| a.step == b.step) {
                self.live.tell(Event::Building("the demos".into()));
                if let Some(error) = make(self, pages) {
                    self.code_error = Some(error);
                }
                self.show();
            }
        }
        self.pending = false;
        self.stills.pending = self.code_error.is_some();
        self.show();
        eprintln!("Everything is there.");
    }

    /// Builds what the changes concern, and tells the pages.
    pub fn update(&mut self, changes: Changes) {
        let mut whole = changes.pages;
        if changes.code {
            self.live.tell(Event::Building("the code".into()));
            // A page may be broken because of what the code lacked.
            whole |= self.compile() || self.page_error.is_some();
        }
        match whole {
            false if changes.texts.is_empty() => self.live.tell(self.standing()),
            false if self.rewrite(changes.texts) => {}
            _ => self.show(),
        }
    }

    /// Whether search does not know what was edited.
    pub fn has_old_index(&self) -> bool {
        self.has_old_index && self.page_error.is_none()
    }

    /// Makes the index of the search again; the pages are as they were and need not reload.
    pub fn index(&mut self) {
        match self.write() {
            Ok(site) => self.live.replace(site),
            Err(error) => {
                self.has_old_index = false;
                eprintln!("{}", error_text(&error));
            }
        }
    }

    /// Writes these pages again. Returns whether that was enough.
    fn rewrite(&mut self, texts: BTreeSet<PathBuf>) -> bool {
        let is_whole = self.page_error.is_none() || !self.unwritten.is_empty();
        let Some(folder) = self.live.site().filter(|_| is_whole) else { return false };
        self.live.tell(Event::Building("the page".into()));
        self.unwritten.extend(texts);
        let pages: Vec<PathBuf> = self.unwritten.iter().cloned().collect();
        let step = Step::start("Writing what was edited");
        let site = self.site(None);
        let written = site.rewrite(&folder, &pages, &self.katex);
        self.page_error = written.as_ref().err().map(|error| self.told(error));
        match written {
            Ok(false) => return false,
            Ok(true) => {
                step.done(&format!("{} of the pages", pages.len()));
                self.unwritten.clear();
                self.has_old_index = true;
                self.live.publish(folder, self.standing());
            }
            Err(_) => self.live.tell(self.standing()),
        }
        true
    }

    fn site<'a>(&'a self, wasm: Option<&'a Path>) -> Site<'a> {
        let Self { root, stills, .. } = self;
        Site { root, stills, wasm, local: true, live: true, only: None }
    }

    /// Compiles the code. Returns whether there is anything new to show.
    fn compile(&mut self) -> bool {
        let pages = match lessons::demo_pages(&self.root) {
            Ok(pages) => pages,
            Err(error) => {
                self.code_error = Some(self.told(&error));
                return false;
            }
        };
        let before = self.stills.clone();
        self.code_error = self.stills(&pages);
        let fresh = before != self.stills;
        let error = self.modules(&pages);
        let compiled = error.is_none();
        self.code_error = self.code_error.take().or(error);
        fresh || compiled
    }

    /// Makes the stills of these pages; returns why some could not be made.
    fn stills(&mut self, pages: &[DemoPage]) -> Option<String> {
        let made = stills::make(&self.root, pages);
        let stills =
            stills::last(&self.root, &lessons::demo_pages(&self.root).unwrap_or_default(), true);
        match (made, stills) {
            (Ok(problem), Ok(stills)) => {
                self.stills = Stills { pending: self.pending || problem.is_some(), ..stills };
                problem.map(|problem| self.told(&problem))
            }
            (Err(error), _) | (_, Err(error)) => Some(self.told(&error)),
        }
    }

    /// Makes the modules of those of these pages that have demos; returns why some could not be
    /// made.
    fn modules(&mut self, pages: &[DemoPage]) -> Option<String> {
        let has_demos = |page: &&DemoPage| self.stills.has_demos(&page.name);
        let pages: Vec<DemoPage> = pages.iter().filter(has_demos).cloned().collect();
        match wasm::make(&self.root, Profile::Dev, true, &pages) {
            Ok(problem) => problem.map(|problem| self.told(&problem)),
            Err(error) => Some(self.told(&error)),
        }
    }

    /// Writes the pages and tells how things stand.
    fn show(&mut self) {
        self.live.tell(Event::Building("the pages".into()));
        let written = self.write();
        self.page_error = written.as_ref().err().map(|error| self.told(error));
        match written.ok() {
            Some(site) => self.live.publish(site, self.standing()),
            None => self.live.tell(self.standing()),
        }
    }

    fn standing(&self) -> Event {
        let errors = [&self.code_error, &self.page_error].into_iter().flatten();
        let errors: Vec<&str> = errors.map(String::as_str).collect();
        if errors.is_empty() { Event::Ok } else { Event::Failed(errors.join("\n\n")) }
    }

    /// Writes the pages into a folder of their own, so that the site being served stays whole.
    fn write(&mut self) -> Result<PathBuf> {
        let step = Step::start("Writing the pages");
        let wasm =
            wasm::last(&self.root, Profile::Dev, &[], true).ok().filter(|path| path.is_dir());
        let folder = self.place.join(self.number.to_string());
        let pages = self.site(wasm.as_deref()).write_to(&folder, &self.katex)?;
        step.done(&format!("{pages} pages"));
        // A page may still be loading from the last one.
        if let Some(old) = self.number.checked_sub(2) {
            let _ = std::fs::remove_dir_all(self.place.join(old.to_string()));
        }
        self.number += 1;
        self.unwritten.clear();
        self.has_old_index = false;
        Ok(folder)
    }

    /// Prints an error and returns it as a page shows it.
    fn told(&self, error: &Error) -> String {
        eprintln!("{}", error_text(error));
        let text = match error.downcast_ref::<CompileError>() {
            Some(compile) => compile.rendered.clone(),
            None => format!("{error:#}"),
        };
        console::strip_ansi_codes(text.trim()).into_owned()
    }
}
