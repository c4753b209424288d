//! The packages of pages with demos.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::dir::names;

/// The folder of packages whose pages are in no step.
const ALONE: &str = "pages";

/// A page with demos or figures: a package `wasm-demos/<step>/<page>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoPage {
    /// The name of its page, and of the lesson if it is one, e.g. `softmax-sampling`. The page that
    /// opens a step, `<step>/index`, has that of the step before it: `basics-index`.
    pub name: String,
    /// The folder that it is in, the step of a lesson.
    pub step: String,
    /// Its folder.
    pub path: PathBuf,
}

impl DemoPage {
    /// A page that is in no step: the package in this folder.
    pub fn alone(path: &Path) -> Self {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Self { name, step: String::new(), path: path.into() }
    }

    /// Its page, from the root of the site, e.g. `1-basics/index.html`.
    pub fn page(&self) -> String {
        let file = self.path.file_name().unwrap_or_default().to_string_lossy();
        match &*self.step {
            "" | ALONE => format!("{file}.html"),
            step => format!("{step}/{file}.html"),
        }
    }

    /// The program of the reference: natively the stills, in WebAssembly the module of the page.
    pub fn reference(&self) -> String {
        format!("{}-demos", self.name)
    }

    /// The program that also has the learner's code; a page that is no lesson has none.
    pub fn yours(&self) -> Option<String> {
        self.path.join("src/yours.rs").is_file().then(|| format!("{}-yours", self.name))
    }
}

/// All pages with demos, by step and name.
pub fn demo_pages(root: &Path) -> Result<Vec<DemoPage>> {
    let demos = root.join("wasm-demos");
    let mut pages = Vec::new();
    for step in names(&demos)? {
        for name in names(&demos.join(&step))? {
            let path = demos.join(&step).join(&name);
            if path.join("Cargo.toml").is_file() {
                pages.push(DemoPage { name: unique(&step, name), step: step.clone(), path });
            }
        }
    }
    Ok(pages)
}

/// Every step has an `index`, but no two programs may share a name.
fn unique(step: &str, name: String) -> String {
    let word = step.split_once('-').map_or(step, |(_, word)| word);
    if name == "index" { format!("{word}-{name}") } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_a_name_of_its_own_and_its_place_in_the_site() {
        let world = tempfile::tempdir().unwrap();
        for folder in ["1-basics/index", "1-basics/softmax", "2-next/index", "pages/math"] {
            let folder = world.path().join("wasm-demos").join(folder);
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join("Cargo.toml"), "").unwrap();
        }
        let pages = demo_pages(world.path()).unwrap();
        let found: Vec<(&str, String)> =
            pages.iter().map(|page| (page.name.as_str(), page.page())).collect();
        let expected = [
            ("basics-index", "1-basics/index.html"),
            ("softmax", "1-basics/softmax.html"),
            ("next-index", "2-next/index.html"),
            ("math", "math.html"),
        ];
        assert_eq!(found, expected.map(|(name, page)| (name, page.to_owned())));
        assert_eq!(pages[0].reference(), "basics-index-demos");
        assert_eq!(DemoPage::alone(Path::new("tests/kit")).page(), "kit.html");
    }
}
