//! The EPUB: a file a chapter, for e-readers. Written after the W3C's EPUB 3.3.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::SystemTime;

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use lessons::files;
use maud::{Markup, PreEscaped, html};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::links::anchor;
use super::{About, Chapter, EPUB, Form, parts, stills};

const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const MIME: &str = "application/epub+zip";
const PACKAGE: &str = "book/book.opf";
/// The style sheets: of the book, and of what its demos show, as in the pages.
const STYLES: [&str; 6] = [
    "epub.css",
    "study/views.css",
    "study/tables.css",
    "study/drawings.css",
    "study/figures.css",
    "study/whole.css",
];

const XHTML: &str = "application/xhtml+xml";
/// What the file says of who can read it.
const ACCESS: [(&str, &str); 7] = [
    ("accessMode", "textual"),
    ("accessMode", "visual"),
    ("accessModeSufficient", "textual"),
    ("accessibilityFeature", "alternativeText"),
    ("accessibilityFeature", "MathML"),
    ("accessibilityFeature", "tableOfContents"),
    ("accessibilityHazard", "none"),
];

/// Writes the file.
pub fn write(root: &Path, to: &Path, about: &About, chapters: &[Chapter]) -> Result<()> {
    let mut style = String::new();
    for name in STYLES {
        let path = root.join("theme").join(name);
        if path.exists() {
            style += &files::read_text(&path)?;
        }
    }
    let stills = stills(chapters, Form::Epub);
    let modified =
        DateTime::<Utc>::from(SystemTime::now()).format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let mut entries = vec![
        ("META-INF/container.xml".to_owned(), container()),
        (PACKAGE.into(), package(about, chapters, &stills, &modified)),
        ("book/style.css".into(), style),
        ("book/title.xhtml".into(), title(about)),
        ("book/contents.xhtml".into(), contents(about, chapters)),
    ];
    for (chapter, still) in chapters.iter().zip(&stills) {
        let page = document(about, &chapter.name, html! { (PreEscaped(still)) });
        entries.push((format!("book/{}.xhtml", anchor(&chapter.path)), page));
    }
    zipped(to, &entries).with_context(|| format!("{} cannot be written", to.display()))
}

/// The first entry says as it stands what the file is.
fn zipped(to: &Path, entries: &[(String, String)]) -> Result<()> {
    let mut zip = ZipWriter::new(BufWriter::new(File::create(to)?));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let deflated = stored.compression_method(CompressionMethod::Deflated);
    zip.start_file("mimetype", stored)?;
    zip.write_all(MIME.as_bytes())?;
    for (name, text) in entries {
        zip.start_file(name.as_str(), deflated)?;
        zip.write_all(text.as_bytes())?;
    }
    zip.finish()?.flush()?;
    Ok(())
}

fn container() -> String {
    let markup = html! {
        container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container" {
            rootfiles { rootfile full-path=(PACKAGE) media-type="application/oebps-package+xml" {} }
        }
    };
    format!("{XML}{}", markup.into_string())
}

/// What the file holds, and in what order it is read.
fn package(about: &About, chapters: &[Chapter], stills: &[String], modified: &str) -> String {
    let markup = html! {
        package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id"
            xml:lang=(about.language) {
            metadata xmlns:dc="http://purl.org/dc/elements/1.1/" {
                dc:identifier id="id" { (EPUB.trim_end_matches(".epub")) }
                dc:title { (about.title) }
                dc:language { (about.language) }
                @for author in &about.authors { dc:creator { (author) } }
                dc:description { (about.description) }
                meta property="dcterms:modified" { (modified) }
                @for (name, value) in ACCESS {
                    meta property={ "schema:" (name) } { (value) }
                }
            }
            manifest {
                item id="style" href="style.css" media-type="text/css" {}
                item id="title" href="title.xhtml" media-type=(XHTML) {}
                item id="contents" href="contents.xhtml" media-type=(XHTML) properties="nav" {}
                @for ((number, chapter), still) in (1..).zip(chapters).zip(stills) {
                    item id={ "chapter-" (number) } href={ (anchor(&chapter.path)) ".xhtml" }
                        media-type=(XHTML) properties=[properties(still)] {}
                }
            }
            spine {
                itemref idref="title" {}
                itemref idref="contents" {}
                @for (number, _) in (1..).zip(chapters) {
                    itemref idref={ "chapter-" (number) } {}
                }
            }
        }
    };
    format!("{XML}{}", markup.into_string())
}

/// What a reader has to know how to show.
fn properties(still: &str) -> Option<String> {
    let known = [("<math", "mathml"), ("<svg", "svg")];
    let found = known.into_iter().filter(|(sign, _)| still.contains(sign));
    let found: Vec<&str> = found.map(|(_, name)| name).collect();
    (!found.is_empty()).then(|| found.join(" "))
}

fn title(about: &About) -> String {
    let content = html! {
        h1 { (about.title) }
        p { (about.description) }
        @for author in &about.authors { p { (author) } }
    };
    document(about, &about.title, content)
}

fn contents(about: &About, chapters: &[Chapter]) -> String {
    let entry = |chapter: &Chapter| {
        html! { li { a href={ (anchor(&chapter.path)) ".xhtml" } { (chapter.name) } } }
    };
    let content = html! {
        nav epub:type="toc" {
            h1 { "Contents" }
            ol { @for (part, chapters) in parts(chapters) {
                @if let Some(part) = part {
                    li { span { (part) } ol { @for chapter in chapters { (entry(chapter)) } } }
                } @else {
                    @for chapter in chapters { (entry(chapter)) }
                }
            } }
        }
    };
    document(about, "Contents", content)
}

/// A file that is read; the style sheets know what is in the `main` of `.content`, as on the site.
fn document(about: &About, title: &str, content: Markup) -> String {
    let markup = html! {
        html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"
            lang=(about.language) xml:lang=(about.language) {
            head {
                title { (title) }
                link rel="stylesheet" type="text/css" href="style.css" {}
            }
            body.content { main { (content) } }
        }
    };
    format!("{XML}<!DOCTYPE html>\n{}", markup.into_string())
}
