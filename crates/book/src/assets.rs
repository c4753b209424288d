//! The files of the site that mdBook does not write: the theme's scripts, KaTeX's fonts, the
//! WebAssembly, and the service worker that keeps them all for reading offline.

use std::fs;
use std::path::Path;

use anyhow::{Result, bail};
use lessons::files;
use sha2::{Digest, Sha256};

use crate::stills::Demo;
use crate::whole;

/// The service worker of a published site, and what takes its place in a local one.
const WORKER: &str = "sw.js";
const LOCAL_WORKER: &str = "sw-local.js";
/// The style sheets of the theme, in the order in which they build on each other. A page loads them
/// as one, [`STYLE`].
const STYLES: [&str; 12] = [
    "book", "demo", "files", "phone", "editor", "views", "tables", "drawings", "figures", "pages",
    "whole", "print",
];
/// The one style sheet of a page, beside those of mdBook and KaTeX.
const STYLE: &str = "study/study.css";
/// The folder of trained weights, in the repository and in the site.
const MODELS: &str = "models";
/// Files that the service worker does not keep: the whole book is there already, page by page.
const NOT_KEPT: [&str; 4] = [WORKER, ".nojekyll", whole::PAGE, whole::EPUB];

/// Copies what the theme and the compiler made into the site.
pub fn copy(root: &Path, wasm: Option<&Path>, site: &Path, live: bool) -> Result<()> {
    let theme = root.join("theme");
    copy_folder(&theme.join("study"), &site.join("study"), &|name| {
        name.ends_with(".js")
            && name != WORKER
            && name != LOCAL_WORKER
            && (live || name != "dev.js")
    })?;
    style(&theme.join("study"), &site.join(STYLE))?;
    // mdBook takes highlight.js itself, but not its license.
    copy_folder(&theme.join("highlight"), &site.join("theme/highlight"), &|name| {
        name == "LICENSE"
    })?;
    copy_folder(&theme.join("katex"), &site.join("theme/katex"), &|_| true)?;
    if let Some(wasm) = wasm {
        copy_folder(wasm, &site.join("wasm"), &|name| {
            name.ends_with(".js") || name.ends_with(".wasm")
        })?;
    }
    Ok(())
}

/// Copies the files of `models/` that the demos ask for, and no others.
pub fn models(root: &Path, demos: &[Demo], site: &Path) -> Result<()> {
    for demo in demos {
        for name in &demo.assets {
            let (from, to) = (root.join(MODELS).join(name), site.join(MODELS).join(name));
            let is_plain = name.split('/').all(|part| !part.is_empty() && !part.starts_with('.'));
            if !is_plain || !from.is_file() {
                bail!("the demo `{}` asks for models/{name}, which is no file there", demo.name);
            }
            if let Some(folder) = to.parent() {
                files::make_folder(folder)?;
            }
            files::write(&to, files::read(&from)?)?;
        }
    }
    Ok(())
}

/// What mdBook's search leaves unmarked where a page was reached from it, and what it must.
const UNMARKED: &str = "mark_exclude = ['text'],";
const UNMARKED_HERE: &str =
    "mark_exclude = ['text', 'svg *', 'textarea', 'option', 'study-demo *'],";

/// Keeps the marks of mdBook's search out of demos and fields. A text area's text is its default:
/// a mark in it would take the word out, and with it the reader's draft, which goes by the default.
pub fn spare_fields(site: &Path) -> Result<()> {
    for entry in fs::read_dir(site)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !name.starts_with("searcher") || !name.ends_with(".js") {
            continue;
        }
        let script = fs::read_to_string(&path)?;
        if script.matches(UNMARKED).count() != 1 {
            bail!("mdBook's {name} says in other words what it leaves unmarked: see `UNMARKED`");
        }
        fs::write(&path, script.replace(UNMARKED, UNMARKED_HERE))?;
    }
    Ok(())
}

/// Joins the style sheets: one request instead of ten, and they pack better together.
fn style(theme: &Path, to: &Path) -> Result<()> {
    let mut style = String::new();
    for name in STYLES {
        let path = theme.join(name).with_extension("css");
        if path.exists() {
            style += &files::read_text(&path)?;
        }
    }
    files::write(to, style)
}

/// Copies the files of a folder, and of the folders in it, whose names are wanted.
fn copy_folder(from: &Path, to: &Path, wanted: &dyn Fn(&str) -> bool) -> Result<()> {
    if !from.is_dir() {
        return Ok(());
    }
    files::make_folder(to)?;
    for path in files::entries(from)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            copy_folder(&path, &to.join(&name), wanted)?;
        } else if wanted(&name) {
            let content = match name.ends_with(".js") {
                true => shipped(&files::read_text(&path)?).into_bytes(),
                false => files::read(&path)?,
            };
            files::write(&to.join(&name), content)?;
        }
    }
    Ok(())
}

/// A script without its indentation, its types, and the lines that hold nothing but a comment: a
/// fifth of what a reader downloads. Lines are kept in number, so that an error names the right one.
fn shipped(script: &str) -> String {
    let mut out = String::with_capacity(script.len());
    let mut in_block = false;
    for line in script.lines() {
        let text = line.trim();
        let opens = text.starts_with("/*");
        let ends = text.ends_with("*/") && text.matches("*/").count() == 1;
        // A type in front of an expression, `/** @type {X} */ (…)`, is no line of its own.
        let is_comment =
            in_block || text.starts_with("//") || (opens && (ends || !text.contains("*/")));
        in_block = (in_block || opens) && !text.contains("*/");
        if !is_comment {
            push_untyped(&mut out, text);
        }
        out.push('\n');
    }
    out
}

/// A line of a script without the types in it, as in `f(/** @type {X} */ (y))`.
fn push_untyped(out: &mut String, mut line: &str) {
    while let Some((before, rest)) = line.split_once("/** @type {")
        && let Some((_, after)) = rest.split_once("*/")
    {
        out.push_str(before);
        line = after.strip_prefix(' ').unwrap_or(after);
    }
    out.push_str(line);
}

/// Writes `sw.js`. That of a local site keeps nothing; the other one holds the list of all files and
/// changes with any of them.
pub fn service_worker(root: &Path, site: &Path, local: bool) -> Result<()> {
    let template = root.join("theme/study").join(if local { LOCAL_WORKER } else { WORKER });
    let Ok(template) = fs::read_to_string(&template) else { return Ok(()) };
    if local {
        return files::write(&site.join(WORKER), template);
    }
    let mut kept = all_files(site)?;
    kept.retain(|file| !NOT_KEPT.contains(&file.as_str()));
    let mut hash = Sha256::new();
    hash.update(&template);
    for file in &kept {
        let content = files::read(&site.join(file))?;
        hash.update(format!("{file}\0{}\0", content.len()));
        hash.update(content);
    }
    let version: String =
        hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    // Kept once a demo asks for them.
    kept.retain(|file| !file.starts_with(&format!("{MODELS}/")));
    let worker = template
        .replace("\"__VERSION__\"", &serde_json::to_string(&version)?)
        .replace("\"__FILES__\"", &serde_json::to_string(&kept)?);
    files::write(&site.join(WORKER), worker)
}

/// The paths of all files below a folder, with `/`, sorted.
pub fn all_files(folder: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for path in files::entries(&next)? {
            if path.is_dir() {
                folders.push(path);
            } else {
                let path = path.strip_prefix(folder)?.to_string_lossy().replace('\\', "/");
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_gets_every_style_sheet_of_the_theme() {
        let theme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../theme/study");
        let to = tempfile::NamedTempFile::new().unwrap();
        style(&theme, to.path()).unwrap();
        let style = fs::read_to_string(to.path()).unwrap();
        for file in all_files(&theme).unwrap().iter().filter(|file| file.ends_with(".css")) {
            assert!(style.contains(&fs::read_to_string(theme.join(file)).unwrap()), "{file}");
        }
    }

    #[test]
    fn comments_of_scripts_stay_at_home() {
        let script = "// One.\nlet a = 1; // two\n/**\n * @param {X} x\n */\nf(/** @type {X} */ (y));\n\
                      /** @type {Y} */\nlet b = '// no';\n  /** @type {Z} */ (c).d();\n";
        let expected = "\nlet a = 1; // two\n\n\n\nf((y));\n\nlet b = '// no';\n(c).d();\n";
        assert_eq!(shipped(script), expected);
    }

    #[test]
    fn marks_of_the_search_stay_out_of_fields() {
        let site = tempfile::tempdir().unwrap();
        let script = site.path().join("searcher-1.js");
        fs::write(&script, "let a, mark_exclude = ['text'], b;").unwrap();
        spare_fields(site.path()).unwrap();
        let text = fs::read_to_string(&script).unwrap();
        assert!(text.contains("'textarea'") && text.contains("'study-demo *'"), "{text}");
        fs::write(&script, "changed").unwrap();
        assert!(spare_fields(site.path()).unwrap_err().to_string().contains("searcher-1.js"));
    }

    #[test]
    fn a_site_gets_the_models_that_its_demos_ask_for() {
        let (root, site) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::create_dir_all(root.path().join("models/small")).unwrap();
        for name in ["asked", "other"] {
            fs::write(root.path().join("models/small").join(name), name).unwrap();
        }
        let demo = |asset: &str| Demo {
            name: "ask".into(),
            page: "page".into(),
            assets: vec![asset.into()],
            still: String::new(),
        };
        models(root.path(), &[demo("small/asked"), demo("small/asked")], site.path()).unwrap();
        assert_eq!(all_files(site.path()).unwrap(), ["models/small/asked"]);
        for wrong in ["small/none", "small", "../secret", "/etc/hostname", ""] {
            let told = models(root.path(), &[demo(wrong)], site.path()).unwrap_err().to_string();
            assert!(told.contains("`ask`") && told.contains(wrong), "{told}");
        }
    }

    #[test]
    fn a_local_site_keeps_nothing() {
        let root = tempfile::tempdir().unwrap();
        let site = root.path().join("site");
        fs::create_dir_all(root.path().join("theme/study")).unwrap();
        fs::create_dir_all(&site).unwrap();
        fs::write(root.path().join("theme/study/sw-local.js"), "leave").unwrap();
        service_worker(root.path(), &site, true).unwrap();
        assert_eq!(fs::read_to_string(site.join("sw.js")).unwrap(), "leave");
    }

    #[test]
    fn the_service_worker_lists_all_files_and_changes_with_them() {
        let root = tempfile::tempdir().unwrap();
        let site = root.path().join("site");
        fs::create_dir_all(root.path().join("theme/study")).unwrap();
        fs::create_dir_all(site.join("a")).unwrap();
        let template = "const VERSION = \"__VERSION__\";\nconst FILES = \"__FILES__\";\n";
        fs::write(root.path().join("theme/study/sw.js"), template).unwrap();
        fs::write(site.join("a/b.html"), "1").unwrap();
        fs::write(site.join("c.css"), "2").unwrap();
        let write = || {
            service_worker(root.path(), &site, false).unwrap();
            fs::read_to_string(site.join("sw.js")).unwrap()
        };
        let first = write();
        assert!(first.contains("const FILES = [\"a/b.html\",\"c.css\"];"), "{first}");
        assert_eq!(write(), first);
        fs::write(site.join("c.css"), "3").unwrap();
        assert_ne!(write(), first);
        fs::create_dir_all(site.join("models")).unwrap();
        fs::write(site.join("models/weights"), "4").unwrap();
        let with_models = write();
        assert!(!with_models.contains("weights") && with_models != first, "{with_models}");
    }
}
