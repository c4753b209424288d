//! What the tests need on this machine, and how to get it.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// Debian's packages for what may be missing.
const BROWSER: &[&str] = &["chromium"];
const VULKAN: &[&str] = &["libvulkan1", "mesa-vulkan-drivers"];
const NPM: &[&str] = &["nodejs", "npm"];

/// What training on several processes needs.
pub const MPI: &str = "Open MPI and libclang (on Debian: sudo apt-get install openmpi-bin libopenmpi-dev libclang-dev)";

/// Adds the target the demos are compiled to.
pub fn wasm_target() -> Result<()> {
    lessons::cargo::add_wasm_target(|text| println!("{text}"))
}

/// Sees to a browser, a Vulkan driver and npm: on Debian as root it installs what is missing,
/// elsewhere it says what to install. (On Ubuntu `chromium` is a snap, which needs more than apt.)
pub fn tools(browser: bool) -> Result<()> {
    let lacking = lacking(browser);
    if lacking.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> =
        lacking.iter().flat_map(|(_, packages)| packages.iter().copied()).collect();
    let names: Vec<&str> = lacking.iter().map(|(name, _)| *name).collect();
    if !can_install() {
        bail!(
            "these are missing: {}. Install them and try again (on Debian: sudo apt-get install {})",
            names.join(", "),
            packages.join(" ")
        );
    }
    println!("Installing what is missing: apt-get install {}", packages.join(" "));
    must(Command::new("apt-get").args(["update", "--quiet"]))?;
    let install = ["install", "--yes", "--quiet", "--no-install-recommends"];
    must(
        Command::new("apt-get")
            .env("DEBIAN_FRONTEND", "noninteractive")
            .args(install)
            .args(packages),
    )?;
    match self::lacking(browser).first() {
        None => Ok(()),
        Some((name, _)) => bail!("{name} is still missing, though its package is installed"),
    }
}

/// Whether programs that use MPI can be built and started.
pub fn has_mpi() -> bool {
    find("mpicc").is_some() && find("mpirun").is_some()
}

/// Sees to MPI, or says what to install.
pub fn mpi() -> Result<()> {
    if !has_mpi() {
        bail!("--ranks needs {MPI}");
    }
    Ok(())
}

fn lacking(browser: bool) -> Vec<(&'static str, &'static [&'static str])> {
    let mut lacking = Vec::new();
    if browser && !has_browser() {
        lacking.push(("Chrome or Chromium (on PATH, or its path in CHROME)", BROWSER));
    }
    if !has_vulkan() {
        lacking.push(("a Vulkan driver (a software one will do)", VULKAN));
    }
    if browser && find("npm").is_none() {
        lacking.push(("npm (for the accessibility audit)", NPM));
    }
    lacking
}

fn has_browser() -> bool {
    if let Some(path) = env::var_os("CHROME") {
        return Path::new(&path).is_file();
    }
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
    let elsewhere = [
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        r"C:\Program Files\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    ];
    names.iter().any(|name| find(name).is_some())
        || elsewhere.iter().any(|path| Path::new(path).is_file())
}

/// Other systems than Linux bring Metal or Direct3D along. On Linux a driver announces itself with
/// a manifest.
fn has_vulkan() -> bool {
    if !cfg!(target_os = "linux") {
        return true;
    }
    // What these name, files or folders, replaces the folders of the system.
    let named = ["VK_DRIVER_FILES", "VK_ICD_FILENAMES"].into_iter().find_map(env::var_os);
    if let Some(named) = named {
        return env::split_paths(&named).any(|path| path.is_file() || has_manifest(&path));
    }
    let folders = ["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d", "/usr/local/share/vulkan/icd.d"];
    folders.iter().any(|folder| has_manifest(Path::new(folder)))
}

fn has_manifest(folder: &Path) -> bool {
    let mut entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.any(|entry| entry.path().extension().is_some_and(|e| e == "json"))
}

/// A program on PATH.
fn find(name: &str) -> Option<PathBuf> {
    let paths = env::var_os("PATH")?;
    let files = env::split_paths(&paths).flat_map(|folder| {
        let file = folder.join(name);
        ["", "exe", "cmd"].map(|extension| match extension {
            "" => file.clone(),
            extension => file.with_extension(extension),
        })
    });
    files.into_iter().find(|file| file.is_file())
}

fn can_install() -> bool {
    let system = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    let is_debian = system.lines().any(|line| line == "ID=debian");
    let is_root = || output("id", &["-u"]).is_some_and(|id| id.trim() == "0");
    is_debian && find("apt-get").is_some() && is_root()
}

fn output(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

fn must(command: &mut Command) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("{name} cannot be started"))?;
    if !status.success() {
        bail!("{name} failed ({status})");
    }
    Ok(())
}
