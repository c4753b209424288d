//! Scripts that do not come: a page opened as a file, a script that is missing, no workers. Whoever
//! reads is told, and what to do.

use anyhow::{Result, ensure};
use book_tests::listed::{demos, of_kit, page_of};
use book_tests::server::Server;
use book_tests::site::{self, Build};
use book_tests::{Browsers, Gpu, Page};

use crate::Suite;

pub fn add(suite: &mut Suite) {
    suite.add("unloaded::a_page_opened_as_a_file", as_a_file);
    for missing in ["study.js", "demo.js", "runner.js", "quiz.js"] {
        suite.add(format!("unloaded::{missing}"), move |browsers| script(browsers, missing));
    }
    for missing in ["study/worker.js", "wasm/kit.js", "wasm/kit_bg.wasm"] {
        suite.add(format!("unloaded::{missing}"), move |browsers| program(browsers, missing));
    }
    suite.add("unloaded::reading.js", reading);
    suite.add("unloaded::a_browser_without_workers", without_workers);
    suite.add("unloaded::nothing_of_it_where_the_scripts_come", loaded);
}

/// A page with a demo and a quiz.
fn lesson() -> String {
    page_of(&demos()[0].page)
}

/// What is told below a selector and can be seen.
fn told(below: &str) -> String {
    format!(
        "[...document.querySelectorAll('{below} .unloaded')].filter(note =>
            note.getBoundingClientRect().height > 10 && getComputedStyle(note).visibility === 'visible')
            .map(note => note.innerText)[0]"
    )
}

fn expect_told(page: &Page, below: &str) -> Result<()> {
    page.wait(&format!("a word of it in {below}"), &told(below))?;
    let said: String = page.js(&told(below))?;
    ensure!(said.contains("did not load") && said.contains("cargo study serve"), "it says {said}");
    Ok(())
}

/// The answers of a quiz that nothing grades.
const ANSWERS: &str = "(answers => answers.getBoundingClientRect().height > 10
    && getComputedStyle(answers).visibility === 'visible')
    (document.querySelector('section.quiz .answers'))";

fn as_a_file(browsers: &Browsers) -> Result<()> {
    let folder = site::folder(Build::Hosted)?;
    let page = browsers.page_at(Gpu::Yes, &format!("file://{}/", folder.display()))?;
    page.goto(&lesson())?;
    expect_told(&page, "study-demo")?;
    expect_told(&page, "section.quiz")?;
    page.wait("the answers of the quiz", ANSWERS)?;
    page.goto("progress.html")?;
    expect_told(&page, "section.progress")
    // The console has the errors of the scripts.
}

fn script(browsers: &Browsers, missing: &'static str) -> Result<()> {
    let path = match missing {
        "study.js" => "study/study.js",
        "demo.js" => "study/demo.js",
        "runner.js" => "study/runner.js",
        _ => "study/quiz.js",
    };
    let server = Server::start_without(&site::folder(Build::Hosted)?, path)?;
    let page = browsers.page_on(Gpu::Yes, &server)?;
    page.goto(&lesson())?;
    if missing != "quiz.js" {
        expect_told(&page, "study-demo")?;
    }
    if matches!(missing, "quiz.js" | "study.js") {
        expect_told(&page, "section.quiz")?;
        page.wait("the answers of the quiz", ANSWERS)?;
    }
    Ok(())
}

/// The demo is alive, and its program does not come.
fn program(browsers: &Browsers, missing: &'static str) -> Result<()> {
    let server = Server::start_without(&site::folder(Build::Kit)?, missing)?;
    let page = browsers.page_on(Gpu::Yes, &server)?;
    page.goto("kit.html")?;
    let shown = page.demo("kit-run")?;
    let before = shown.shown()?;
    for _ in 0..2 {
        shown.run()?;
        let said = shown.text(".status")?;
        ensure!(shown.state()? == "error", "without {missing} it is {}", shown.state()?);
        ensure!(said.contains("could not be loaded") && said.contains("network"), "it says {said}");
        ensure!(!said.contains("panicked"), "it says {said}");
    }
    ensure!(shown.shown()? == before, "the picture is gone");
    Ok(())
}

/// A file that no script reads is not read in silence.
fn reading(browsers: &Browsers) -> Result<()> {
    let server = Server::start_without(&site::folder(Build::Kit)?, "study/reading.js")?;
    let page = browsers.page_on(Gpu::Yes, &server)?;
    page.goto("kit.html")?;
    let demo = of_kit("kit-form");
    let shown = page.demo(&demo.name)?;
    shown.run()?;
    shown.expect_done()?;
    let file = site::root().join("target/study/some-text.txt");
    std::fs::write(&file, "some text")?;
    shown.choose("text", &[file])?;
    page.wait("a word of it", &shown.is("error"))?;
    let said = shown.text(".status")?;
    ensure!(said.contains("not read"), "it says {said}");
    Ok(())
}

fn without_workers(browsers: &Browsers) -> Result<()> {
    let page = browsers.page(Gpu::Yes, Build::Kit)?;
    page.before_scripts("delete window.Worker; window.Worker = undefined;")?;
    page.goto("kit.html")?;
    let shown = page.demo("kit-run")?;
    page.act(&format!("{}.focus()", shown.field("what")))?;
    shown.run()?;
    let said = shown.text(".status")?;
    ensure!(shown.state()? == "error" && said.contains("no worker"), "it says {said}");
    page.close()
}

/// Where all is well, the note is taken out before it was to be seen.
fn loaded(browsers: &Browsers) -> Result<()> {
    let page = browsers.page(Gpu::Yes, Build::Hosted)?;
    page.before_scripts(
        "window.__seen = 0;
         document.addEventListener('animationstart', e => e.animationName === 'appear' && window.__seen++);",
    )?;
    page.goto(&lesson())?;
    page.module("study/demo.js")?;
    page.module("study/quiz.js")?;
    page.wait("the notes to go", "document.querySelector('.unloaded') === null")?;
    let seen: usize =
        page.js("new Promise(done => setTimeout(() => done(window.__seen), 6000))")?;
    ensure!(seen == 0, "{seen} notes were seen for a moment");
    let answers: bool = page.js("document.querySelector('.answers').checkVisibility()")?;
    ensure!(!answers, "the answers of the quiz are to be seen before it is graded");
    page.close()
}
