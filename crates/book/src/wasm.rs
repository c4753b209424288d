//! The demos as WebAssembly: a module a page, each with the JavaScript that loads it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use lessons::cargo::{WASM_TARGET, add_wasm_target};
use wasm_bindgen_cli_support::Bindgen;

use crate::progress::Step;
use crate::{Profile, cargo};

/// What the programs that become modules are called: this, and the name of their lesson.
const PREFIX: &str = "demos-";

/// Compiles the demos; returns the folder of the modules and their JavaScript.
pub fn make(root: &Path, profile: Profile, yours: bool) -> Result<PathBuf> {
    let step = Step::start("Compiling the demos to WebAssembly");
    add_wasm_target(|text| step.say(text))?;
    let mut args = vec!["--package", "wasm-demos", "--target", WASM_TARGET];
    args.extend(["--profile", profile.name()]);
    let programs = programs(root)?;
    for program in &programs {
        args.extend(["--bin", program]);
    }
    if yours {
        args.extend(["--features", "yours"]);
    }
    let shorter = short_paths();
    if let (Profile::Wasm, Some(flags)) = (profile, &shorter) {
        args.extend(["--config", flags]);
    }
    let built = cargo::build(root, "the book's code", &args, &step)?;
    let out = folder(root, profile);
    let is_module = |path: &&PathBuf| path.extension().is_some_and(|e| e == "wasm");
    step.say("making the JavaScript that loads them");
    let mut size = 0;
    for program in &programs {
        let mut files = built.artifacts.iter().filter(|made| &made.target == program);
        let module = files.find_map(|made| made.files.iter().find(is_module));
        let module = module.with_context(|| format!("cargo built no module {program}"))?;
        let name = &program[PREFIX.len()..];
        let (stamp, stamp_file) = (cargo::stamp(module)?, out.join(format!("{name}.stamp")));
        if std::fs::read_to_string(&stamp_file).ok().as_ref() != Some(&stamp) {
            bind(module, name, &out, profile)?;
            std::fs::write(&stamp_file, stamp)?;
        }
        size += std::fs::metadata(out.join(format!("{name}_bg.wasm")))?.len();
    }
    forget_others(&out, &programs)?;
    step.done(&format!("{} modules, {} KB", programs.len(), size / 1000));
    Ok(out)
}

/// The programs that serve a page.
fn programs(root: &Path) -> Result<Vec<String>> {
    let folder = root.join("wasm-demos/src/bin");
    let entries = std::fs::read_dir(&folder)
        .with_context(|| format!("{} cannot be read", folder.display()))?;
    let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut programs: Vec<String> = names
        .filter_map(|name| Some(name.strip_suffix(".rs")?.to_owned()))
        .filter(|name| name.starts_with(PREFIX))
        .collect();
    programs.sort();
    Ok(programs)
}

/// Removes the modules of lessons that are no more.
fn forget_others(out: &Path, programs: &[String]) -> Result<()> {
    for entry in std::fs::read_dir(out)?.flatten() {
        let file = entry.file_name().to_string_lossy().into_owned();
        let stem = file.split('.').next().unwrap_or_default();
        let name = stem.strip_suffix("_bg").unwrap_or(stem);
        if !programs.iter().any(|program| &program[PREFIX.len()..] == name) {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Panic messages name the files of dependencies: without the folder they lie in, which would make
/// the module larger and different on each machine.
fn short_paths() -> Option<String> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(std::env::home_dir()?.join(".cargo")))?;
    let flag = format!("--remap-path-prefix={}=crates", home.join("registry/src").display());
    Some(format!("target.{WASM_TARGET}.rustflags=[{flag:?}]"))
}

/// The modules of the last build with this profile.
pub fn last(root: &Path, profile: Profile) -> Result<PathBuf> {
    let out = folder(root, profile);
    let made = |program: &String| out.join(format!("{}.js", &program[PREFIX.len()..])).exists();
    if !programs(root)?.iter().all(made) {
        bail!("no WebAssembly yet: build once without --skip-wasm");
    }
    Ok(out)
}

fn folder(root: &Path, profile: Profile) -> PathBuf {
    root.join("target/study").join(profile.name())
}

/// Runs wasm-bindgen, as a library of the version that the lock file names.
fn bind(module: &Path, name: &str, out: &Path, profile: Profile) -> Result<()> {
    let bindgen = || -> Result<()> {
        Bindgen::new()
            .input_path(module)
            .out_name(name)
            .web(true)?
            .typescript(false)
            .omit_default_module_path(true)
            .remove_producers_section(true)
            .remove_name_section(profile == Profile::Wasm)
            .generate(out)
    };
    bindgen().context("wasm-bindgen could not make the JavaScript of the demos")
}
