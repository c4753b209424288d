//! Each page of the book, visited twice: with WebGPU and without. On these visits everything is asked
//! that a page promises, so that no page is opened more often than that.

use anyhow::{Context, Result, ensure};
use book_tests::listed::{Device, Listed, demos, page_of};
use book_tests::server::Server;
use book_tests::site::{self, Build};
use book_tests::{Browsers, Gpu, Page};

use crate::{Suite, accessibility, keyboard, loading, parity};

pub fn add(suite: &mut Suite) {
    let folder = site::folder(Build::Hosted).and_then(|folder| site::pages(&folder));
    for path in folder.unwrap_or_else(|error| panic!("{error:#}")) {
        let on_page: Vec<&'static Listed> =
            demos().iter().filter(|demo| page_of(&demo.page) == path).collect();
        if !on_page.is_empty() {
            let (path, on_page) = (path.clone(), on_page.clone());
            suite.add(format!("page::{path}::without_webgpu"), move |browsers| {
                without_webgpu(browsers, &path, &on_page)
            });
        }
        suite.add(format!("page::{path}"), move |browsers| with_webgpu(browsers, &path, &on_page));
    }
}

fn with_webgpu(browsers: &Browsers, path: &str, demos: &[&'static Listed]) -> Result<()> {
    let folder = site::folder(Build::Hosted)?;
    let server = Server::start(&folder)?;
    let page = browsers.page_on(Gpu::Yes, &server)?;
    page.goto(path)?;
    loading::untouched(&page, &server, &folder).context("untouched")?;
    for demo in demos {
        let shown = page.demo(&demo.name)?;
        let choice = shown.query(".subject");
        let offered: bool = page.js(&format!("Boolean({choice}?.checkVisibility())"))?;
        ensure!(!offered, "{} offers the code of a learner", demo.name);
        // Demos of the CPU only are compared on the other visit.
        if demo.device == Device::CpuOrGpu && demo.kernel().is_none() {
            parity::compare(&page, demo, "gpu").context(demo.name.clone())?;
        } else {
            parity::to_trial(demo, &shown)?;
            shown.run()?;
        }
    }
    if page.js("Boolean(document.querySelector('section.quiz'))")? {
        keyboard::quiz(&page).context("the quiz")?;
        grade_quiz(&page)?;
    }
    if !demos.is_empty() {
        keyboard::tab_reaches_everything(&page)?;
    }
    accessibility::audit(&page)?;
    accessibility::headers_apart(&page)?;
    accessibility::phone(&page)?;
    silent(&page)
}

/// Without WebGPU a demo runs on the CPU, says so, and shows what it shows natively; a kernel lab
/// says what it lacks.
fn without_webgpu(browsers: &Browsers, path: &str, demos: &[&'static Listed]) -> Result<()> {
    let page = browsers.page(Gpu::No, Build::Hosted)?;
    page.goto(path)?;
    for demo in demos {
        if demo.kernel().is_some() {
            let shown = page.demo(&demo.name)?;
            shown.run()?;
            let said = format!("{} {}", shown.text(".status")?, shown.text(".views")?);
            ensure!(said.contains("WebGPU"), "{} does not say what it lacks: {said}", demo.name);
            continue;
        }
        let shown = page.demo(&demo.name)?;
        parity::to_trial(demo, &shown)?;
        shown.run()?;
        let ran = shown.text(".ran")?;
        ensure!(ran.contains("CPU"), "{} says it ran on {ran}", demo.name);
        if !demo.trial.is_empty() {
            shown.click(".reset")?;
        }
        parity::compare(&page, demo, "cpu").context(demo.name.clone())?;
    }
    silent(&page)
}

/// A quiz with all its verdicts, right and wrong.
fn grade_quiz(page: &Page) -> Result<()> {
    page.act(
        "document.querySelectorAll('section.quiz form').forEach(form => {
            form.querySelectorAll('[data-question] input:first-of-type').forEach(i => i.click());
            form.requestSubmit(); })",
    )
}

/// The console has no error; ends the visit.
fn silent(page: &Page) -> Result<()> {
    let problems = page.problems();
    ensure!(problems.is_empty(), "the console: {problems:#?}");
    Ok(())
}
