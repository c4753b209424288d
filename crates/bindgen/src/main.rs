//! Makes the JavaScript that loads a WebAssembly module: wasm-bindgen, as a library of the version
//! that the lock file names. It is a program of its own, so that the book can be read before
//! wasm-bindgen is compiled.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::{Bindgen, Output};

const USAGE: &str = "usage: study-bindgen MODULE NAME FOLDER [--small [KERNEL…]]";

/// `study-bindgen MODULE NAME FOLDER [--small [KERNEL…]]` writes `NAME.js` and `NAME_bg.wasm`; a
/// small module is without the names of its functions, and without the comments of these kernels.
fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (module, name, folder, small, kernels) = match &arguments[..] {
        [module, name, folder] => (module, name, folder, false, &[][..]),
        [module, name, folder, flag, kernels @ ..] if flag == "--small" => {
            (module, name, folder, true, kernels)
        }
        _ => bail!("{USAGE}"),
    };
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
    for kernel in kernels {
        let text = fs::read(kernel).with_context(|| format!("{kernel} cannot be read"))?;
        blank_comments(&mut output, &text);
    }
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

/// Blanks the comments of a kernel wherever the module has its text. They are for those who read the
/// file: no page shows it, and with them a page of many kernels is 3 KB heavier. Lines and columns
/// stay what they are, so an error still names its place in the file.
fn blank_comments(output: &mut Output, kernel: &[u8]) {
    let blank = without_comments(kernel);
    let all = &mut output.wasm_mut().data;
    let ids: Vec<_> = all.iter().map(|data| data.id()).collect();
    for id in ids {
        let bytes = &mut all.get_mut(id).value;
        let mut from = 0;
        while let Some(at) = find(&bytes[from..], kernel) {
            bytes[from + at..][..blank.len()].copy_from_slice(&blank);
            from += at + blank.len();
        }
    }
}

fn find(within: &[u8], what: &[u8]) -> Option<usize> {
    if what.is_empty() {
        return None;
    }
    within.windows(what.len()).position(|window| window == what)
}

/// The same WGSL with spaces for its comments: `//` to the end of the line, and `/* … */`, which may
/// hold others of its kind.
fn without_comments(wgsl: &[u8]) -> Vec<u8> {
    let (mut blank, mut at, mut depth, mut line) = (wgsl.to_vec(), 0, 0, false);
    while at < wgsl.len() {
        let two = &wgsl[at..wgsl.len().min(at + 2)];
        let length = match two {
            b"//" if depth == 0 => {
                line = true;
                2
            }
            b"/*" if !line => {
                depth += 1;
                2
            }
            b"*/" if depth > 0 => {
                blank[at..at + 2].fill(b' ');
                depth -= 1;
                at += 2;
                continue;
            }
            _ => 1,
        };
        if wgsl[at] == b'\n' {
            line = false;
        } else if line || depth > 0 {
            blank[at..at + length].fill(b' ');
        }
        at += length;
    }
    blank
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blank(wgsl: &str) -> String {
        String::from_utf8(without_comments(wgsl.as_bytes())).unwrap()
    }

    #[test]
    fn comments_become_spaces() {
        assert_eq!(blank("a // b\nc"), "a     \nc");
        assert_eq!(blank("//\n\n// é\n"), "  \n\n     \n");
        assert_eq!(blank("a /* b\nc */ d"), "a     \n     d");
        assert_eq!(blank("a /* b /* c */ d */ e"), format!("a{}e", " ".repeat(19)));
        assert_eq!(blank("a // /* b\nc */ d"), "a        \nc */ d");
        assert_eq!(blank("a /* // */ b"), format!("a{}b", " ".repeat(10)));
        assert_eq!(blank("a /*/ b */ c"), format!("a{}c", " ".repeat(10)));
        assert_eq!(blank("a / b * c - /"), "a / b * c - /");
        assert_eq!(blank("a //"), "a   ");
        assert_eq!(blank("a /*"), "a   ");
        assert_eq!(blank(""), "");
    }

    #[test]
    fn texts_are_found_where_they_begin() {
        assert_eq!(find(b"abcabd", b"abd"), Some(3));
        assert_eq!(find(b"abc", b"abcd"), None);
        assert_eq!(find(b"abc", b""), None);
    }
}
