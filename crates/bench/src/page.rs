//! What a reader waits for and downloads, in Chromium, against the book's budgets. The sizes are
//! also checked by the tests of the book.

use std::time::Duration;

use anyhow::{Context, Result};
use book_tests::server::Server;
use book_tests::site::{self, Build};
use book_tests::wire::weight;
use book_tests::{Browsers, Demo, Gpu, Page, quoted};

/// Demos with a slider, and what is dragged.
const SLIDERS: [(&str, &str, &str); 2] = [
    ("1-basics/tokenization.html", "tokenizer", "vocabulary"),
    ("1-basics/softmax-sampling.html", "temperature-bars", "temperature"),
];

/// Demos whose files are counted.
const ROUNDS: [(&str, &str); 2] =
    [("introduction.html", "tokenizer"), ("1-basics/softmax-sampling.html", "temperature-bars")];

/// Prints the times and sizes of the built book.
pub fn bench() -> Result<()> {
    let folder = site::folder(Build::Hosted)?;
    println!("The book in Chromium, from this machine");
    for run in site::first_runs(&folder)? {
        let module = run.iter().find_map(|(_, name)| name.strip_suffix("_bg.wasm"));
        let kilobytes = run.iter().map(|(size, _)| size).sum::<usize>() as f64 / 1000.0;
        println!(
            "  first run of a demo of {}: {kilobytes:.0} KB compressed (250 is the budget)",
            module.unwrap_or("?")
        );
    }
    let browsers = Browsers::default();
    weights(&browsers)?;
    rounds(&browsers)?;
    for (path, name, slider) in SLIDERS {
        let page = browsers.page(Gpu::Yes, Build::Hosted)?;
        page.goto(path)?;
        let readable: f64 =
            page.js("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN")?;
        println!("  {path}: readable after {readable:.0} ms (1000 is the budget)");
        let demo = page.demo(name)?;
        let first = answer(&page, &demo, &format!("{}.click()", demo.query(".run")))?;
        println!("  {name}: first result {first:.0} ms after the click (500 is the budget)");
        demo.settle()?;
        // The tokenizer runs on the CPU anyway.
        if page.js(&format!("Boolean({})", demo.field("backend")))? {
            demo.set("backend", "cpu")?;
            demo.run()?;
        }
        let drag = drag(&page, &demo, slider).with_context(|| format!("{name}: {slider}"))?;
        println!("  {name}: a slider answers in {drag:.0} ms (50 is the budget)");
        page.close()?;
    }
    Ok(())
}

/// The heaviest page before a demo runs, and the largest layout shift of any page.
fn weights(browsers: &Browsers) -> Result<()> {
    let folder = site::folder(Build::Hosted)?;
    let (mut heaviest, mut shakiest) = ((0, String::new()), (0.0, String::new()));
    for path in site::pages(&folder)? {
        let server = Server::start(&folder)?;
        let page = browsers.page_on(Gpu::Yes, &server)?;
        page.goto(&path)?;
        page.act("document.fonts.ready.then(() => {})")?;
        let (bytes, _) = weight(&folder, &server.requests());
        let shift: f64 = page.js("window.__shift")?;
        if bytes >= heaviest.0 {
            heaviest = (bytes, path.clone());
        }
        if shift >= shakiest.0 {
            shakiest = (shift, path);
        }
    }
    let ((bytes, heavy), (shift, shaky)) = (heaviest, shakiest);
    let kilobytes = bytes as f64 / 1000.0;
    println!("  {heavy}: {kilobytes:.0} KB compressed, most of all pages (300 is the budget)");
    println!("  {shaky}: layout shift {shift:.3}, most of all pages (0.1 is the budget)");
    Ok(())
}

/// How many files a reader waits for, one after the other, before a demo can be used and before its
/// first result.
fn rounds(browsers: &Browsers) -> Result<()> {
    let delay = Duration::from_secs(1);
    for (path, name) in ROUNDS {
        let server = Server::start_late(&site::folder(Build::Hosted)?, delay)?;
        let page = browsers.page_on(Gpu::Yes, &server)?;
        page.goto(path)?;
        let demo = page.demo(name)?;
        page.wait("the controls", &format!("!{}.disabled", demo.query("fieldset")))?;
        let rounds = |page: &Page| -> Result<f64> {
            Ok(page.js::<f64>("performance.now()")? / delay.as_secs_f64() / 1000.0)
        };
        let usable = rounds(&page)?;
        demo.run()?;
        let result = rounds(&page)?;
        println!(
            "  {name}: usable after {usable:.1} files, first result after {result:.1}, each a second late"
        );
    }
    Ok(())
}

/// The median answer to a slider that is dragged from end to end.
fn drag(page: &Page, demo: &Demo, slider: &str) -> Result<f64> {
    let field = demo.field(slider);
    let (min, max): (f64, f64) = page.js(&format!("[Number({field}.min), Number({field}.max)]"))?;
    let mut times = Vec::new();
    for step in 1..=15 {
        let value = min + (max - min) * f64::from(step % 8 + 1) / 10.0;
        let move_to = format!(
            "{field}.value = {}; {field}.dispatchEvent(new Event('input', {{ bubbles: true }}))",
            quoted(&value.to_string())
        );
        times.push(answer(page, demo, &move_to)?);
        demo.settle()?;
    }
    times.sort_by(f64::total_cmp);
    Ok(times[times.len() / 2])
}

/// Milliseconds from an action of the reader to other views.
fn answer(page: &Page, demo: &Demo, action: &str) -> Result<f64> {
    page.js(&format!(
        "new Promise(done => {{
            const start = performance.now();
            new MutationObserver((_, observer) => {{
                observer.disconnect();
                requestAnimationFrame(() => done(performance.now() - start));
            }}).observe({}, {{ childList: true, subtree: true }});
            {action};
        }})",
        demo.query(".views")
    ))
}
