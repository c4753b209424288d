//! Size budgets. What a page costs until it is read is measured in a browser, in `loading.rs`.

use std::process::Command;

use book_tests::site;

use crate::{expect_none, folder};

/// The first run of a demo downloads at most so much: WebAssembly, its JavaScript, the demos'.
const FIRST_RUN: usize = 250_000;
/// The same for the page that runs kernels without a GPU: it brings a compiler of WGSL along.
const FIRST_RUN_WITH_COMPILER: usize = 600_000;
/// No file of the repository is larger.
const LARGEST: u64 = 2_000_000;

#[test]
fn the_first_run_of_a_demo_is_a_small_download() {
    let runs = site::first_runs(&folder()).expect("the site can be read");
    assert!(!runs.is_empty(), "there is no WebAssembly in wasm/");
    for parts in runs {
        assert!(parts.iter().any(|(_, name)| name.ends_with(".wasm")), "no module: {parts:?}");
        let total: usize = parts.iter().map(|(size, _)| size).sum();
        let has_compiler = parts.iter().any(|(_, name)| name.contains("kernel-threads"));
        let most = if has_compiler { FIRST_RUN_WITH_COMPILER } else { FIRST_RUN };
        assert!(total <= most, "{total} bytes compressed, more than {most}: {parts:?}");
    }
}

#[test]
fn the_repository_has_no_large_file() {
    let output = Command::new("git")
        .current_dir(site::root())
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .output()
        .expect("git can be started");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let names = String::from_utf8_lossy(&output.stdout).into_owned();
    let size = |name: &str| site::root().join(name).metadata().map_or(0, |data| data.len());
    let large = names.split('\0').filter(|name| size(name) > LARGEST);
    expect_none("large files", large.map(|name| format!("{name}: {} bytes", size(name))).collect());
}
