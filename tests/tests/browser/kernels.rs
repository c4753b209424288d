//! The corpus of kernels in the browser: it refuses exactly those that the interpreter refuses from
//! their text.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use book_tests::server::Server;
use book_tests::{Browsers, Gpu, quoted, site};
use kernel_interpreter::{Kernel, Reason};
use serde::Deserialize;

use crate::Suite;

pub fn add(suite: &mut Suite) {
    suite.add("kernels::the_browser_refuses_what_the_interpreter_refuses", refuses);
}

/// Compiles a source, and makes a pipeline of it if that goes well.
const COMPILE: &str = "async code => {
    window.device ??= await (await navigator.gpu.requestAdapter()).requestDevice();
    device.pushErrorScope('validation');
    const module = device.createShaderModule({ code });
    const { messages } = await module.getCompilationInfo();
    await device.popErrorScope();
    const errors = messages.filter(message => message.type === 'error');
    let error = errors.map(({ lineNum, message }) => `line ${lineNum}: ${message}`).join('; ');
    if (!error) {
        const descriptor = { layout: 'auto', compute: { module, entryPoint: 'main' } };
        await device.createComputePipelineAsync(descriptor).catch(no => { error = no.message; });
    }
    return { error, lines: errors.map(({ lineNum }) => lineNum) };
}";

/// What the browser says.
#[derive(Deserialize)]
struct Said {
    /// Why it refuses the kernel; empty if it does not.
    error: String,
    /// The lines that it names.
    lines: Vec<u32>,
}

/// The kernels of the corpus: name and source.
fn corpus() -> Result<Vec<(String, String)>> {
    let folder = site::root().join("crates/kernel-interpreter/corpus");
    let files = site::files(&folder)?;
    let read = |path: PathBuf| {
        let name = path.file_stem().context("a name")?.to_string_lossy().into_owned();
        Ok((name, fs::read_to_string(path)?))
    };
    files.into_iter().map(read).collect()
}

/// Why the interpreter refuses a kernel before it runs, with the lines of barriers that must not
/// stand there; `None` if it does not refuse it, or if it is valid WGSL that it does not know.
fn refusal(wgsl: &str) -> Option<(String, Vec<u32>)> {
    match Kernel::new(wgsl, "main") {
        Ok(kernel) => {
            let findings = kernel.uniformity();
            let lines = findings.iter().map(|finding| finding.place().line).collect();
            Some((findings.first()?.to_string(), lines))
        }
        Err(refusal) if refusal.reason == Reason::Invalid => {
            Some((refusal.to_string(), Vec::new()))
        }
        Err(_) => None,
    }
}

fn refuses(browsers: &Browsers) -> Result<()> {
    let folder = site::root().join("target/study/blank");
    fs::create_dir_all(&folder)?;
    fs::write(
        folder.join("index.html"),
        "<!doctype html><html lang=en><title>Kernels</title><link rel=icon href=data:>",
    )?;
    let server = Server::start(&folder)?;
    let page = browsers.page_on(Gpu::Yes, &server)?;
    page.goto("index.html")?;
    let corpus = corpus()?;
    ensure!(corpus.len() >= 60, "the corpus has only {} kernels", corpus.len());
    let mut faults = Vec::new();
    for (name, wgsl) in corpus {
        let said: Said = page.js(&format!("({COMPILE})({})", quoted(&wgsl)))?;
        let ours = refusal(&wgsl);
        let header = wgsl.lines().any(|line| line == "// browser: refuses");
        if said.error.is_empty() == header {
            faults.push(format!("{name}: its first lines are wrong, it says `{}`", said.error));
        }
        if said.error.is_empty() == ours.is_some() {
            faults.push(format!("{name}: it says `{}`, the interpreter {ours:?}", said.error));
        }
        // The browser tells of one barrier, the interpreter of all.
        if let Some((_, lines)) = ours
            && !lines.is_empty()
            && !said.lines.iter().any(|line| lines.contains(line))
        {
            faults.push(format!("{name}: it names {:?}, the interpreter {lines:?}", said.lines));
        }
    }
    ensure!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    page.close()
}
