//! The same products in Chromium, against libraries that compute on WebGPU.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use book_tests::server::Server;
use book_tests::{Browsers, Gpu, Page, quoted};
use matrix_multiplication::{Kernel, fast};

const SIZES: [usize; 2] = [512, 1024];
const ROUNDS: usize = 5;

/// Each peer, and how many times as fast ours is meant to be.
const PEERS: [(&str, f64); 3] = [("tfjs", 6.0), ("onnxruntime-web", 6.0), ("jax-js", 1.5)];

/// What the page of `peers/web` consists of; its libraries come from npm.
const FILES: [&str; 4] = ["package.json", "package-lock.json", "index.html", "peers.js"];

/// Prints the ratios; says so where the libraries cannot be installed.
pub fn bench(root: &Path) -> Result<()> {
    let folder = lessons::cargo::target_dir(root).join("peers/web");
    fs::create_dir_all(&folder)?;
    for file in FILES {
        fs::copy(root.join("crates/bench/peers/web").join(file), folder.join(file))?;
    }
    fs::write(folder.join("matmul_registers.wgsl"), fast::matmul_registers_wgsl())?;
    fs::write(folder.join("matmul_blocked.wgsl"), Kernel::Blocked.solution())?;
    eprintln!("installing tfjs, onnxruntime-web and jax-js, the first time …");
    // None of their install scripts is needed, so none is run.
    let installed = Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
        .current_dir(&folder)
        .status();
    if !installed.as_ref().is_ok_and(|status| status.success()) {
        println!(
            "  the libraries of browsers are left out: npm could not install them. It is needed, \
             and the first time the network."
        );
        return Ok(());
    }
    let (browsers, server) = (Browsers::default(), Server::start(&folder)?);
    let page = browsers.page_on(Gpu::Yes, &server)?;
    page.goto("index.html")?;
    page.wait("the libraries", "typeof globalThis.measure === 'function'")?;
    let adapter: String = page.js(
        "navigator.gpu.requestAdapter().then(a => [a.info.vendor, a.info.architecture].join(' '))",
    )?;
    println!("Products of square matrices in Chromium, on {adapter}, until they are read back");
    for size in SIZES {
        measure(&page, size)?;
    }
    page.close()
}

fn measure(page: &Page, size: usize) -> Result<()> {
    let ways: Vec<String> = page.js("globalThis.ways")?;
    let run = |way: &str| -> Result<(f64, f64)> {
        page.js(&format!("measure({}, {size})", quoted(way))).with_context(|| way.to_owned())
    };
    let mut sums = Vec::new();
    for way in &ways {
        // In its first runs a library compiles, and some try several kernels.
        for _ in 0..2 {
            sums.push(run(way)?.1);
        }
    }
    ensure!(sums.iter().all(|sum| *sum == sums[0]), "the products differ: {ways:?} {sums:?}");
    let mut times = vec![Vec::new(); ways.len()];
    for _ in 0..ROUNDS {
        for (way, times) in ways.iter().zip(&mut times) {
            times.push(run(way)?.0);
        }
    }
    let median = |times: &mut Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    let times: Vec<f64> = times.iter_mut().map(median).collect();
    let flops = 2.0 * (size as f64).powi(3);
    for (way, time) in ways.iter().zip(&times) {
        println!("  {size}³: {way} {:.2} GFLOP/s (median of {ROUNDS} rounds)", flops / time / 1e9);
    }
    let of = |name: &str| ways.iter().position(|way| way == name).map(|i| times[i]);
    // A browser does not tell whether its adapter is software: the faster variant is ours.
    let ours = [fast::ENTRY, Kernel::Blocked.entry()].into_iter().filter_map(of);
    let ours = ours.fold(f64::INFINITY, f64::min);
    for (peer, budget) in PEERS {
        if let Some(theirs) = of(peer) {
            println!(
                "  {size}³: ours is {:.2}× as fast as {peer} ({budget} is the budget)",
                theirs / ours
            );
        }
    }
    Ok(())
}
