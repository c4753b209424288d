//! Builds the local site and keeps the last good one when an edit breaks it.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Error, Result};

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
    stills: Option<Stills>,
    wasm: Option<PathBuf>,
    /// Why the code as it is now does not compile.
    code_error: Option<String>,
    /// Why the pages as they are now cannot be written.
    page_error: Option<String>,
    number: usize,
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
            stills: None,
            wasm: None,
            code_error: None,
            page_error: None,
            number: 0,
        }
    }

    /// The first build. Code of the learner that does not compile is left out, so that there is a
    /// book to read meanwhile.
    pub fn first(&mut self) {
        self.update(Changes { code: true, pages: true });
    }

    /// Builds what the changes concern, and tells the pages.
    pub fn update(&mut self, changes: Changes) {
        // A page may be broken because of what the code lacked.
        let mut fresh = changes.pages || self.page_error.is_some();
        if changes.code {
            self.live.tell(Event::Building("the code".into()));
            fresh |= self.compile();
        }
        let mut site = None;
        if fresh {
            self.live.tell(Event::Building("the pages".into()));
            let written = self.write();
            self.page_error = written.as_ref().err().map(|error| self.told(error));
            site = written.ok().flatten();
        }
        let errors: Vec<&str> = [&self.code_error, &self.page_error]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        let standing =
            if errors.is_empty() { Event::Ok } else { Event::Failed(errors.join("\n\n")) };
        match site {
            Some(site) => self.live.publish(site, standing),
            None => self.live.tell(standing),
        }
    }

    /// Compiles the code. Returns whether there is anything new to show.
    fn compile(&mut self) -> bool {
        self.code_error = None;
        let mut fresh = false;
        match stills::make(&self.root, true) {
            Ok(stills) => {
                fresh |= self.stills.as_ref() != Some(&stills);
                self.stills = Some(stills);
            }
            Err(error) => self.code_error = Some(self.told(&error)),
        }
        if self.code_error.is_none() {
            match wasm::make(&self.root, Profile::Dev, true) {
                Ok(wasm) => {
                    self.wasm = Some(wasm);
                    fresh = true;
                }
                Err(error) => self.code_error = Some(self.told(&error)),
            }
        }
        if self.wasm.is_none() && self.stills.is_some() {
            self.wasm = wasm::make(&self.root, Profile::Dev, false).ok();
            fresh |= self.wasm.is_some();
        }
        fresh
    }

    /// Writes the pages into a folder of their own, so that the site being served stays whole.
    fn write(&mut self) -> Result<Option<PathBuf>> {
        let Some(stills) = &self.stills else { return Ok(None) };
        let step = Step::start("Writing the pages");
        let site =
            Site { root: &self.root, stills, wasm: self.wasm.as_deref(), local: true, live: true };
        let folder = self.place.join(self.number.to_string());
        let pages = site.write_to(&folder, &self.katex)?;
        step.done(&format!("{pages} pages"));
        // A page may still be loading from the last one.
        if let Some(old) = self.number.checked_sub(2) {
            let _ = std::fs::remove_dir_all(self.place.join(old.to_string()));
        }
        self.number += 1;
        Ok(Some(folder))
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
