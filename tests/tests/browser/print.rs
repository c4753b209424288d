//! A lesson on paper: all of it, and nothing else.

use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use book_tests::listed::lessons_of_book;
use book_tests::protocol::emulation::{
    SetDeviceMetricsOverrideParams, SetEmulatedMediaParams, SetScriptExecutionDisabledParams,
};
use book_tests::protocol::page::PrintToPdfParams;
use book_tests::site::Build;
use book_tests::{Browsers, Gpu, Page};

use crate::Suite;

/// Between the margins of A4, 1 cm each, in pixels: 96 an inch.
const PAPER: i64 = 718;

pub fn add(suite: &mut Suite) {
    // Each lesson from one of the two: what a window does to a page is the same for its neighbors.
    for (i, (window, width, theme)) in
        [("wide_window_in_a_light", 1600, "light"), ("narrow_window_in_a_dark", 390, "ayu")]
            .into_iter()
            .enumerate()
    {
        suite.add(format!("print::lessons_from_a_{window}_theme"), move |browsers| {
            every_other_lesson(browsers, i, width, theme)
        });
    }
    suite.add("print::what_the_reader_typed_and_without_javascript", typed);
    suite.add("print::the_whole_book", whole_book);
    for theme in ["rust", "coal", "navy"] {
        suite.add(format!("print::{theme}"), move |browsers| {
            let page = browsers.page(Gpu::No, Build::Hosted)?;
            open(&page, &lessons_of_book()[0].page(), 1280, theme)?;
            on_paper(&page)?;
            page.close()
        });
    }
}

fn open(page: &Page, path: &str, width: i64, theme: &str) -> Result<()> {
    page.execute(SetEmulatedMediaParams { media: Some(String::new()), features: None })?;
    page.execute(SetDeviceMetricsOverrideParams::new(width, 900, 1.0, false))?;
    page.goto(path)?;
    page.wait(
        "the demos",
        "[...document.querySelectorAll('study-demo fieldset')].every(f => !f.disabled)",
    )?;
    page.module("study/print.js")?;
    page.act(&format!("document.getElementById('mdbook-theme-{theme}').click()"))
}

fn every_other_lesson(browsers: &Browsers, first: usize, width: i64, theme: &str) -> Result<()> {
    let page = browsers.page(Gpu::No, Build::Hosted)?;
    for lesson in lessons_of_book().iter().skip(first).step_by(2) {
        let path = lesson.page();
        open(&page, &path, width, theme)?;
        by_the_browser(&page).with_context(|| path.clone())?;
        on_paper(&page).with_context(|| path.clone())?;
    }
    page.close()
}

/// The browser itself prepares the page, prints it, and leaves it as it was.
fn by_the_browser(page: &Page) -> Result<()> {
    page.act(
        "addEventListener('beforeprint', () => (window.__printed =
            [document.querySelectorAll('main .printed').length, document.querySelectorAll('main textarea').length,
             document.querySelectorAll('main details:not([open], .views details)').length]))",
    )?;
    let pdf = page.execute(PrintToPdfParams::default())?.data;
    let pdf = BASE64_STANDARD.decode(AsRef::<[u8]>::as_ref(&pdf))?;
    let is_page = |part: &[u8]| part.starts_with(b"/Type /Page\n");
    let pages = pdf.windows(12).filter(|part| is_page(part)).count();
    ensure!(pdf.starts_with(b"%PDF"), "no PDF comes out");
    ensure!((2..60).contains(&pages), "{pages} pages come out");
    let [printed, fields, closed]: [usize; 3] = page.js("window.__printed")?;
    ensure!(printed == fields, "{printed} of {fields} fields are on paper");
    ensure!(closed == 0, "{closed} folds are closed on paper");
    let left: usize = page.js("document.querySelectorAll('.printed').length")?;
    ensure!(left == 0, "{left} copies are left on the screen");
    let open: usize = page.js("document.querySelectorAll('main details[open]').length")?;
    ensure!(open == 0, "{open} folds are left open on the screen");
    Ok(())
}

/// All chapters, one after the other, each from a sheet of its own.
fn whole_book(browsers: &Browsers) -> Result<()> {
    let page = browsers.page(Gpu::No, Build::Hosted)?;
    open(&page, "print.html", 1280, "light")?;
    let chapters: Vec<String> = page.js(
        "[...document.querySelectorAll('main > section > h2')].map(h => h.textContent.trim())",
    )?;
    ensure!(chapters.len() > lessons_of_book().len(), "chapters: {chapters:?}");
    // All of its sheets take the browser minutes beside other trials; two go through the same layout.
    let options = PrintToPdfParams { page_ranges: Some("1-2".into()), ..Default::default() };
    let pdf = page.execute(options)?.data;
    let pdf = BASE64_STANDARD.decode(AsRef::<[u8]>::as_ref(&pdf))?;
    let sheets = pdf.windows(12).filter(|part| part.starts_with(b"/Type /Page\n")).count();
    ensure!(sheets == 2, "{sheets} pages come out");
    on_paper(&page)?;
    let lost: Vec<String> = page.js("[...document.querySelectorAll('main > section')]
            .filter(one => !one.querySelector('h2')?.checkVisibility() ||
                getComputedStyle(one).breakBefore !== 'page').map(one => one.id)")?;
    ensure!(lost.is_empty(), "not on a sheet of their own: {lost:?}");
    let problems = page.problems();
    ensure!(problems.is_empty(), "the console: {problems:#?}");
    page.close()
}

/// The same page as it lies on paper, where it can be measured.
fn on_paper(page: &Page) -> Result<()> {
    page.execute(SetDeviceMetricsOverrideParams::new(PAPER, 1000, 1.0, false))?;
    page.execute(SetEmulatedMediaParams { media: Some("print".into()), features: None })?;
    page.act("dispatchEvent(new Event('beforeprint')); document.fonts.ready.then(() => {})")?;
    for (what, faults) in
        [("to be seen", SEEN), ("cut off", CUT), ("pale or dark", COLORS), ("closed", CLOSED)]
    {
        let found: Vec<String> = page.js(faults)?;
        ensure!(found.is_empty(), "{what} on paper:\n{}", found.join("\n"));
    }
    page.act("dispatchEvent(new Event('afterprint'))")
}

/// What has no place on paper.
const SEEN: &str = "[...document.querySelectorAll(
    `#mdbook-sidebar, #mdbook-menu-bar, #mdbook-search-wrapper, .nav-wrapper, .nav-wide-wrapper, .scrubber,
     pre > .buttons, study-demo :is(.buttons, .file, .gutter, textarea), .quiz button, .unloaded`)]
    .filter(e => e.checkVisibility()).map(e => e.outerHTML.slice(0, 120))";

/// What reaches beyond the paper, and what a box cuts off. Inside of drawings, and of what is for ears
/// only, boxes say nothing; a part of a formula counts as a whole, since each of KaTeX's subscripts
/// ends in an empty box that hangs 2 pixels over it.
const CUT: &str = "(() => {
    const faults = [];
    const { left, width } = document.querySelector('main').getBoundingClientRect();
    if (left > 30 || width < innerWidth - 60) faults.push(`main is at ${left}, and ${width} wide`);
    for (const e of document.querySelectorAll('main, main *')) {
        if (!e.checkVisibility() || e.closest('.katex-mathml, .visually-hidden, .plane, svg *, .base *')) continue;
        const box = e.getBoundingClientRect(), style = getComputedStyle(e);
        if (box.width <= 1) continue;
        const beyond = box.right > innerWidth + 1 || box.left < -1;
        const cuts = style.overflowX !== 'visible' && e.scrollWidth > e.clientWidth + 1
            || style.overflowY !== 'visible' && e.scrollHeight > e.clientHeight + 1;
        if (style.display !== 'inline' && (beyond || cuts && !e.closest('select, input, progress, .katex')))
            faults.push(`${beyond ? 'beyond' : 'cut'} ${Math.round(box.right)}: ${e.outerHTML.slice(0, 120)}`);
    }
    return faults.slice(0, 8);
})()";

/// Texts that cannot be read, and grounds that drink ink.
const COLORS: &str = "(() => {
    const pixel = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
    const light = (color, ground = '#fff') => {
        pixel.fillStyle = ground; pixel.fillRect(0, 0, 1, 1);
        pixel.fillStyle = color; pixel.fillRect(0, 0, 1, 1);
        const [r, g, b] = [...pixel.getImageData(0, 0, 1, 1).data].map(v =>
            (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const faults = [];
    for (const e of [document.documentElement, document.body, ...document.querySelectorAll('main, main *')]) {
        if (!e.checkVisibility() || e.closest('svg, .katex-mathml, .visually-hidden')) continue;
        const style = getComputedStyle(e);
        const ground = light(style.backgroundColor);
        const isBox = e.matches('html, body, main, main pre, main code, study-demo, .view, blockquote, .choice');
        if (isBox && ground < 0.8) faults.push(`ground ${ground.toFixed(2)}: ${e.outerHTML.slice(0, 100)}`);
        const hasText = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
        const ink = light(style.color);
        if (hasText && ink > 0.4) faults.push(`ink ${ink.toFixed(2)}: ${e.outerHTML.slice(0, 100)}`);
    }
    return faults.slice(0, 8);
})()";

/// Folds whose content has no height (controls need no summary there), and fields whose text is not on paper as it stands in them.
const CLOSED: &str = "[
    ...[...document.querySelectorAll('main details:not(.views details)')]
        .filter(fold => [...fold.children].some(e =>
            !e.matches('.others > summary') && e.getBoundingClientRect().height === 0)),
    ...[...document.querySelectorAll('main textarea')].filter(({ value, nextElementSibling: copy }) =>
        !copy.checkVisibility() || copy.textContent !== value || copy.scrollWidth > copy.clientWidth
        || value.trim() && copy.getBoundingClientRect().height < 10 * value.trimEnd().split('\\n').length),
    ].map(e => e.outerHTML.slice(0, 120))";

/// A kernel that the reader wrote, with a line longer than any paper; and a lesson where no script
/// prepares it.
fn typed(browsers: &Browsers) -> Result<()> {
    let page = browsers.page(Gpu::No, Build::Hosted)?;
    let has_kernel = |lesson: &&book_tests::listed::Lesson| {
        let of = |demo: &&book_tests::Listed| demo.page == lesson.listing.name;
        book_tests::listed::demos().iter().filter(of).any(|demo| demo.kernel().is_some())
    };
    let lesson = lessons_of_book().iter().find(has_kernel).context("a lesson with a kernel")?;
    open(&page, &lesson.page(), 1280, "coal")?;
    page.act(
        "document.querySelectorAll('main textarea').forEach(area =>
            (area.value = `${'let x = 1; '.repeat(40)}\\n${'x'.repeat(500)}\\n`.repeat(30)))",
    )?;
    by_the_browser(&page)?;
    on_paper(&page)?;
    page.close()?;

    let page = browsers.page(Gpu::No, Build::Hosted)?;
    page.execute(SetScriptExecutionDisabledParams::new(true))?;
    page.execute(SetDeviceMetricsOverrideParams::new(PAPER, 1000, 1.0, false))?;
    page.execute(SetEmulatedMediaParams { media: Some("print".into()), features: None })?;
    page.goto(&lesson.page())?;
    let cut: Vec<String> = page.js(
        "[...document.querySelectorAll('main textarea')]
            .filter(area => area.scrollHeight > area.clientHeight + 1 || area.scrollWidth > area.clientWidth + 1)
            .map(area => area.outerHTML.slice(0, 120))",
    )?;
    ensure!(cut.is_empty(), "without a script, cut off on paper: {cut:#?}");
    let closed: Vec<String> =
        page.js("[...document.querySelectorAll('main details:not(.views details)')]
            .filter(fold => fold.lastElementChild.getBoundingClientRect().height === 0)
            .map(fold => fold.outerHTML.slice(0, 120))")?;
    ensure!(closed.is_empty(), "without a script, closed on paper: {closed:#?}");
    page.close()
}
