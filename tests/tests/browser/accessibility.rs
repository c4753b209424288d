//! Who reads how: screen readers, the five themes, a phone, reduced motion.

use anyhow::{Context, Result, ensure};
use book_tests::protocol::emulation::{
    MediaFeature, SetDeviceMetricsOverrideParams, SetEmulatedMediaParams,
};
use book_tests::site::{self, Build};
use book_tests::{Browsers, Gpu, Page, axe, quoted};
use serde::Deserialize;
use study_demos::{Subject, demos};

use crate::{Suite, page_of};

const THEMES: [&str; 5] = ["light", "rust", "coal", "navy", "ayu"];

pub fn add(suite: &mut Suite) {
    for theme in THEMES {
        suite.add(format!("accessibility::audit::{theme}"), move |browsers| audit(browsers, theme));
    }
    suite.add("accessibility::the_audit_sees_faults", audit_sees_faults);
    suite.add("accessibility::phone", phone);
    suite.add("accessibility::reduced_motion", reduced_motion);
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

/// axe-core finds nothing serious on any page, before and after its demos ran.
fn audit(browsers: &Browsers, theme: &str) -> Result<()> {
    let page = browsers.page(Gpu::Yes, Build::Hosted)?;
    let mut faults = Vec::new();
    for path in site::pages(&site::folder(Build::Hosted)?)? {
        page.goto(&path)?;
        page.act(&format!("localStorage.setItem('mdbook-theme', {})", quoted(theme)))?;
        page.reload()?;
        let class: String = page.js("document.documentElement.className")?;
        ensure!(class.split(' ').any(|c| c == theme), "the theme is {class}, not {theme}");
        for demo in demos(Subject::Reference).iter().filter(|demo| page_of(demo.lesson) == path) {
            page.demo(demo.name)?.run()?;
        }
        // A quiz with all its verdicts, right and wrong.
        page.module("study/quiz.js")?;
        page.act(
            "document.querySelectorAll('section.quiz form').forEach(form => {
                form.querySelectorAll('[data-question] input:first-of-type').forEach(i => i.click());
                form.requestSubmit(); })",
        )?;
        faults.extend(violations(&page)?.into_iter().map(|fault| format!("{path}: {fault}")));
    }
    ensure!(faults.is_empty(), "axe-core finds:\n{}", faults.join("\n"));
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
    let found = violations(&page)?.join("\n");
    for fault in ["image-alt", "color-contrast", "label"] {
        ensure!(found.contains(fault), "axe-core does not see {fault}: {found}");
    }
    Ok(())
}

fn violations(page: &Page) -> Result<Vec<String>> {
    // Colors are judged when no transition is under way.
    page.act(
        "Promise.all(document.getAnimations().map(a => a.finished.catch(() => {}))).then(() => {})",
    )?;
    page.act(&format!("{};", axe::source()?)).context("axe-core does not start")?;
    let found: Vec<Violation> = page.js(
        "axe.run(document, { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a',
            'wcag21aa', 'wcag22aa', 'best-practice'] })
         .then(result => result.violations)",
    )?;
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

/// On a phone of 390 pixels no page is wider than the screen, before and after its demos ran.
fn phone(browsers: &Browsers) -> Result<()> {
    let page = browsers.page(Gpu::Yes, Build::Hosted)?;
    set_width(&page, 390)?;
    let mut faults = Vec::new();
    for path in site::pages(&site::folder(Build::Hosted)?)? {
        page.goto(&path)?;
        page.act("document.fonts.ready.then(() => {})")?;
        let width: u32 = page.js("innerWidth")?;
        ensure!(width == 390, "the phone is {width} wide");
        for demo in demos(Subject::Reference).iter().filter(|demo| page_of(demo.lesson) == path) {
            page.demo(demo.name)?.run()?;
        }
        let wide: Vec<String> = page.js(
            "document.documentElement.scrollWidth <= 390 && document.body.scrollWidth <= 390 ? []
             : [...document.querySelectorAll('main *')].filter(e => {
                    if (e.getBoundingClientRect().right <= 390.5) return false;
                    for (let p = e.parentElement; p; p = p.parentElement)
                        if (p !== document.documentElement && p !== document.body
                            && getComputedStyle(p).overflowX !== 'visible') return false;
                    return true;
                }).slice(0, 5).map(e => e.outerHTML.slice(0, 120)).concat(
                    'page is ' + document.documentElement.scrollWidth + ' wide')",
        )?;
        faults.extend(wide.iter().map(|element| format!("{path}: {element}")));
    }
    ensure!(faults.is_empty(), "wider than a phone:\n{}", faults.join("\n"));
    page.close()
}

fn set_width(page: &Page, width: i64) -> Result<()> {
    page.execute(SetDeviceMetricsOverrideParams::new(width, 844, 2.0, true))?;
    Ok(())
}

/// Nothing moves for a reader who asked for that.
fn reduced_motion(browsers: &Browsers) -> Result<()> {
    let page = browsers.page(Gpu::Yes, Build::Hosted)?;
    page.execute(SetEmulatedMediaParams {
        media: None,
        features: Some(vec![MediaFeature::new("prefers-reduced-motion", "reduce")]),
    })?;
    for demo in demos(Subject::Reference) {
        page.goto(&page_of(demo.lesson))?;
        let shown = page.demo(demo.name)?;
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
