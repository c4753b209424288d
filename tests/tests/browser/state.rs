//! The address holds what the reader set, and a link shows what its sender saw.

use anyhow::{Result, ensure};
use book_tests::site::Build;
use book_tests::{Browsers, Demo, Gpu, quoted};
use demo::Start;
use demo::control::Kind;
use study_demos::{Subject, demos};

use crate::{Suite, page_of};

pub fn add(suite: &mut Suite) {
    for demo in demos(Subject::Reference) {
        suite.add(
            format!("state::{}::a_link_shows_what_its_sender_saw", demo.name),
            move |browsers| link(browsers, &demo),
        );
    }
    suite.add("state::demos_of_a_page_are_independent", independent);
}

/// A value that is not the default.
fn other(control: &demo::Control) -> String {
    match &control.kind {
        Kind::Text { .. } => "tschüß & a=b #1 ☕".into(),
        Kind::Wgsl { .. } => "// é\n".into(),
        Kind::Toggle => (control.default != "true").to_string(),
        Kind::Choice(options) => {
            options.last().map_or_else(String::new, |(value, _)| (*value).into())
        }
        Kind::Number { min, max, .. } | Kind::Slider { min, max, .. } => {
            if control.default == max.to_string() { min.to_string() } else { max.to_string() }
        }
    }
}

fn link(browsers: &Browsers, demo: &demo::Demo) -> Result<()> {
    let page = browsers.page(Gpu::Yes, Build::Hosted)?;
    let path = page_of(demo.lesson);
    page.goto(&path)?;
    let shown = page.demo(demo.name)?;
    let clean: String = page.js("location.search")?;
    ensure!(clean.is_empty(), "the address of a fresh page is {clean}");
    for control in (demo.controls)() {
        shown.set(control.name, &other(&control))?;
        let name = quoted(&format!("{}.{}", demo.name, control.name));
        let has = format!("new URLSearchParams(location.search).has({name})");
        page.wait(&format!("{} in the address", control.name), &has)?;
    }
    shown.run()?;
    let search: String = page.js("location.search")?;

    let receiver = page.sibling()?;
    receiver.goto(&format!("{path}{search}"))?;
    let received = receiver.demo(demo.name)?;
    for control in (demo.controls)() {
        let (sent, got) = (shown.value(control.name)?, received.value(control.name)?);
        ensure!(sent == got, "{} was {sent:?}, the link gives {got:?}", control.name);
    }
    if demo.start == Start::OnRun {
        received.click(".run")?;
    } else {
        let runs = format!("{} || {}", received.is("done"), received.is("error"));
        receiver.wait("the link to run by itself", &runs)?;
    }
    received.settle()?;
    let (sent, got) = (shown.state()?, received.state()?);
    ensure!(sent == got, "sent {sent}, received {got}");
    // The extremes of all controls together may be no input; then both are told so.
    let seen = |demo: &Demo| match sent.as_str() {
        "error" => Ok(vec![demo.text(".status")?]),
        _ => demo.shown(),
    };
    let (sent, got) = (seen(&shown)?, seen(&received)?);
    ensure!(sent == got, "sent {sent:?}, received {got:?}");
    receiver.close()?;

    shown.click(".reset")?;
    page.wait("a clean address after Reset", "location.search === ''")?;
    page.close()
}

/// What a reader does in one demo changes no other.
fn independent(browsers: &Browsers) -> Result<()> {
    let page = browsers.page(Gpu::Yes, Build::Hosted)?;
    let all = demos(Subject::Reference);
    for lesson in study_demos::lessons() {
        let of_lesson: Vec<_> = all.iter().filter(|demo| demo.lesson == lesson.name).collect();
        let [first, rest @ ..] = of_lesson.as_slice() else { continue };
        page.goto(&page_of(lesson.name))?;
        let mut before = Vec::new();
        for demo in rest {
            let demo = page.demo(demo.name)?;
            before.push(demo.shown()?);
        }
        let changed = page.demo(first.name)?;
        for control in (first.controls)() {
            changed.set(control.name, &other(&control))?;
        }
        changed.run()?;
        for (demo, before) in rest.iter().zip(&before) {
            let shown = page.demo(demo.name)?;
            ensure!(shown.shown()? == *before, "{} changed with {}", demo.name, first.name);
            ensure!(shown.state()? == "idle", "{} is {}", demo.name, shown.state()?);
        }
    }
    page.close()
}
