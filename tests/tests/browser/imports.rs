//! Scores leave the book as a file, and come in from one, from the terminal or from another browser.

use anyhow::{Result, ensure};
use book_tests::listed::{Lesson, lessons_of_book, page_of};
use book_tests::site::Build;
use book_tests::{Browsers, Gpu, Page, quoted};
use scores::{CheckResult, ListedCheck, Part, Progress, Sheet, Status};
use serde_json::{Value, json};

use crate::Suite;
use crate::progress::{answer, first_lesson, row};

pub fn add(suite: &mut Suite) {
    suite.add("imports::export_and_import", export_and_import);
    suite.add("imports::scores_of_the_terminal", terminal);
    suite.add("imports::a_file_of_the_first_format_is_read", old_format);
    suite.add("imports::broken_imports_change_nothing", broken_imports);
    suite.add("imports::what_is_not_of_this_book_is_left_out_and_kept_aside", not_of_this_book);
}

pub fn import(page: &Page, text: &str) -> Result<String> {
    page.act(&format!(
        "{{ const field = document.querySelector('section.progress .import input');
            const files = new DataTransfer();
            files.items.add(new File([{}], 'scores.json', {{ type: 'application/json' }}));
            document.querySelector('section.progress .status').textContent = '';
            field.files = files.files;
            field.dispatchEvent(new Event('change', {{ bubbles: true }})); }}",
        quoted(text)
    ))?;
    let status = "document.querySelector('section.progress .status').innerText";
    page.wait("an answer to the import", status)?;
    page.js(status)
}

pub fn open_progress(page: &Page) -> Result<()> {
    page.goto("progress.html")?;
    page.module("study/scores.js")
}

/// The text of the file that *Export* saves.
pub fn export(page: &Page) -> Result<String> {
    page.js("new Promise(done => {
            const make = URL.createObjectURL;
            URL.createObjectURL = blob => { blob.text().then(done); return make.call(URL, blob); };
            HTMLAnchorElement.prototype.click = () => {};
            document.querySelector('section.progress .export').click(); })")
}

fn export_and_import(browsers: &Browsers) -> Result<()> {
    let first = first_lesson();
    let page = browsers.page(Gpu::Yes, Build::Hosted)?;
    page.goto(&page_of(first))?;
    let count = answer(&page)?;
    open_progress(&page)?;
    let text = export(&page)?;
    let exported: Progress = serde_json::from_str(&text)?;
    ensure!(exported.sheets.len() == 1 && exported.sheets[0].lesson == first, "{text}");
    page.close()?;

    let other = browsers.page(Gpu::Yes, Build::Hosted)?;
    open_progress(&other)?;
    let said = import(&other, &text)?;
    ensure!(said.contains("Imported"), "it says {said}");
    let score = row(first, "quiz");
    other.wait("the imported score", &format!("{score} === '{}'", count - 1))?;
    let kept = other.scores()?;
    ensure!(kept == exported, "imported {kept:?}, exported {exported:?}");
    other.close()
}

/// The file of `cargo study grade --format json`.
pub fn graded() -> Progress {
    let sheet = |lesson: &Lesson| {
        let listing = &lesson.listing;
        let passed = |check: &ListedCheck| CheckResult {
            name: check.name.clone(),
            title: check.title.clone(),
            status: Status::Passed,
            points: check.points,
            max_points: check.points,
            section: check.section.clone(),
            message: None,
            place: None,
        };
        let results = listing.checks.iter().map(passed).collect();
        let hash = listing.hash_number().expect("a hash is a number");
        Sheet::new(&listing.name, Part::Checks, hash, results)
    };
    Progress::new(lessons_of_book().iter().map(sheet).collect())
}

fn terminal(browsers: &Browsers) -> Result<()> {
    let page = browsers.page(Gpu::Yes, Build::Hosted)?;
    open_progress(&page)?;
    let graded = graded();
    let said = import(&page, &serde_json::to_string_pretty(&graded)?)?;
    ensure!(said.contains("Imported"), "it says {said}");
    for sheet in &graded.sheets {
        let score = row(&sheet.lesson, "checks");
        page.wait(
            &format!("the score of {} in the table", sheet.lesson),
            &format!("{score} === '{}'", sheet.max_points),
        )?;
        page.goto(&page_of(&sheet.lesson))?;
        let marks = "document.querySelectorAll('table.checks .mark').length";
        page.wait(
            "the marks in the table of checks",
            &format!("{marks} === {}", sheet.checks.len()),
        )?;
        open_progress(&page)?;
    }
    page.close()
}

/// There the points of a check were those to be had, whatever came of it.
fn old_format(browsers: &Browsers) -> Result<()> {
    let mut sheet = graded().sheets.swap_remove(0);
    sheet.checks[0].status = Status::Failed;
    let mut old = serde_json::to_value(Progress::new(vec![sheet.clone()]))?;
    old["format"] = "genai-study-buddy/progress/1".into();
    for check in old["sheets"][0]["checks"].as_array_mut().into_iter().flatten() {
        check.as_object_mut().and_then(|check| check.remove("max_points"));
    }
    sheet.checks[0].points = 0;
    sheet.points -= sheet.checks[0].max_points;

    let page = browsers.page(Gpu::Yes, Build::Hosted)?;
    open_progress(&page)?;
    let said = import(&page, &old.to_string())?;
    ensure!(said.contains("Imported"), "it says {said}");
    let exported: Progress = serde_json::from_str(&export(&page)?)?;
    ensure!(exported == Progress::new(vec![sheet]), "exported {exported:?}");
    page.close()
}

/// The scores of the terminal, with one thing in the first sheet changed.
fn with(name: &str, change: impl FnOnce(&Value) -> Value) -> String {
    let mut scores = json!(graded());
    let value = &mut scores["sheets"][0][name];
    *value = change(value);
    scores.to_string()
}

fn changed(object: &Value, name: &str, value: Value) -> Value {
    let mut object = object.clone();
    object[name] = value;
    object
}

/// A score with points that this book does not give, or of a lesson that it does not have, counts
/// for nothing; the others do, and nothing is lost.
fn not_of_this_book(browsers: &Browsers) -> Result<()> {
    let page = browsers.page(Gpu::Yes, Build::Hosted)?;
    let all = graded();
    let (first, second) = (&all.sheets[0], &all.sheets[1]);
    let cases = [
        with("checks", |checks| json!([changed(&checks[0], "max_points", json!(1000))])),
        with("checks", |checks| json!([changed(&checks[0], "name", json!("no_such_check"))])),
        with("checks", |checks| json!([changed(&checks[0], "name", json!("__proto__"))])),
        with("lesson", |_| json!("no-such-lesson")),
    ];
    for text in cases {
        open_progress(&page)?;
        page.act("localStorage.clear()")?;
        page.reload()?;
        page.module("study/scores.js")?;
        let said = import(&page, &text)?;
        ensure!(said.contains("Left out"), "{text:.80}: it says {said}");
        let shown: String = page.js(&row(&first.lesson, "checks"))?;
        ensure!(shown == "–", "{text:.80}: it counts as {shown}");
        let shown: String = page.js(&row(&second.lesson, "checks"))?;
        ensure!(shown == second.max_points.to_string(), "the good sheet counts as {shown}");
        let aside: Vec<String> = page
            .js("Object.keys(localStorage).filter(key => key.startsWith('study-aside '))
                .map(key => localStorage[key])")?;
        ensure!(aside.len() == 1, "kept aside: {aside:?}");
        ensure!(
            !page.scores()?.sheets.iter().any(|sheet| aside[0].contains(&sheet.hash)),
            "{aside:?}"
        );
    }
    // A score of an earlier version of a lesson is kept, and told.
    open_progress(&page)?;
    page.act("localStorage.clear()")?;
    page.reload()?;
    page.module("study/scores.js")?;
    let said = import(&page, &with("hash", |_| json!("0123456789abcdef")))?;
    ensure!(said.contains("Imported") && !said.contains("Left out"), "it says {said}");
    ensure!(page.scores()?.sheets.len() == all.sheets.len(), "the earlier score is lost");
    page.close()
}

fn broken_imports(browsers: &Browsers) -> Result<()> {
    let page = browsers.page(Gpu::Yes, Build::Hosted)?;
    open_progress(&page)?;
    let good = serde_json::to_string(&graded())?;
    import(&page, &good)?;
    let before: String = page.js("JSON.stringify(localStorage)")?;
    let bad = [
        "",
        "not json",
        "null",
        "[]",
        "{}",
        &good[..good.len() / 2],
        &good.replace(scores::FORMAT, "genai-study-buddy/progress/99"),
        &good.replace("\"max_points\":", "\"max_points\":-"),
        &good.replace("\"passed\"", "\"perfect\""),
        &good.replace("\"points\":", "\"points\":-"),
        &good.replace("\"hash\":\"", "\"hash\":\"<img src=x onerror=alert(1)>"),
        // What JavaScript takes for the right text: a list of it.
        &with("hash", |hash| json!([hash])),
        &with("lesson", |lesson| json!([lesson])),
        &with("checks", |checks| json!({ "0": checks[0] })),
        &with("checks", |checks| json!([checks[0], checks[0]])),
        &with("checks", |checks| json!([changed(&checks[0], "points", json!(1e6))])),
        &with("checks", |checks| json!([changed(&checks[0], "points", json!(1.5))])),
        &with("checks", |checks| json!([changed(&checks[0], "points", json!("1"))])),
        &with("checks", |checks| json!([changed(&checks[0], "status", json!(["passed"]))])),
        &with("checks", |checks| json!([changed(&checks[0], "message", json!({}))])),
    ];
    for text in bad {
        let said = import(&page, text)?;
        let start: String = text.chars().take(30).collect();
        ensure!(said.contains("not imported"), "{start:?}: it says {said}");
        ensure!(said.len() > 40, "{start:?}: it does not say why: {said}");
        let after: String = page.js("JSON.stringify(localStorage)")?;
        ensure!(after == before, "{start:?} changed the scores");
    }
    // Scores that were broken in the browser itself are set aside, not thrown away.
    page.goto(&page_of(first_lesson()))?;
    page.act(
        "{ const { lesson, hash } = document.querySelector('section.quiz').dataset;
           localStorage.setItem(`study-progress ${lesson} quiz ${hash}`, 'mine!'); }",
    )?;
    answer(&page)?;
    let all: String = page.js("JSON.stringify(localStorage)")?;
    ensure!(all.contains("mine!"), "broken scores are lost: {all}");
    let graded = graded().sheets.len();
    let kept = page.scores()?.sheets.len();
    ensure!(kept == graded + 1, "{kept} sheets are kept after a broken one, not {graded} and one");
    page.close()
}
