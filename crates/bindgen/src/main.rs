//! Makes the JavaScript that loads a WebAssembly module: wasm-bindgen, as a library of the version
//! that the lock file names. It is a program of its own, so that the book can be read before
//! wasm-bindgen is compiled.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

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
    Bindgen::new()
        .input_path(PathBuf::from(module))
        .out_name(name)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .remove_producers_section(true)
        .remove_name_section(small)
        .generate(folder)
        .with_context(|| format!("wasm-bindgen could not make JavaScript in {folder}"))
}
