//! The kernel labs, with a right kernel, a wrong one, one that does not compile, and one that
//! never ends.

use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use book_tests::site::Build;
use book_tests::{Demo, Gpu, Page};
use demo::control::Kind;
use grading::{Check, Lesson, Run};
use study_demos::{Subject, demos};

use crate::{Suite, page_of};

/// A lab, its lesson, and the control with the kernel.
#[derive(Clone)]
struct Lab {
    demo: demo::Demo,
    lesson: Lesson,
    control: &'static str,
}

pub fn add(suite: &mut Suite) {
    for demo in demos(Subject::Reference) {
        let controls = (demo.controls)();
        let Some(control) = controls.iter().find(|c| matches!(c.kind, Kind::Wgsl { .. })) else {
            continue;
        };
        let lessons = study_demos::lessons();
        let lesson = lessons.into_iter().find(|l| l.name == demo.lesson).expect("its lesson");
        let lab = Lab { demo, lesson, control: control.name };
        type Trial = fn(&Page, &Lab) -> Result<()>;
        let trials: [(&str, Trial); 4] = [
            ("a_right_kernel_gets_all_points_and_they_are_kept", right),
            ("a_wrong_kernel_fails_the_check_that_names_its_bug", wrong),
            ("a_kernel_that_does_not_compile_is_told_at_line_and_column", broken),
            ("the_stub_gets_no_points", stub),
        ];
        for (name, trial) in trials {
            let lab = lab.clone();
            suite.add(format!("kernel_lab::{}::{name}", demo.name), move |browsers| {
                let page = browsers.page(Gpu::Yes, Build::Hosted)?;
                page.goto(&page_of(lab.demo.lesson))?;
                trial(&page, &lab)?;
                page.close()
            });
        }
        let endless: [(&str, Trial); 3] = [
            ("a_kernel_that_never_ends_is_given_up", endless),
            ("a_kernel_that_never_ends_can_be_stopped", stopped),
            ("a_gpu_that_is_lost_is_found_again", lost),
        ];
        for (name, trial) in endless {
            let lab = lab.clone();
            suite.add(format!("kernel_lab::{}::{name}", demo.name), move |browsers| {
                // They stop the GPU process for all pages of a browser, so they have one of their own.
                let page = browsers.page_in_own_browser(Build::Hosted)?;
                page.goto(&page_of(lab.demo.lesson))?;
                trial(&page, &lab)
            });
        }
    }
}

/// The source that a kernel check judges, of the reference or of a mutant.
fn source(checks: &[Check]) -> Result<String> {
    let mut kernels = checks.iter().filter_map(|check| match check.run {
        Run::Kernel { source, .. } => Some(source()),
        Run::Cpu(_) => None,
    });
    kernels.next_back().context("the lesson of a lab has a kernel check")
}

fn run(demo: &Demo, lab: &Lab, source: &str) -> Result<()> {
    demo.set(lab.control, source)?;
    demo.run()
}

/// `(check, class)` of the score board.
fn board(page: &Page, lab: &Lab) -> Result<Vec<(String, String)>> {
    let name = lab.demo.name;
    page.js(&format!(
        "[...document.querySelectorAll('study-demo[name={name:?}] [data-check]')]
            .map(line => [line.dataset.check, line.className])"
    ))
}

fn expect_all_passed(page: &Page, lab: &Lab) -> Result<()> {
    let board = board(page, lab)?;
    if board.is_empty() {
        let demo = page.demo(lab.demo.name)?;
        let (status, ran) = (demo.text(".status")?, demo.text(".ran")?);
        bail!("there is no score board; it is {}: {status} [{ran}]", demo.state()?);
    }
    ensure!(board.iter().all(|(_, class)| class == "passed"), "not all passed: {board:?}");
    Ok(())
}

fn right(page: &Page, lab: &Lab) -> Result<()> {
    let demo = page.demo(lab.demo.name)?;
    run(&demo, lab, &source(lab.lesson.reference)?)?;
    demo.expect_done()?;
    ensure!(demo.backend()? == "gpu", "it ran on {}", demo.text(".ran")?);
    expect_all_passed(page, lab)?;
    let board = board(page, lab)?;
    page.wait("the score to be kept", "localStorage.getItem('study-progress')")?;
    let kept: grading::Progress = page.js("JSON.parse(localStorage.getItem('study-progress'))")?;
    let sheet = kept.sheets.first().context("a sheet")?;
    ensure!(sheet.lesson == lab.lesson.name, "kept for {}", sheet.lesson);
    ensure!(sheet.hash == format!("{:016x}", lab.lesson.hash), "kept with hash {}", sheet.hash);
    let passed = sheet.checks.iter().filter(|c| c.status == grading::Status::Passed).count();
    ensure!(passed == board.len(), "{passed} of {} checks are kept as passed", board.len());
    Ok(())
}

fn wrong(page: &Page, lab: &Lab) -> Result<()> {
    let demo = page.demo(lab.demo.name)?;
    let is_kernel = |name: &str| {
        let check = lab.lesson.reference.iter().find(|check| check.name == name);
        check.is_some_and(|check| matches!(check.run, Run::Kernel { .. }))
    };
    let mutants: Vec<_> =
        lab.lesson.mutants.iter().filter(|m| is_kernel(m.killed_by.name)).collect();
    ensure!(!mutants.is_empty(), "{} has no mutant of its kernel", lab.lesson.name);
    for mutant in mutants {
        run(&demo, lab, &source(std::slice::from_ref(mutant.killed_by))?)?;
        let board = board(page, lab)?;
        let line = board.iter().find(|(check, _)| check == mutant.killed_by.name);
        let class = line.map(|(_, class)| class.as_str());
        ensure!(class == Some("failed"), "{}: {class:?} in {board:?}", mutant.name);
        let why = demo.query(&format!("[data-check={:?}] pre", mutant.killed_by.name));
        let why: String = page.js(&format!("{why}?.innerText ?? ''"))?;
        ensure!(!why.trim().is_empty(), "{}: it is not told what is wrong", mutant.name);
    }
    Ok(())
}

fn stub(page: &Page, lab: &Lab) -> Result<()> {
    let demo = page.demo(lab.demo.name)?;
    demo.run()?;
    let board = board(page, lab)?;
    ensure!(!board.is_empty(), "the stub has no score");
    ensure!(board.iter().all(|(_, class)| class != "passed"), "the stub passes: {board:?}");
    Ok(())
}

fn broken(page: &Page, lab: &Lab) -> Result<()> {
    let demo = page.demo(lab.demo.name)?;
    let good = source(lab.lesson.reference)?;
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
    run(&demo, lab, good)?;
    expect_all_passed(page, lab)
}

/// The right kernel, with a loop that never ends. It writes, or a compiler might drop it.
fn never_ending(lab: &Lab) -> Result<String> {
    let mut kernel = source(lab.lesson.reference)?;
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
    let right = source(lab.lesson.reference)?;
    for _ in 0..5 {
        run(demo, lab, &right)?;
        if demo.backend()? == "gpu" && !board(page, lab)?.is_empty() {
            break;
        }
    }
    expect_all_passed(page, lab)
}

fn endless(page: &Page, lab: &Lab) -> Result<()> {
    let demo = page.demo(lab.demo.name)?;
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
    let demo = page.demo(lab.demo.name)?;
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
    let demo = page.demo(lab.demo.name)?;
    run(&demo, lab, &source(lab.lesson.reference)?)?;
    expect_all_passed(page, lab)?;
    page.crash_gpu()?;
    expect_recovery(page, &demo, lab)
}
