//! The EPUB: a file a chapter, for e-readers. Written after the W3C's EPUB 3.3.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
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
    let modified = timestamp(SystemTime::now());
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

/// A time as an EPUB writes it. The calendar is Hinnant's `civil_from_days`: years begin in March,
/// so that a leap day ends one.
fn timestamp(time: SystemTime) -> String {
    let seconds = time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let (days, second) = (seconds / 86_400 + 719_468, seconds % 86_400);
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = era * 400 + year + u64::from(month <= 2);
    let (hour, minute) = (second / 3600, second / 60 % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{:02}Z", second % 60)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_time_is_told_by_the_calendar() {
        for (seconds, expected) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_827_696, "2000-02-29T12:34:56Z"),
            (4_107_542_399, "2100-02-28T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(timestamp(UNIX_EPOCH + Duration::from_secs(seconds)), expected);
        }
    }
}
