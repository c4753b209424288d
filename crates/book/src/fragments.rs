//! The HTML that directives become. Scripts of the theme fill in scores; without them every
//! fragment can still be read.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use maud::{Markup, PreEscaped, html};
use mdbook_preprocessor::book::{BookItem, Chapter};

use crate::markdown;
use crate::math::Katex;
use crate::quiz::{Question, Quiz};
use crate::stills::{Lesson, Stills, unknown};

/// What a page's fragments are made from.
pub struct Fragments<'a> {
    /// The workspace.
    pub root: &'a Path,
    /// What the lessons computed.
    pub stills: &'a Stills,
    /// For formulas.
    pub katex: &'a Katex,
    /// The table of contents.
    pub items: &'a [BookItem],
    /// `../` for each folder the page is in.
    pub to_root: String,
    /// The page, e.g. `1-basics/tokenization.html`.
    pub page: String,
}

impl Fragments<'_> {
    /// A worked number.
    pub fn value(&self, lesson: &str, name: &str) -> Result<&str> {
        let worked = match self.stills.worked.get(lesson) {
            Some(of_page) => of_page,
            None => match self.stills.lesson(lesson)? {
                Some(lesson) => &lesson.worked,
                None => return Ok(PENDING_VALUE),
            },
        };
        let value = worked.get(name).map(String::as_str);
        value.with_context(|| {
            unknown(&format!("value of {lesson}"), name, worked.keys().map(String::as_str))
        })
    }

    /// The still of a demo, which is its markup in the page.
    pub fn demo(&self, name: &str) -> Result<String> {
        let Some(demo) = self.stills.demo(name)? else { return Ok(pending("demo")) };
        Ok(demo.still.clone())
    }

    /// A drawing with its caption.
    pub fn figure(&self, page: &str, name: &str) -> Result<String> {
        let Some(figure) = self.stills.figure(page, name)? else { return Ok(pending("figure")) };
        Ok(figure.html.clone())
    }

    /// The questions; their answers are folded away for a reader without scripts.
    pub fn quiz(&self, lesson: &str) -> Result<String> {
        let Some(lesson) = self.stills.lesson(lesson)? else { return Ok(pending("quiz")) };
        let quiz = Quiz::of(self.root, lesson)?;
        let mut questions = Vec::new();
        let mut answers = Vec::new();
        for (i, question) in quiz.questions.iter().enumerate() {
            let place = || format!("question {} of {}", question.id, lesson.name());
            questions.push(self.question(i, question).with_context(place)?);
            answers.push(self.answer(question).with_context(place)?);
        }
        let markup = html! {
            section.quiz data-lesson=(lesson.name()) data-hash=(quiz.hash) aria-label="Quiz" {
                form {
                    @for question in &questions { (question) }
                    p.actions {
                        button.grade type="submit" { "Check my answers" }
                        " "
                        button type="reset" { "Start over" }
                    }
                    p.status role="status" aria-live="polite" {}
                }
                details.answers {
                    summary { "The answers" }
                    ol { @for answer in &answers { li { (answer) } } }
                }
            }
        };
        Ok(markup.into_string())
    }

    fn question(&self, number: usize, question: &Question) -> Result<Markup> {
        let mut choices = Vec::new();
        for choice in &question.choices {
            choices.push((self.markdown(&choice.text)?, self.markdown(&choice.why)?));
        }
        let id = &question.id;
        Ok(html! {
            fieldset data-question=(id) data-answer=(question.answer) {
                legend { span.number { (number + 1) "." } " " (self.markdown(&question.prompt)?) }
                @for (i, (text, why)) in choices.iter().enumerate() {
                    div.choice {
                        label {
                            input type="radio" name=(id) value=(i);
                            " "
                            span { (text) }
                        }
                        p.why hidden { (why) }
                    }
                }
            }
        })
    }

    fn answer(&self, question: &Question) -> Result<Markup> {
        let choice = question.choices.get(question.answer);
        let choice = choice.context("its answer is none of the choices")?;
        Ok(html! { b { (self.markdown(&choice.text)?) } " " (self.markdown(&choice.why)?) })
    }

    /// What is graded, and for how many points.
    pub fn checks(&self, lesson: &str) -> Result<String> {
        let Some(lesson) = self.stills.lesson(lesson)? else { return Ok(pending("table")) };
        let listing = &lesson.listing;
        let total: u32 = listing.checks.iter().map(|check| check.points).sum();
        let here = page_of(lesson);
        let page =
            if here == self.page { String::new() } else { format!("{}{here}", self.to_root) };
        let mut rows = Vec::new();
        for check in &listing.checks {
            rows.push((self.markdown(&check.title)?, check));
        }
        let markup = html! {
            div.table-wrapper {
                table.checks data-lesson=(lesson.name()) data-hash=(listing.hash) {
                    thead { tr {
                        th scope="col" { "Check" }
                        th scope="col" { "Name" }
                        th.points scope="col" { "Points" }
                    } }
                    tbody { @for (title, check) in &rows {
                        tr data-check=(check.name) {
                            th scope="row" { a href={ (page) "#" (check.section) } { (title) } }
                            td { code { @for part in check.name.split_inclusive('_') { (part) wbr; } } }
                            td.points { (check.points) }
                        }
                    } }
                    tfoot { tr {
                        th scope="row" colspan="2" { "All checks" }
                        td.points { (total) }
                    } }
                }
            }
        };
        Ok(markup.into_string())
    }

    /// Docs and signature of a function, as in the stub.
    pub fn signature(&self, lesson: &str, function: &str) -> Result<String> {
        if function.ends_with(".wgsl") {
            let stub = stubs::stub_wgsl(&self.kernel(lesson, function)?)?;
            return Ok(code("wgsl", &stub).into_string());
        }
        let found = self.function(lesson, function)?;
        let docs = found.docs.lines().map(|line| format!("/// {line}").trim_end().to_owned());
        let text: Vec<String> = docs.chain([found.signature]).collect();
        Ok(code("rust", &text.join("\n")).into_string())
    }

    /// The reference, folded away.
    pub fn solution(&self, lesson: &str, function: &str) -> Result<String> {
        let block = if function.ends_with(".wgsl") {
            code("wgsl", &stubs::without_markers(&self.kernel(lesson, function)?))
        } else {
            code("rust", &self.function(lesson, function)?.source)
        };
        let markup = html! {
            details.solution {
                summary { "The reference: " code { (function) } }
                (block)
            }
        };
        Ok(markup.into_string())
    }

    fn function(&self, lesson: &str, function: &str) -> Result<stubs::Function> {
        let path = lessons::find(self.root, lesson)?.solution();
        let source = fs::read_to_string(&path)
            .with_context(|| format!("{} cannot be read", path.display()))?;
        stubs::function(&source, function)
            .with_context(|| format!("the solution of {lesson} has no function `{function}`"))
    }

    fn kernel(&self, lesson: &str, name: &str) -> Result<String> {
        let path = lessons::find(self.root, lesson)?.path.join("kernels/solution").join(name);
        fs::read_to_string(path).with_context(|| format!("{lesson} has no kernel `{name}`"))
    }

    /// The steps of the book with their lessons, from SUMMARY.md.
    pub fn roadmap(&self) -> String {
        let mut steps: Vec<(&str, Vec<&Chapter>)> = Vec::new();
        for item in self.items {
            match item {
                BookItem::PartTitle(title) => steps.push((title, Vec::new())),
                BookItem::Chapter(chapter) => {
                    if let Some((_, chapters)) = steps.last_mut() {
                        chapters.push(chapter);
                    }
                }
                BookItem::Separator => {}
            }
        }
        let markup = html! {
            nav.roadmap aria-label="All steps and lessons" {
                ol.steps { @for (title, chapters) in &steps {
                    li.step {
                        h2.step-title { (title) }
                        ol.lessons { @for chapter in chapters { (self.entry(chapter)) } }
                    }
                } }
            }
        };
        markup.into_string()
    }

    fn entry(&self, chapter: &Chapter) -> Markup {
        let nested = html! {
            @if !chapter.sub_items.is_empty() {
                ol.lessons { @for item in &chapter.sub_items {
                    @if let BookItem::Chapter(chapter) = item { (self.entry(chapter)) }
                } }
            }
        };
        let Some(path) = &chapter.path else {
            return html! {
                li.planned {
                    span.title { (chapter.name) } " " span.badge { "planned" }
                    (nested)
                }
            };
        };
        let page = path.with_extension("html").to_string_lossy().replace('\\', "/");
        let lesson = self.stills.lessons.iter().find(|lesson| page_of(lesson) == page);
        html! {
            li.written data-lesson=[lesson.map(Lesson::name)] {
                a.title href={ (self.to_root) (page) } { (chapter.name) }
                (nested)
            }
        }
    }

    /// A row a lesson in the order of the book, for the theme to fill in the scores.
    pub fn progress(&self) -> Result<String> {
        let places = self.pages();
        let mut lessons: Vec<&Lesson> = self.stills.lessons.iter().collect();
        lessons.sort_by_key(|lesson| places.iter().position(|page| *page == page_of(lesson)));
        let mut rows = Vec::new();
        let mut sums = [0, 0];
        for lesson in lessons {
            let checks = lesson.listing.checks.iter();
            let checks: Listed = checks.map(|check| (check.name.clone(), check.points)).collect();
            let quiz = Quiz::of(self.root, lesson)?;
            let questions: Listed = quiz.questions.into_iter().map(|q| (q.id, 1)).collect();
            sums = [sums[0] + total(&checks), sums[1] + total(&questions)];
            rows.push(html! { tr {
                th scope="row" { a href={ (self.to_root) (page_of(lesson)) } { (lesson.listing.title) } }
                (points(lesson, "checks", &lesson.listing.hash, &checks)?)
                (points(lesson, "quiz", &quiz.hash, &questions)?)
            } });
        }
        let markup = html! {
            section.progress aria-label="Your scores" {
                p.next-lesson hidden { "Next: " a {} }
                div.table-wrapper { table {
                    thead { tr {
                        th scope="col" { "Lesson" }
                        th.points scope="col" { "Checks" }
                        th.points scope="col" { "Quiz" }
                    } }
                    tbody { @for row in &rows { (row) } }
                    tfoot { tr {
                        th scope="row" { "All lessons" }
                        @for (part, max) in [("checks", sums[0]), ("quiz", sums[1])] {
                            td.points data-sum=(part) { span.score { "–" } " / " (max) }
                        }
                    } }
                } }
                p.actions {
                    button.export type="button" { "Export" }
                    " "
                    label.import { "Import " input type="file" accept="application/json,.json"; }
                }
                p.status role="status" aria-live="polite" {}
            }
        };
        Ok(markup.into_string())
    }

    /// The pages in the order of the book.
    fn pages(&self) -> Vec<String> {
        fn add(item: &BookItem, pages: &mut Vec<String>) {
            let BookItem::Chapter(chapter) = item else { return };
            let path = chapter.path.iter().map(|path| path.with_extension("html"));
            pages.extend(path.map(|path| path.to_string_lossy().replace('\\', "/")));
            chapter.sub_items.iter().for_each(|item| add(item, pages));
        }
        let mut pages = Vec::new();
        self.items.iter().for_each(|item| add(item, &mut pages));
        pages
    }

    fn markdown(&self, text: &str) -> Result<Markup> {
        Ok(PreEscaped(markdown::inline(text, self.katex)?))
    }
}

/// What a part of a lesson asks, and the points for it.
type Listed = BTreeMap<String, u32>;

fn total(listed: &Listed) -> u32 {
    listed.values().sum()
}

/// Where the theme puts a score. An imported one must name what is listed, with these points.
fn points(lesson: &Lesson, part: &str, hash: &str, listed: &Listed) -> Result<Markup> {
    let max = total(listed);
    let checks = serde_json::to_string(listed)?;
    Ok(html! {
        td.points data-lesson=(lesson.name()) data-part=(part) data-hash=(hash) data-max=(max)
            data-checks=(checks) {
            span.score { "–" } " / " (max)
        }
    })
}

/// The page of a lesson.
fn page_of(lesson: &Lesson) -> String {
    format!("{}/{}.html", lesson.step(), lesson.name())
}

/// A number that is still being computed.
const PENDING_VALUE: &str = "…";

/// What stands in for a part of the page that is still being made.
fn pending(what: &str) -> String {
    html! { p.pending { "This " (what) " is being built: the page reloads when it is there." } }
        .into_string()
}

fn code(language: &str, text: &str) -> Markup {
    html! { pre { code class={ "language-" (language) } { (text) } } }
}
