//! What is compiled: each third-party crate once, whatever is built.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use book_tests::site::root;

/// What cargo is asked to build, and with which features each crate is then compiled: twice at
/// most, for the program itself and for procedural macros and build scripts.
type Features = BTreeMap<String, BTreeSet<String>>;

/// Crates that may be compiled twice: with all its features this one takes longer than without, and
/// a reader would wait for it.
const TWICE: [&str; 1] = ["num-traits"];

/// The same on every machine.
const TARGET: &str = "x86_64-unknown-linux-gnu";

/// Grading, the book, its tests and a single lesson ask for the same features of the same crates, so
/// what one of them compiled the others need not compile again.
#[test]
fn third_party_crates_have_the_same_features_everywhere() {
    let mut selections = vec![
        ("cargo study".to_owned(), tree("normal,build", &["--package", "study"])),
        ("the book".to_owned(), tree("normal,build", &["--package", "book"])),
        ("its JavaScript".to_owned(), tree("normal,build", &["--package", "study-bindgen"])),
    ];
    let tested = ["--features", "book-tests/browser"];
    let all = [&["--workspace", "--exclude", "bench", "--no-default-features"], &tested[..]];
    selections.push(("all tests".into(), tree("normal,build,dev", &all.concat())));
    for lesson in lessons::find_all(root()).unwrap() {
        let features = tree("normal,build,dev", &["--package", &lesson.name]);
        selections.push((lesson.name, features));
    }
    for page in lessons::demo_pages(root()).unwrap() {
        let features = tree("normal,build", &["--package", &page.reference()]);
        selections.push((page.reference(), features));
    }
    let mut faults = BTreeSet::new();
    for (one, its) in &selections {
        for (other, theirs) in &selections {
            for (name, features) in its {
                let Some(others) = theirs.get(name) else { continue };
                if !features.is_subset(others) && !others.is_subset(features) {
                    faults
                        .insert(format!("{name}: {features:?} for {one}, {others:?} for {other}"));
                }
            }
        }
    }
    let faults: Vec<String> = faults.into_iter().collect();
    assert!(
        faults.is_empty(),
        "compiled more than once; ask for all their features in crates/workspace-hack:\n{}",
        faults.join("\n")
    );
}

fn tree(edges: &str, selection: &[&str]) -> Features {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root()).args(["tree", "--target", TARGET, "--edges", edges]);
    cargo.args(["--prefix", "none", "--format", "{p}|{f}"]).args(selection);
    let output = cargo.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut features = Features::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let Some((package, its)) = line.trim_end_matches(" (*)").split_once('|') else { continue };
        let package = package.trim_end_matches(" (proc-macro)");
        // A crate of the workspace is named with its folder.
        let name = package.split(' ').next().unwrap_or(package);
        if !package.ends_with(')') && !TWICE.contains(&name) {
            features.entry(package.to_owned()).or_default().insert(its.to_owned());
        }
    }
    assert!(features.len() > 10, "cargo lists only {features:?}");
    features
}
