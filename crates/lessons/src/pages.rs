//! The packages of pages with demos.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::dir::names;

/// A page with demos: a package `wasm-demos/<step>/<page>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoPage {
    /// The name of its page, and of the lesson if it is one, e.g. `softmax-sampling`.
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
                pages.push(DemoPage { name, step: step.clone(), path });
            }
        }
    }
    Ok(pages)
}
