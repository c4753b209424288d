//! Quizzes are graded, scores are kept, exported and imported.

use anyhow::{Result, ensure};
use book_tests::listed::{Lesson, lessons_of_book, page_of};
use book_tests::site::Build;
use book_tests::{Browsers, Gpu, Page, quoted};
use grading::{CheckResult, ListedCheck, Part, Progress, Sheet, Status};

use crate::Suite;

pub fn add(suite: &mut Suite) {
    suite.add("progress::a_quiz_is_graded_and_kept", quiz);
    suite.add("progress::export_and_import", export_and_import);
    suite.add("progress::scores_of_the_terminal", terminal);
    suite.add("progress::a_file_of_the_first_format_is_read", old_format);
    suite.add("progress::broken_imports_change_nothing", broken_imports);
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
    let kept: Progress = other.js("JSON.parse(localStorage.getItem('study-progress'))")?;
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

fn broken_imports(browsers: &Browsers) -> Result<()> {
    let page = browsers.page(Gpu::Yes, Build::Hosted)?;
    open_progress(&page)?;
    let good = serde_json::to_string(&graded())?;
    import(&page, &good)?;
    let before: String = page.js("localStorage.getItem('study-progress')")?;
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
    ];
    for text in bad {
        let said = import(&page, text)?;
        let start: String = text.chars().take(30).collect();
        ensure!(said.contains("not imported"), "{start:?}: it says {said}");
        ensure!(said.len() > 40, "{start:?}: it does not say why: {said}");
        let after: String = page.js("localStorage.getItem('study-progress')")?;
        ensure!(after == before, "{start:?} changed the scores");
    }
    // Scores that were broken in the browser itself are set aside, not thrown away.
    page.act("localStorage.setItem('study-progress', 'mine!')")?;
    page.goto(&page_of(first_lesson()))?;
    answer(&page)?;
    let all: String = page.js("JSON.stringify(localStorage)")?;
    ensure!(all.contains("mine!"), "broken scores are lost: {all}");
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
    let both = [first.clone(), last.clone()];
    let exported: Progress = serde_json::from_str(&export(&page)?)?;
    ensure!(exported.sheets == both, "exported {exported:?}");

    page.act("window.__full = false")?;
    import(&page, &of(first)?)?;
    let kept: Progress = page.js("JSON.parse(localStorage.getItem('study-progress'))")?;
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
