//! Files that are no text: of the book's models, of the reader's, and to save.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Result, ensure};
use book_tests::listed::{Inputs, Offered, Shown, of_kit, run_natively};
use book_tests::server::Server;
use book_tests::site::{self, Build};
use book_tests::{Browsers, Demo, Gpu, Page, quoted};

use crate::Suite;

/// The demo of the kit, and its controls.
const DEMO: &str = "kit-files";
const ASSET: &str = "asset";
const OWN: &str = "own";
/// Where the weights that it asks for are in the site.
const WEIGHTS: &str = "models/buddy/model.safetensors";

pub fn add(suite: &mut Suite) {
    suite.add("bytes::a_file_of_the_book_comes_once", comes_once);
    suite.add("bytes::a_file_of_the_book_that_does_not_come_is_told", missing);
    suite.add("bytes::the_loading_of_a_file_can_be_stopped", stopped);
    suite.add("bytes::a_file_of_the_reader_is_used_and_removed", own);
    suite.add("bytes::files_to_save_are_whole_and_go_with_their_run", saved);
}

/// Keeps what is offered to save, and counts what is given back.
const SPY: &str = "window.__made = []; window.__revoked = 0;
    const make = URL.createObjectURL, revoke = URL.revokeObjectURL;
    URL.createObjectURL = blob => { window.__made.push(blob); return make.call(URL, blob); };
    URL.revokeObjectURL = url => { window.__revoked += url ? 1 : 0; revoke.call(URL, url); };";

fn open<'p>(page: &'p Page) -> Result<Demo<'p>> {
    page.before_scripts(SPY)?;
    page.goto("kit.html")?;
    page.demo(DEMO)
}

fn natively(asset: &str) -> Result<Shown> {
    let inputs = Inputs::from([(ASSET.to_owned(), asset.to_owned())]);
    Ok(run_natively(&of_kit(DEMO).page, &[(DEMO, inputs)])?.remove(0))
}

fn comes_once(browsers: &Browsers) -> Result<()> {
    let folder = site::folder(Build::Kit)?;
    let server = Server::start(&folder)?;
    let page = browsers.page_on(Gpu::No, &server)?;
    let shown = open(&page)?;
    let asked = || server.requests().iter().filter(|request| *request == WEIGHTS).count();
    ensure!(asked() == 0, "the weights come before a demo asks for them");
    shown.set(ASSET, "buddy/model.safetensors")?;
    for _ in 0..2 {
        shown.run()?;
        shown.expect_done()?;
        let native = natively("buddy/model.safetensors")?;
        shown.expect_same(&shown.shown()?, &native.html)?;
    }
    ensure!(asked() == 1, "the weights were asked for {} times", asked());
    let told: Vec<String> = page.js(
        "window.__heard.filter(m => m.event?.type === 'progress' && m.event.what.startsWith('loading '))
             .map(m => m.event.what)",
    )?;
    ensure!(told.len() > 2 && told[0].contains("buddy/model"), "of the loading it told {told:?}");
    page.close()
}

fn missing(browsers: &Browsers) -> Result<()> {
    let server = Server::start_without(&site::folder(Build::Kit)?, "models/buddy/config.json")?;
    let page = browsers.page_on(Gpu::No, &server)?;
    let shown = open(&page)?;
    shown.run()?;
    let said = shown.text(".status")?;
    ensure!(shown.state()? == "error", "it is {}", shown.state()?);
    ensure!(said.contains("models/buddy/config.json did not come"), "it says {said:?}");
    // The next file is tried all the same. The console of this page has the missing one.
    shown.set(ASSET, "buddy/model.safetensors")?;
    shown.run()?;
    shown.expect_done()
}

fn stopped(browsers: &Browsers) -> Result<()> {
    let server = Server::start_late(&site::folder(Build::Kit)?, Duration::from_millis(500))?;
    let page = browsers.page_on(Gpu::No, &server)?;
    let shown = open(&page)?;
    // The module is there before the run is stopped: without it a worker is started afresh.
    shown.run()?;
    shown.expect_done()?;
    shown.set(ASSET, "buddy/model.safetensors")?;
    shown.click(".run")?;
    let loading = "window.__heard.some(m => m.type === 'started' && m.run === 2)";
    page.wait("the run to start", loading)?;
    page.wait("the button that stops it", &format!("!{}.hidden", shown.query(".stop")))?;
    shown.click(".stop")?;
    page.wait("the end of the run", &shown.is("idle"))?;
    let workers: usize = page.js("window.__workers.length")?;
    ensure!(workers == 1, "the worker was ended: it did not listen");
    shown.run()?;
    shown.expect_done()
}

/// Files of one trial.
struct Folder(PathBuf);

impl Folder {
    fn file(&self, name: &str, content: &[u8]) -> Result<PathBuf> {
        fs::create_dir_all(&self.0)?;
        fs::write(self.0.join(name), content)?;
        Ok(self.0.join(name))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What stays is in `target/`.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn own(browsers: &Browsers) -> Result<()> {
    let page = browsers.page(Gpu::No, Build::Kit)?;
    let shown = open(&page)?;
    let folder = Folder(site::root().join("target/study/files/bytes"));
    let query = |selector: &str| shown.query(&format!("[data-control={OWN}] {selector}"));
    let choose = |path: &Path| -> Result<()> {
        shown.choose(OWN, &[path.to_owned()])?;
        shown.run()
    };
    // No text: each byte, and none that is UTF-8.
    let content: Vec<u8> = (0..=255).cycle().take(70_000).collect();
    let sum: usize = content.iter().map(|&byte| usize::from(byte)).sum();
    choose(&folder.file("räuber <b>.bin", &content)?)?;
    shown.expect_done()?;
    let views = shown.text(".views")?;
    let shows = |text: &str| views.replace(',', "").contains(text);
    ensure!(shows("räuber <b>.bin") && shows(&sum.to_string()), "it shows {views}");
    let used: String = page.js(&format!("{}.innerText", query(".used")))?;
    ensure!(used.contains("räuber <b>.bin") && used.contains("is used"), "it says {used:?}");
    let (note, address) = (shown.text(".note:last-of-type")?, page.js::<String>("location.href")?);
    ensure!(note.contains("räuber <b>.bin") && !address.contains("own"), "{note:?}, {address}");

    choose(&folder.file("bad.bin", b"bad")?)?;
    let told = shown.problem(OWN)?;
    ensure!(told.contains("bad.bin") && shown.state()? == "error", "beside it stands {told:?}");
    for (name, content, why) in [
        ("large.bin", vec![1; (2 << 20) + 1], "Choose a smaller one"),
        ("empty.bin", Vec::new(), "is empty"),
    ] {
        shown.choose(OWN, &[folder.file(name, &content)?])?;
        let told = shown.problem(OWN)?;
        ensure!(told.contains(name) && told.contains(why), "{name}: it says {told:?}");
    }
    // A dropped one takes its place, in a new worker as in the old one.
    let field = shown.field(OWN);
    page.act(&format!(
        "{{ const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File([new Uint8Array([200, 100, 0])], 'dropped.bin'));
            {field}.dispatchEvent(
                new DragEvent('drop', {{ bubbles: true, cancelable: true, dataTransfer }})); }}"
    ))?;
    shown.run()?;
    shown.expect_done()?;
    page.act("window.__workers.at(-1).dispatchEvent(new ErrorEvent('error'))")?;
    shown.run()?;
    let views = shown.text(".views")?;
    ensure!(views.contains("dropped.bin") && views.contains("300"), "it shows {views}");

    page.act(&format!("{}.click()", query(".remove")))?;
    shown.run()?;
    shown.expect_same(&shown.shown()?, &natively("buddy/config.json")?.html)?;
    choose(&folder.file("again.bin", b"again")?)?;
    shown.click(".reset")?;
    let used: bool = page.js(&format!("{}.checkVisibility()", query(".used")))?;
    ensure!(!used, "after Reset the file is still in use");

    // A link cannot bring a file along.
    page.goto(&format!("kit.html?{DEMO}.{OWN}=other.bin"))?;
    let told = page.demo(DEMO)?.problem(OWN)?;
    ensure!(told.contains("does not fit"), "a link with a file says {told:?}");
    page.close()
}

fn saved(browsers: &Browsers) -> Result<()> {
    let page = browsers.page(Gpu::No, Build::Kit)?;
    let shown = open(&page)?;
    let still = shown.text(".offers")?;
    ensure!(still.contains("A run makes a file to save"), "before a run stands {still:?}");
    let links = format!("[...{}.querySelectorAll('a')]", shown.query(".offers"));
    shown.run()?;
    shown.expect_done()?;
    // What shows them is loaded with the first of them.
    page.wait("two files to save", &format!("{links}.length === 2"))?;
    let native = natively("buddy/config.json")?;
    let made = || -> Result<Vec<Offered>> {
        let names: Vec<String> = page.js(&format!("{links}.map(link => link.download)"))?;
        let sizes: Vec<usize> = page.js("window.__made.slice(-2).map(blob => blob.size)")?;
        Ok(names.into_iter().zip(sizes).map(|(name, bytes)| Offered { name, bytes }).collect())
    };
    ensure!(made()? == native.files, "it offers {:?}, natively {:?}", made()?, native.files);
    let text: Vec<String> = page.js("Promise.all(window.__made.map(blob => blob.text()))")?;
    let back: String = text[1].chars().rev().collect();
    ensure!(text[0].contains("vocab_size") && text[0] == back, "the files hold {text:?}");
    let said = shown.text(".offers")?;
    ensure!(said.contains("Save joined.bin (313\u{202f}bytes)"), "the links say {said:?}");
    let focus =
        format!("{{ const link = {links}[1]; link.focus(); document.activeElement === link }}");
    ensure!(page.js::<bool>(&focus)?, "a link to save cannot be reached by the keyboard");

    // Those of a new run take their place, and the old ones are given back.
    shown.run()?;
    ensure!(page.js::<usize>(&format!("{links}.length"))? == 2, "there are more links than files");
    ensure!(page.js::<usize>("window.__revoked")? == 2, "the old files were not given back");
    // A run that shows nothing leaves them.
    page.act(&format!(
        "{{ const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File(['bad'], {}));
            {}.dispatchEvent(
                new DragEvent('drop', {{ bubbles: true, cancelable: true, dataTransfer }})); }}",
        quoted("bad.bin"),
        shown.field(OWN)
    ))?;
    shown.run()?;
    ensure!(page.js::<usize>(&format!("{links}.length"))? == 2, "a failed run took the files");
    shown.click(".reset")?;
    ensure!(shown.text(".offers")? == still, "after Reset stands {:?}", shown.text(".offers")?);
    ensure!(page.js::<usize>("window.__revoked")? == 4, "Reset did not give the files back");
    page.close()
}
