//! The one page: the chapters one after the other, in the frame of all pages.

use std::cell::Cell;
use std::path::Path;

use anyhow::{Context, Result, bail};
use lessons::files;
use lol_html::html_content::{ContentType, Element};
use lol_html::{Settings, element, rewrite_str};
use maud::{PreEscaped, html};

use super::links::anchor;
use super::{About, Chapter, Form, parts, stills};

/// The page, from the root of the site, where mdBook would have put its own.
pub const PAGE: &str = "print.html";

/// The page that lends its frame: its links are those of the root of the site.
const FRAME: &str = "index.html";
/// What a frame has for one chapter only.
const OF_A_CHAPTER: &str =
    "script[type=module], link[rel=modulepreload], .nav-wrapper, .nav-wide-wrapper";
/// The scripts that this page has in common with all others: folds on paper, keyboard.
const SCRIPTS: [&str; 2] = ["study/access.js", "study/print.js"];

/// Writes the page.
pub fn write(site: &Path, about: &About, chapters: &[Chapter]) -> Result<()> {
    let frame = files::read_text(&site.join(FRAME))?;
    let scripts: Vec<&str> =
        SCRIPTS.into_iter().filter(|script| site.join(script).is_file()).collect();
    let page = framed(&frame, &about.title, &content(about, chapters), &scripts);
    files::write(&site.join(PAGE), page.context(FRAME)?)
}

fn content(about: &About, chapters: &[Chapter]) -> String {
    let markup = html! {
        h1 { (about.title) }
        p { (about.description) }
        nav.contents aria-label="Contents" { @for (part, chapters) in parts(chapters) {
            @if let Some(part) = part { p { b { (part) } } }
            ul { @for chapter in chapters {
                li { a href={ "#" (anchor(&chapter.path)) } { (chapter.name) } }
            } }
        } }
        @for (chapter, still) in chapters.iter().zip(stills(chapters, Form::Page)) {
            section.whole-chapter id=(anchor(&chapter.path)) { (PreEscaped(still)) }
        }
    };
    markup.into_string()
}

/// The frame of a page around the whole book.
fn framed(frame: &str, title: &str, content: &str, scripts: &[&str]) -> Result<String> {
    let (titles, mains) = (Cell::new(0), Cell::new(0));
    let head = |element: &mut Element<'_, '_>| {
        titles.set(titles.get() + 1);
        element.set_inner_content(title, ContentType::Text);
        // Whoever searches the web finds the page of what is searched for.
        element.after("<meta name=\"robots\" content=\"noindex\">", ContentType::Html);
        Ok(())
    };
    let end = |head: &mut Element<'_, '_>| {
        for script in scripts {
            let tag = format!("<script type=\"module\" src=\"{script}\"></script>\n");
            head.append(&tag, ContentType::Html);
        }
        Ok(())
    };
    let main = |element: &mut Element<'_, '_>| {
        mains.set(mains.get() + 1);
        element.set_inner_content(content, ContentType::Html);
        Ok(())
    };
    let remove = |element: &mut Element<'_, '_>| {
        element.remove();
        Ok(())
    };
    let settings = Settings::new()
        .append_element_content_handler(element!("head", end))
        .append_element_content_handler(element!("head > title", head))
        .append_element_content_handler(element!("main", main))
        .append_element_content_handler(element!(OF_A_CHAPTER, remove));
    let page = rewrite_str(frame, settings).context("the page is no HTML")?;
    if (titles.get(), mains.get()) != (1, 1) {
        bail!("mdBook's page has no <title>, or no <main>");
    }
    Ok(page)
}
