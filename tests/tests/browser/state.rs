//! The address holds what the reader set, and a link shows what its sender saw.

use anyhow::{Context, Result, ensure};
use book_tests::site::Build;
use book_tests::{Browsers, Demo, Gpu, Page, quoted};

use book_tests::listed::{Control, Kind, Listed, Start, demos, kit, of_kit, page_of};

use crate::Suite;

pub fn add(suite: &mut Suite) {
    for demo in kit() {
        suite.add(
            format!("state::{}::a_link_shows_what_its_sender_saw", demo.name),
            move |browsers| link(browsers, demo),
        );
    }
    suite.add("state::demos_of_a_page_are_independent", independent);
    for demo in demos() {
        let Some(kernel) = demo.kernel() else { continue };
        let name = format!("state::{}::a_kernel_outlives_its_page", demo.name);
        suite.add(name, |browsers| kernel_outlives_page(browsers, demo, &kernel.name));
    }
    suite.add("state::half_a_character_is_kept", half_a_character);
    suite.add("state::a_new_default_is_not_hidden_by_an_old_draft", new_default);
    suite.add("state::a_full_storage_stops_no_demo", full_storage);
}

/// A value that is not the default.
fn other(control: &Control) -> String {
    match &control.kind {
        Kind::File { .. } => String::new(),
        Kind::Text { .. } => "tschüß & a=b #1 ☕".into(),
        Kind::Wgsl { .. } => "// é\n".into(),
        Kind::Toggle => (control.default != "true").to_string(),
        Kind::Choice(options) => {
            options.last().map_or_else(String::new, |(value, _)| value.clone())
        }
        Kind::Number { min, max, .. } | Kind::Slider { min, max, .. } => {
            if control.default == max.to_string() { min.to_string() } else { max.to_string() }
        }
    }
}

fn link(browsers: &Browsers, demo: &'static Listed) -> Result<()> {
    let page = browsers.page(Gpu::Yes, Build::Kit)?;
    let path = page_of(&demo.page);
    page.goto(&path)?;
    let shown = page.demo(&demo.name)?;
    let clean: String = page.js("location.search")?;
    ensure!(clean.is_empty(), "the address of a fresh page is {clean}");
    // A file stays on its device.
    let held = || demo.controls.iter().filter(|c| !matches!(c.kind, Kind::File { .. }));
    for control in held() {
        shown.set(&control.name, &other(control))?;
        let name = quoted(&format!("{}.{}", demo.name, control.name));
        let has = format!("new URLSearchParams(location.search).has({name})");
        page.wait(&format!("{} in the address", control.name), &has)?;
    }
    shown.run()?;
    let search: String = page.js("location.search")?;

    let receiver = page.sibling()?;
    receiver.goto(&format!("{path}{search}"))?;
    let received = receiver.demo(&demo.name)?;
    for control in held() {
        let (sent, got) = (shown.value(&control.name)?, received.value(&control.name)?);
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
    let page = browsers.page(Gpu::Yes, Build::Kit)?;
    let [first, rest @ ..] = kit() else { anyhow::bail!("the kit has demos") };
    page.goto(&page_of(&first.page))?;
    let mut before = Vec::new();
    for demo in rest {
        before.push(page.demo(&demo.name)?.shown()?);
    }
    let changed = page.demo(&first.name)?;
    for control in &first.controls {
        changed.set(&control.name, &other(control))?;
    }
    changed.run()?;
    for (demo, before) in rest.iter().zip(&before) {
        let shown = page.demo(&demo.name)?;
        ensure!(shown.shown()? == *before, "{} changed with {}", demo.name, first.name);
        ensure!(shown.state()? == "idle", "{} is {}", demo.name, shown.state()?);
    }
    page.close()
}

/// True once the page has kept a draft.
const KEPT: &str = "Object.keys(localStorage).some(key => key.startsWith('study-draft '))";

/// A kernel of real size fits no address, and is there when the reader comes back.
fn kernel_outlives_page(browsers: &Browsers, demo: &'static Listed, control: &str) -> Result<()> {
    let page = browsers.page(Gpu::Yes, Build::Hosted)?;
    let path = page_of(&demo.page);
    page.goto(&path)?;
    let shown = page.demo(&demo.name)?;
    let default = shown.value(control)?;
    let typed = format!("{default}\n{}", "    // what the reader thinks: é\n".repeat(100));
    shown.set(control, &typed)?;
    page.wait("the draft to be kept", KEPT)?;
    let search: String = page.js("location.search")?;
    ensure!(search.is_empty(), "the address is {search}");
    let later = page.sibling()?;
    page.close()?;

    later.goto(&path)?;
    let back = later.demo(&demo.name)?;
    ensure!(back.value(control)? == typed, "it is {:?}", back.value(control)?);
    ensure!(back.text(".note")?.contains("as you left it"), "nothing says what this text is");
    back.click(".reset")?;
    let last = later.sibling()?;
    later.close()?;

    last.goto(&path)?;
    let fresh = last.demo(&demo.name)?;
    ensure!(fresh.value(control)? == default, "after Reset it is {:?}", fresh.value(control)?);
    last.close()
}

/// The demo with a text control that takes any text.
fn form(page: &Page) -> Result<(Demo<'_>, &'static str)> {
    let demo = of_kit("kit-form");
    let text = demo.controls.iter().find(|control| control.kind.takes_file());
    page.goto(&page_of(&demo.page))?;
    Ok((page.demo(&demo.name)?, &text.context("the form has a text")?.name))
}

/// No address can hold half of a character, however short the text is.
fn half_a_character(browsers: &Browsers) -> Result<()> {
    let page = browsers.page(Gpu::Yes, Build::Kit)?;
    let (shown, text) = form(&page)?;
    let field = shown.field(text);
    page.act(&format!(
        "{field}.value = 'a\\ud800b'; {field}.dispatchEvent(new Event('input', {{ bubbles: true }}))"
    ))?;
    page.wait("the draft to be kept", KEPT)?;
    let note = shown.text(".note")?;
    ensure!(note.contains("half a character"), "it says {note}");
    page.reload()?;
    let (shown, text) = form(&page)?;
    let is_back: bool = page.js(&format!("{}.value === 'a\\ud800b'", shown.field(text)))?;
    ensure!(is_back, "after a reload it is {:?}", shown.value(text)?);
    page.close()
}

/// Who improved the default text of a demo wants it to be seen.
fn new_default(browsers: &Browsers) -> Result<()> {
    let page = browsers.page(Gpu::Yes, Build::Kit)?;
    page.goto("kit.html")?;
    let recalled: Vec<Option<String>> =
        page.js("import(new URL('study/drafts.js', location)).then(({ keep, recall }) => {
            const control = { name: 'c', default: 'old', value: 'mine' };
            keep('d', control);
            return [recall('d', control), recall('d', { ...control, default: 'new' }),
                    recall('e', control), recall('d', { ...control, name: 'k' })]; })")?;
    ensure!(recalled == [Some("mine".into()), None, None, None], "{recalled:?}");
    page.close()
}

/// Without room for a draft the demo runs on, and says that the text is only in its field.
fn full_storage(browsers: &Browsers) -> Result<()> {
    let page = browsers.page(Gpu::Yes, Build::Kit)?;
    page.before_scripts(
        "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }",
    )?;
    let (shown, text) = form(&page)?;
    shown.set(text, &"a long text ".repeat(500))?;
    shown.settle()?;
    shown.run()?;
    shown.expect_done()?;
    let note = shown.query(".note");
    page.wait("a word of it", &format!("{note}.innerText.includes('no room to keep')"))?;
    page.close()
}
