//! axe-core, the accessibility checker, from the npm registry.

use std::fs;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use anyhow::{Context, Result, bail};

use crate::site;

/// The version that is fetched.
const VERSION: &str = "4.14.1";

/// The source of axe-core, fetched once and kept in `target/study/cache`.
pub fn source() -> Result<&'static str> {
    static SOURCE: OnceLock<Result<String, String>> = OnceLock::new();
    let source = SOURCE.get_or_init(|| fetch().map_err(|error| format!("{error:#}")));
    source.as_deref().map_err(|message| anyhow::anyhow!("{message}"))
}

fn fetch() -> Result<String> {
    let cache = site::root().join("target/study/cache");
    let file = cache.join(format!("axe-core-{VERSION}.js"));
    if let Ok(source) = fs::read_to_string(&file) {
        return Ok(source);
    }
    fs::create_dir_all(&cache)?;
    run("npm", &["pack", "--silent", &format!("axe-core@{VERSION}")])
        .context("axe-core cannot be fetched: is npm installed, and the network up?")?;
    let archive = format!("axe-core-{VERSION}.tgz");
    run("tar", &["-xzf", &archive, "package/axe.min.js"])?;
    fs::rename(cache.join("package/axe.min.js"), &file)?;
    fs::remove_file(cache.join(archive))?;
    fs::remove_dir(cache.join("package"))?;
    fs::read_to_string(&file).context("axe-core cannot be read")
}

fn run(program: &str, arguments: &[&str]) -> Result<()> {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(site::root().join("target/study/cache"))
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("{program} could not be started"))?;
    if !output.status.success() {
        bail!("{program} failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(())
}
