//! However long what a reader types is, what is drawn has an end.

use anyhow::{Context, Result, ensure};
use book_tests::listed::{Kind, Listed, demos, page_of};
use book_tests::protocol::emulation::SetDeviceMetricsOverrideParams;
use book_tests::site::Build;
use book_tests::{Browsers, Gpu};

use crate::Suite;

/// Pixels that a view may be high, on a phone.
const HIGHEST: f64 = 8000.0;

pub fn add(suite: &mut Suite) {
    for demo in demos() {
        if demo.controls.iter().any(|control| matches!(control.kind, Kind::Text { .. })) {
            suite.add(format!("bounded::{}", demo.name), |browsers| bounded(browsers, demo));
        }
    }
}

fn bounded(browsers: &Browsers, demo: &'static Listed) -> Result<()> {
    let page = browsers.page(Gpu::No, Build::Hosted)?;
    page.execute(SetDeviceMetricsOverrideParams::new(390, 844, 1.0, true))?;
    page.goto(&page_of(&demo.page))?;
    let shown = page.demo(&demo.name)?;
    for text in ["a".repeat(2000), "ab c\n".repeat(400), "word ".repeat(5000)] {
        for control in &demo.controls {
            if let Kind::Text { max_bytes } = control.kind {
                shown.set(&control.name, &text[..text.len().min(max_bytes)])?;
            }
        }
        shown.answers()?;
        shown.run()?;
        // Not every text is one that every demo takes; then it says what it lacks.
        if shown.state()? != "done" {
            ensure!(shown.complains()?, "{text:.20}: {}", shown.text(".status")?);
            continue;
        }
        let views = shown.query(".views");
        page.act(&format!(
            "{views}.querySelectorAll('.frame').forEach(frame => (frame.hidden = false))"
        ))?;
        let high: Vec<(String, f64)> = page.js(&format!(
            "[...{views}.querySelectorAll('.view:not(.steps)'), {}]
                .map(view => [view.className, view.getBoundingClientRect().height])
                .filter(([, height]) => height > {HIGHEST})",
            shown.query(".status")
        ))?;
        ensure!(high.is_empty(), "{text:.20}: {high:?} pixels high");
        let nodes: usize = page.js(&format!("{views}.querySelectorAll('*').length"))?;
        ensure!(nodes < 60_000, "{text:.20}: {nodes} elements");
    }
    page.close().context("the console")
}
