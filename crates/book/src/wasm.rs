//! The demos as WebAssembly, with the JavaScript that loads them.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::progress::Step;
use crate::{Profile, cargo};

/// The target of the compiler.
const TARGET: &str = "wasm32-unknown-unknown";
/// The library's name.
const NAME: &str = "study_demos";

/// Compiles the demos; returns the folder of the module and its JavaScript.
pub fn make(root: &Path, profile: Profile, yours: bool) -> Result<PathBuf> {
    let step = Step::start("Compiling the demos to WebAssembly");
    ensure_target(root, &step)?;
    let mut args = vec!["--package", "wasm-demos", "--lib", "--target", TARGET];
    args.extend(["--profile", profile.name()]);
    if yours {
        args.extend(["--features", "yours"]);
    }
    let shorter = short_paths();
    if let (Profile::Wasm, Some(flags)) = (profile, &shorter) {
        args.extend(["--config", flags]);
    }
    let files = cargo::build(root, "the book's code", NAME, &args, &step)?;
    let is_module = |path: &&PathBuf| path.extension().is_some_and(|e| e == "wasm");
    let module = files.iter().find(is_module).context("cargo built no WebAssembly module")?;
    let out = folder(root, profile);
    let stamp = cargo::stamp(module)?;
    let stamp_file = out.join("stamp");
    if std::fs::read_to_string(&stamp_file).ok().as_ref() != Some(&stamp) {
        step.say("making the JavaScript that loads them");
        bind(module, &out, profile)?;
        std::fs::write(&stamp_file, stamp)?;
    }
    let size = std::fs::metadata(out.join(format!("{NAME}_bg.wasm")))?.len();
    step.done(&format!("{} KB", size / 1000));
    Ok(out)
}

/// Panic messages name the files of dependencies: without the folder they lie in, which would make
/// the module larger and different on each machine.
fn short_paths() -> Option<String> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(std::env::home_dir()?.join(".cargo")))?;
    let flag = format!("--remap-path-prefix={}=crates", home.join("registry/src").display());
    Some(format!("target.{TARGET}.rustflags=[{flag:?}]"))
}

/// The module of the last build with this profile.
pub fn last(root: &Path, profile: Profile) -> Result<PathBuf> {
    let out = folder(root, profile);
    if !out.join(format!("{NAME}.js")).exists() {
        bail!("no WebAssembly yet: build once without --skip-wasm");
    }
    Ok(out)
}

fn folder(root: &Path, profile: Profile) -> PathBuf {
    root.join("target/study").join(profile.name())
}

/// Runs wasm-bindgen, as a library of the version that the lock file names.
fn bind(module: &Path, out: &Path, profile: Profile) -> Result<()> {
    let bindgen = || -> Result<()> {
        Bindgen::new()
            .input_path(module)
            .web(true)?
            .typescript(false)
            .omit_default_module_path(true)
            .remove_producers_section(true)
            .remove_name_section(profile == Profile::Wasm)
            .generate(out)
    };
    bindgen().context("wasm-bindgen could not make the JavaScript of the demos")
}

/// Adds the WebAssembly target to the toolchain unless it is there.
fn ensure_target(root: &Path, step: &Step) -> Result<()> {
    let output = Command::new("rustc")
        .current_dir(root)
        .args(["--print", "target-libdir", "--target", TARGET])
        .output()
        .context("rustc could not be started: install Rust from https://rustup.rs")?;
    let folder = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if output.status.success() && Path::new(&folder).exists() {
        return Ok(());
    }
    step.say("adding the WebAssembly target to Rust");
    let added = Command::new("rustup")
        .current_dir(root)
        .args(["target", "add", TARGET])
        .stdin(Stdio::null())
        .output();
    match added {
        Ok(output) if output.status.success() => Ok(()),
        _ => bail!("Rust's WebAssembly target is missing: run `rustup target add {TARGET}`"),
    }
}
