//! The crate of the demos with a new lesson in it: its manifest and its list.

use anyhow::{Context, Result};
use toml_edit::{Array, DocumentMut, InlineTable, Value};

use super::place::Place;
use super::refuse;

const MANIFEST: &str = "wasm-demos/Cargo.toml";
const REGISTRY: &str = "wasm-demos/src/registry.rs";

/// The manifest with the lesson as a dependency and in the features that lessons have.
pub fn manifest(text: &str, place: &Place) -> Result<String> {
    let mut document: DocumentMut = text.parse().context(MANIFEST)?;
    let lesson = &place.lesson;
    for (feature, of_lesson) in [("yours", "exercise"), ("mutants", "mutants")] {
        let list = document.get_mut("features").and_then(|table| table.get_mut(feature));
        let Some(list) = list.and_then(|item| item.as_array_mut()) else {
            return refuse(MANIFEST, &format!("there is no feature `{feature}`"));
        };
        list.push(format!("{lesson}/{of_lesson}"));
        one_line_each(list);
    }
    let Some(dependencies) =
        document.get_mut("dependencies").and_then(|item| item.as_table_like_mut())
    else {
        return refuse(MANIFEST, "there are no dependencies");
    };
    if dependencies.contains_key(lesson) {
        return refuse(MANIFEST, &format!("`{lesson}` is the name of another crate"));
    }
    let mut dependency = InlineTable::new();
    dependency.insert("path", format!("../exercises/{}/{lesson}", place.step).into());
    dependency.insert("default-features", false.into());
    dependencies.insert(lesson, toml_edit::value(dependency));
    Ok(document.to_string())
}

/// A list that grows with every lesson stays readable, and two pull requests rarely collide.
fn one_line_each(list: &mut Array) {
    for value in list.iter_mut() {
        let bare: Value = value.clone().decorated("\n    ", "");
        *value = bare;
    }
    list.set_trailing("\n");
    list.set_trailing_comma(true);
}

/// The registry with the lesson and its demo, behind the nearest lesson before it; `previous` has
/// the nearest first.
pub fn list(text: &str, place: &Place, previous: &[String]) -> Result<String> {
    let module = place.module();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let Some(start) = lines.iter().position(|line| line == "    lessons {") else {
        return refuse(REGISTRY, "the list of lessons is not where it was");
    };
    let end = lines[start..].iter().position(|line| line == "    }").unwrap_or(0) + start;
    let line_of = |name: &String| {
        let prefix = format!("        {}: ", name.replace('-', "_"));
        (start..end).find(|&at| lines[at].starts_with(&prefix))
    };
    let mut at = previous.iter().find_map(line_of).unwrap_or(start);
    // A long list of demos goes on over several lines.
    while at > start && !lines[at].ends_with(';') {
        at += 1;
    }
    lines.insert(at + 1, format!("        {module}: {module}_bars;"));
    Ok(lines.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> Place {
        Place { step: "2-b".into(), lesson: "kv-cache".into(), title: "KV cache".into() }
    }

    #[test]
    fn the_manifest_gets_a_dependency_and_two_features() {
        let text = "[features]\n# Why.\nyours = [\"a/exercise\"]\nmutants = [\"a/mutants\"]\n\n[dependencies]\na = \"1\"\n";
        let expected = "[features]\n# Why.\nyours = [\n    \"a/exercise\",\n    \"kv-cache/exercise\",\n]\n\
            mutants = [\n    \"a/mutants\",\n    \"kv-cache/mutants\",\n]\n\n[dependencies]\na = \"1\"\n\
            kv-cache = { path = \"../exercises/2-b/kv-cache\", default-features = false }\n";
        assert_eq!(manifest(text, &place()).unwrap(), expected);
        let taken = text.replace("a = ", "kv-cache = ");
        assert!(manifest(&taken, &place()).is_err());
    }

    #[test]
    fn the_list_keeps_the_order_of_the_book() {
        let text = "registry! {\n    lessons {\n        a: one, two;\n        c: three;\n    }\n    pages {\n        d: four;\n    }\n}\n";
        let line = "        kv_cache: kv_cache_bars;\n";
        let between = list(text, &place(), &["unlisted".into(), "a".into()]).unwrap();
        assert_eq!(between, text.replace("        c:", &format!("{line}        c:")));
        let first = list(text, &place(), &[]).unwrap();
        assert_eq!(first, text.replace("        a:", &format!("{line}        a:")));
        assert!(list("registry! {}\n", &place(), &[]).is_err());
    }
}
