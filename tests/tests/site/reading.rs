//! What a reader reads: text, math, pictures, the map.

use regex::Regex;
use scraper::ElementRef;

use crate::{all, expect_none, html_files, pages, within};

/// What is no prose of the page.
const NO_PROSE: [&str; 7] = ["script", "style", "pre", "code", "study-demo", "svg", "details"];
/// What is no prose of the page, by class: math, quizzes, tables of checks.
const NO_PROSE_CLASSES: [&str; 3] = ["katex", "quiz", "checks"];

/// The text of the page's own words: no code, math, demos, quizzes or solutions.
pub fn prose(main: ElementRef) -> String {
    let mut text = String::new();
    for node in main.descendants() {
        let Some(part) = node.value().as_text() else { continue };
        let around = || node.ancestors().filter_map(ElementRef::wrap).take_while(|e| *e != main);
        let is_no_prose = |e: ElementRef| {
            NO_PROSE.contains(&e.value().name())
                || e.value().classes().any(|class| NO_PROSE_CLASSES.contains(&class))
        };
        if !around().any(is_no_prose) {
            text.push_str(part);
            text.push(' ');
        }
    }
    text
}

#[test]
fn every_picture_has_a_text_alternative() {
    let mut faults = Vec::new();
    for file in html_files() {
        let html = file.parse();
        for image in all(&html, "img, svg, figure, canvas, video") {
            let has = |name: &str| image.attr(name).is_some_and(|text| !text.trim().is_empty());
            let contains = |name: &str| {
                image.children().filter_map(ElementRef::wrap).any(|child| {
                    child.value().name() == name && child.text().any(|t| !t.trim().is_empty())
                })
            };
            let hidden = |e: &ElementRef| {
                e.attr("aria-hidden") == Some("true") || e.attr("role") == Some("presentation")
            };
            let named = |e: &ElementRef| e.attr("aria-label").or(e.attr("title")).is_some();
            let fine = match image.value().name() {
                "img" => has("alt") || image.attr("alt").is_some() && within(image, hidden),
                "figure" => contains("figcaption") || has("aria-label"),
                // A picture in a named button or link needs no name of its own.
                // What a script may copy, and mdBook's spinner beside the words "Search results".
                _ => {
                    let unseen = |e: &ElementRef| {
                        e.value().name() == "template" || e.attr("class") == Some("spinner-wrapper")
                    };
                    contains("title") || within(image, |e| named(e) || hidden(e) || unseen(e))
                }
            };
            if !fine {
                let start: String = image.html().chars().take(100).collect();
                faults.push(format!("{}: {start}", file.path));
            }
        }
    }
    expect_none("pictures without a text alternative", faults);
}

#[test]
fn what_is_literal_is_not_for_translators() {
    let literal = "pre, code, kbd, samp, textarea, .katex, svg[role=img], .gutter, .tokens > ol, \
                   .bars th, .view.table tbody, .matrix table, .plane, .scatter tbody, .graph ol";
    let (mut faults, mut count) = (Vec::new(), 0);
    for page in pages() {
        let html = page.parse();
        for main in all(&html, "main") {
            let selector = scraper::Selector::parse(literal).expect("the selector is right");
            for element in main.select(&selector) {
                count += 1;
                if !within(element, |e| e.attr("translate") == Some("no")) {
                    let start: String = element.html().chars().take(80).collect();
                    faults.push(format!("{}: {start}", page.path));
                }
            }
            // A whole page is not literal.
            if within(main, |e| e.attr("translate").is_some()) {
                faults.push(format!("{} is not translated at all", page.path));
            }
        }
    }
    assert!(count > 500, "only {count} literal elements were looked at");
    expect_none("literal text that a translator would change", faults);
}

#[test]
fn every_formula_is_set_for_eyes_and_for_screen_readers() {
    let mut faults = Vec::new();
    let mut count = 0;
    for file in html_files() {
        let (html, path) = (file.parse(), &file.path);
        for formula in all(&html, ".katex") {
            count += 1;
            let inner = formula.inner_html();
            if !inner.contains("katex-html") || !inner.contains("<math") {
                let start: String = formula.text().collect::<String>().chars().take(40).collect();
                faults.push(format!("{path}: a formula lacks its HTML or its MathML: {start}"));
            }
        }
        faults.extend(
            all(&html, ".katex-error, annotation *, math em, math strong")
                .iter()
                .map(|e| format!("{path}: <{}> in {}", e.value().name(), e.html())),
        );
    }
    expect_none("formulas", faults);
    assert!(count > 10, "the site has only {count} formulas");
}

#[test]
fn no_formula_and_no_directive_is_left_as_it_was_written() {
    let raw = Regex::new(r"\$\$|\$[A-Za-z\\(\d][^$\n]{0,80}\$|\\\(|\\\[|\{\{|\}\}").expect("right");
    let mut faults = Vec::new();
    for page in pages() {
        let html = page.parse();
        for main in all(&html, "main") {
            let text = prose(main);
            faults.extend(raw.find_iter(&text).map(|m| format!("{}: {}", page.path, m.as_str())));
        }
        if page.text.contains("data-slot") {
            faults.push(format!("{}: an empty slot", page.path));
        }
    }
    expect_none("left as written", faults);
}

#[test]
fn nothing_says_that_it_is_unfinished() {
    let words =
        Regex::new(r"\b(TODO|FIXME|XXX|TBD)\b|(?i)lorem ipsum dolor|placeholder").expect("right");
    let mut faults = Vec::new();
    for page in pages() {
        let html = page.parse();
        for main in all(&html, "main") {
            let text = prose(main);
            faults.extend(words.find_iter(&text).map(|m| format!("{}: {}", page.path, m.as_str())));
        }
    }
    expect_none("unfinished", faults);
}

#[test]
fn the_roadmap_names_what_a_reader_expects_to_learn() {
    let terms = [
        "tokeniz",
        "embedding",
        "softmax",
        "backpropagation",
        "attention",
        "multi-head",
        "GPT",
        "PaLM",
        "BERT",
        "RoBERTa",
        "XLNet",
        "T5",
        "BART",
        "encoder-decoder",
        "C4",
        "BookCorpus",
        "the Pile",
        "OpenWebText",
        "optimizers",
        "in-context",
        "soft prompt",
        "prefix",
        "adapters",
        "LoRA",
        "QLoRA",
        "4-bit",
        "RLHF",
        "contrastive",
        "BLEU",
        "perplexity",
        "human evaluation",
        "fairness",
        "robustness",
        "augmentation",
        "active learning",
        "hallucination",
        "RAG",
        "REST",
        "GraphQL",
        "containers",
        "monitoring",
        "privacy",
        "compliance",
        "LlamaIndex",
        "LangChain",
    ];
    let page = pages().find(|page| page.path == "roadmap.html").expect("there is a roadmap");
    let html = page.parse();
    let text: String = all(&html, "main").iter().flat_map(ElementRef::text).collect();
    let text = text.to_lowercase();
    let missing = terms.iter().filter(|term| !text.contains(&term.to_lowercase()));
    expect_none("not on the roadmap", missing.map(|term| (*term).to_owned()).collect());
}

#[test]
fn every_page_has_a_title_a_language_and_one_main_heading() {
    let mut faults = Vec::new();
    for page in pages() {
        let html = page.parse();
        let language = all(&html, "html[lang]").len();
        let titles = all(&html, "head > title")
            .iter()
            .filter(|t| t.text().any(|t| !t.trim().is_empty()))
            .count();
        let headings = all(&html, "main h1").len();
        if (language, titles, headings) != (1, 1, 1) {
            faults.push(format!(
                "{}: languages {language}, titles {titles}, main headings {headings}",
                page.path
            ));
        }
    }
    expect_none("pages", faults);
}
