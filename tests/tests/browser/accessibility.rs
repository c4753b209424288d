//! Who reads how: screen readers, the five themes, a phone, reduced motion.

use anyhow::{Context, Result, ensure};
use book_tests::listed::{kit, page_of};
use book_tests::protocol::emulation::{
    ClearDeviceMetricsOverrideParams, MediaFeature, SetDeviceMetricsOverrideParams,
    SetEmulatedMediaParams,
};
use book_tests::site::Build;
use book_tests::{Browsers, Gpu, Page, axe};
use serde::Deserialize;

use crate::Suite;

const THEMES: [&str; 5] = ["light", "rust", "coal", "navy", "ayu"];

pub fn add(suite: &mut Suite) {
    suite.add("accessibility::the_audit_sees_faults", audit_sees_faults);
    suite.add("accessibility::reduced_motion", reduced_motion);
    suite.add("accessibility::every_view_in_every_theme", every_view);
    suite.add("accessibility::forced_colors_and_more_contrast", forced_colors);
}

/// A fault as axe-core tells it.
#[derive(Deserialize)]
struct Violation {
    id: String,
    impact: Option<String>,
    help: String,
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    html: String,
    #[serde(rename = "failureSummary")]
    summary: Option<String>,
}

/// axe-core finds nothing serious on the page as it is, in any theme. What stands around each page is
/// judged in one theme here, and in all of them with the views, in `every_view`.
pub fn audit(page: &Page) -> Result<()> {
    in_every_theme(page, CONTENT)
}

/// What a page has of its own, but not its formulas: they have many parts, and the ink of the text.
const CONTENT: &str = "{ include: ['main'], exclude: ['.katex'] }";
const ALL: &str = "document";

fn in_every_theme(page: &Page, colored: &str) -> Result<()> {
    let mut faults = Vec::new();
    for (i, theme) in THEMES.into_iter().enumerate() {
        // A reader chooses a theme in the menu; the page stays as it is.
        page.act(&format!("document.getElementById('mdbook-theme-{theme}').click()"))?;
        let class: String = page.js("document.documentElement.className")?;
        ensure!(class.split(' ').any(|c| c == theme), "the theme is {class}, not {theme}");
        // Only colors differ from theme to theme.
        let (what, rules) = if i == 0 { (ALL, EVERYTHING) } else { (colored, COLORS) };
        let found = violations(page, what, rules)?;
        faults.extend(found.into_iter().map(|fault| format!("{theme}: {fault}")));
    }
    page.act(&format!("document.getElementById('mdbook-theme-{}').click()", THEMES[0]))?;
    ensure!(faults.is_empty(), "axe-core finds:\n{}", faults.join("\n"));
    Ok(())
}

const EVERYTHING: &str =
    "runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']";
const COLORS: &str = "runOnly: { type: 'rule', values: ['color-contrast'] }";

/// All views, also empty ones, frame by frame.
fn every_view(browsers: &Browsers) -> Result<()> {
    let page = browsers.page(Gpu::Yes, Build::Kit)?;
    page.goto("kit.html")?;
    let shown = page.demo("kit-views")?;
    for empty in ["false", "true"] {
        shown.set("empty", empty)?;
        shown.run()?;
        shown.expect_done()?;
        let frames: usize =
            page.js(&format!("{}.querySelectorAll('.frame').length", shown.query(".views")))?;
        ensure!(frames >= 10, "only {frames} views are tried");
        // Stacked, all of them are judged at once.
        page.act(&format!(
            "{}.querySelectorAll('.frame').forEach(frame => (frame.hidden = false))",
            shown.query(".views")
        ))?;
        in_every_theme(&page, ALL).with_context(|| format!("empty: {empty}"))?;
        phone(&page)?;
    }
    page.close()
}

/// Where a reader's system sets the colors, what only a color shows keeps it; and who asks for more
/// contrast gets it.
fn forced_colors(browsers: &Browsers) -> Result<()> {
    let page = browsers.page(Gpu::No, Build::Kit)?;
    let emulate = |feature: &str, value: &str| {
        page.execute(SetEmulatedMediaParams {
            media: None,
            features: Some(vec![MediaFeature::new(feature, value)]),
        })
    };
    page.goto("kit.html")?;
    let shown = page.demo("kit-views")?;
    let faint = format!(
        "(of => of({}) === of(document.querySelector('main p')))(e => getComputedStyle(e).color)",
        shown.query(".ran")
    );
    ensure!(!page.js::<bool>(&faint)?, "without it, nothing is quieter than the text");
    emulate("prefers-contrast", "more")?;
    ensure!(page.js::<bool>(&faint)?, "who asks for more contrast gets none");
    emulate("forced-colors", "active")?;
    ensure!(
        page.js::<bool>("matchMedia('(forced-colors: active)').matches")?,
        "no colors are forced"
    );
    let colors: Vec<String> = page.js(&format!(
        "{}.querySelectorAll('.frame').forEach(frame => (frame.hidden = false)),
         ['.plane span', '.scatter .legend li', '.tokens li', '.track span', '.matrix td'].filter(kind =>
            new Set([...document.querySelectorAll(kind)].map(e => getComputedStyle(e).backgroundColor)).size < 2)",
        shown.query(".views")
    ))?;
    // The bars of one view have one color, which is no ground.
    let lost: Vec<&String> = colors.iter().filter(|kind| *kind != ".track span").collect();
    ensure!(lost.is_empty(), "all of one color: {lost:?}");
    let bar: String =
        page.js("getComputedStyle(document.querySelector('.track span')).backgroundColor")?;
    let ground: String =
        page.js("getComputedStyle(document.querySelector('.track')).backgroundColor")?;
    ensure!(bar != ground, "a bar has the color of its ground, {bar}");
    page.close()
}

/// A page with faults fails the audit, so a silent one has none.
fn audit_sees_faults(browsers: &Browsers) -> Result<()> {
    let page = browsers.page(Gpu::Yes, Build::Hosted)?;
    page.goto("introduction.html")?;
    page.act(
        "document.querySelector('main').insertAdjacentHTML('afterbegin',
            '<img src=\"\"><p style=\"color: #888; background: #999\">pale</p><input>')",
    )?;
    let found = violations(&page, ALL, EVERYTHING)?.join("\n");
    for fault in ["image-alt", "color-contrast", "label"] {
        ensure!(found.contains(fault), "axe-core does not see {fault}: {found}");
    }
    Ok(())
}

fn violations(page: &Page, what: &str, rules: &str) -> Result<Vec<String>> {
    // Colors are judged when no transition is under way: each is brought to its end. (One in a part of
    // the page that is folded away never gets there by itself.)
    page.act(
        "document.getAnimations().filter(a => a.effect.getComputedTiming().endTime < Infinity)
            .forEach(a => a.finish())",
    )?;
    page.act(&format!("{};", axe::source()?)).context("axe-core does not start")?;
    let found: Vec<Violation> = page.js(&format!(
        "axe.run({what}, {{ resultTypes: ['violations'], {rules} }})
            .then(result => result.violations)"
    ))?;

    let serious = |v: &&Violation| {
        matches!(v.impact.as_deref(), Some("serious" | "critical")) && !v.nodes.is_empty()
    };
    let tell = |v: &Violation| {
        let first = v.nodes.iter().take(3).map(|node| {
            let html: String = node.html.chars().take(200).collect();
            let why = node.summary.as_deref().unwrap_or_default().replace('\n', " ");
            format!("\n    {html}\n      {why}")
        });
        let (first, count): (String, _) = (first.collect(), v.nodes.len());
        format!("{} ({count}×): {}{first}", v.id, v.help)
    };
    Ok(found.iter().filter(serious).map(tell).collect())
}

/// The texts of neighboring headers of a table do not touch.
pub fn headers_apart(page: &Page) -> Result<()> {
    let near: Vec<String> = page.js(
        "[...document.querySelectorAll('main table:not(.dense table) thead tr')]
            .filter(row => row.checkVisibility()).flatMap(row => {
            const boxes = [...row.children].map(cell => {
                const range = document.createRange();
                range.selectNodeContents(cell);
                return range.getBoundingClientRect();
            });
            return boxes.flatMap(({ right }, i) => {
                const next = boxes[i + 1];
                const near = next?.width > 0 && right > 0 && next.left - right < 6;
                return near ? [`${row.children[i].innerText} | ${row.children[i + 1].innerText}`] : [];
            });
        })",
    )?;
    ensure!(near.is_empty(), "headers that touch: {near:?}");
    Ok(())
}

/// On a phone of 390 pixels nothing reaches beyond the screen but what scrolls in a box of its own.
/// (The book's `.content` scrolls as well, so the page itself never is too wide.)
pub fn phone(page: &Page) -> Result<()> {
    page.execute(SetDeviceMetricsOverrideParams::new(390, 844, 2.0, true))?;
    page.act("document.fonts.ready.then(() => {})")?;
    let width: u32 = page.js("innerWidth")?;
    ensure!(width == 390, "the phone is {width} wide");
    // The table of contents is open on a desk, and closed where a page is opened on a phone.
    let contents = "document.getElementById('mdbook-sidebar-toggle-anchor')";
    page.act(&format!("if ({contents}.checked) {contents}.click()"))?;
    let alone = "document.querySelector('.page').getBoundingClientRect().left === 0";
    page.wait("the table of contents to close", alone)?;
    // What is folded away keeps its old width until it is opened.
    page.act("document.querySelectorAll('main details').forEach(part => (part.open = true))")?;
    let wide: Vec<String> =
        page.js("[...document.querySelectorAll('main, main *')].filter(e => {
            const { right, width } = e.getBoundingClientRect();
            if (right <= 390.5 || width <= 1) return false;
            for (let p = e.parentElement; p?.closest('main'); p = p.parentElement)
                if (getComputedStyle(p).overflowX !== 'visible') return false;
            return true;
        }).slice(0, 5).map(e => e.outerHTML.slice(0, 120))")?;
    // Other tables may scroll within themselves; one of scores is looked at as a whole.
    let cut: Vec<String> = page.js("[...document.querySelectorAll('main .table-wrapper')]
            .filter(e => e.querySelector('.report-card') || e.closest('.progress'))
            .filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.innerText.slice(0, 60))")?;
    let narrow: Vec<String> = page.js("[...document.querySelectorAll('main .table-wrapper td')]
            .filter(e => e.innerText.length > 60 && e.clientWidth < 150)
            .map(e => `${e.clientWidth}: ${e.innerText.slice(0, 60)}`)")?;
    let orphans: Vec<String> = page.js(ORPHANS)?;
    let spilled: Vec<String> = page.js("[...document.querySelectorAll('.nav-wrapper a')]
            .filter(link => {
                const [box, name] = [link, link.querySelector('.name')].map(e => e.getBoundingClientRect());
                return name.left < box.left || name.right > box.right || name.bottom > box.bottom;
            }).map(link => link.innerText)")?;
    page.execute(ClearDeviceMetricsOverrideParams::default())?;
    ensure!(spilled.is_empty(), "chapter names outside of their links: {spilled:?}");
    ensure!(orphans.is_empty(), "punctuation parted from its formula:\n{}", orphans.join("\n"));
    ensure!(narrow.is_empty(), "long texts in narrow columns:\n{}", narrow.join("\n"));
    ensure!(wide.is_empty(), "wider than a phone:\n{}", wide.join("\n"));
    ensure!(cut.is_empty(), "scores are cut off on a phone:\n{}", cut.join("\n"));
    Ok(())
}

/// Formulas whose punctuation begins a line, or could.
const ORPHANS: &str = "[...document.querySelectorAll('main .katex')].flatMap(formula => {
    if (formula.closest('.katex-display') || !formula.checkVisibility()) return [];
    const next = formula.nextSibling;
    if (next?.nodeType !== Node.TEXT_NODE || !/^[,.;:?!)]/.test(next.data)) return [];
    const sign = document.createRange();
    sign.setStart(next, 0);
    sign.setEnd(next, 1);
    const { left, top } = sign.getBoundingClientRect();
    const last = [...formula.querySelectorAll('.base')].at(-1).getBoundingClientRect();
    const apart = top > last.bottom || left < last.left;
    const together = formula.parentElement.matches('.together');
    return apart || !together ? [formula.parentElement.textContent.slice(-60)] : [];
})";

/// Nothing moves for a reader who asked for that.
fn reduced_motion(browsers: &Browsers) -> Result<()> {
    let page = browsers.page(Gpu::Yes, Build::Kit)?;
    page.execute(SetEmulatedMediaParams {
        media: None,
        features: Some(vec![MediaFeature::new("prefers-reduced-motion", "reduce")]),
    })?;
    for demo in kit() {
        page.goto(&page_of(&demo.page))?;
        let shown = page.demo(&demo.name)?;
        let reduced: bool = page.js("matchMedia('(prefers-reduced-motion: reduce)').matches")?;
        ensure!(reduced, "the browser does not ask for reduced motion");
        page.act(
            "{ window.__moved = [];
               for (const kind of ['animationstart', 'transitionrun'])
                   document.addEventListener(kind, e => e.target.closest('main')
                       && window.__moved.push(kind + ' ' + e.target.outerHTML.slice(0, 100))); }",
        )?;
        shown.run()?;
        let moved: Vec<String> = page.js("window.__moved")?;
        ensure!(moved.is_empty(), "{} moves: {moved:#?}", demo.name);
    }
    page.close()
}
