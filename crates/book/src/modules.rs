//! The modules that the scripts of a page will ask for. A browser finds them one after the other:
//! `study.js` imports what the page needs, which imports what it needs. Named in the head of the
//! page, they come all at once.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// What `theme/study/study.js` imports, and what on a page makes it do so.
const IMPORTED: [(&str, &str); 4] = [
    ("<study-demo", "demo.js"),
    ("<section class=\"quiz\"", "quiz.js"),
    ("<section class=\"progress\"", "scores.js"),
    ("<table class=\"checks\"", "scores.js"),
];

/// The imports of each module.
#[derive(Default)]
pub struct Modules(BTreeMap<String, Vec<String>>);

impl Modules {
    /// The modules in a folder of scripts.
    pub fn of(folder: &Path) -> Result<Self> {
        let mut modules = BTreeMap::new();
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if name.ends_with(".js") {
                let script = fs::read_to_string(&path)
                    .with_context(|| format!("{} cannot be read", path.display()))?;
                modules.insert(name, imports(&script));
            }
        }
        Ok(Self(modules))
    }

    /// What the scripts of this page will ask for, besides what `study.js` imports on every page.
    pub fn of_page(&self, html: &str) -> Vec<&str> {
        let mut found: Vec<&str> = Vec::new();
        for (sign, module) in IMPORTED {
            if html.contains(sign) {
                self.add(module, &mut found);
            }
        }
        found
    }

    fn add<'a>(&'a self, module: &str, found: &mut Vec<&'a str>) {
        let Some((name, imports)) = self.0.get_key_value(module) else { return };
        if !found.contains(&name.as_str()) {
            found.push(name);
            for import in imports {
                self.add(import, found);
            }
        }
    }
}

/// The names after `from` in the import statements of a script, each in a line of its own.
fn imports(script: &str) -> Vec<String> {
    let from = |line: &str| {
        let (_, name) = line.strip_prefix("import ")?.split_once("from './")?;
        Some(name.split_once('\'')?.0.to_owned())
    };
    script.lines().filter_map(from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_gets_its_modules_and_theirs_once() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write("demo.js", "import { a } from './a.js';\nimport { b, c } from './b.js';\n");
        write("a.js", "import * as b from './b.js';\nexport const a = import('./late.js');\n");
        write("b.js", "import { a } from './a.js';\n");
        write("late.js", "");
        let modules = Modules::of(folder.path()).unwrap();
        assert_eq!(modules.of_page("<study-demo name=\"x\">"), ["demo.js", "a.js", "b.js"]);
        assert!(modules.of_page("<p>study-demo</p><section class=\"quiz\">").is_empty());
    }
}
