//! The address holds what the reader set, and a link shows what its sender saw.

use anyhow::{Context, Result, ensure};
use book_tests::site::Build;
use book_tests::{Browsers, Demo, Gpu, Page, quoted};
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
    for demo in demos(Subject::Reference) {
        let controls = (demo.controls)();
        let Some(kernel) = controls.into_iter().find(|c| matches!(c.kind, Kind::Wgsl { .. }))
        else {
            continue;
        };
        suite.add(format!("state::{}::a_kernel_outlives_its_page", demo.name), move |browsers| {
            kernel_outlives_page(browsers, &demo, kernel.name)
        });
    }
    suite.add("state::half_a_character_is_kept", half_a_character);
    suite.add("state::a_new_default_is_not_hidden_by_an_old_draft", new_default);
    suite.add("state::a_full_storage_stops_no_demo", full_storage);
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

/// True once the page has kept a draft.
const KEPT: &str = "Object.keys(localStorage).some(key => key.startsWith('study-draft '))";

/// A kernel of real size fits no address, and is there when the reader comes back.
fn kernel_outlives_page(browsers: &Browsers, demo: &demo::Demo, control: &str) -> Result<()> {
    let page = browsers.page(Gpu::Yes, Build::Hosted)?;
    let path = page_of(demo.lesson);
    page.goto(&path)?;
    let shown = page.demo(demo.name)?;
    let default = shown.value(control)?;
    let typed = format!("{default}\n{}", "    // what the reader thinks: é\n".repeat(100));
    shown.set(control, &typed)?;
    page.wait("the draft to be kept", KEPT)?;
    let search: String = page.js("location.search")?;
    ensure!(search.is_empty(), "the address is {search}");
    let later = page.sibling()?;
    page.close()?;

    later.goto(&path)?;
    let back = later.demo(demo.name)?;
    ensure!(back.value(control)? == typed, "it is {:?}", back.value(control)?);
    ensure!(back.text(".note")?.contains("as you left it"), "nothing says what this text is");
    back.click(".reset")?;
    let last = later.sibling()?;
    later.close()?;

    last.goto(&path)?;
    let fresh = last.demo(demo.name)?;
    ensure!(fresh.value(control)? == default, "after Reset it is {:?}", fresh.value(control)?);
    last.close()
}

/// A demo with a text control that takes any text.
fn tokenizer<'a>(page: &'a Page) -> Result<(Demo<'a>, &'static str)> {
    let demo = demos(Subject::Reference).into_iter().find(|demo| demo.name == "tokenizer");
    let demo = demo.context("there is a tokenizer")?;
    let controls = (demo.controls)();
    let text = controls.iter().find(|control| matches!(control.kind, Kind::Text { .. }));
    page.goto(&page_of(demo.lesson))?;
    Ok((page.demo(demo.name)?, text.context("a tokenizer has a text")?.name))
}

/// No address can hold half of a character, however short the text is.
fn half_a_character(browsers: &Browsers) -> Result<()> {
    let page = browsers.page(Gpu::Yes, Build::Hosted)?;
    let (shown, text) = tokenizer(&page)?;
    let field = shown.field(text);
    page.act(&format!(
        "{field}.value = 'a\\ud800b'; {field}.dispatchEvent(new Event('input', {{ bubbles: true }}))"
    ))?;
    page.wait("the draft to be kept", KEPT)?;
    let note = shown.text(".note")?;
    ensure!(note.contains("half a character"), "it says {note}");
    page.reload()?;
    let (shown, text) = tokenizer(&page)?;
    let is_back: bool = page.js(&format!("{}.value === 'a\\ud800b'", shown.field(text)))?;
    ensure!(is_back, "after a reload it is {:?}", shown.value(text)?);
    page.close()
}

/// Who improved the default text of a demo wants it to be seen.
fn new_default(browsers: &Browsers) -> Result<()> {
    let page = browsers.page(Gpu::Yes, Build::Hosted)?;
    page.goto("introduction.html")?;
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
    let page = browsers.page(Gpu::Yes, Build::Hosted)?;
    page.before_scripts(
        "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }",
    )?;
    let (shown, text) = tokenizer(&page)?;
    shown.set(text, &"a long text ".repeat(500))?;
    shown.settle()?;
    shown.run()?;
    shown.expect_done()?;
    let note = shown.query(".note");
    page.wait("a word of it", &format!("{note}.innerText.includes('no room to keep')"))?;
    page.close()
}
