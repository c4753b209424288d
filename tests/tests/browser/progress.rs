//! Quizzes are graded, and scores are kept.

use anyhow::{Result, ensure};
use book_tests::listed::{lessons_of_book, page_of};
use book_tests::site::Build;
use book_tests::{Browsers, Gpu, Page, quoted};
use scores::{Progress, Sheet};

use crate::Suite;
use crate::imports::{export, graded, import, open_progress};

pub fn add(suite: &mut Suite) {
    suite.add("progress::a_quiz_is_graded_and_kept", quiz);
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
pub fn first_lesson() -> &'static str {
    &lessons_of_book()[0].listing.name
}

/// Answers every question: all right but the first.
pub fn answer(page: &Page) -> Result<usize> {
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

pub fn row(lesson: &str, part: &str) -> String {
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
    let next: String =
        page.js("document.querySelector('section.progress .next-lesson').innerText")?;
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
