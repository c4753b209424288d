//! Quizzes are graded, scores are kept, exported and imported.

use anyhow::{Result, ensure};
use book_tests::listed::{Lesson, lessons_of_book, page_of};
use book_tests::site::Build;
use book_tests::{Browsers, Gpu, Page, quoted};
use grading::{CheckResult, ListedCheck, Part, Progress, Sheet, Status};
use serde_json::{Value, json};

use crate::Suite;

pub fn add(suite: &mut Suite) {
    suite.add("progress::a_quiz_is_graded_and_kept", quiz);
    suite.add("progress::export_and_import", export_and_import);
    suite.add("progress::scores_of_the_terminal", terminal);
    suite.add("progress::a_file_of_the_first_format_is_read", old_format);
    suite.add("progress::broken_imports_change_nothing", broken_imports);
    suite.add("progress::what_is_not_of_this_book_is_left_out_and_kept_aside", not_of_this_book);
    suite.add("progress::pages_that_save_at_once_lose_nothing", at_once);
    suite.add("progress::a_full_storage_loses_no_score_in_silence", full_storage);
}

/// A storage that is full until it is told otherwise.
const FULL: &str = "window.__full = true;
    const setItem = Storage.prototype.setItem;
    Storage.prototype.setItem = function (...item) {
        if (window.__full) throw new DOMException('full', 'QuotaExceededError');
        setItem.apply(this, item);
    };";

/// The first lesson of the book.
fn first_lesson() -> &'static str {
    &lessons_of_book()[0].listing.name
}

/// Answers every question: all right but the first.
fn answer(page: &Page) -> Result<usize> {
    page.module("study/quiz.js")?;
    page.js(
        "(() => { const questions = [...document.querySelectorAll('section.quiz [data-question]')];
            questions.forEach((question, i) => {
                const inputs = [...question.querySelectorAll('input')];
                const right = inputs.find(input => input.value === question.dataset.answer);
                (i === 0 ? inputs.find(input => input !== right) : right).click();
            });
            document.querySelector('section.quiz form').requestSubmit();
            return questions.length; })()",
    )
}

fn row(lesson: &str, part: &str) -> String {
    let selector = format!("td[data-lesson={lesson:?}][data-part={part:?}] .score");
    format!("document.querySelector({})?.innerText.trim()", quoted(&selector))
}

fn quiz(browsers: &Browsers) -> Result<()> {
    let lesson = first_lesson();
    let page = browsers.page(Gpu::Yes, Build::Hosted)?;
    page.goto(&page_of(lesson))?;
    let count = answer(&page)?;
    let status: String = page.js("document.querySelector('section.quiz .status').innerText")?;
    ensure!(status.starts_with(&format!("{} of {count} right", count - 1)), "it says {status}");
    let reasons: usize =
        page.js("document.querySelectorAll('section.quiz .why:not([hidden])').length")?;
    ensure!(reasons == count, "{reasons} reasons for {count} answers");

    page.goto("progress.html")?;
    let score = row(lesson, "quiz");
    page.wait("the score on the progress page", &format!("{score} === '{}'", count - 1))?;
    let sum: String =
        page.js("document.querySelector('[data-sum=quiz] .score').innerText.trim()")?;
    ensure!(sum == (count - 1).to_string(), "all lessons have {sum}");
    let next: String = page.js("document.querySelector('section.progress .next').innerText")?;
    let first: String = page.js("document.querySelector('section.progress tbody a').innerText")?;
    ensure!(next == format!("Next: {first}"), "it names “{next}” as the next");

    // A worse try does not take points away.
    page.goto(&page_of(lesson))?;
    page.module("study/quiz.js")?;
    let told: String = page.js("document.querySelector('section.quiz .status').innerText")?;
    ensure!(told.contains(&(count - 1).to_string()), "the best score is not told: {told}");
    page.act(
        "document.querySelectorAll('section.quiz [data-question]').forEach(question =>
            [...question.querySelectorAll('input')]
                .find(input => input.value !== question.dataset.answer).click());
         document.querySelector('section.quiz form').requestSubmit()",
    )?;
    page.goto("progress.html")?;
    page.wait("the best score to stay", &format!("{score} === '{}'", count - 1))?;
    page.close()
}

fn import(page: &Page, text: &str) -> Result<String> {
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

fn open_progress(page: &Page) -> Result<()> {
    page.goto("progress.html")?;
    page.module("study/scores.js")
}

/// The text of the file that *Export* saves.
fn export(page: &Page) -> Result<String> {
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
fn graded() -> Progress {
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

/// How often two tabs save in the same moment.
const ROUNDS: usize = 10;

/// Tabs that save in the same moment keep all that each of them has.
fn at_once(browsers: &Browsers) -> Result<()> {
    let one = browsers.page(Gpu::Yes, Build::Hosted)?;
    open_progress(&one)?;
    let other = one.sibling()?;
    open_progress(&other)?;
    // In each round both save one check of the same quiz, and a quiz of their own.
    let at: f64 = one.js("Date.now() + 1500")?;
    let save = |page: &Page, name: &str| {
        page.act(&format!(
            "import(new URL('study/progress.js', location)).then(({{ saveSheets }}) => {{
                const sheet = (lesson, round) => ({{ lesson, part: 'quiz', hash: `${{round}}`.padStart(16, '0'),
                    points: 1, max_points: 1,
                    checks: [{{ name: '{name}', title: '', status: 'passed', points: 1 }}] }});
                for (let round = 0; round < {ROUNDS}; round++)
                    setTimeout(() => saveSheets([sheet('same', round), sheet('{name}', round)]),
                        {at} + 100 * round - Date.now());
            }})"
        ))
    };
    save(&one, "one")?;
    save(&other, "other")?;
    let reader = one.sibling()?;
    open_progress(&reader)?;
    // Of each round three sheets, with four checks in all.
    let all = format!(
        "Object.keys(localStorage).filter(key => key.startsWith('study-progress'))
            .flatMap(key => JSON.parse(localStorage[key]).sheets)
            .flatMap(({{ checks }}) => checks).length === {}",
        4 * ROUNDS
    );
    reader.wait("all scores of both tabs", &all)?;
    ensure!(reader.scores()?.sheets.len() == 3 * ROUNDS, "there are sheets too many");
    reader.close()?;
    other.close()?;
    one.close()
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
        &good.replace(grading::FORMAT, "genai-study-buddy/progress/99"),
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

/// Scores that find no room are shown, exported, and kept once there is room; and it is told.
fn full_storage(browsers: &Browsers) -> Result<()> {
    let page = browsers.page(Gpu::Yes, Build::Hosted)?;
    page.before_scripts(FULL)?;
    open_progress(&page)?;
    page.act("window.__full = false")?;
    let all = graded();
    let (first, last) = (&all.sheets[0], &all.sheets[all.sheets.len() - 1]);
    let of = |sheet: &Sheet| serde_json::to_string(&Progress::new(vec![sheet.clone()]));
    let said = import(&page, &of(first)?)?;
    ensure!(said.contains("Imported") && !said.contains("not keep"), "it says {said}");

    page.act("window.__full = true")?;
    let said = import(&page, &of(last)?)?;
    ensure!(said.contains("could not keep"), "it says {said}");
    let score = row(&last.lesson, "checks");
    page.wait("the score without room", &format!("{score} === '{}'", last.max_points))?;
    let mut both = [first.clone(), last.clone()];
    both.sort_by(|a, b| a.lesson.cmp(&b.lesson));
    let mut exported: Progress = serde_json::from_str(&export(&page)?)?;
    exported.sheets.sort_by(|a, b| a.lesson.cmp(&b.lesson));
    ensure!(exported.sheets == both, "exported {exported:?}");

    page.act("window.__full = false")?;
    import(&page, &of(first)?)?;
    let kept = page.scores()?;
    ensure!(kept.sheets == both, "once there is room, it keeps {kept:?}");

    // A quiz and a kernel lab say it, too.
    page.goto(&page_of(first_lesson()))?;
    answer(&page)?;
    let status = "document.querySelector('section.quiz .status').innerText";
    let said: String = page.js(status)?;
    ensure!(said.contains("could not be kept"), "the quiz says {said}");
    page.module("study/demo.js")?;
    page.act(&format!(
        "document.querySelector('study-demo').demo.onMessage(
            {{ type: 'event', event: {{ type: 'score', sheet: {} }} }})",
        serde_json::to_string(last)?
    ))?;
    let told = "[...document.querySelectorAll('study-demo [role=alert]')]
        .some(line => line.checkVisibility() && line.innerText.includes('could not be kept'))";
    page.wait("the lab to say that the score is lost", told)?;
    page.close()
}
