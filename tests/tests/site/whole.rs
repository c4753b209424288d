//! The whole book in one piece: the page to be printed, and the EPUB.

mod epub;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use scraper::{ElementRef, Html, Selector};

use crate::links::resolve;
use crate::{HtmlFile, all, expect_none, folder, html_files, pages, within};

const PAGE: &str = "print.html";
const EPUB: &str = "genai-study-buddy.epub";
/// The first chapter once more, and the scores of a reader.
const LEFT_OUT: [&str; 2] = ["index.html", "progress.html"];
const CONTROLS: &str = "form, input, select, textarea, button, label, output, script, template";

/// The pages that are chapters of the whole book.
fn chapters() -> impl Iterator<Item = &'static HtmlFile> {
    pages().filter(|page| !LEFT_OUT.contains(&page.path.as_str()))
}

/// A chapter's id on the page, and its file in the EPUB.
fn name(path: &str) -> String {
    path.trim_end_matches(".html").replace('/', "-")
}

fn whole() -> &'static HtmlFile {
    html_files().iter().find(|file| file.path == PAGE).expect("the page is there")
}

/// The first element that a selector finds.
fn first<'a>(html: &'a Html, selector: &str) -> Option<ElementRef<'a>> {
    all(html, selector).first().copied()
}

fn select<'a>(element: ElementRef<'a>, selector: &str) -> Vec<ElementRef<'a>> {
    let selector = Selector::parse(selector).expect("the selector is right");
    element.select(&selector).collect()
}

/// The words to be read in an element: not those of controls, nor what is hidden.
fn words(element: ElementRef, also_not: &str) -> String {
    let unread =
        format!("study-demo form, .settings, [hidden], .actions, .unloaded, .scrubber, {also_not}");
    let unread: BTreeSet<_> = select(element, &unread).iter().map(|e| e.id()).collect();
    let mut text = String::new();
    for node in element.descendants() {
        let Some(part) = node.value().as_text() else { continue };
        if !node.ancestors().any(|around| unread.contains(&around.id())) {
            text.push_str(part);
        }
    }
    // Where a line ends between blocks is no word.
    text.split_whitespace().collect()
}

/// How many of these are to be seen in an element.
fn shown(element: ElementRef, things: &str) -> usize {
    let is_unseen = |e: &ElementRef| {
        e.attr("hidden").is_some() || e.value().name() == "form" && e.attr("novalidate").is_some()
    };
    select(element, things).into_iter().filter(|thing| !within(*thing, is_unseen)).count()
}

/// The elements that have an id, by it.
fn by_id(html: &Html) -> BTreeMap<&str, ElementRef<'_>> {
    all(html, "[id]").into_iter().filter_map(|e| Some((e.attr("id")?, e))).collect()
}

/// How the text of an element begins.
fn beginning(element: ElementRef) -> String {
    element.text().flat_map(str::chars).filter(|c| !c.is_whitespace()).take(80).collect()
}

fn difference(a: &str, b: &str) -> String {
    let at = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    let from = |text: &str| text.chars().skip(at).take(60).collect::<String>();
    format!("“{}” became “{}”", from(a), from(b))
}

#[test]
fn the_page_has_every_word_of_every_chapter() {
    let html = whole().parse();
    let mut faults = Vec::new();
    for page in chapters() {
        let Some(section) = first(&html, &format!("main > section[id='{}']", name(&page.path)))
        else {
            faults.push(format!("{} is not there", page.path));
            continue;
        };
        let own = page.parse();
        let main = first(&own, "main").expect("a page has a main");
        let (before, after) = (words(main, "nothing"), words(section, "nothing"));
        if before != after {
            faults.push(format!("{}: {}", page.path, difference(&before, &after)));
        }
        for things in [".figure svg", ".views > .view", ".katex math", ".katex-html", "fieldset"] {
            let counts = [main, section].map(|e| shown(e, things));
            if counts[0] != counts[1] {
                faults.push(format!("{}: {} {things} became {}", page.path, counts[0], counts[1]));
            }
        }
        // What a control is set to stands where it stood.
        let controls = select(main, "study-demo .control").len();
        let settings = select(section, "study-demo .settings dd");
        if controls != settings.len() || settings.iter().any(|e| e.text().next().is_none()) {
            faults.push(format!("{}: {controls} controls, {} settings", page.path, settings.len()));
        }
    }
    expect_none("the whole book", faults);
    let sections = all(&html, "main > section").len();
    assert_eq!(sections, chapters().count(), "chapters");
    let listed = all(&html, "main > nav a").len();
    assert_eq!(listed, sections, "chapters in the list of contents");
}

#[test]
fn the_page_needs_no_script_and_repeats_no_id() {
    let html = whole().parse();
    let mut faults = Vec::new();
    let controls = format!("main :is({CONTROLS}, [hidden])");
    faults.extend(all(&html, &controls).iter().map(|e| e.html()));
    let mut seen = BTreeSet::new();
    for element in all(&html, "[id]") {
        let id = element.attr("id").unwrap_or_default();
        if !seen.insert(id.to_owned()) {
            faults.push(format!("twice: {id}"));
        }
    }
    for reference in ["aria-labelledby", "aria-describedby"] {
        for element in all(&html, &format!("main [{reference}]")) {
            let ids = element.attr(reference).unwrap_or_default().split_whitespace();
            faults.extend(ids.filter(|id| !seen.contains(*id)).map(|id| format!("no {id}")));
        }
    }
    for script in all(&html, "script[type=module], link[rel=modulepreload]") {
        let address = script.attr("src").or(script.attr("href")).unwrap_or_default();
        if !["study/access.js", "study/print.js"].contains(&address) {
            faults.push(format!("it loads {address}"));
        }
    }
    expect_none("the whole book", faults);
}

#[test]
fn the_headings_of_the_page_go_down_by_one() {
    let html = whole().parse();
    let titles: Vec<String> =
        all(&html, "head > title").iter().map(|e| e.text().collect()).collect();
    assert_eq!(titles, ["GenAI Study Buddy"]);
    let (mut level, mut faults) = (0, Vec::new());
    let headings = all(&html, "main :is(h1, h2, h3, h4, h5, h6)");
    for heading in &headings {
        let next = heading.value().name()[1..].parse::<u32>().expect("a heading has a level");
        if next > level + 1 {
            faults.push(format!("from {level} to {}", heading.html()));
        }
        level = next;
    }
    expect_none("headings", faults);
    let count = |tag: &str| headings.iter().filter(|e| e.value().name() == tag).count();
    assert_eq!((count("h1"), count("h2")), (1, chapters().count()));
}

#[test]
fn a_link_leads_to_the_same_place_within_the_page() {
    let html = whole().parse();
    let parsed: BTreeMap<&str, Html> =
        chapters().map(|page| (page.path.as_str(), page.parse())).collect();
    let places: BTreeMap<&str, _> =
        parsed.iter().map(|(path, html)| (*path, by_id(html))).collect();
    let mains: BTreeMap<&str, ElementRef> = parsed
        .iter()
        .map(|(path, html)| (*path, first(html, "main").expect("a page has a main")))
        .collect();
    let now = by_id(&html);
    let (mut faults, mut count) = (Vec::new(), 0);
    for (path, main) in &mains {
        let (main, section) = (*main, now[&*name(path)]);
        let (before, after) = (select(main, "a[href]"), select(section, "a[href]"));
        assert_eq!(before.len(), after.len(), "links of {path}");
        for (before, after) in before.iter().zip(&after) {
            let link = before.attr("href").unwrap_or_default();
            let new = after.attr("href").unwrap_or_default();
            let Some(Ok((to, anchor))) = resolve(path, link) else {
                if link != new {
                    faults.push(format!("{path}: {link} became {new}"));
                }
                continue;
            };
            let Some(ids) = places.get(&*to) else {
                // What is no chapter is where it was.
                if resolve(PAGE, new) != Some(Ok((to.clone(), anchor))) {
                    faults.push(format!("{path}: {link} became {new}"));
                }
                continue;
            };
            count += 1;
            let old = anchor.map_or(mains.get(&*to), |id| ids.get(&*id));
            let new_place = new.strip_prefix('#').and_then(|id| now.get(id));
            let same =
                old.zip(new_place).is_some_and(|(old, new)| beginning(*old) == beginning(*new));
            if !same {
                faults.push(format!("{path}: {link} became {new}"));
            }
        }
    }
    expect_none("links of the whole book", faults);
    assert!(count > 300, "only {count} links were compared");
}

#[test]
fn neither_is_searched_or_kept_for_offline_and_both_are_offered() {
    let text = |name: &str| fs::read_to_string(folder().join(name)).expect("it is there");
    let names = fs::read_dir(folder()).expect("the site can be read").filter_map(|entry| {
        let name = entry.ok()?.file_name().into_string().ok()?;
        name.starts_with("searchindex").then_some(name)
    });
    let mut indexes = 0;
    for index in names {
        indexes += 1;
        assert!(!text(&index).contains(PAGE), "{index}");
    }
    assert_eq!(indexes, 1, "indexes of the search");
    let worker = text("sw.js");
    assert!(worker.contains("introduction.html"));
    assert!(!worker.contains(PAGE) && !worker.contains(EPUB), "the service worker");
    let introduction = pages().find(|page| page.path == "introduction.html").expect("it is there");
    let html = introduction.parse();
    for offered in [PAGE, EPUB] {
        assert_eq!(all(&html, &format!("main a[href='{offered}']")).len(), 1, "{offered}");
    }
}
