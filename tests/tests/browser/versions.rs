//! A new version of the book while a page of the old one is open.

use std::fs;
use std::path::Path;

use anyhow::{Result, ensure};
use book_tests::server::Server;
use book_tests::site;
use book_tests::{Browsers, Gpu, Page};

use crate::Suite;

pub fn add(suite: &mut Suite) {
    suite.add("versions::an_old_page_keeps_its_files_and_is_told_of_the_new_one", told);
}

/// Writes a site of one page and one file that the page loads later.
fn publish(folder: &Path, version: &str) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder.join("study"))?;
    fs::create_dir_all(folder.join("models"))?;
    fs::write(folder.join("models/weights"), version)?;
    let theme = site::root().join("theme/study");
    let later = format!("later-{version}.txt");
    // Without an icon a browser asks for one, which is not there.
    let page = format!(
        "<!DOCTYPE html><html lang=en><link rel=icon href=data:,><body>{version}
         <script type=module src=study/offline.js></script>"
    );
    fs::write(folder.join("index.html"), page)?;
    fs::write(folder.join(&later), version)?;
    fs::copy(theme.join("offline.js"), folder.join("study/offline.js"))?;
    let worker = fs::read_to_string(theme.join("sw.js"))?;
    let files = format!("[\"index.html\", \"study/offline.js\", \"{later}\"]");
    let worker = worker.replace("__VERSION__", version).replace("\"__FILES__\"", &files);
    Ok(fs::write(folder.join("sw.js"), worker)?)
}

fn text(page: &Page) -> Result<String> {
    page.js("document.body.innerText.trim()")
}

/// What the page loads later, if it still can.
fn later(page: &Page, version: &str) -> Result<String> {
    page.js(&format!("fetch('later-{version}.txt').then(r => r.ok ? r.text() : String(r.status))"))
}

const BANNER: &str = "document.querySelector('.study-banner')?.checkVisibility()";

fn told(browsers: &Browsers) -> Result<()> {
    let folder = site::root().join("target/study/versions-book");
    publish(&folder, "one")?;
    let server = Server::start(&folder)?;
    let page = browsers.page_that_keeps(Gpu::Yes, &server)?;
    page.goto("index.html")?;
    page.wait("the book to be kept", "navigator.serviceWorker.controller")?;
    let other = page.sibling()?;
    other.goto("index.html")?;
    other.wait("the book to be kept", "navigator.serviceWorker.controller")?;
    ensure!(!page.js::<bool>(&format!("Boolean({BANNER})"))?, "a first version is told as new");

    // Weights are kept once they were asked for, and not before.
    let kept = "caches.match('models/weights').then(Boolean)";
    ensure!(!page.js::<bool>(kept)?, "weights are kept that nobody asked for");
    page.act("fetch('models/weights').then(r => r.text())")?;
    page.wait("the weights to be kept", kept)?;

    publish(&folder, "two")?;
    page.act("navigator.serviceWorker.getRegistration().then(r => r.update()).then(() => {})")?;
    page.wait("a word of the new version", BANNER)?;
    other.wait("a word of it in the other tab", BANNER)?;
    // Both are still whole, and a page that is opened now is of the same version.
    for tab in [&page, &other] {
        ensure!(
            later(tab, "one")? == "one",
            "the old page has lost a file: {}",
            later(tab, "one")?
        );
    }
    other.reload()?;
    ensure!(text(&other)?.starts_with("one"), "two versions are open: {}", text(&other)?);
    other.wait("the same word after a reload", BANNER)?;

    page.act("document.querySelector('.study-banner button').click()")?;
    for tab in [&page, &other] {
        tab.wait("the new version", "document.body.innerText.trim() === 'two'")?;
        ensure!(later(tab, "two")? == "two", "the new page lacks a file");
    }
    page.wait("the old files to go", "caches.keys().then(keys => keys.length === 1)")?;
    other.close()?;
    page.close()
}
