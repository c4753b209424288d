//! Buddy is tuned with LoRA in the page, and answers better for it.

use anyhow::{Context, Result, ensure};
use book_tests::listed::{Listed, demos, page_of};
use book_tests::site::Build;
use book_tests::{Browsers, Demo, Gpu, Page};

use crate::Suite;

const DEMO: &str = "lora-tune";

pub fn add(suite: &mut Suite) {
    // Not in a site without its page, as that of a clone.
    if let Some(demo) = demos().iter().find(|demo| demo.name == DEMO) {
        suite.add("lora::tunes_buddy_on_the_cpu", |b| tunes(b, demo, "cpu"));
        suite.add("lora::tunes_buddy_on_the_gpu", |b| tunes(b, demo, "gpu"));
    }
}

/// The loss held out, and how many answers are right, in the row of the table with this name.
fn row(page: &Page, shown: &Demo, name: &str) -> Result<(f64, usize)> {
    let cells: Vec<String> = page.js(&format!(
        "{{ const rows = [...{}.querySelectorAll('tr')];
            const row = rows.find(row => row.cells[0]?.textContent.trim() === '{name}');
            row ? [...row.cells].map(cell => cell.textContent.trim()) : [] }}",
        shown.query(".views")
    ))?;
    let [_, _, _, loss, right] = &cells[..] else {
        anyhow::bail!("the row {name} is {cells:?}");
    };
    Ok((loss.parse().with_context(|| loss.clone())?, right.parse().with_context(|| right.clone())?))
}

fn tunes(browsers: &Browsers, demo: &Listed, backend: &str) -> Result<()> {
    // Both are asked of a browser that has WebGPU: what is chosen counts.
    let page = browsers.page(Gpu::Yes, Build::Hosted)?;
    page.goto(&page_of(&demo.page))?;
    let shown = page.demo(DEMO)?;
    shown.set("steps", "40")?;
    shown.set("backend", backend)?;
    shown.run()?;
    shown.expect_done()?;
    let ran = shown.text(".ran")?;
    ensure!(shown.backend()? == backend, "asked for {backend}, it says {ran:?}");
    ensure!(ran.contains(&backend.to_uppercase()), "asked for {backend}, it says {ran:?}");
    let (base, tuned) = (row(&page, &shown, "Buddy alone")?, row(&page, &shown, "LoRA")?);
    ensure!(tuned.0 < 0.5 * base.0, "a loss of {} became {}", base.0, tuned.0);
    ensure!(tuned.1 >= base.1 + 8, "{} right answers became {}", base.1, tuned.1);
    let said = shown.text(".views")?;
    // A program that stands for a GPU is slower than the CPU it runs on, and does not train.
    let is_program: bool = page.js(
        "navigator.gpu?.requestAdapter().then(adapter => adapter.info.isFallbackAdapter) ?? false",
    )?;
    let (gpu, program) = (said.contains("Your GPU trained"), said.contains("a program that runs"));
    let want = (backend == "gpu" && !is_program, backend == "gpu" && is_program);
    ensure!((gpu, program) == want, "it says {said}");
    // The adapter can be saved, whoever trained it.
    let links = format!("{}.querySelectorAll('a').length === 2", shown.query(".offers"));
    page.wait("two files to save", &links)?;
    page.close()
}
