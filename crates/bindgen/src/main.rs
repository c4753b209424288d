//! Makes the JavaScript that loads a WebAssembly module: wasm-bindgen, as a library of the version
//! that the lock file names. It is a program of its own, so that the book can be read before
//! wasm-bindgen is compiled.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::{Bindgen, Output};

const USAGE: &str = "usage: study-bindgen MODULE NAME FOLDER [--small]";

/// `study-bindgen MODULE NAME FOLDER [--small]` writes `NAME.js` and `NAME_bg.wasm`; a small module
/// is without the names of its functions.
fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (paths, small) = match &arguments[..] {
        [paths @ .., last] if last == "--small" => (paths, true),
        paths => (paths, false),
    };
    let [module, name, folder] = paths else { bail!("{USAGE}") };
    let mut output = Bindgen::new()
        .input_path(PathBuf::from(module))
        .out_name(name)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .remove_producers_section(true)
        .remove_name_section(small)
        .generate_output()
        .with_context(|| format!("wasm-bindgen could not make JavaScript of {module}"))?;
    let renamed = if small { rename_imports(&mut output) } else { Vec::new() };
    output.emit(folder).with_context(|| format!("{folder} cannot be written"))?;
    let script = Path::new(folder).join(name).with_extension("js");
    let mut text = fs::read_to_string(&script)?;
    for (long, short) in renamed {
        text = text.replace(&long, &short);
    }
    fs::write(&script, text).with_context(|| format!("{} cannot be written", script.display()))
}

/// Gives short names to what a module imports. Those of wasm-bindgen end in hashes, which do not
/// compress and are written twice, here and in the JavaScript: with them a page is 3 KB heavier.
fn rename_imports(output: &mut Output) -> Vec<(String, String)> {
    let mut renamed = Vec::new();
    for import in output.wasm_mut().imports.iter_mut() {
        if ends_in_hash(&import.name) {
            let short = format!("i{}", renamed.len());
            renamed.push((std::mem::replace(&mut import.name, short.clone()), short));
        }
    }
    renamed
}

/// Whether a name ends as in `__wbg_finish_09ec094c10f41e7b`.
fn ends_in_hash(name: &str) -> bool {
    name.starts_with("__wb")
        && name.rsplit_once('_').is_some_and(|(_, hash)| {
            hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
}
