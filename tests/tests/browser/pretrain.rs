//! A training in a page is stopped and goes on, and leaves the page as a file and comes back.

use anyhow::{Context, Result, ensure};
use book_tests::listed::{Listed, demos, page_of};
use book_tests::site::Build;
use book_tests::{Browsers, Demo, Gpu, Page};

use crate::Suite;

const DEMO: &str = "pretrain";

pub fn add(suite: &mut Suite) {
    // Not in a site without its page, as that of a clone.
    if let Some(demo) = demos().iter().find(|demo| demo.name == DEMO) {
        suite.add("pretrain::stopped_it_goes_on_as_if_never_stopped", |b| stopped(b, demo));
        suite.add("pretrain::a_checkpoint_goes_on_from_its_file", |b| from_file(b, demo));
    }
}

/// Waits for a file to save: what shows it is loaded with the first of them, after the run perhaps.
fn offered(page: &Page, shown: &Demo) -> Result<()> {
    page.wait("a file to save", &format!("{} && window.__blob", shown.query(".offers a")))
}

/// Keeps the last file that was offered.
const SPY: &str = "{ const make = URL.createObjectURL;
    URL.createObjectURL = blob => { window.__blob = blob; return make.call(URL, blob); }; }";

fn open<'p>(page: &'p Page, demo: &Listed) -> Result<Demo<'p>> {
    page.before_scripts(SPY)?;
    page.goto(&page_of(&demo.page))?;
    let shown = page.demo(DEMO)?;
    shown.set("steps", "100")?;
    Ok(shown)
}

fn stopped(browsers: &Browsers, demo: &Listed) -> Result<()> {
    let page = browsers.page(Gpu::No, Build::Hosted)?;
    let shown = open(&page, demo)?;
    shown.run()?;
    shown.expect_done()?;
    let whole = shown.shown()?;
    shown.click(".run")?;
    let is_on_its_way = "window.__heard.some(m => m.run === 2 && m.event?.type === 'progress' && \
                         m.event.total === 100 && m.event.done >= 20)";
    page.wait("the training to be on its way", is_on_its_way)?;
    shown.click(".stop")?;
    page.wait("the end of the run", &shown.is("idle"))?;
    offered(&page, &shown)?;
    let said = shown.text(".views")?;
    ensure!(said.contains("Stopped after"), "a run that was stopped says {said}");
    let saved = shown.text(".offers")?;
    ensure!(saved.contains("Save checkpoint-"), "a run that was stopped offers {saved:?}");
    shown.run()?;
    shown.expect_done()?;
    let first: f64 = page
        .js("window.__heard.find(m => m.run === 3 && m.event?.type === 'progress').event.done")?;
    ensure!(first >= 20.0, "it began anew, at {first}");
    ensure!(shown.shown()? == whole, "it ends elsewhere: {:?}", shown.shown()?);
    page.close()
}

fn from_file(browsers: &Browsers, demo: &Listed) -> Result<()> {
    let page = browsers.page(Gpu::No, Build::Hosted)?;
    let shown = open(&page, demo)?;
    shown.run()?;
    shown.expect_done()?;
    offered(&page, &shown)?;
    let drop_it = |content: &str| {
        page.act(&format!(
            "{{ const dataTransfer = new DataTransfer();
                dataTransfer.items.add(new File([{content}], 'mine.safetensors'));
                {}.dispatchEvent(
                    new DragEvent('drop', {{ bubbles: true, cancelable: true, dataTransfer }})); }}",
            shown.field("checkpoint")
        ))
    };
    let refused = |why: &str| -> Result<()> {
        shown.run()?;
        let told = shown.problem("checkpoint")?;
        ensure!(told.contains("mine.safetensors") && told.contains(why), "it says {told:?}");
        Ok(())
    };
    drop_it("window.__blob")?;
    refused("has taken 100 steps already").context("no more steps")?;
    shown.set("steps", "200")?;
    shown.set("size", "medium")?;
    refused("2 blocks of width 32").context("another model")?;
    shown.set("size", "small")?;
    shown.run()?;
    shown.expect_done()?;
    let said = shown.shown()?.join(" ");
    ensure!(said.contains("After 200 steps"), "it shows {said}");
    ensure!(!said.contains("After 0 steps"), "it began anew: {said}");
    for (content, why) in [
        ("'no weights'", "no file of safetensors"),
        ("window.__blob.slice(0, 1000)", "safetensors"),
    ] {
        drop_it(content)?;
        refused(why).context(content.to_owned())?;
    }
    page.close()
}
