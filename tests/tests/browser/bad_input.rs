//! Bad input gets a clear message beside its control, and nothing is lost.

use anyhow::{Context, Result, ensure};
use book_tests::site::Build;
use book_tests::{Demo, Gpu, Page, quoted};

use book_tests::listed::{Control, Kind, Listed, Start, kit, page_of};

use crate::Suite;

pub fn add(suite: &mut Suite) {
    for demo in kit() {
        for control in &demo.controls {
            let test = match control.kind {
                Kind::Text { .. } | Kind::Wgsl { .. } => text,
                Kind::Number { .. } | Kind::Slider { .. } => number,
                Kind::Choice(_) | Kind::Toggle => choice,
                // Tried among the files.
                Kind::File { .. } => continue,
            };
            let name = format!("bad_input::{}::{}", demo.name, control.name);
            suite.add(name, move |browsers| {
                let page = browsers.page(Gpu::Yes, Build::Kit)?;
                test(&page, demo, control)?;
                page.close()
            });
        }
    }
}

/// Sets the control and, where that is what starts a run, presses *Run*.
fn give(demo: &'static Listed, shown: &Demo, control: &str, value: &str) -> Result<()> {
    shown.set(control, value)?;
    if demo.start == Start::OnRun {
        // A long text takes the page a while to lay out; it answers nothing meanwhile.
        shown.answers()?;
        shown.click(".run")?;
    }
    shown.settle()
}

fn expect_problem(page: &Page, shown: &Demo, control: &str, case: &str) -> Result<()> {
    let told = shown.problem(control)?;
    ensure!(told.len() > 10, "{case}: beside {control} stands {told:?}; it {}", shown.state()?);
    ensure!(shown.state()? == "error", "{case}: it is {}", shown.state()?);
    // A screen reader hears it from the live region as well; it is written once.
    let said = shown.text(".status")?;
    ensure!(
        said.contains(told.trim_start_matches("⚠ ").trim()),
        "{case}: the live region says {said}"
    );
    let written: String =
        page.js(&format!("getComputedStyle({}).clipPath", shown.query(".status")))?;
    ensure!(written != "none", "{case}: it is written twice");
    let opacity: f64 =
        page.js(&format!("Number(getComputedStyle({}).opacity)", shown.query(".views > *")))?;
    ensure!(opacity < 1.0, "{case}: the old result looks like a new one");
    Ok(())
}

fn text(page: &Page, demo: &'static Listed, control: &Control) -> Result<()> {
    page.goto(&page_of(&demo.page))?;
    let shown = page.demo(&demo.name)?;
    let (name, is_text) = (&*control.name, matches!(control.kind, Kind::Text { .. }));
    let (Kind::Text { max_bytes } | Kind::Wgsl { max_bytes }) = control.kind else {
        unreachable!("a text")
    };

    // One million and some bytes; the field must keep them all.
    let long = "aé👍 and words of a long text ".repeat(35_000);
    give(demo, &shown, name, &long).context("1 MB of text")?;
    if max_bytes < long.len() {
        expect_problem(page, &shown, name, "1 MB of text")?;
    } else if shown.problem(name)?.is_empty() {
        // Otherwise it tells what this text lacks, e.g. words that come again.
        shown.expect_done().context("1 MB of text")?;
    }
    let kept: usize = page.js(&format!("{}.value.length", shown.field(name)))?;
    let given = long.encode_utf16().count();
    ensure!(kept == given, "of {given} characters {kept} are kept");

    // Half an emoji.
    page.act(&format!(
        "{{ const field = {}; field.value = 'ab\\ud83dcd';
            field.dispatchEvent(new Event('input', {{ bubbles: true }})); }}",
        shown.field(name)
    ))?;
    if demo.start == Start::OnRun {
        shown.click(".run")?;
    }
    shown.settle()?;
    expect_problem(page, &shown, name, "a lone surrogate")?;
    ensure!(shown.problem(name)?.contains('3'), "it does not say where: {}", shown.problem(name)?);

    give(demo, &shown, name, "").context("empty text")?;
    let (state, problem) = (shown.state()?, shown.problem(name)?);
    let answered = state == "done" || (state == "error" && !problem.is_empty());
    ensure!(answered || !is_text, "empty text: it is {state}, and says {problem:?}");

    if is_text {
        give(demo, &shown, name, "\u{0}\u{7}\u{1b}[31m\u{202e}<b onclick=alert(1)>b</b>")?;
        let injected: usize = page.js(&format!(
            "{}.querySelectorAll('[onclick], script, img').length",
            shown.query(".views")
        ))?;
        ensure!(injected == 0, "text of a reader became HTML");
    }
    give(demo, &shown, name, &control.default)?;
    shown.expect_done().context("the default after all that")?;
    let problem = shown.problem(name)?;
    ensure!(problem.is_empty(), "a good value still has the message {problem:?}");
    Ok(())
}

fn number(page: &Page, demo: &'static Listed, control: &Control) -> Result<()> {
    let name = &*control.name;
    for bad in ["NaN", "Infinity", "-1e999", "soon"] {
        page.goto(&format!("{}?{}.{name}={bad}", page_of(&demo.page), demo.name))?;
        let shown = page.demo(&demo.name)?;
        let told = shown.problem(name)?;
        ensure!(told.len() > 10, "{bad} in the address: beside {name} stands {told:?}");
        let value = shown.value(name)?;
        ensure!(value == control.default, "{bad} in the address makes it {value}");
    }
    page.goto(&page_of(&demo.page))?;
    let shown = page.demo(&demo.name)?;
    if matches!(control.kind, Kind::Number { .. }) {
        for bad in ["1e999", "-", "1e9", ""] {
            // As typed: a script cannot put into the field what a reader can.
            page.act(&format!("{{ const f = {}; f.focus(); f.select(); }}", shown.field(name)))?;
            if bad.is_empty() {
                page.press("Delete")?;
            } else {
                page.insert(bad)?;
            }
            if demo.start == Start::OnRun {
                shown.click(".run")?;
            }
            shown.settle()?;
            expect_problem(page, &shown, name, &format!("typed {}", quoted(bad)))?;
        }
    }
    give(demo, &shown, name, &control.default)?;
    shown.expect_done()
}

fn choice(page: &Page, demo: &'static Listed, control: &Control) -> Result<()> {
    let (lesson, name) = (page_of(&demo.page), &*control.name);
    page.goto(&format!("{lesson}?{}.{name}=%3Cscript%3E", demo.name))?;
    let shown = page.demo(&demo.name)?;
    let told = shown.problem(name)?;
    ensure!(told.len() > 10, "nonsense in the address: beside {name} stands {told:?}");
    shown.run()?;
    shown.expect_done()
}
