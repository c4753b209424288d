//! The kernel labs, with a right kernel, a wrong one, one that does not compile, and one that
//! never ends.

use std::collections::BTreeSet;
use std::fs;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use book_tests::listed::{Lesson, Listed, demos, lessons_of_book, page_of};
use book_tests::site::{self, Build};
use book_tests::{Demo, Gpu, Page};
use regex::Regex;

use crate::Suite;

/// A lab, and what its lesson has for it.
#[derive(Clone)]
struct Lab {
    demo: &'static Listed,
    control: &'static str,
    lesson: &'static Lesson,
    /// The reference's kernel.
    right: String,
    /// Wrong kernels, one a check: a mutant's name, the check that rejects it, its source.
    wrong: Vec<(String, String, String)>,
    /// The same of what only the interpreter sees.
    wrong_threads: Vec<(String, String, String)>,
}

impl Lab {
    fn of(demo: &'static Listed, control: &'static str) -> Result<Self> {
        let lesson = lessons_of_book().iter().find(|lesson| lesson.listing.name == demo.page);
        let lesson = lesson.context("a lab belongs to a lesson")?;
        let folder = lessons::find(site::root(), &demo.page)?.path;
        // A lesson may have several kernels, each with a lab of its name.
        let is_its_own = |kernel: &&str| {
            let name = kernel.trim_end_matches("_wgsl").replace('_', "-");
            demo.name.starts_with(&(name + "-kernel-lab"))
        };
        let checks = lesson.listing.checks.iter().filter(|check| check.is_kernel);
        let kernel = checks.map(|check| &*check.function).find(is_its_own);
        let kernel = kernel.context("a lab is named after a kernel of its lesson")?;
        let file = format!("kernels/solution/{}.wgsl", kernel.trim_end_matches("_wgsl"));
        let right = fs::read_to_string(folder.join(file))?;
        let mutants = fs::read_to_string(folder.join("tests/mutants.rs"))?;
        let wrong = wrong_kernels(&mutants, kernel, &right)?;
        ensure!(!wrong.is_empty(), "{} has no mutant of {kernel}", demo.page);
        // Loops without an end, too, are no matter for a browser.
        let (wrong_threads, mut wrong): (Vec<_>, Vec<_>) =
            wrong.into_iter().partition(|(_, check, _)| check.ends_with("thread_by_thread"));
        // All of them are rejected natively, by the same checks: here each check is tried once. How
        // often a kernel reads is counted natively only.
        let mut tried = BTreeSet::new();
        let is_seen = |check: &str| !check.ends_with("reads_are_counted");
        wrong.retain(|(_, check, _)| is_seen(check) && tried.insert(check.clone()));
        Ok(Self { demo, control, lesson, right, wrong, wrong_threads })
    }
}

/// The mutants of a kernel that are one edit, as `tests/mutants.rs` declares them.
fn wrong_kernels(
    mutants: &str,
    kernel: &str,
    right: &str,
) -> Result<Vec<(String, String, String)>> {
    let text = r#"("(?:[^"\\]|\\.)*")"#;
    let pattern = format!(r"(\w+) => (\w+): {kernel} \{{\s*{text}\s*=>\s*{text}\s*\}}");
    // A string may go on in the next line, with a backslash before it or without.
    let next_line = Regex::new(r"\\\n\s*")?;
    let mut found = Vec::new();
    for mutant in Regex::new(&pattern)?.captures_iter(mutants) {
        let string = |i: usize| {
            let one_line = next_line.replace_all(&mutant[i], "").replace('\n', r"\n");
            serde_json::from_str::<String>(&one_line)
        };
        let (from, to) = (string(3)?, string(4)?);
        let words: Vec<String> = from.split_whitespace().map(regex::escape).collect();
        let passage = Regex::new(&words.join(r"\s+"))?;
        let wrong = passage.replace(right, regex::NoExpand(&to)).into_owned();
        ensure!(wrong != right, "the passage of {} is not in the kernel", &mutant[1]);
        found.push((mutant[1].to_owned(), mutant[2].to_owned(), wrong));
    }
    Ok(found)
}

pub fn add(suite: &mut Suite) {
    let labs = demos().iter().filter_map(|demo| Some((demo, &*demo.kernel()?.name)));
    for (i, (demo, control)) in labs.enumerate() {
        suite.add(format!("kernel_lab::{}::judges", demo.name), move |browsers| {
            let lab = Lab::of(demo, control)?;
            let page = browsers.page(Gpu::Yes, Build::Hosted)?;
            page.goto(&page_of(&demo.page))?;
            stub(&page, &lab).context("the stub gets no points")?;
            right(&page, &lab).context("a right kernel gets all points, and they are kept")?;
            wrong(&page, &lab).context("a wrong kernel fails the check that names its bug")?;
            broken(&page, &lab).context("an error is told at line and column")?;
            page.close()
        });
        suite.add(format!("kernel_lab::{}::thread_by_thread", demo.name), move |browsers| {
            let lab = Lab::of(demo, control)?;
            let page = browsers.page(Gpu::No, Build::Hosted)?;
            page.goto(&page_of(&demo.page))?;
            without_gpu(&page, &lab)?;
            page.close()?;
            let page = browsers.page(Gpu::Yes, Build::Hosted)?;
            page.goto(&page_of(&demo.page))?;
            after_a_failed_run(&page, &lab)?;
            page.close()
        });
        // What the kit does with a kernel that never ends is tried once.
        if i > 0 {
            continue;
        }
        type Trial = fn(&Page, &Lab) -> Result<()>;
        let endless: [(&str, Trial); 4] = [
            ("a_kernel_that_never_ends_is_given_up", endless),
            ("a_kernel_that_never_ends_can_be_stopped", stopped),
            ("a_gpu_that_is_lost_is_found_again", lost),
            ("a_gpu_that_is_lost_grades_nothing", lost_while_it_judges),
        ];
        for (name, trial) in endless {
            suite.add(format!("kernel_lab::{}::{name}", demo.name), move |browsers| {
                let lab = Lab::of(demo, control)?;
                // They stop the GPU process for all pages of a browser, so they have one of their own.
                let page = browsers.page_in_own_browser(Build::Hosted)?;
                page.goto(&page_of(&demo.page))?;
                trial(&page, &lab)
            });
        }
    }
}

fn run(demo: &Demo, lab: &Lab, source: &str) -> Result<()> {
    demo.set(lab.control, source)?;
    demo.run()
}

/// `(check, class)` of the score board.
fn board(page: &Page, lab: &Lab) -> Result<Vec<(String, String)>> {
    let name = &lab.demo.name;
    page.js(&format!(
        "[...document.querySelectorAll('study-demo[name={name:?}] [data-check]')]
            .map(line => [line.dataset.check, line.className])"
    ))
}

fn expect_all_passed(page: &Page, lab: &Lab) -> Result<()> {
    let board = board(page, lab)?;
    if board.is_empty() {
        let demo = page.demo(&lab.demo.name)?;
        let (status, ran) = (demo.text(".status")?, demo.text(".ran")?);
        bail!("there is no score board; it is {}: {status} [{ran}]", demo.state()?);
    }
    ensure!(board.iter().all(|(_, class)| class == "passed"), "not all passed: {board:?}");
    Ok(())
}

/// True once a score is kept.
const KEPT: &str = "Object.keys(localStorage).some(key => key.startsWith('study-progress '))";

fn right(page: &Page, lab: &Lab) -> Result<()> {
    let demo = page.demo(&lab.demo.name)?;
    run(&demo, lab, &lab.right)?;
    demo.expect_done()?;
    ensure!(demo.backend()? == "gpu", "it ran on {}", demo.text(".ran")?);
    expect_all_passed(page, lab)?;
    let board = board(page, lab)?;
    page.wait("the score to be kept", KEPT)?;
    let kept = page.scores()?;
    let sheet = kept.sheets.first().context("a sheet")?;
    ensure!(sheet.lesson == lab.demo.page, "kept for {}", sheet.lesson);
    ensure!(sheet.hash == lab.lesson.listing.hash, "kept with hash {}", sheet.hash);
    let passed = sheet.checks.iter().filter(|c| c.status == scores::Status::Passed).count();
    ensure!(passed == board.len(), "{passed} of {} checks are kept as passed", board.len());
    Ok(())
}

fn wrong(page: &Page, lab: &Lab) -> Result<()> {
    let demo = page.demo(&lab.demo.name)?;
    for (mutant, check, source) in &lab.wrong {
        run(&demo, lab, source)?;
        let board = board(page, lab)?;
        let line = board.iter().find(|(name, _)| name == check);
        let class = line.map(|(_, class)| class.as_str());
        ensure!(class == Some("failed"), "{mutant}: {class:?} in {board:?}");
        let why = demo.query(&format!("[data-check={check:?}] pre"));
        let why: String = page.js(&format!("{why}?.innerText ?? ''"))?;
        ensure!(!why.trim().is_empty(), "{mutant}: it is not told what is wrong");
    }
    Ok(())
}

fn stub(page: &Page, lab: &Lab) -> Result<()> {
    let demo = page.demo(&lab.demo.name)?;
    demo.run()?;
    let board = board(page, lab)?;
    ensure!(!board.is_empty(), "the stub has no score");
    ensure!(board.iter().all(|(_, class)| class != "passed"), "the stub passes: {board:?}");
    Ok(())
}

fn broken(page: &Page, lab: &Lab) -> Result<()> {
    let demo = page.demo(&lab.demo.name)?;
    let good = lab.right.clone();
    let good = good.trim_end();
    // Characters that are more than one byte, and more than one UTF-16 unit, come before.
    let bad = format!("{good}\n/* é 👍 */ fn broken() -> u32 {{ return 1.5; }}\n");
    let line = good.lines().count() + 1;
    run(&demo, lab, &bad)?;
    let place: Option<(usize, usize)> = page.js(&format!(
        "(p => p && [Number(p.dataset.line), Number(p.dataset.column)])({})",
        demo.query("[data-jump]")
    ))?;
    let (told, column) = place.with_context(|| {
        format!("no place is told: {}", demo.text(".status").unwrap_or_default())
    })?;
    ensure!(told == line, "told line {told}, it is line {line}");
    demo.click("[data-jump]")?;
    let field = demo.field(lab.control);
    let rest: String = page.js(&format!("{field}.value.slice({field}.selectionStart)"))?;
    ensure!(
        rest.starts_with("return 1.5") || rest.starts_with("1.5"),
        "column {column} jumps before {rest:?}"
    );
    let focused: bool = page.js(&format!("document.activeElement === {field}"))?;
    ensure!(focused, "the editor has no focus after the jump");
    // At the very first character.
    run(&demo, lab, &format!("?{good}"))?;
    let place: Vec<usize> = page.js(&format!(
        "(p => [Number(p.dataset.line), Number(p.dataset.column)])({})",
        demo.query("[data-jump]")
    ))?;
    ensure!(place == [1, 1], "an error at the first character is told at {place:?}");
    run(&demo, lab, good)?;
    expect_all_passed(page, lab)
}

/// Waits until the threads are shown, and returns what is said of them.
fn threads(page: &Page, demo: &Demo) -> Result<String> {
    let section = demo.query(".threads");
    let ended = format!("['done', 'error'].includes({section}?.dataset.state)");
    page.wait("the threads to be shown", &ended)?;
    demo.text(".threads-status")
}

/// Whether the interpreter is on the page.
const INTERPRETER: &str =
    "performance.getEntriesByType('resource').some(file => file.name.includes('threads.js'))";

/// A reader without a GPU finds out what is wrong.
fn without_gpu(page: &Page, lab: &Lab) -> Result<()> {
    let demo = page.demo(&lab.demo.name)?;
    ensure!(!page.js::<bool>(INTERPRETER)?, "it is loaded before anybody asks");
    demo.set(lab.control, &lab.right)?;
    demo.click(".by-thread")?;
    let said = threads(page, &demo)?;
    ensure!(said.starts_with("No thread does anything wrong."), "of a right kernel it says {said}");
    let steps: usize =
        page.js(&format!("{}.querySelectorAll('.frame svg').length", demo.query(".threads")))?;
    ensure!(steps > 2, "{steps} pictures of a right kernel");
    let mut unseen = Vec::new();
    for (mutant, _, source) in &lab.wrong_threads {
        // Without a GPU a run cannot be graded: the threads are shown by themselves.
        run(&demo, lab, source)?;
        let said = threads(page, &demo)?;
        if !said.contains("wrong.") || said.starts_with("No thread does") {
            unseen.push(format!("{mutant}: {said}"));
        }
    }
    ensure!(unseen.is_empty(), "not seen: {unseen:#?}");
    // Nothing of an earlier kernel stays, and what is no kernel is told at its place.
    run(&demo, lab, &format!("{}\nfn broken() -> u32 {{ return 1.5; }}\n", lab.right.trim_end()))?;
    let said = threads(page, &demo)?;
    ensure!(said.contains("cannot be run"), "of a broken kernel it says {said}");
    let told: usize =
        page.js(&format!("Number({}.dataset.line)", demo.query(".threads [data-jump]")))?;
    let line = lab.right.trim_end().lines().count() + 1;
    ensure!(told == line, "told line {told}, it is {line}");
    Ok(())
}

/// A kernel that fails its checks is shown thread by thread; one that passes them is not.
fn after_a_failed_run(page: &Page, lab: &Lab) -> Result<()> {
    let demo = page.demo(&lab.demo.name)?;
    run(&demo, lab, &lab.right)?;
    expect_all_passed(page, lab)?;
    ensure!(!page.js::<bool>(INTERPRETER)?, "it is loaded for a right kernel");
    let (mutant, _, source) = lab.wrong.first().context("a wrong kernel")?;
    run(&demo, lab, source)?;
    let said = threads(page, &demo).with_context(|| mutant.clone())?;
    ensure!(said.contains("The kernel ran on"), "of {mutant} it says {said}");
    run(&demo, lab, &lab.right)?;
    let gone: bool = page.js(&format!("{}.hidden", demo.query(".threads")))?;
    ensure!(gone, "the threads of the wrong kernel are still there");
    Ok(())
}

/// The right kernel, with a loop that never ends. It writes, or a compiler might drop it.
fn never_ending(lab: &Lab) -> Result<String> {
    let mut kernel = lab.right.clone();
    let output = kernel.split_once("read_write>").context("a buffer to write")?.1;
    let output = output.split(':').next().unwrap_or_default().trim().to_owned();
    let entry = kernel.find("@compute").context("an entry point")?;
    let body = kernel[entry..].find('{').context("its body")? + entry + 1;
    let never = format!(
        "\n    loop {{\n        {output}[0] += 1;\n        if ({output}[0] < -9) {{ break; }}\n    }}\n"
    );
    kernel.insert_str(body, &never);
    Ok(kernel)
}

/// The right kernel runs on the GPU again, at the latest when the browser has a new GPU process.
fn expect_recovery(page: &Page, demo: &Demo, lab: &Lab) -> Result<()> {
    let right = lab.right.clone();
    for _ in 0..5 {
        run(demo, lab, &right)?;
        if demo.backend()? == "gpu" && !board(page, lab)?.is_empty() {
            break;
        }
    }
    expect_all_passed(page, lab)
}

fn endless(page: &Page, lab: &Lab) -> Result<()> {
    let demo = page.demo(&lab.demo.name)?;
    demo.set(lab.control, &never_ending(lab)?)?;
    demo.click(".run")?;
    page.wait("the page to give up", &demo.is("error"))?;
    let said = demo.text(".status")?;
    ensure!(said.contains("never ends"), "it does not say why: {said}");
    let kept = demo.value(lab.control)?;
    ensure!(kept == never_ending(lab)?, "the reader's kernel is lost");
    page.crash_gpu()?;
    expect_recovery(page, &demo, lab)
}

fn stopped(page: &Page, lab: &Lab) -> Result<()> {
    let demo = page.demo(&lab.demo.name)?;
    demo.set(lab.control, &never_ending(lab)?)?;
    demo.click(".run")?;
    page.wait("a button to stop it", &format!("!{}.hidden", demo.query(".stop")))?;
    page.wait("the run to begin", "window.__heard.some(m => m.type === 'started')")?;
    demo.click(".stop")?;
    page.wait_for(Duration::from_secs(10), "the run to be stopped", &demo.is("idle"))?;
    page.crash_gpu()?;
    expect_recovery(page, &demo, lab)
}

/// The driver resets the GPU between two runs.
fn lost(page: &Page, lab: &Lab) -> Result<()> {
    let demo = page.demo(&lab.demo.name)?;
    run(&demo, lab, &lab.right)?;
    expect_all_passed(page, lab)?;
    page.crash_gpu()?;
    expect_recovery(page, &demo, lab)
}

/// The driver resets the GPU while it judges: a right kernel is never told, or kept, as a wrong one.
fn lost_while_it_judges(page: &Page, lab: &Lab) -> Result<()> {
    let demo = page.demo(&lab.demo.name)?;
    demo.set(lab.control, &lab.right)?;
    demo.click(".run")?;
    let judging = "window.__heard.some(m => m.event?.summary?.includes('The checks follow'))";
    page.wait("the checks to begin", judging)?;
    page.crash_gpu()?;
    demo.settle()?;
    let failed: Vec<(String, String)> =
        board(page, lab)?.into_iter().filter(|(_, class)| class != "passed").collect();
    ensure!(failed.is_empty(), "a right kernel is told to fail: {failed:?}");
    let kept = page.scores()?;
    let wrong = |c: &scores::CheckResult| c.status != scores::Status::Passed;
    ensure!(!kept.sheets.iter().any(|sheet| sheet.checks.iter().any(wrong)), "kept: {kept:?}");
    // It may have been through before it was lost.
    if demo.state()? != "done" {
        let said = demo.text(".status")?;
        ensure!(said.contains("Not graded") && said.contains("try again"), "it says {said}");
    }
    expect_recovery(page, &demo, lab)
}
