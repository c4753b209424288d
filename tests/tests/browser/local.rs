//! The local build holds the learner's code beside the reference.

use anyhow::{Result, ensure};
use book_tests::site::{self, Build};
use book_tests::{Browsers, Gpu};
use lessons::{FileState, find, stub_files};
use study_demos::{Subject, demos};

use crate::{Suite, page_of};

pub fn add(suite: &mut Suite) {
    for demo in demos(Subject::Reference).into_iter().filter(|demo| demo.has_yours) {
        suite.add(format!("local::{}::yours_and_reference", demo.name), move |browsers| {
            yours_and_reference(browsers, &demo)
        });
        suite
            .add(format!("local::{}::solved_yours_equals_reference", demo.name), move |browsers| {
                solved(browsers, &demo)
            });
    }
    suite.add("local::the_hosted_site_has_no_code_of_a_learner", hosted);
}

fn yours_and_reference(browsers: &Browsers, demo: &demo::Demo) -> Result<()> {
    let page = browsers.page(Gpu::Yes, Build::Local)?;
    page.goto(&page_of(demo.lesson))?;
    let shown = page.demo(demo.name)?;
    let offered: bool = page.js(&format!("{}.checkVisibility()", shown.query(".subject")))?;
    ensure!(offered, "the choice of yours and reference is not to be seen");
    if demo.device == demo::Device::CpuOrGpu {
        shown.set("backend", "cpu")?;
    }
    shown.set("subject", "reference")?;
    shown.run()?;
    let reference = (shown.state()?, shown.shown()?);

    shown.set("subject", "yours")?;
    shown.run()?;
    let lesson = find(site::root(), demo.lesson)?;
    let unfinished = stub_files(&lesson)?.iter().all(|file| file.state == FileState::InSync);
    let said = shown.text(".status")?;
    if unfinished {
        ensure!(shown.state()? == "error", "with nothing written it is {}", shown.state()?);
        let file = lesson.shown(&lesson.exercise());
        ensure!(said.contains(&file), "it does not say to open {file}: {said}");
    }

    // What the learner has not written yet does not stop the reference.
    shown.set("subject", "reference")?;
    shown.run()?;
    ensure!((shown.state()?, shown.shown()?) == reference, "the reference has changed");
    // The events of `cargo study serve` are missing here, so the console has an error.
    Ok(())
}

/// Once the exercise is done, the learner's code shows what the reference shows.
fn solved(browsers: &Browsers, demo: &demo::Demo) -> Result<()> {
    let page = browsers.page(Gpu::Yes, Build::Solved)?;
    page.goto(&page_of(demo.lesson))?;
    let shown = page.demo(demo.name)?;
    if demo.device == demo::Device::CpuOrGpu {
        shown.set("backend", "cpu")?;
    }
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

fn hosted(browsers: &Browsers) -> Result<()> {
    let page = browsers.page(Gpu::Yes, Build::Hosted)?;
    for demo in demos(Subject::Reference) {
        page.goto(&page_of(demo.lesson))?;
        let shown = page.demo(demo.name)?;
        let choice = shown.query(".subject");
        let offered: bool = page.js(&format!("Boolean({choice}?.checkVisibility())"))?;
        ensure!(!offered, "{} offers the code of a learner", demo.name);
    }
    page.close()
}
