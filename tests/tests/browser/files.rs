//! Where a demo takes text it also takes a text file of the reader's: chosen or dropped, up to the
//! limit of its control, and nothing typed is ever lost.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result, ensure};
use book_tests::site::{self, Build};
use book_tests::{Browsers, Demo, Gpu, Page, quoted};

use book_tests::listed::{Kind, Listed, Start, kit, page_of};

use crate::Suite;

/// No text control takes more.
const MOST: usize = 5 << 20;
/// Enough text for any demo to learn something from.
const SAMPLE: usize = 100_000;

pub fn add(suite: &mut Suite) {
    type Trial = fn(&Place) -> Result<()>;
    let trials: [(&str, Trial); 5] = [
        ("a_chosen_file_is_used_and_removed", chosen),
        ("a_dropped_file_is_used", dropped),
        ("as_large_as_can_be", large),
        ("a_file_that_is_no_text_loses_nothing", refused),
        ("by_keyboard", by_keyboard),
    ];
    for demo in kit() {
        for control in &demo.controls {
            let Kind::Text { max_bytes } = control.kind else { continue };
            if !control.kind.takes_file() {
                continue;
            }
            for (name, trial) in trials {
                let empty = control.default.is_empty();
                // Where nothing is the default, a text takes its place.
                let default = if empty { prose(SAMPLE) } else { control.default.clone() };
                let control = &*control.name;
                let name = format!("files::{}::{control}::{name}", demo.name);
                suite.add(name, move |browsers| {
                    let page = browsers.page(Gpu::Yes, Build::Kit)?;
                    page.goto(&page_of(&demo.page))?;
                    let shown = page.demo(&demo.name)?;
                    let folder = folder();
                    let at =
                        Place { page: &page, demo, shown, control, default, max_bytes, folder };
                    if empty {
                        at.type_default()?;
                    }
                    trial(&at)?;
                    drop(at);
                    page.close()
                });
            }
        }
    }
    suite.add("files::the_reading_of_a_file_can_be_stopped", stopped);
    suite.add("files::a_file_that_misses_its_place_leaves_the_page_alone", missed);
}

/// A text control of a demo on its page.
struct Place<'p> {
    page: &'p Page,
    demo: &'static Listed,
    shown: Demo<'p>,
    control: &'static str,
    default: String,
    max_bytes: usize,
    folder: PathBuf,
}

impl Place<'_> {
    /// JavaScript for an element of the control.
    fn query(&self, selector: &str) -> String {
        self.shown.query(&format!("[data-control={}] {selector}", quoted(self.control)))
    }

    /// A text that is not the default, but much like it: the field may be for numbers.
    fn other(&self) -> String {
        if self.default.len() == SAMPLE {
            // Of a long text a demo may read the beginning only.
            return prose(SAMPLE).split_off(SAMPLE / 2);
        }
        let first = self.default.split_whitespace().next().unwrap_or("a");
        format!("{} {first}", self.default)
    }

    /// A file of the reader's.
    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> Result<PathBuf> {
        fs::create_dir_all(&self.folder)?;
        fs::write(self.folder.join(name), content)?;
        Ok(self.folder.join(name))
    }

    /// Waits for the run that a change brings, or presses *Run* where that is what starts one.
    fn settle(&self) -> Result<()> {
        if self.demo.start == Start::OnRun {
            self.shown.click(".run")?;
        }
        self.shown.settle()
    }

    fn choose(&self, files: &[PathBuf]) -> Result<()> {
        self.shown.choose(self.control, files)?;
        self.settle()
    }

    /// How the last run ended, and what the views show.
    fn result(&self) -> Result<(String, Vec<String>)> {
        Ok((self.shown.state()?, self.shown.shown()?))
    }

    /// Types a text; returns its result.
    fn type_other(&self) -> Result<(String, Vec<String>)> {
        self.shown.set(self.control, &self.other())?;
        self.settle()?;
        self.result()
    }

    /// Types the text that stands for the default.
    fn type_default(&self) -> Result<()> {
        self.shown.set(self.control, &self.default)?;
        self.settle()
    }

    /// Presses *Remove file*.
    fn remove(&self) -> Result<()> {
        self.page.act(&format!("{}.click()", self.query(".remove")))?;
        self.settle()
    }

    /// The line that names the file in use; empty if there is none.
    fn used(&self) -> Result<String> {
        let line = self.query(".used");
        self.page.js(&format!("{line}.checkVisibility() ? {line}.innerText : ''"))
    }

    /// Fails unless the typed text is in its field, in use or not.
    fn expect_typed(&self, in_use: bool) -> Result<()> {
        let value = self.shown.value(self.control)?;
        ensure!(value == self.other(), "the typed text has become {value:?}");
        let locked: bool = self.page.js(&format!("{}.readOnly", self.shown.field(self.control)))?;
        ensure!(locked != in_use, "typed text in use: {in_use}, and its field locked: {locked}");
        Ok(())
    }

    /// What the worker said while it read files: bytes as a share of all.
    fn reading(&self) -> Result<Vec<f64>> {
        self.page.js("window.__heard.filter(m => m.type === 'event' && m.event.type === 'progress'
                 && m.event.what.startsWith('reading ')).map(m => m.event.done)")
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        // What stays is in `target/`.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A folder for the files of one trial: others run beside it.
fn folder() -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let name = format!("{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    site::root().join("target/study/files").join(name)
}

/// As an editor on Windows writes it: a mark of UTF-8, and two characters at the end of a line.
fn windows(text: &str) -> String {
    format!("\u{feff}{}", text.replace('\n', "\r\n"))
}

fn chosen(at: &Place) -> Result<()> {
    let of_default = at.shown.shown()?;
    let of_typed = at.type_other()?;
    ensure!(
        of_typed.0 == "error" || of_typed.1 != of_default,
        "{:?} shows what the default does",
        at.other()
    );

    at.choose(&[at.file("räuber <b>1.txt", windows(&at.default))?])?;
    at.shown.expect_done().context("a chosen file")?;
    ensure!(at.shown.shown()? == of_default, "the file shows {:?}", at.shown.shown()?);
    ensure!(!at.shown.text(".status")?.is_empty(), "the status says nothing");
    ensure!(at.used()?.contains("räuber <b>1.txt"), "it says {:?} is used", at.used()?);
    at.expect_typed(false)?;
    let note = at.shown.text(".note:last-of-type")?;
    ensure!(note.contains("räuber <b>1.txt"), "it does not say what a link lacks: {note:?}");

    // Again, with what was read: the file itself is not read a second time.
    let read = at.reading()?.len();
    ensure!(read > 0, "the reading of the file was not told");
    at.shown.run()?;
    at.shown.expect_done().context("the same file again")?;
    ensure!(at.reading()?.len() == read, "the file was read again");

    // A crashed worker takes the text with it.
    at.page.act("window.__workers.at(-1).dispatchEvent(new ErrorEvent('error'))")?;
    at.shown.run()?;
    at.shown.expect_done().context("the file in a new worker")?;
    ensure!(at.shown.shown()? == of_default, "in a new worker it shows {:?}", at.shown.shown()?);

    at.remove()?;
    ensure!(at.result()? == of_typed, "without the file it is {:?}", at.result()?);
    ensure!(at.used()?.is_empty(), "it still says {:?}", at.used()?);
    at.expect_typed(true)?;

    at.choose(&[at.file("again.txt", &at.default)?])?;
    at.shown.expect_done().context("a file after a file")?;
    at.shown.click(".reset")?;
    let typed: bool =
        at.page.js(&format!("{0}.value !== {0}.defaultValue", at.shown.field(at.control)))?;
    ensure!(at.used()?.is_empty() && !typed, "after Reset: {:?}", at.used()?);
    Ok(())
}

fn dropped(at: &Place) -> Result<()> {
    let of_default = at.shown.shown()?;
    let of_typed = at.type_other()?;
    let field = at.shown.field(at.control);
    let give = |kind: &str, data: &str| -> Result<bool> {
        at.page.js(&format!(
            "{{ const dataTransfer = new DataTransfer();
                {data}
                const init = {{ bubbles: true, cancelable: true, dataTransfer }};
                !{field}.dispatchEvent(new DragEvent({}, init)); }}",
            quoted(kind)
        ))
    };
    let file = |name: &str, text: &str| {
        format!(
            "dataTransfer.items.add(new File([{}], {}, {{ type: 'text/plain' }}));",
            quoted(text),
            quoted(name)
        )
    };
    let marked = || -> Result<bool> {
        at.page.js(&format!("{field}.closest('.control').matches('[data-over]')"))
    };
    let one = file("dropped.txt", &windows(&at.default));

    ensure!(give("dragover", &one)?, "a file over the control is not welcome");
    ensure!(marked()?, "the control does not show that a file may be dropped");
    ensure!(give("drop", &one)?, "the browser would open the dropped file");
    ensure!(!marked()?, "the control still waits for a file");
    at.settle()?;
    at.shown.expect_done().context("a dropped file")?;
    ensure!(at.shown.shown()? == of_default, "the file shows {:?}", at.shown.shown()?);
    ensure!(at.used()?.contains("dropped.txt"), "it says {:?} is used", at.used()?);

    give("drop", &format!("{one}{}", file("second.txt", "b")))?;
    let told = at.shown.problem(at.control)?;
    ensure!(told.contains('2'), "two files at once: beside the control stands {told:?}");
    ensure!(at.used()?.contains("dropped.txt"), "the file in use is lost: {:?}", at.used()?);

    let text = "dataTransfer.setData('text/plain', 'dragged words');";
    ensure!(!give("dragover", text)? && !give("drop", text)?, "dragged words are taken away");
    at.remove()?;
    ensure!(at.result()? == of_typed, "without the file it is {:?}", at.result()?);
    Ok(())
}

/// So many bytes of ordinary text: words of all lengths, some of them often, most of them rare.
fn prose(bytes: usize) -> String {
    let mut state = 1_u64;
    let mut text = String::new();
    while text.len() < bytes {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let mut word = (state >> 33) % 20_000;
        word = word * word / 20_000 + 1;
        while word > 0 {
            text.push(char::from(b"etaoinshrdlu"[(word % 12) as usize]));
            word /= 12;
        }
        text.push(if state >> 60 == 0 { '\n' } else { ' ' });
    }
    text.truncate(bytes);
    text
}

fn large(at: &Place) -> Result<()> {
    ensure!(at.max_bytes <= MOST, "the control takes {} bytes, too many to copy", at.max_bytes);
    at.choose(&[at.file("large.txt", prose(at.max_bytes))?])?;
    let told = at.shown.problem(at.control)?;
    if at.max_bytes == MOST {
        at.shown.expect_done().context("a file of 5 MB")?;
        let read = at.reading()?;
        ensure!(read.len() > 2, "of 5 MB it told only {read:?}");
        ensure!(read.is_sorted(), "the reading went back: {read:?}");
    } else {
        // A field for a few numbers need not like prose.
        let answered = at.shown.state()? == "done" || told.len() > 10;
        ensure!(answered, "it is {}, and says {told:?}", at.shown.state()?);
    }
    ensure!(!at.shown.text(".status")?.is_empty(), "the status says nothing");

    // What comes while a large file is at work takes its place.
    at.shown.choose(at.control, &[at.file("large 2.txt", prose(at.max_bytes))?])?;
    if at.demo.start == Start::OnRun {
        at.shown.click(".run")?;
    }
    at.choose(&[at.file("small.txt", &at.default)?])?;
    at.shown.expect_done().context("a small file on the heels of a large one")?;
    at.shown.click(".reset")?;
    at.type_default()?;
    let shown = at.shown.shown()?;
    at.choose(&[at.file("small.txt", &at.default)?])?;
    ensure!(at.shown.shown()? == shown, "the small file shows {:?}", at.shown.shown()?);
    Ok(())
}

fn refused(at: &Place) -> Result<()> {
    let of_typed = at.type_other()?;
    let good = at.file("good.txt", &at.default)?;
    let bad: [(&str, &str, Vec<u8>); 6] = [
        ("too large.txt", "Choose a shorter one", prose(at.max_bytes + 1).into()),
        ("latin-1.txt", "not text in UTF-8", b"caf\xe9".into()),
        ("cut off.txt", "not text in UTF-8", b"caf\xc3".into()),
        ("utf-16.txt", "is UTF-16", b"\xff\xfea\0b\0".into()),
        ("binary.txt", "NUL", b"GIF\0\x01".into()),
        ("empty.txt", "empty", Vec::new()),
    ];
    for in_use in [false, true] {
        if in_use {
            at.choose(std::slice::from_ref(&good))?;
            at.shown.expect_done().context("a good file")?;
        }
        let before = at.shown.shown()?;
        for (name, why, content) in &bad {
            at.choose(&[at.file(name, content)?])?;
            let told = at.shown.problem(at.control)?;
            // Where Run was pressed after a file that was refused at once, there is a result.
            let ran = at.demo.start == Start::OnRun && at.shown.state()? == "done";
            ensure!(ran || told.contains(why) && told.contains(name), "{name}: it says {told:?}");
            ensure!(ran || at.shown.state()? == "error", "{name}: it is {}", at.shown.state()?);
            ensure!(at.shown.shown()? == before, "{name}: the views have changed");
            ensure!(at.used()?.contains("good.txt") == in_use, "{name}: used is {:?}", at.used()?);
            at.expect_typed(!in_use).context(*name)?;
        }
        at.shown.run()?;
        if !in_use {
            ensure!(at.result()? == of_typed, "after all that it is {:?}", at.result()?);
            continue;
        }
        at.shown.expect_done().context("the good file after all that")?;
        ensure!(at.shown.problem(at.control)?.is_empty(), "the message is still there");
        ensure!(at.shown.shown()? == before, "it shows {:?}", at.shown.shown()?);
    }
    at.remove()?;
    ensure!(at.result()? == of_typed, "without the file it is {:?}", at.result()?);
    Ok(())
}

/// From the text one Tab leads to the button, its keys open the browser's window of files, and one
/// more Tab leads to the button that removes the file.
fn by_keyboard(at: &Place) -> Result<()> {
    let (input, remove) = (at.query("input[type=file]"), at.query(".remove"));
    let expect_focus = |element: &str| -> Result<()> {
        let focused: bool = at.page.js(&format!("document.activeElement === {element}"))?;
        let on: String = at.page.js("document.activeElement.outerHTML.slice(0, 200)")?;
        ensure!(focused, "the focus is on {on}");
        Ok(())
    };
    at.type_other()?;
    at.page.act(&format!(
        "{{ window.__opened = 0;
            {input}.addEventListener('click', event => {{
                event.preventDefault();
                window.__opened += 1;
            }});
            {}.focus(); }}",
        at.shown.field(at.control)
    ))?;
    at.page.press("Tab")?;
    expect_focus(&input)?;
    for (n, key) in [" ", "Enter"].into_iter().enumerate() {
        at.page.press(key)?;
        let opened: usize = at.page.js("window.__opened")?;
        ensure!(opened == n + 1, "{key:?} does not open the window of files");
    }
    let outline: String =
        at.page.js(&format!("getComputedStyle({}).outlineStyle", at.query("label.open")))?;
    ensure!(outline == "solid", "the focused button has the outline {outline:?}");
    at.choose(&[at.file("a.txt", &at.default)?])?;
    at.shown.expect_done()?;
    at.page.act(&format!("{input}.focus()"))?;
    at.page.press("Tab")?;
    expect_focus(&remove)?;
    at.page.press("Enter")?;
    at.settle()?;
    expect_focus(&input)?;
    at.expect_typed(true)?;
    let described: Vec<String> = at.page.js(&format!(
        "({}.getAttribute('aria-describedby') ?? '').split(' ').filter(Boolean)",
        at.shown.field(at.control)
    ))?;
    ensure!(described.is_empty(), "the field is still described by {described:?}");
    Ok(())
}

/// A read that never ends, as of a network drive that is gone, is stopped.
fn stopped(browsers: &Browsers) -> Result<()> {
    let page = browsers.page(Gpu::Yes, Build::Kit)?;
    page.goto("kit.html")?;
    let told: Vec<String> = page.js(
        "import(new URL('study/reading.js', location)).then(async ({ textsOf, stopReading }) => {
            const told = [];
            const stream = () => new ReadableStream({ pull: () => new Promise(() => {}) });
            const file = { name: 'far away.txt', size: 9, stream };
            const run = { run: 7, demo: 'd', files: { text: { id: 1, file } } };
            const texts = textsOf(run, message => told.push(message.type + ' ' + message.run));
            stopReading(8);
            stopReading(7);
            return [...told, String(await texts)].concat(told.at(-1));
         })",
    )?;
    ensure!(told == ["event 7", "null", "cancelled 7"], "a read that is stopped says {told:?}");
    page.close()
}

/// A file that is dropped beside a control does not take the place of the page.
fn missed(browsers: &Browsers) -> Result<()> {
    let page = browsers.page(Gpu::Yes, Build::Kit)?;
    let all = kit();
    let has_text = |d: &&Listed| d.controls.iter().any(|c| c.kind.takes_file());
    let demo = all.iter().find(has_text).context("a demo takes text")?;
    page.goto(&page_of(&demo.page))?;
    page.demo(&demo.name)?;
    for kind in ["dragover", "drop"] {
        let stopped: bool = page.js(&format!(
            "{{ const dataTransfer = new DataTransfer();
                dataTransfer.items.add(new File(['a'], 'a.txt'));
                const init = {{ bubbles: true, cancelable: true, dataTransfer }};
                !document.querySelector('main h1').dispatchEvent(new DragEvent('{kind}', init)); }}"
        ))?;
        ensure!(stopped, "the browser would go to the file");
    }
    page.close()
}
