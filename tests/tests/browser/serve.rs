//! `cargo study serve`: what is saved is shown, and what is broken leaves the last good book.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use book_tests::{Browsers, Gpu, clone, quoted};

use crate::Suite;

/// How long the first build may take: in the clone, the lessons are compiled.
const FIRST_BUILD: Duration = Duration::from_secs(600);
/// How long a rebuild may take on a machine with other things to do.
const REBUILD: Duration = Duration::from_secs(180);

pub fn add(suite: &mut Suite) {
    suite.add("serve::a_saved_page_reloads_and_broken_code_is_told", serve);
}

/// `study-book serve` in the clone, until it is dropped.
struct Serving {
    child: Child,
    address: String,
}

impl Serving {
    fn start() -> Result<Self> {
        let mut command = clone::book()?;
        // The next free port is taken.
        command.args(["serve", "--no-open", "--port", "38500"]);
        let mut child = command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn()?;
        let stderr = child.stderr.take().context("it has no standard error")?;
        let mut serving = Self { child, address: String::new() };
        let (sender, receiver) = mpsc::channel();
        // Reads on until the end, or the program could not print any more.
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                let place = line.split_whitespace().find(|word| word.starts_with("http://"));
                if let Some(address) = place {
                    let _ = sender.send(address.to_owned());
                }
            }
        });
        serving.address = receiver.recv_timeout(FIRST_BUILD).context("it serves no book")?;
        Ok(serving)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A file of the clone that holds something else until this is dropped.
struct Edited {
    file: PathBuf,
    original: String,
}

impl Edited {
    fn new(file: &Path, addition: &str) -> Result<Self> {
        let original = fs::read_to_string(file)?;
        fs::write(file, format!("{original}\n{addition}\n"))?;
        Ok(Self { file: file.into(), original })
    }
}

impl Drop for Edited {
    fn drop(&mut self) {
        let _ = fs::write(&self.file, &self.original);
    }
}

fn serve(browsers: &Browsers) -> Result<()> {
    // The site of the clone is finished before its files change.
    clone::site()?;
    let clone = clone::clone()?;
    let serving = Serving::start()?;
    let page = browsers.page_at(Gpu::Yes, &serving.address)?;
    page.goto("introduction.html")?;

    let sentence = "This sentence was saved while the book was served.";
    let shows = format!("document.querySelector('main')?.innerText.includes({})", quoted(sentence));
    let edited = Edited::new(&clone.join("src/introduction.md"), sentence)?;
    page.wait_for(REBUILD, "the page to reload with what was saved", &shows)?;
    drop(edited);
    page.wait_for(REBUILD, "the page to reload without it", &format!("!({shows})"))?;

    let failed = "document.querySelector('.study-banner.failed:not([hidden])')";
    let exercise = "exercises/1-basics/tokenization/src/exercise.rs";
    let edited = Edited::new(&clone.join(exercise), "fn broken() -> u32 { \"no number\" }")?;
    page.wait_for(REBUILD, "the banner", failed)?;
    let told: String = page.js(&format!("{failed}.innerText"))?;
    ensure!(told.contains("exercise.rs") && told.contains("E0308"), "the banner says {told}");
    page.reload()?;
    let heading: String = page.js("document.querySelector('main h1')?.innerText ?? ''")?;
    ensure!(!heading.is_empty(), "with broken code there is no book");
    page.wait("the banner on a page that is opened meanwhile", failed)?;

    drop(edited);
    page.wait_for(REBUILD, "the banner to go", &format!("!{failed}"))?;
    page.close()
}
