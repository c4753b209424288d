//! Pages whose text was edited, written again into a site that stands: as fast in a long book as in
//! a short one.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use lessons::files;
use mdbook_driver::MDBook;
use mdbook_preprocessor::book::{Book, BookItem, Chapter};
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};

use super::{Site, one_line, redirects, titles};
use crate::directives::Directives;
use crate::math::{Katex, Math};
use crate::slots::Slots;

/// Files that mdBook writes for the whole book, with a hash in their names.
const OF_THE_BOOK: [&str; 2] = ["toc-", "searchindex-"];

impl Site<'_> {
    /// Writes the pages of these sources, named from the folder of sources, again into a site that
    /// this book was written to. Returns whether that is all there was to do: not where one of them
    /// is no page of its own.
    ///
    /// The pages are as in a new site; the index of the search stays what it was.
    pub fn rewrite(&self, site: &Path, edited: &[PathBuf], katex: &Katex) -> Result<bool> {
        let mut book = MDBook::load(self.root).map_err(one_line)?;
        let sources: Vec<PathBuf> =
            book.book.chapters().filter_map(|chapter| chapter.source_path.clone()).collect();
        if !edited.iter().all(|file| sources.contains(file)) {
            return Ok(false);
        }
        // Beside the sites: a page can be moved only within its disk.
        let parent = site.parent().unwrap_or(self.root);
        let place = tempfile::Builder::new()
            .prefix("pages-")
            .tempdir_in(parent)
            .with_context(|| format!("{} cannot be written", parent.display()))?;
        book.config.build.build_dir = place.path().to_owned();
        let redirects = redirects(&book, &with_neighbors(&book.book, edited));
        book.config.set("output.html.redirect", redirects).map_err(one_line)?;
        book.book.for_each_mut(|item| {
            if let BookItem::Chapter(chapter) = item
                && !is_of(chapter, edited)
            {
                chapter.content.clear();
            }
        });
        let (slots, titles) = (Slots::default(), titles(&book));
        let stills = self.stills.clone();
        book.with_preprocessor(Directives { stills, katex: katex.clone(), slots: slots.clone() });
        book.with_preprocessor(Math { katex: katex.clone(), slots: slots.clone() });
        book.with_preprocessor(Neighbors { edited: edited.to_vec() });
        book.build().map_err(one_line)?;

        let names = names(place.path(), site)?;
        let finish = self.finish(site, &slots, titles)?;
        for page in pages_of(&book.book, edited) {
            let path = place.path().join(&page);
            let mut html = files::read_text(&path)?;
            for (fresh, standing) in &names {
                html = html.replace(fresh, standing);
            }
            let html = finish.page(&html, page.matches('/').count()).context(page.clone())?;
            files::write(&path, html)?;
            fs::rename(&path, site.join(&page))
                .with_context(|| format!("{} cannot be written", site.join(&page).display()))?;
        }
        Ok(true)
    }
}

fn is_of(chapter: &Chapter, edited: &[PathBuf]) -> bool {
    chapter.source_path.as_ref().is_some_and(|source| edited.contains(source))
}

/// The files of the pages of these sources; mdBook writes the first of a book twice.
fn pages_of(book: &Book, edited: &[PathBuf]) -> Vec<String> {
    let mut pages = Vec::new();
    for (chapter, number) in book.chapters().filter(|chapter| chapter.path.is_some()).zip(0..) {
        if let Some(path) = chapter.path.as_ref().filter(|_| is_of(chapter, edited)) {
            pages.push(path.with_extension("html").to_string_lossy().replace('\\', "/"));
            if number == 0 {
                pages.push("index.html".into());
            }
        }
    }
    pages
}

/// What the whole book's files are called in the fresh pages, and in the site that stands.
fn names(fresh: &Path, standing: &Path) -> Result<Vec<(String, String)>> {
    let of = |folder: &Path, start: &str| -> Result<Option<String>> {
        let names = files::entries(folder)?
            .into_iter()
            .filter_map(|path| path.file_name().map(|name| name.to_string_lossy().into_owned()));
        Ok(names.filter(|name| name.starts_with(start) && name.ends_with(".js")).max())
    };
    let mut found = Vec::new();
    for start in OF_THE_BOOK {
        found.extend(of(fresh, start)?.zip(of(standing, start)?));
    }
    Ok(found)
}

/// What was edited, and the pages before and behind, to which it leads.
fn with_neighbors(book: &Book, edited: &[PathBuf]) -> Book {
    let chapters: Vec<&Chapter> =
        book.chapters().filter(|chapter| chapter.path.is_some()).collect();
    let stays = |at: usize| {
        let around = &chapters[at.saturating_sub(1)..chapters.len().min(at + 2)];
        around.iter().any(|chapter| is_of(chapter, edited))
    };
    let kept = (0..chapters.len())
        .filter(|&at| stays(at))
        .map(|at| BookItem::Chapter(Chapter { sub_items: Vec::new(), ..chapters[at].clone() }));
    Book::new_with_items(kept.collect())
}

/// Leaves only those pages in the book.
struct Neighbors {
    edited: Vec<PathBuf>,
}

impl Preprocessor for Neighbors {
    fn name(&self) -> &str {
        "neighbors"
    }

    fn run(&self, _: &PreprocessorContext, book: Book) -> Result<Book> {
        Ok(with_neighbors(&book, &self.edited))
    }
}
