//! What a page costs, and that nothing goes wrong while it loads.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use book_tests::listed::{demos, page_of};
use book_tests::server::Server;
use book_tests::site::{self, Build};
use book_tests::wire::weight;
use book_tests::{Browsers, Gpu, Page};

use crate::Suite;

/// A page without a running demo, over the wire.
const PAGE: usize = 300_000;
/// What the first run of a demo adds.
const FIRST_RUN: usize = 250_000;
/// Layout shift that web.dev calls good.
const SHIFT: f64 = 0.1;

pub fn add(suite: &mut Suite) {
    suite.add("loading::the_first_run_downloads_the_demos_once", first_run);
    suite.add("loading::the_policy_stops_injected_scripts", policy);
    suite.add("loading::the_address_of_a_section_that_moved_leads_on", moved);
}

/// A page that nobody has touched yet is small, loads no WebAssembly and stands still.
pub fn untouched(page: &Page, server: &Server, folder: &Path) -> Result<()> {
    page.act("document.fonts.ready.then(() => {})")?;
    page.wait(
        "the demos",
        "[...document.querySelectorAll('study-demo fieldset')].every(f => !f.disabled)",
    )?;
    // To the end of the page and back, as a reader would.
    page.act(
        "new Promise(done => { scrollTo(0, document.body.scrollHeight);
            requestAnimationFrame(() => requestAnimationFrame(() => {
                scrollTo(0, 0); requestAnimationFrame(() => done()); })); })",
    )?;
    let requests = server.requests();
    let early = requests.iter().any(|request| request.ends_with(".wasm"));
    ensure!(!early, "it loads WebAssembly before a demo is touched");
    let (bytes, parts) = weight(folder, &requests);
    ensure!(bytes <= PAGE, "{bytes} bytes compressed, more than {PAGE}: {parts:#?}");
    let shift: f64 = page.js("window.__shift")?;
    ensure!(shift < SHIFT, "layout shift {shift:.3}");
    preloaded(page, &requests)
}

/// The modules that a script imports are named in the head of the page, which names no others.
fn preloaded(page: &Page, requests: &[String]) -> Result<()> {
    /// What `study.js` imports on every page.
    const ON_EVERY_PAGE: [&str; 4] =
        ["study/study.js", "study/access.js", "study/print.js", "study/offline.js"];
    let named: Vec<String> = page.js("[...document.querySelectorAll('link[rel=modulepreload]')]
            .map(link => link.href.slice(link.href.lastIndexOf('study/')))")?;
    let is_module = |request: &&String| {
        request.starts_with("study/")
            && request.ends_with(".js")
            && !ON_EVERY_PAGE.contains(&request.as_str())
    };
    let loaded: BTreeSet<&String> = requests.iter().filter(is_module).collect();
    let named: BTreeSet<&String> = named.iter().collect();
    ensure!(loaded == named, "loaded are {loaded:?}, preloaded {named:?}");
    // A browser does not look ahead for scripts behind a policy in the page: what is not named before
    // the first one is asked for when the one before it has come.
    let late: Vec<String> = page.js("[...document.querySelectorAll('script[src]:not([type=module])')]
            .filter(script => ![...document.querySelectorAll('head link[rel=preload][as=script]')]
                    .some(link => link.href === script.src && link.compareDocumentPosition(
                        document.querySelector('head script[src]')) === Node.DOCUMENT_POSITION_FOLLOWING))
            .map(script => script.src)")?;
    ensure!(late.is_empty(), "found late by a browser: {late:?}");
    Ok(())
}

fn first_run(browsers: &Browsers) -> Result<()> {
    let folder = site::folder(Build::Hosted)?;
    let server = Server::start(&folder)?;
    let page = browsers.page_on(Gpu::Yes, &server)?;
    let first = demos().first().context("there is a demo")?;
    let of_page: Vec<_> = demos().iter().filter(|demo| demo.page == first.page).collect();
    page.goto(&page_of(&first.page))?;
    let shown = page.demo(&first.name)?;
    let before: BTreeSet<String> = server.requests().into_iter().collect();
    shown.run()?;
    shown.expect_done()?;
    let after = server.requests();
    let new: Vec<String> = after.iter().filter(|r| !before.contains(*r)).cloned().collect();
    ensure!(new.iter().any(|r| r.ends_with(".wasm")), "no WebAssembly was loaded: {new:?}");
    let (bytes, parts) = weight(&folder, &new);
    ensure!(bytes <= FIRST_RUN, "{bytes} bytes, more than {FIRST_RUN}: {parts:#?}");

    for demo in of_page {
        page.demo(&demo.name)?.run()?;
    }
    page.goto(&page_of(&first.page))?;
    page.demo(&first.name)?.run()?;
    let requests = server.requests();
    let modules: Vec<&String> = requests.iter().filter(|r| r.ends_with(".wasm")).collect();
    ensure!(modules.len() == 1, "downloaded more than once: {modules:?}");
    page.close()
}

/// The policy stops what it must.
fn policy(browsers: &Browsers) -> Result<()> {
    let page = browsers.page(Gpu::Yes, Build::Hosted)?;
    page.goto("introduction.html")?;
    let blocked: bool = page.js("new Promise(done => {
            document.addEventListener('securitypolicyviolation', () => done(true));
            const script = document.createElement('script');
            script.textContent = 'window.__injected = true';
            document.body.append(script);
            setTimeout(() => done(false), 5000); })
         .then(stopped => stopped && !window.__injected)")?;
    ensure!(blocked, "an injected script runs");
    Ok(())
}

/// Who has the address of a section that moved comes to where it is.
fn moved(browsers: &Browsers) -> Result<()> {
    let page = browsers.page(Gpu::Yes, Build::Hosted)?;
    page.goto("1-basics/softmax-sampling.html#beam-search")?;
    page.wait(
        "the new page",
        "location.pathname.endsWith('/1-basics/searching-for-text.html')
            && location.hash === '#beam-search'",
    )?;
    page.close()
}
