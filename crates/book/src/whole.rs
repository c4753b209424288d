//! The whole book in one piece, made of its finished pages: one page, to be printed, and an EPUB.
//! Their demos are stills, and nothing in them needs a script.

mod epub;
mod links;
mod page;
mod still;

use std::path::Path;

use anyhow::{Context, Result};
use lessons::files;
use mdbook_driver::MDBook;
use mdbook_preprocessor::book::BookItem;
use scraper::Html;

use links::Links;
pub use page::PAGE;

/// The EPUB, from the root of the site.
pub const EPUB: &str = "genai-study-buddy.epub";

/// A chapter that only scripts fill is left out: the scores of a reader.
const FILLED: &str = "<section class=\"progress\"";

/// What the book says of itself in `book.toml`.
struct About {
    title: String,
    description: String,
    authors: Vec<String>,
    language: String,
}

/// A chapter of the book.
struct Chapter {
    /// Its page, from the root of the site.
    path: String,
    name: String,
    /// The part of the book that begins with it.
    part: Option<String>,
    /// What its page holds between the frame of all pages.
    html: Html,
}

/// What a chapter is written for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A section of the one page.
    Page,
    /// A file of the EPUB.
    Epub,
}

/// Writes both beside the finished pages of a site.
pub fn write(root: &Path, site: &Path, book: &MDBook) -> Result<()> {
    let about = about(book);
    let chapters = chapters(site, book)?;
    if chapters.is_empty() {
        return Ok(());
    }
    page::write(site, &about, &chapters)?;
    epub::write(root, &site.join(EPUB), &about, &chapters)
}

fn about(book: &MDBook) -> About {
    let config = &book.config.book;
    About {
        title: config.title.clone().unwrap_or_default(),
        description: config.description.clone().unwrap_or_default(),
        authors: config.authors.clone(),
        language: config.language.clone().unwrap_or_else(|| "en".into()),
    }
}

/// The chapters that are written, in their order.
fn chapters(site: &Path, book: &MDBook) -> Result<Vec<Chapter>> {
    let mut chapters = Vec::new();
    let mut part = None;
    for item in book.iter() {
        let chapter = match item {
            BookItem::PartTitle(title) => {
                part = Some(title.clone());
                continue;
            }
            BookItem::Chapter(chapter) => chapter,
            BookItem::Separator => continue,
        };
        let Some(path) = &chapter.path else { continue };
        let path = path.with_extension("html").to_string_lossy().replace('\\', "/");
        let text = files::read_text(&site.join(&path))?;
        let main = main_of(&text).with_context(|| path.clone())?;
        if !main.contains(FILLED) {
            let html = Html::parse_fragment(main);
            chapters.push(Chapter { path, name: chapter.name.clone(), part: part.take(), html });
        }
    }
    Ok(chapters)
}

/// The part of a page that is the chapter's own.
fn main_of(html: &str) -> Result<&str> {
    let inside = html.split_once("<main>").and_then(|(_, rest)| rest.rsplit_once("</main>"));
    Ok(inside.context("mdBook's page has no <main>")?.0)
}

/// The text of every chapter in this form, well-formed as XML.
fn stills(chapters: &[Chapter], form: Form) -> Vec<String> {
    let links = Links::of(chapters, form);
    let still = |chapter: &Chapter| still::of(&chapter.html, &chapter.path, &links);
    chapters.iter().map(still).collect()
}

/// The chapters by the parts they are in; those in front of the first part have no title.
fn parts(chapters: &[Chapter]) -> Vec<(Option<&str>, Vec<&Chapter>)> {
    let mut parts: Vec<(Option<&str>, Vec<&Chapter>)> = Vec::new();
    for chapter in chapters {
        match parts.last_mut() {
            Some((_, its)) if chapter.part.is_none() => its.push(chapter),
            _ => parts.push((chapter.part.as_deref(), vec![chapter])),
        }
    }
    parts
}

#[cfg(test)]
mod tests;
