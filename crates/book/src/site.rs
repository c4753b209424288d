//! One site: mdBook with our preprocessors, then the files around its pages.

mod edited;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use anyhow::{Context, Result, anyhow, bail};
use lessons::files;
use mdbook_driver::MDBook;
use mdbook_preprocessor::book::{Book, BookItem, Chapter};
use tempfile::TempDir;

use crate::assets;
use crate::directives::Directives;
use crate::math::{Katex, Math};
use crate::modules::Modules;
use crate::page::{DEV_SCRIPT, Finish, SCRIPT};
use crate::slots::Slots;
use crate::stills::Stills;
use crate::whole;

/// What a site is made from.
pub struct Site<'a> {
    /// The workspace.
    pub root: &'a Path,
    /// What the lessons computed.
    pub stills: &'a Stills,
    /// The folder of the WebAssembly.
    pub wasm: Option<&'a Path>,
    /// A local site offers the learner's code, is not kept for offline, and has no whole book.
    pub local: bool,
    /// Reloads itself when `serve` has a new one.
    pub live: bool,
    /// A page in place of the book's: its name and its Markdown.
    pub only: Option<(&'a str, &'a str)>,
}

impl Site<'_> {
    /// Builds the site and, once it is whole, puts it in the place of the one that was at `dest`.
    /// Returns the number of pages.
    pub fn replace(&self, dest: &Path, katex: &Katex) -> Result<usize> {
        // Every site has an index.html: only this script tells ours from somebody else's.
        let is_site = dest.join(SCRIPT).is_file();
        let is_free = !dest.exists() || (dest.is_dir() && files::entries(dest)?.is_empty());
        if !is_site && !is_free {
            bail!(
                "{} holds something that is not a site of this book: choose another folder, or \
                 remove it first",
                dest.display()
            );
        }
        // Beside the site, since a folder can be renamed only within its disk.
        let parent = dest.parent().unwrap_or(self.root);
        let place = tempfile::Builder::new()
            .prefix(".study-")
            .tempdir_in(parent)
            .with_context(|| format!("{} cannot be written", parent.display()))?;
        let fresh = place.path().join("new");
        let pages = self.write_to(&fresh, katex)?;
        swap(&fresh, dest, place)?;
        Ok(pages)
    }

    /// Builds the site in a folder, which is emptied first. Returns the number of pages.
    pub fn write_to(&self, dest: &Path, katex: &Katex) -> Result<usize> {
        remove(dest)?;
        files::make_folder(dest)?;
        let slots = Slots::default();
        let mut book = MDBook::load(self.root).map_err(one_line)?;
        book.config.build.build_dir = dest.to_owned();
        if let Some((name, markdown)) = self.only {
            let chapter = Chapter::new(name, markdown.into(), format!("{name}.md"), Vec::new());
            book.book.items = vec![BookItem::Chapter(chapter)];
        }
        book.config.set("output.html.redirect", redirects(&book, &book.book)).map_err(one_line)?;
        let stills = self.stills.clone();
        book.with_preprocessor(Directives { stills, katex: katex.clone(), slots: slots.clone() });
        book.with_preprocessor(Math { katex: katex.clone(), slots: slots.clone() });
        book.build().map_err(one_line)?;
        assets::spare_fields(dest)?;
        assets::copy(self.root, self.wasm, dest, self.live)?;
        assets::models(self.root, &self.stills.demos, dest)?;
        let pages = self.finish_pages(dest, &slots, titles(&book))?;
        // Not while a book is written, which would wait for it.
        if !self.local && self.only.is_none() {
            whole::write(self.root, dest, &book)?;
        }
        assets::service_worker(self.root, dest, self.local)?;
        Ok(pages)
    }

    fn finish_pages(
        &self,
        dest: &Path,
        slots: &Slots,
        titles: BTreeMap<String, String>,
    ) -> Result<usize> {
        let finish = self.finish(dest, slots, titles)?;
        // The table of contents for readers without scripts is a frame, not a page.
        let frame = Finish { scripts: Vec::new(), ..finish.clone() };
        let mut pages = 0;
        for file in assets::all_files(dest)?.iter().filter(|file| file.ends_with(".html")) {
            let path = dest.join(file);
            let html = files::read_text(&path)?;
            let is_frame = file == "toc.html";
            let finish = if is_frame { &frame } else { &finish };
            let html = finish.page(&html, file.matches('/').count()).context(file.clone())?;
            files::write(&path, html)?;
            pages += usize::from(!is_frame);
        }
        Ok(pages)
    }

    /// What the pages of a site are finished with, once its scripts are there.
    fn finish<'a>(
        &self,
        site: &Path,
        slots: &'a Slots,
        titles: BTreeMap<String, String>,
    ) -> Result<Finish<'a>> {
        let mut scripts = vec![SCRIPT];
        if self.live {
            scripts.push(DEV_SCRIPT);
        }
        scripts.retain(|script| site.join(script).exists());
        let modules = Rc::new(Modules::of(&site.join("study"))?);
        Ok(Finish { slots, scripts, modules, titles: Rc::new(titles), local: self.local })
    }
}

/// The names of the chapters, by the paths of their pages.
fn titles(book: &MDBook) -> BTreeMap<String, String> {
    let entry = |chapter: &Chapter| {
        let path = chapter.path.as_ref()?.with_extension("html");
        Some((path.to_string_lossy().replace('\\', "/"), chapter.name.clone()))
    };
    book.book.chapters().filter_map(entry).collect()
}

/// Where sections moved, from `book.toml`; without those of pages that are not written, for which
/// mdBook would refuse them.
fn redirects(book: &MDBook, written: &Book) -> BTreeMap<String, String> {
    let page = |path: &PathBuf| {
        format!("/{}", path.with_extension("html").to_string_lossy().replace('\\', "/"))
    };
    let pages: Vec<String> =
        written.chapters().filter_map(|chapter| chapter.path.as_ref()).map(page).collect();
    let all = book.config.html_config().unwrap_or_default().redirect;
    let is_ours = |from: &str| match from.split_once('#') {
        Some((from, _)) => pages.iter().any(|page| page == from),
        None => true,
    };
    all.into_iter().filter(|(from, _)| is_ours(from)).collect()
}

/// Puts the fresh site in the place of the old one, which goes with the temporary `place`. Where
/// that fails, the old one stays.
fn swap(fresh: &Path, dest: &Path, place: TempDir) -> Result<()> {
    let failed = || format!("the site cannot be moved to {}", dest.display());
    let old = place.path().join("old");
    let had_old = dest.exists();
    if had_old {
        fs::rename(dest, &old).with_context(failed)?;
    }
    let moved = fs::rename(fresh, dest).with_context(failed);
    if moved.is_err() && had_old && fs::rename(&old, dest).is_err() {
        let kept = place.keep().join("old");
        return moved.with_context(|| format!("the site that was there is in {}", kept.display()));
    }
    moved
}

/// mdBook wraps our errors in its own words and line breaks.
fn one_line(error: anyhow::Error) -> anyhow::Error {
    let text = format!("{error:#}");
    anyhow!(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("{} cannot be removed", folder.display()))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
