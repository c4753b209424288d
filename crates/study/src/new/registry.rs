//! The crate of the demos with a new lesson in it: its manifest and its lists.

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

/// The registry with the lesson and its demo, each behind those of the nearest lesson before it;
/// `previous` has the nearest first.
pub fn lists(text: &str, place: &Place, previous: &[String]) -> Result<String> {
    let module = place.module();
    let entry = format!("{module}::lesson()");
    let demo = format!("    {module}: {module}_bars \"demos/{module}_bars.rs\";");
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let start = |what: &str| lines.iter().position(|line| line.contains(what));
    let (Some(list), Some(demos)) =
        (start("vec!["), lines.iter().position(|line| line == "demos! {"))
    else {
        return refuse(REGISTRY, "the list of lessons or of demos is not where it was");
    };
    let before = previous.iter().map(|name| name.replace('-', "_"));
    let mut at_demo = demos;
    for name in before.clone() {
        let prefix = format!("    {name}: ");
        if let Some(last) = lines.iter().rposition(|line| line.starts_with(&prefix)) {
            at_demo = last;
            break;
        }
    }
    lines.insert(at_demo + 1, demo);
    let text = lines.join("\n") + "\n";
    let offset: usize = lines[..list].iter().map(|line| line.len() + 1).sum();
    let Some(names) = text[offset..].find("vec![").map(|at| offset + at + "vec![".len()) else {
        return refuse(REGISTRY, "the list of lessons is not where it was");
    };
    for name in before {
        let other = format!("{name}::lesson()");
        if let Some(at) = text.find(&other) {
            let end = at + other.len();
            return Ok(format!("{}, {entry}{}", &text[..end], &text[end..]));
        }
    }
    Ok(format!("{}{entry}, {}", &text[..names], &text[names..]))
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
    fn the_lists_keep_the_order_of_the_book() {
        let text = "pub fn lessons() {\n    vec![a::lesson(), c::lesson()]\n}\n\ndemos! {\n    a: one \"x\";\n    a: two \"y\";\n    c: three \"z\";\n}\n";
        let between = lists(text, &place(), &["unlisted".into(), "a".into()]).unwrap();
        assert!(
            between.contains("vec![a::lesson(), kv_cache::lesson(), c::lesson()]"),
            "{between}"
        );
        assert!(
            between.contains(
                "\"y\";\n    kv_cache: kv_cache_bars \"demos/kv_cache_bars.rs\";\n    c:"
            )
        );
        let first = lists(text, &place(), &[]).unwrap();
        assert!(first.contains("vec![kv_cache::lesson(), a::lesson()"), "{first}");
        assert!(first.contains("demos! {\n    kv_cache: "), "{first}");
    }
}
