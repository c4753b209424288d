//! Lessons, their pages and their demos fit together.

use std::collections::{BTreeMap, BTreeSet};

use ::lessons::{FileState, demo_pages, find_all, stub_files};
use book_tests::listed::{demos, lessons_of_book, page_of};
use book_tests::site;
use scraper::Selector;

use crate::reading::prose;
use crate::{all, expect_none, pages};

#[test]
fn every_lesson_has_all_its_files() {
    let mut faults = Vec::new();
    for lesson in find_all(site::root()).expect("the lessons can be found") {
        let missing = lesson.missing_files().expect("the folders can be read");
        faults.extend(missing.iter().map(|file| lesson.shown(file)));
    }
    expect_none("missing files", faults);
}

#[test]
fn every_lesson_has_a_page_with_demos_and_no_other_has_its_programs() {
    let lessons = find_all(site::root()).expect("the lessons can be found");
    let pages = demo_pages(site::root()).expect("the demos can be found");
    let mut faults = Vec::new();
    for lesson in &lessons {
        let page = pages.iter().find(|page| page.name == lesson.name && page.step == lesson.step);
        match page {
            None => faults.push(format!("{} has no package of demos", lesson.name)),
            Some(page) if page.yours().is_none() => {
                faults.push(format!("{} has no src/yours.rs", page.reference()));
            }
            Some(_) => {}
        }
    }
    expect_none("lessons and packages in wasm-demos", faults);
}

/// A merge of two branches that each wrote a lesson may leave one of them twice, linked and planned.
#[test]
fn the_table_of_contents_names_each_page_once() {
    let summary = std::fs::read_to_string(site::root().join("src/SUMMARY.md"));
    let summary = summary.expect("the table of contents can be read");
    let mut faults = Vec::new();
    for step in summary.split("\n# ") {
        let mut seen = BTreeSet::new();
        for line in step.lines().filter_map(|line| line.trim().strip_prefix("- [")) {
            let title = line.split("](").next().unwrap_or_default();
            if !seen.insert(title) {
                faults.push(title.to_owned());
            }
        }
    }
    expect_none("titles that a step has twice", faults);
}

#[test]
fn the_stubs_are_made_from_the_solutions() {
    let mut faults = Vec::new();
    for lesson in find_all(site::root()).expect("the lessons can be found") {
        for file in stub_files(&lesson).unwrap_or_else(|error| panic!("{error:#}")) {
            let advice = match file.state {
                FileState::InSync => continue,
                FileState::Missing | FileState::Stale => "run `cargo study stubs`",
                FileState::Answered => {
                    "it holds an answer, which is yours to keep: leave it out of the pull request \
                     (`cargo study stubs` keeps a copy and restores the stub)"
                }
            };
            faults.push(format!("{}: {advice}", lesson.shown(&file.path)));
        }
    }
    expect_none("stubs that differ from their solution", faults);
}

#[test]
fn every_check_has_its_section_on_the_page() {
    let mut faults = Vec::new();
    for lesson in lessons_of_book() {
        let path = lesson.page();
        let Some(page) = pages().find(|page| page.path == path) else {
            faults.push(format!("there is no page {path}"));
            continue;
        };
        let html = page.parse();
        for check in &lesson.listing.checks {
            if all(&html, "main [id]").iter().all(|e| e.attr("id") != Some(&*check.section)) {
                faults.push(format!("{path}#{} of the check {}", check.section, check.name));
            }
        }
    }
    expect_none("sections that checks point to and no page has", faults);
}

#[test]
fn every_demo_is_on_the_page_of_its_lesson_and_no_page_has_one_that_does_not_exist() {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for page in pages() {
        for demo in all(&page.parse(), "study-demo") {
            let name = demo.attr("name").unwrap_or_default().to_owned();
            found.entry(name).or_default().push(page.path.clone());
        }
    }
    let mut faults = Vec::new();
    for demo in demos() {
        let places = found.remove(&demo.name).unwrap_or_default();
        let home = page_of(&demo.page);
        let mut once = places.clone();
        once.dedup();
        if !places.contains(&home) || once != places {
            faults.push(format!("{} belongs once on {home}, and is on {places:?}", demo.name));
        }
    }
    faults.extend(found.iter().map(|(name, places)| format!("there is no {name}: {places:?}")));
    expect_none("demos", faults);
}

#[test]
fn tables_of_lessons_follow_the_table_of_contents() {
    let steps: BTreeSet<&str> =
        lessons_of_book().iter().map(|lesson| lesson.listing.step.as_str()).collect();
    let opening = steps.into_iter().map(|step| (format!("{step}/index.html"), format!("{step}/")));
    let mut faults = Vec::new();
    // The page on math says of all lessons what they need, the page that opens a step names its own.
    for (path, folder) in opening.chain([("math.html".into(), String::new())]) {
        let lessons = lessons_of_book().iter().map(|lesson| lesson.page());
        let lessons: Vec<String> = lessons.filter(|page| page.starts_with(&folder)).collect();
        let Some(page) = pages().find(|page| page.path == path) else {
            faults.push(format!("there is no page {path}"));
            continue;
        };
        let html = page.parse();
        let links = all(&html, "main td:first-child a");
        let links = links.iter().filter_map(|link| link.attr("href"));
        let listed: Vec<String> = links.map(|link| format!("{folder}{link}")).collect();
        if listed != lessons {
            faults.push(format!("{path} lists {listed:#?}, the book {lessons:#?}"));
        }
    }
    expect_none("tables of lessons", faults);
}

/// What `cargo study new` puts into a page that still has to be written.
const DRAFT: &str = "<!-- draft";

#[test]
fn a_lesson_is_neither_too_short_nor_too_long() {
    let mut faults = Vec::new();
    for lesson in lessons_of_book() {
        let source = site::root().join("src").join(lesson.page().replace(".html", ".md"));
        let is_draft = std::fs::read_to_string(source).is_ok_and(|text| text.contains(DRAFT));
        let path = lesson.page();
        for page in pages().filter(|page| page.path == path) {
            let html = page.parse();
            let words: usize =
                all(&html, "main").iter().map(|main| prose(*main).split_whitespace().count()).sum();
            let least = if is_draft { 0 } else { 900 };
            if !(least..=2000).contains(&words) {
                faults.push(format!("{path}: {words} words"));
            }
        }
    }
    expect_none("a lesson has 900 to 2,000 words", faults);
}

#[test]
fn every_lesson_shows_a_figure_before_its_first_formula() {
    let mut faults = Vec::new();
    for lesson in lessons_of_book() {
        let path = lesson.page();
        for page in pages().filter(|page| page.path == path) {
            let html = page.parse();
            let first = all(&html, "main figure.figure, main .katex").first().copied();
            if first.is_none_or(|first| first.value().name() != "figure") {
                faults.push(path.clone());
            }
        }
    }
    expect_none("a formula before any figure", faults);
}

#[test]
fn every_figure_has_a_caption_and_says_in_words_what_it_shows() {
    let mut faults = Vec::new();
    let mut count = 0;
    for page in pages() {
        for figure in all(&page.parse(), "figure.figure") {
            count += 1;
            let id = figure.attr("id").unwrap_or_default();
            let selected = |selector| figure.select(&Selector::parse(selector).unwrap()).next();
            let words = |text: &str| text.split_whitespace().count();
            let caption = selected("figcaption").map(|e| e.text().collect::<String>());
            if words(&caption.unwrap_or_default()) < 3 {
                faults.push(format!("{}#{id}: no caption", page.path));
            }
            let told = selected("svg[role=img]").and_then(|svg| svg.attr("aria-label"));
            if words(told.unwrap_or_default()) < 8 {
                faults.push(format!("{}#{id}: {told:?} does not say what it shows", page.path));
            }
        }
    }
    assert!(count >= 20, "only {count} figures were looked at");
    expect_none("figures", faults);
}

#[test]
fn every_lesson_has_a_quiz_a_formula_and_a_demo() {
    let mut faults = Vec::new();
    for lesson in lessons_of_book() {
        let path = lesson.page();
        for page in pages().filter(|page| page.path == path) {
            let html = page.parse();
            for part in ["section.quiz", "table.checks", ".katex", "study-demo"] {
                if all(&html, &format!("main {part}")).is_empty() {
                    faults.push(format!("{path}: no {part}"));
                }
            }
        }
    }
    expect_none("lessons lack parts", faults);
}
