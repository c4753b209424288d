//! Everything works without a mouse.

use anyhow::{Result, ensure};
use book_tests::Modifier;
use book_tests::site::Build;
use book_tests::{Browsers, Gpu, Page};

use book_tests::listed::{Kind, Listed, Start, demos, kit, page_of};

use crate::Suite;

pub fn add(suite: &mut Suite) {
    suite.add("keyboard::the_bar_hides_nothing_that_has_the_focus", backward);
    for demo in kit() {
        suite.add(format!("keyboard::{}::run_and_reset", demo.name), move |browsers| {
            let page = browsers.page(Gpu::Yes, Build::Kit)?;
            page.goto(&page_of(&demo.page))?;
            run_and_reset(&page, demo)?;
            page.close()
        });
    }
}

/// From the top of the page, Tab visits every control of every demo and every button, and gets
/// out at the end: nothing traps it.
pub fn tab_reaches_everything(page: &Page) -> Result<()> {
    page.wait(
        "all demos to come alive",
        "[...document.querySelectorAll('study-demo')].every(d => !d.querySelector('fieldset').disabled)",
    )?;
    page.act(
        "{ window.__left = new Set([...document.querySelectorAll(
                'study-demo :is(input, textarea, select, button), section.quiz :is(button)')]
            .filter(e => e.checkVisibility() && !e.disabled && !e.matches('[tabindex=\"-1\"]')));
           window.__total = window.__left.size;
           document.addEventListener('focusin', e => window.__left.delete(e.target)); }",
    )?;
    let total: usize = page.js("window.__total")?;
    ensure!(total > 3, "the page has only {total} controls");
    for _ in 0..600 {
        page.press("Tab")?;
        if page.js::<bool>("window.__left.size === 0")? {
            return Ok(());
        }
    }
    let left: Vec<String> = page.js("[...window.__left].map(e => e.outerHTML.slice(0, 120))")?;
    let at: String = page.js("document.activeElement.outerHTML.slice(0, 120)")?;
    anyhow::bail!("Tab never reached {left:#?}; after 600 times it is at {at}")
}

/// Backward through a lesson, nothing that has the focus lies under the bar at the top; nor does what
/// a link leads to, which stands close below it.
fn backward(browsers: &Browsers) -> Result<()> {
    let page = browsers.page(Gpu::No, Build::Hosted)?;
    page.goto(&page_of(&demos()[0].page))?;
    let bar = "document.getElementById('mdbook-menu-bar').getBoundingClientRect().bottom";
    page.act(
        "{ const last = [...document.querySelectorAll('main :is(a, button, summary)')]
                    .filter(e => e.checkVisibility() && !e.disabled).at(-1);
                last.focus(); }",
    )?;
    let mut seen = 0;
    for _ in 0..200 {
        page.press_with(Modifier::Shift, "Tab")?;
        let place: Option<(f64, String)> = page.js(
            "(e => e.closest('main') && [e.getBoundingClientRect().bottom, e.outerHTML.slice(0, 120)])
             (document.activeElement)",
        )?;
        let Some((bottom, what)) = place else { break };
        seen += 1;
        let bar: f64 = page.js(bar)?;
        let top: f64 = page.js("document.activeElement.getBoundingClientRect().top")?;
        let high = bottom - top;
        // What is higher than the window may begin above it.
        let least = if high > 600.0 { bottom - bar } else { top - bar };
        ensure!(
            least >= -1.0,
            "{what} has the focus {top}..{bottom} under the bar, which ends at {bar}"
        );
    }
    ensure!(seen > 10, "only {seen} places were tried");
    page.act("document.querySelector('main h2 a').click()")?;
    page.act(
        "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done())))",
    )?;
    let below: f64 =
        page.js(&format!("document.querySelector(':target').getBoundingClientRect().top - {bar}"))?;
    ensure!((0.0..30.0).contains(&below), "the target of a link is {below} below the bar");
    page.close()
}

/// A demo is changed, run and reset by keys, and the book's own keys stay out of it.
fn run_and_reset(page: &Page, demo: &'static Listed) -> Result<()> {
    let shown = page.demo(&demo.name)?;
    let place: String = page.js("location.pathname")?;
    let controls = &demo.controls;
    for control in controls {
        page.act(&format!("{}.focus()", shown.field(&control.name)))?;
        match control.kind {
            // Keys that the book listens to: search, help, chapters.
            Kind::Text { .. } | Kind::Wgsl { .. } => {
                for key in ["s", "/", "?", "ArrowRight", "ArrowLeft"] {
                    page.press(key)?;
                }
            }
            Kind::Slider { .. } => drop(page.press("ArrowRight").and(page.press("ArrowLeft"))),
            Kind::Choice(_) => page.press("ArrowDown")?,
            Kind::Toggle => page.press(" ")?,
            Kind::Number { .. } => page.press("ArrowUp")?,
            // Its keys open the browser's window of files: see `files.rs`.
            Kind::File { .. } => {}
        }
        if demo.start == Start::OnInput {
            shown.settle()?;
            // What was typed may be no input for this demo; then it is told beside a control.
            if !shown.complains()? {
                shown.expect_done()?;
            }
        }
        let now: String = page.js("location.pathname")?;
        ensure!(now == place, "a key in {} turned the page to {now}", control.name);
    }
    let searching: bool = page.js(
        "(s => s && s.checkVisibility())(document.querySelector('#mdbook-search-wrapper, #search-wrapper'))
         ?? false",
    )?;
    ensure!(!searching, "a key typed into the demo opened the search");

    page.act(&format!("{}.focus()", shown.query(".reset")))?;
    page.press("Enter")?;
    for control in controls {
        let value: String = page.js(&format!(
            "(f => f.type === 'checkbox' ? String(f.checked) : f.value)({})",
            shown.field(&control.name)
        ))?;
        ensure!(value == control.default, "after Reset {} is {value:?}", control.name);
    }
    if let Some(control) = controls.first() {
        page.act(&format!("{}.focus()", shown.field(&control.name)))?;
        page.press_with(Modifier::Ctrl, "Enter")?;
        shown.settle()?;
        ensure!(shown.state()? != "idle", "Ctrl+Enter started nothing");
    }
    page.act(&format!("{}.focus()", shown.query(".run")))?;
    page.press(" ")?;
    shown.settle()?;
    ensure!(shown.state()? != "idle", "the space bar on Run started nothing");
    Ok(())
}

/// The quiz is answered and graded by keys.
pub fn quiz(page: &Page) -> Result<()> {
    page.module("study/quiz.js")?;
    page.act("document.querySelector('section.quiz input').focus()")?;
    page.press(" ")?;
    page.press("ArrowDown")?;
    let chosen: String = page.js("document.querySelector('section.quiz input:checked').value")?;
    let focused: String = page.js("document.activeElement.value")?;
    ensure!(chosen == focused, "the arrow moved the focus to {focused}, the choice is {chosen}");
    page.press("Enter")?;
    page.wait(
        "the grade",
        "/of \\d+ right/.test(document.querySelector('section.quiz .status').innerText)",
    )?;
    page.wait("the reason", "document.querySelector('section.quiz .why:not([hidden])')")
}
