//! The local build holds the learner's code beside the reference.

use anyhow::{Result, ensure};
use book_tests::clone::{SOLVED, UNSOLVED};
use book_tests::listed::{Device, Listed, demos, page_of};
use book_tests::site::Build;
use book_tests::{Browsers, Demo, Gpu, Page};

use crate::Suite;

pub fn add(suite: &mut Suite) {
    for demo in demos().iter().filter(|demo| demo.has_yours) {
        if demo.page == UNSOLVED {
            suite.add(format!("local::{}::unsolved", demo.name), |browsers| {
                unsolved(browsers, demo)
            });
        } else if demo.page == SOLVED {
            suite.add(format!("local::{}::solved", demo.name), |browsers| solved(browsers, demo));
        }
    }
}

fn open<'p>(page: &'p Page, demo: &'static Listed) -> Result<Demo<'p>> {
    page.goto(&page_of(&demo.page))?;
    let shown = page.demo(&demo.name)?;
    let offered: bool = page.js(&format!("{}.checkVisibility()", shown.query(".subject")))?;
    ensure!(offered, "the choice of yours and reference is not to be seen");
    if demo.device == Device::CpuOrGpu {
        shown.set("backend", "cpu")?;
    }
    Ok(shown)
}

/// What is not written yet is told, and does not stop the reference.
fn unsolved(browsers: &Browsers, demo: &'static Listed) -> Result<()> {
    let page = browsers.page(Gpu::Yes, Build::Clone)?;
    let shown = open(&page, demo)?;
    shown.set("subject", "reference")?;
    shown.run()?;
    let reference = (shown.state()?, shown.shown()?);

    shown.set("subject", "yours")?;
    shown.run()?;
    let said = shown.text(".status")?;
    ensure!(shown.state()? == "error", "with nothing written it is {}", shown.state()?);
    let file = format!("{UNSOLVED}/src/exercise.rs");
    ensure!(said.contains(&file), "it does not say to open {file}: {said}");

    shown.set("subject", "reference")?;
    shown.run()?;
    ensure!((shown.state()?, shown.shown()?) == reference, "the reference has changed");
    // The events of `cargo study serve` are missing here, so the console has an error.
    Ok(())
}

/// Once the exercise is done, the learner's code shows what the reference shows.
fn solved(browsers: &Browsers, demo: &'static Listed) -> Result<()> {
    let page = browsers.page(Gpu::Yes, Build::Clone)?;
    let shown = open(&page, demo)?;
    shown.set("subject", "yours")?;
    shown.run()?;
    shown.expect_done()?;
    let yours = shown.shown()?;
    shown.set("subject", "reference")?;
    shown.run()?;
    shown.expect_done()?;
    ensure!(shown.shown()? == yours, "yours shows {yours:?}, the reference {:?}", shown.shown()?);
    Ok(())
}
