//! No WebGPU, no JavaScript, no network, no worker: the book goes on.

use std::fs;

use anyhow::{Context, Result, ensure};
use book_tests::listed::{Device, Listed, demos, kit, lessons_of_book, page_of};
use book_tests::protocol::emulation::SetScriptExecutionDisabledParams;
use book_tests::server::Server;
use book_tests::site::{self, Build};
use book_tests::{Browsers, Demo, Gpu, Page};

use crate::Suite;

pub fn add(suite: &mut Suite) {
    for demo in kit() {
        suite.add(format!("resilience::{}::a_dead_worker_is_replaced", demo.name), |browsers| {
            dead_worker(browsers, demo)
        });
    }
    suite.add("resilience::webgpu_asked_for_is_not_replaced_in_silence", without_webgpu);
    suite.add("resilience::a_crash_is_told_and_the_next_run_starts_afresh", crash);
    suite.add("resilience::an_endless_run_can_be_stopped", endless);
    suite.add("resilience::a_long_run_can_be_stopped", long);
    suite.add("resilience::without_javascript", without_javascript);
    suite.add("resilience::offline_after_the_first_visit", offline);
    suite.add("resilience::a_kept_book_does_not_hide_the_local_one", local_after_hosted);
}

/// Asked for by name, WebGPU is not replaced in silence.
fn without_webgpu(browsers: &Browsers) -> Result<()> {
    let page = browsers.page(Gpu::No, Build::Kit)?;
    page.goto("kit.html")?;
    let shown = page.demo("kit-gpu")?;
    shown.set("backend", "gpu")?;
    shown.run()?;
    let said = format!("{} {}", shown.text(".status")?, shown.text(".views")?);
    ensure!(said.contains("WebGPU"), "asked for WebGPU, it is {}: {said}", shown.state()?);
    page.close()
}

/// The demo whose run the reader chooses, at work.
fn at_work<'p>(page: &'p Page, what: &str, steps: &str) -> Result<Demo<'p>> {
    page.goto("kit.html")?;
    let shown = page.demo("kit-run")?;
    shown.set("what", what)?;
    shown.set("steps", steps)?;
    shown.click(".run")?;
    Ok(shown)
}

/// Stopped by its button, a demo is idle, and runs when it is asked again.
fn stop(page: &Page, shown: &Demo) -> Result<()> {
    page.wait("the button that stops it", &format!("!{}.hidden", shown.query(".stop")))?;
    shown.click(".stop")?;
    page.wait("the end of the run", &shown.is("idle"))?;
    shown.set("what", "progress")?;
    shown.set("steps", "2")?;
    shown.run()?;
    shown.expect_done()
}

fn crash(browsers: &Browsers) -> Result<()> {
    let page = browsers.page(Gpu::Yes, Build::Kit)?;
    let shown = at_work(&page, "crash", "1")?;
    shown.settle()?;
    let said = shown.text(".status")?;
    ensure!(shown.state()? == "error", "after a panic it is {}", shown.state()?);
    ensure!(said.contains("the reader asked for it") && said.contains("long_run.rs"), "{said}");
    shown.set("what", "progress")?;
    shown.run()?;
    shown.expect_done()
}

fn endless(browsers: &Browsers) -> Result<()> {
    let page = browsers.page(Gpu::Yes, Build::Kit)?;
    let shown = at_work(&page, "endless", "1")?;
    stop(&page, &shown)
}

fn long(browsers: &Browsers) -> Result<()> {
    let page = browsers.page(Gpu::Yes, Build::Kit)?;
    let shown = at_work(&page, "long", "1")?;
    stop(&page, &shown)
}

fn dead_worker(browsers: &Browsers, demo: &'static Listed) -> Result<()> {
    let page = browsers.page(Gpu::Yes, Build::Kit)?;
    page.goto(&page_of(&demo.page))?;
    let shown = page.demo(&demo.name)?;
    if demo.device == Device::CpuOrGpu {
        shown.set("backend", "cpu")?;
    }
    shown.run()?;
    let (state, good) = (shown.state()?, shown.shown()?);

    // It crashes: the page hears of it.
    page.act(&format!(
        "{}.click(); window.__workers.at(-1).dispatchEvent(new ErrorEvent('error', {{ message: 'killed' }}))",
        shown.query(".run")
    ))?;
    shown.settle()?;
    shown.run()?;
    ensure!(shown.state()? == state, "after a crash it is {}", shown.state()?);
    ensure!(shown.shown()? == good, "after a crash it shows something else");

    // It vanishes without a word, as when memory runs out; the reader presses Stop.
    page.act(&format!("window.__workers.at(-1).terminate(); {}.click()", shown.query(".run")))?;
    page.wait("the button that stops it", &format!("!{}.hidden", shown.query(".stop")))?;
    shown.click(".stop")?;
    page.wait("the end of the run", &shown.is("idle"))?;
    shown.run()?;
    ensure!(shown.state()? == state, "after a silent end it is {}", shown.state()?);
    ensure!(shown.shown()? == good, "after a silent end it shows something else");
    page.close()
}

/// Without JavaScript the stills, the answers of the quiz and the chapters can be read.
fn without_javascript(browsers: &Browsers) -> Result<()> {
    let page = browsers.page(Gpu::Yes, Build::Hosted)?;
    page.execute(SetScriptExecutionDisabledParams::new(true))?;
    for lesson in lessons_of_book() {
        page.goto(&lesson.page())?;
        let text: String = page.js("document.querySelector('main').innerText")?;
        for demo in demos().iter().filter(|demo| demo.page == lesson.listing.name) {
            let element = format!("document.querySelector('study-demo[name={:?}]')", demo.name);
            let views: String = page.js(&format!("{element}.querySelector('.views').innerText"))?;
            ensure!(views.trim().len() > 20, "{} shows no still: {views:?}", demo.name);
            let form: bool = page.js(&format!("{element}.querySelector('fieldset').disabled"))?;
            ensure!(form, "the controls of {} seem to work", demo.name);
            let note: String = page.js(&format!("{element}.innerText"))?;
            ensure!(note.contains("JavaScript"), "{} does not say why it is still", demo.name);
        }
        ensure!(
            text.contains("The answers"),
            "the answers of {}'s quiz are out of reach",
            lesson.listing.name
        );
        let answers: usize =
            page.js("document.querySelectorAll('section.quiz details li').length")?;
        let questions: usize =
            page.js("document.querySelectorAll('section.quiz fieldset').length")?;
        ensure!(answers == questions, "{answers} answers for {questions} questions");
        page.wait(
            "the contents",
            "[...document.querySelectorAll('iframe')].some(f =>
                f.checkVisibility() && f.contentDocument?.querySelector('a'))",
        )?;
    }
    page.close()
}

/// Every page and every demo is there without a network, once one page was visited.
fn offline(browsers: &Browsers) -> Result<()> {
    let folder = site::folder(Build::Hosted)?;
    let server = Server::start(&folder)?;
    let page = browsers.page_that_keeps(Gpu::Yes, &server)?;
    page.goto("introduction.html")?;
    page.wait(
        "the book to be kept",
        "navigator.serviceWorker.getRegistration().then(r => r?.active?.state === 'activated')",
    )?;
    drop(server);
    let pages = site::pages(&folder)?;
    for path in &pages {
        page.goto(path)?;
        let heading: String = page.js("document.querySelector('main h1')?.innerText ?? ''")?;
        ensure!(!heading.is_empty(), "{path} cannot be read");
    }
    let demo = demos().first().context("the book has demos")?;
    page.goto(&page_of(&demo.page))?;
    let shown = page.demo(&demo.name)?;
    shown.run()?;
    shown.expect_done()?;
    page.goto("")?;
    let heading: String = page.js("document.querySelector('main h1')?.innerText ?? ''")?;
    ensure!(!heading.is_empty(), "the front page cannot be read");
    page.close()
}

/// Who looks at a published book and then serves their own at the same address sees their own.
fn local_after_hosted(browsers: &Browsers) -> Result<()> {
    let site = site::root().join("target/study/kept-book");
    fs::create_dir_all(&site)?;
    let (index, worker) = (site.join("index.html"), site.join("sw.js"));
    // Without an icon a browser asks for one, which is not there.
    let with_icon = |text: &str| format!("<link rel=icon href=data:,>{text}");
    fs::write(
        &index,
        with_icon("<script>navigator.serviceWorker.register('sw.js')</script>published"),
    )?;
    let hosted = fs::read_to_string(site::root().join("theme/study/sw.js"))?;
    fs::write(&worker, hosted.replace("\"__FILES__\"", "[\"index.html\"]"))?;
    let server = Server::start(&site)?;
    let page = browsers.page_that_keeps(Gpu::Yes, &server)?;
    page.goto("index.html")?;
    let active =
        "navigator.serviceWorker.getRegistration().then(r => r?.active?.state === 'activated')";
    page.wait("the book to be kept", active)?;

    fs::write(&index, with_icon("local"))?;
    fs::copy(site::folder(Build::Clone)?.join("sw.js"), &worker)?;
    page.goto("index.html")?;
    page.wait("the local book", "document.body.innerText.trim() === 'local'")?;
    let gone = "Promise.all([caches.keys(), navigator.serviceWorker.getRegistrations()])
        .then(([kept, workers]) => kept.length + workers.length === 0)";
    page.wait("the kept book to go", gone)?;
    page.close()
}
