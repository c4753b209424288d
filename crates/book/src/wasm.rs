//! The demos as WebAssembly: a module a page, each with the JavaScript that loads it.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Error, Result, bail};
use lessons::cargo::{Built, WASM_TARGET, add_wasm_target, target_dir};
use lessons::{DemoPage, demo_pages, files};

use crate::progress::Step;
use crate::{Profile, cargo};

/// The package and the program that makes the JavaScript.
const BINDGEN: &str = "study-bindgen";

/// Compiles the demos of these pages. With `yours` they also have the learner's code; where that
/// does not compile, the page gets the reference alone, and the first such problem is returned.
pub fn make(
    root: &Path,
    profile: Profile,
    yours: bool,
    pages: &[DemoPage],
) -> Result<Option<Error>> {
    // Asked to build nothing, cargo would build everything.
    if pages.is_empty() {
        return Ok(None);
    }
    let step = Step::start("Compiling the demos to WebAssembly");
    add_wasm_target(|text| step.say(text))?;
    let wanted = |page: &DemoPage| {
        let program = page.yours().filter(|_| yours);
        (page.clone(), program.unwrap_or_else(|| page.reference()))
    };
    let wanted: Vec<(DemoPage, String)> = pages.iter().map(wanted).collect();
    let built = compile(root, profile, &wanted, &step)?;
    let mut problem = None;
    if !built.success {
        problem = Some(cargo::problem("the code of the demos", &built)?);
    }
    let missing = bind_all(root, profile, &wanted, &built, &step)?;
    // What is left without a module gets the reference's.
    let plain: Vec<(DemoPage, String)> =
        missing.into_iter().map(|page| (page.clone(), page.reference())).collect();
    if yours && !plain.is_empty() {
        let built = compile(root, profile, &plain, &step)?;
        bind_all(root, profile, &plain, &built, &step)?;
    }
    forget_others(root, profile, pages)?;
    step.done(&format!("{} modules", pages.len()));
    Ok(problem)
}

fn compile(
    root: &Path,
    profile: Profile,
    wanted: &[(DemoPage, String)],
    step: &Step,
) -> Result<Built> {
    let mut args = vec!["--target", WASM_TARGET, "--profile", profile.name(), "--keep-going"];
    let packages: Vec<String> = wanted.iter().map(|(page, _)| page.reference()).collect();
    for ((_, program), package) in wanted.iter().zip(&packages) {
        args.extend(["--package", package, "--bin", program]);
    }
    let shorter = short_paths();
    if let (Profile::Wasm, Some(flags)) = (profile, &shorter) {
        args.extend(["--config", flags]);
    }
    lessons::cargo::build(root, &args, |text| step.say(text))
}

/// Makes the JavaScript of the modules that cargo built anew; returns the pages it built none for.
fn bind_all(
    root: &Path,
    profile: Profile,
    wanted: &[(DemoPage, String)],
    built: &Built,
    step: &Step,
) -> Result<Vec<DemoPage>> {
    let out = folder(root, profile);
    files::make_folder(&out)?;
    let is_module = |path: &&PathBuf| path.extension().is_some_and(|e| e == "wasm");
    let (mut missing, mut fresh) = (Vec::new(), Vec::new());
    let binder = binder();
    for (page, program) in wanted {
        let mut made = built.artifacts.iter().filter(|made| made.target == *program);
        let Some(module) = made.find_map(|made| made.files.iter().find(is_module)) else {
            missing.push(page.clone());
            continue;
        };
        let stamp = format!("{program} {} {binder:x}", cargo::stamp(module)?);
        let stamp_file = out.join(format!("{}.stamp", page.name));
        if std::fs::read_to_string(&stamp_file).ok().as_ref() != Some(&stamp) {
            fresh.push((module, &page.name, stamp_file, stamp));
        }
    }
    if !fresh.is_empty() {
        let bindgen = bindgen(root, step)?;
        step.say("making the JavaScript that loads the demos");
        let kernels = kernels(root)?;
        for (module, name, stamp_file, stamp) in fresh {
            bind(&bindgen, module, name, &out, (profile, &kernels))?;
            files::write(&stamp_file, stamp)?;
        }
    }
    Ok(missing)
}

/// Removes the modules of pages that are no more.
fn forget_others(root: &Path, profile: Profile, made: &[DemoPage]) -> Result<()> {
    let mut pages = demo_pages(root)?;
    pages.extend_from_slice(made);
    for path in files::entries(&folder(root, profile))? {
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let stem = file.split('.').next().unwrap_or_default();
        let name = stem.strip_suffix("_bg").unwrap_or(stem);
        if !pages.iter().any(|page| page.name == name) {
            std::fs::remove_file(&path)
                .with_context(|| format!("{} cannot be removed", path.display()))?;
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

/// The folder of the modules of the last build with this profile; in a `pending` build some may
/// still be missing.
pub fn last(root: &Path, profile: Profile, pages: &[DemoPage], pending: bool) -> Result<PathBuf> {
    let out = folder(root, profile);
    let made = |page: &DemoPage| out.join(format!("{}.js", page.name)).exists();
    if !pending && !pages.iter().all(made) {
        bail!("no WebAssembly yet: build once without --skip-wasm");
    }
    Ok(out)
}

fn folder(root: &Path, profile: Profile) -> PathBuf {
    target_dir(root).join("study").join(profile.name())
}

/// The program that makes the JavaScript of modules.
fn bindgen(root: &Path, step: &Step) -> Result<PathBuf> {
    let built = lessons::cargo::build(root, &["--package", BINDGEN], |text| step.say(text))?;
    match built.program(BINDGEN) {
        Some(program) if built.success => Ok(program.to_owned()),
        _ => Err(cargo::problem("what makes the JavaScript of the demos", &built)?),
    }
}

/// What stands for the program that makes the JavaScript, without building it: another one makes
/// other JavaScript of the same module.
fn binder() -> u64 {
    let mut hasher = DefaultHasher::new();
    include_str!("../../bindgen/src/main.rs").hash(&mut hasher);
    hasher.finish()
}

/// The kernels that pages run and do not show.
fn kernels(root: &Path) -> Result<Vec<PathBuf>> {
    let mut folders = files::entries(&root.join("crates"))?;
    for step in files::entries(&root.join("exercises"))?.iter().filter(|step| step.is_dir()) {
        folders.extend(files::entries(step)?);
    }
    let mut kernels = Vec::new();
    for folder in folders {
        for of in ["", "given", "fast", "solution"] {
            let folder = folder.join("kernels").join(of);
            if folder.is_dir() {
                kernels.extend(files::entries(&folder)?);
            }
        }
    }
    kernels.retain(|path| path.extension().is_some_and(|extension| extension == "wgsl"));
    kernels.sort();
    Ok(kernels)
}

/// Makes the JavaScript of one module.
fn bind(
    bindgen: &Path,
    module: &Path,
    name: &str,
    out: &Path,
    (profile, kernels): (Profile, &[PathBuf]),
) -> Result<()> {
    let mut command = Command::new(bindgen);
    command.arg(module).arg(name).arg(out);
    if profile == Profile::Wasm {
        command.arg("--small").args(kernels);
    }
    let output = command.output().context("the JavaScript of the demos")?;
    if !output.status.success() {
        bail!("{name}: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(())
}
