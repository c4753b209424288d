//! The EPUB, read as an e-reader does.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Cursor, Read};

use quick_xml::events::Event;
use quick_xml::{Reader, XmlVersion};
use scraper::{ElementRef, Html};
use zip::{CompressionMethod, ZipArchive};

use super::{CONTROLS, EPUB, chapters, difference, first, name, shown, words};
use crate::links::resolve;
use crate::{all, expect_none, folder};

/// A part of the EPUB.
struct Part {
    name: String,
    method: CompressionMethod,
    text: String,
}

impl Part {
    fn is_read(&self) -> bool {
        self.name.ends_with(".xhtml")
    }
}

fn parts() -> Vec<Part> {
    let data = fs::read(folder().join(EPUB)).expect("the EPUB is there");
    let mut zip = ZipArchive::new(Cursor::new(data)).expect("it is a ZIP file");
    let count = zip.len();
    let part = |at| {
        let mut file = zip.by_index(at).expect("a part can be read");
        let mut text = String::new();
        file.read_to_string(&mut text).expect("a part is text");
        Part { name: file.name().into(), method: file.compression(), text }
    };
    (0..count).map(part).collect()
}

/// An element's name, and its attributes.
type XmlElement = (String, BTreeMap<String, String>);

/// The elements of XML; or why it is none.
fn elements(text: &str) -> Result<Vec<XmlElement>, String> {
    let mut reader = Reader::from_str(text);
    let (mut found, mut open) = (Vec::new(), 0);
    loop {
        let event = reader.read_event().map_err(|error| error.to_string())?;
        let element = match &event {
            Event::Start(element) => {
                open += 1;
                element
            }
            Event::Empty(element) => element,
            Event::End(_) => {
                open -= 1;
                continue;
            }
            Event::Eof if open != 0 => return Err(format!("{open} elements without an end")),
            Event::Eof => return Ok(found),
            Event::GeneralRef(entity) => {
                let known = ["amp", "lt", "gt", "quot", "apos"].map(str::as_bytes);
                if !known.contains(&&**entity) && !entity.starts_with(b"#") {
                    return Err(format!("{entity:?} is not known in XML"));
                }
                continue;
            }
            _ => continue,
        };
        let mut attributes = BTreeMap::new();
        for attribute in element.attributes() {
            let attribute = attribute.map_err(|error| error.to_string())?;
            let name = String::from_utf8_lossy(attribute.key.as_ref()).into_owned();
            let value = attribute
                .normalized_value(XmlVersion::Explicit1_0)
                .map_err(|error| error.to_string())?;
            attributes.insert(name, value.into_owned());
        }
        found.push((String::from_utf8_lossy(element.name().as_ref()).into_owned(), attributes));
    }
}

#[test]
fn the_epub_is_a_package_of_well_formed_parts() {
    let parts = parts();
    assert_eq!((&*parts[0].name, &*parts[0].text), ("mimetype", "application/epub+zip"));
    assert_eq!(parts[0].method, CompressionMethod::Stored);
    let mut faults = Vec::new();
    let mut ids: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut links = Vec::new();
    for part in parts.iter().filter(|part| part.name.ends_with("ml") || part.name.ends_with(".opf"))
    {
        let elements = match elements(&part.text) {
            Ok(elements) => elements,
            Err(why) => {
                faults.push(format!("{}: {why}", part.name));
                continue;
            }
        };
        let own = ids.entry(&part.name).or_default();
        for (tag, attributes) in elements {
            if let Some(id) = attributes.get("id")
                && !own.insert(id.clone())
            {
                faults.push(format!("{}: {id} is given twice", part.name));
            }
            if CONTROLS.split(", ").any(|control| control == tag) {
                faults.push(format!("{}: <{tag}>", part.name));
            }
            for name in ["href", "src"] {
                links.extend(attributes.get(name).map(|link| (&*part.name, link.clone())));
            }
        }
    }
    for (from, link) in &links {
        let Some(place) = resolve(from, link) else { continue };
        let found = place.is_ok_and(|(to, anchor)| {
            let is_there = parts.iter().any(|part| part.name == to);
            is_there && anchor.is_none_or(|id| ids.get(&*to).is_some_and(|ids| ids.contains(&id)))
        });
        if !found {
            faults.push(format!("{from}: {link} leads nowhere"));
        }
    }
    expect_none("the EPUB", faults);
    assert!(links.len() > 500, "only {} links", links.len());
}

#[test]
fn the_epub_lists_its_parts_and_has_every_word_of_every_chapter() {
    let parts = parts();
    let package = parts.iter().find(|part| part.name == "book/book.opf").expect("a package");
    let package = elements(&package.text).expect("XML");
    let of = |tag: &str, name: &str| -> Vec<String> {
        let elements = package.iter().filter(|(its, _)| its == tag);
        elements.filter_map(|(_, attributes)| attributes.get(name).cloned()).collect()
    };
    let listed: BTreeSet<String> =
        of("item", "href").iter().map(|href| format!("book/{href}")).collect();
    let held: BTreeSet<String> = parts
        .iter()
        .filter(|part| part.is_read() || part.name.ends_with(".css"))
        .map(|part| part.name.clone())
        .collect();
    assert_eq!(listed, held);
    let read: BTreeSet<String> = of("itemref", "idref").into_iter().collect();
    let all_ids: BTreeSet<String> =
        of("item", "id").into_iter().filter(|id| id != "style").collect();
    assert_eq!(read, all_ids, "what is read");
    let mut faults = Vec::new();
    for page in chapters() {
        let file = format!("book/{}.xhtml", name(&page.path));
        let Some(part) = parts.iter().find(|part| part.name == file) else {
            faults.push(format!("{} is not there", page.path));
            continue;
        };
        let (own, html) = (page.parse(), Html::parse_document(&part.text));
        let main = first(&own, "main").expect("a page has a main");
        let chapter = first(&html, "main").expect("a chapter has a main");
        let (before, after) = (words(main, ".katex"), words(chapter, ".katex"));
        if before != after {
            faults.push(format!("{}: {}", page.path, difference(&before, &after)));
        }
        for things in [".figure svg", ".views > .view", ".katex math"] {
            let counts = [main, chapter].map(|e| shown(e, things));
            if counts[0] != counts[1] {
                faults.push(format!("{}: {} {things} became {}", page.path, counts[0], counts[1]));
            }
        }
        // A formula is there once, with its TeX for who cannot show it.
        let is_bare = |math: &ElementRef| math.attr("alttext").is_none_or(str::is_empty);
        if all(&html, "math").iter().any(is_bare)
            || !all(&html, ".katex-html, annotation").is_empty()
        {
            faults.push(format!("{}: a formula", page.path));
        }
        let item = package.iter().find(|(_, attributes)| {
            attributes.get("href").is_some_and(|href| format!("book/{href}") == file)
        });
        let said = item.and_then(|(_, its)| its.get("properties")).cloned().unwrap_or_default();
        for (property, sign) in [("mathml", "math"), ("svg", "svg")] {
            let has = !all(&html, sign).is_empty();
            if said.contains(property) != has {
                faults.push(format!("{file} has {sign}: {has}; the package says {said:?}"));
            }
        }
    }
    expect_none("the EPUB", faults);
}
