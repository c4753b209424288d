//! What cannot be done: one clear message, and exit code 2.

use std::fs;
#[cfg(target_os = "linux")]
use std::path::PathBuf;

use crate::world::{RIGHT, World};

#[test]
fn an_unknown_lesson_or_folder_gets_one_clear_line() {
    let world = World::new("known-share");
    let (_, err, code) = world.run(&["grade", "known-shares"]);
    assert_eq!(
        (err.trim(), code),
        ("error: there is no lesson `known-shares`: did you mean `known-share`?", 2)
    );
    let elsewhere = tempfile::tempdir().unwrap();
    let output = world.study(&["grade"]).current_dir(elsewhere.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("cd into your clone"));
}

#[test]
fn what_is_there_is_not_written_over_by_a_new_lesson() {
    let world = World::new("first-share");
    for file in ["wasm-demos/1-basics/next-share/src/lib.rs", "src/1-basics/next-share.quiz.md"] {
        world.write(file, "// mine");
        let (_, err, code) = world.run(&["new", "1-basics/next-share", "--title", "Next"]);
        assert_eq!(code, 2, "{file}");
        assert!(err.contains(file) && err.contains("Nothing was written"), "{err}");
        assert_eq!(fs::read_to_string(world.path(file)).unwrap(), "// mine");
        assert!(!world.path("exercises/1-basics/next-share").exists());
        fs::remove_file(world.path(file)).unwrap();
    }
}

#[test]
fn a_file_that_is_no_text_is_copied_before_a_stub_takes_its_place() {
    let world = World::new("latin-share");
    let exercise = world.path(&world.exercise());
    let answer = b"// caf\xe9\n";
    for command in ["stubs", "reset"] {
        fs::write(&exercise, answer).unwrap();
        let (out, err, code) = world.run(&[command, "latin-share"]);
        assert_eq!(code, 0, "{out}{err}");
        let copy = out.split_whitespace().find(|word| word.contains("backups"));
        assert_eq!(fs::read(world.path(copy.unwrap_or_else(|| panic!("{out}")))).unwrap(), answer);
    }
}

#[test]
fn the_crate_of_another_that_does_not_compile_stops_no_other_lesson() {
    let world = World::new("sound-share");
    world.answer(RIGHT);
    world.study(&["new", "1-basics/torn-share", "--title", "Torn"]).assert().success();
    // Its checks are known from before.
    world.study(&["grade", "torn-share"]).assert().code(1);
    world.add_crate("torn", "lib.rs", "pub fn torn() -> u32 {}\n");
    let manifest = "exercises/1-basics/torn-share/Cargo.toml";
    let text = fs::read_to_string(world.path(manifest)).unwrap();
    let torn = "[dependencies]\ntorn = { path = \"../../../crates/torn\" }\n";
    world.write(manifest, &text.replace("[dependencies]\n", torn));

    let file = world.path("progress.json");
    let (_, err, code) =
        world.run(&["grade", "--format", "json", "--output", file.to_str().unwrap()]);
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("error[E0308]") && err.contains("crates/torn/src/lib.rs:1"), "{err}");
    assert!(err.contains("a crate that torn-share is built on does not compile"), "{err}");
    let progress: scores::Progress =
        serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    let points: Vec<_> = progress.sheets.iter().map(|s| (s.points, s.max_points)).collect();
    assert_eq!(points, [(6, 6), (0, 6)]);
}

#[test]
fn the_file_that_is_to_blame_is_named_with_what_mends_it() {
    let world = World::new("blamed-share");
    let lesson = "exercises/1-basics/blamed-share";
    let exercise = world.path(&world.exercise());
    let grade = || {
        let (_, err, code) = world.run(&["grade", "blamed-share"]);
        assert_eq!(code, 2, "{err}");
        // Lines are broken where they are too long.
        err.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    world.answer(RIGHT);
    let right = fs::read_to_string(&exercise).unwrap();
    world.write(&world.exercise(), &right.replace("pub fn mean", "pub fn average"));
    let err = grade();
    let signature = "pub fn mean(x: &[f64]) -> Result<f64, Empty>";
    assert!(
        err.contains("src/exercise.rs has no function `mean`, which the checks call."),
        "{err}"
    );
    assert!(err.ends_with(signature) && !err.contains("solution::mean"), "{err}");
    world.write(&world.exercise(), &right.replace("x: &[f64]", "x: &[f64], _: bool"));
    let err = grade();
    assert!(err.contains("`mean` with another signature") && err.ends_with(signature), "{err}");

    fs::write(&exercise, [b"// caf\xe9\n", right.as_bytes()].concat()).unwrap();
    let err = grade();
    assert!(
        err.contains("exercise.rs:1 is not UTF-8") && err.contains("save the file as"),
        "{err}"
    );
    let (out, _, _) = world.run(&["grade", "--format", "json"]);
    assert!(
        out.contains("exercise.rs:1: is not UTF-8") && out.contains("\"max_points\": 6"),
        "{out}"
    );
    fs::write(&exercise, &right).unwrap();

    let worked = world.path(&format!("{lesson}/src/worked.rs"));
    let text = fs::read_to_string(&worked).unwrap();
    fs::remove_file(&worked).unwrap();
    let restore = format!("It is given: `git checkout -- {lesson}/src/worked.rs` restores it");
    let err = grade();
    assert!(err.contains("src/worked.rs is missing.") && err.contains(&restore), "{err}");
    fs::write(&worked, text).unwrap();
    fs::remove_file(&exercise).unwrap();
    let err = grade();
    assert!(err.contains("src/exercise.rs is missing. It is yours: `git checkout"), "{err}");
    fs::remove_file(world.path(&format!("{lesson}/src/main.rs"))).unwrap();
    assert!(grade().contains("src/exercise.rs is missing."));
}

#[test]
fn scores_that_could_not_be_kept_are_refused_before_the_grading() {
    let world = World::new("kept-share");
    let grade = |output| {
        // Nothing can be graded: whoever tries says so.
        let output = world.without_network(&["grade", "--output", output]).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).unwrap()
    };
    let err = grade("no/such/folder.json");
    assert!(err.starts_with("error: no/such/folder.json cannot be written: "), "{err}");
    // A grading that ends without scores leaves neither an empty file nor none where one was.
    world.write("old.json", "old");
    for file in ["new.json", "old.json"] {
        assert!(grade(file).starts_with("error: cargo could not build"));
    }
    assert!(!world.path("new.json").exists());
    assert_eq!(fs::read_to_string(world.path("old.json")).unwrap(), "old");
}

#[test]
fn without_a_network_one_sentence_says_what_to_do() {
    let world = World::new("remote-share");
    world.add_crate("book", "main.rs", "fn main() {}\n");
    let manifest = fs::read_to_string(world.path("crates/book/Cargo.toml")).unwrap();
    world.write("crates/book/Cargo.toml", &format!("{manifest}serde_json = \"1\"\n"));
    for command in ["grade", "build"] {
        let output = world.without_network(&[command]).output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{err}");
        assert!(err.contains("Connect and try again; after that it works offline"), "{err}");
    }
}

#[test]
fn whatever_stops_a_program_of_the_book_is_2() {
    let world = World::new("stopping-share");
    let source =
        "fn main() {\n    println!(\"{:?}\", std::env::args().skip(1).collect::<Vec<_>>());\n";
    world.add_crate("book", "main.rs", &format!("{source}}}\n"));
    let (out, err, code) = world.run(&["build", "--dest", "site"]);
    assert_eq!((out.trim(), code), (r#"["build", "--dest", "site"]"#, 0), "{err}");
    for (end, message) in [
        ("    std::process::exit(1)\n", ""),
        ("    panic!(\"the disk is full\")\n", "the disk is full"),
        ("    missing()\n", "error[E0425]"),
    ] {
        world.write("crates/book/src/main.rs", &format!("{source}{end}}}\n"));
        let (_, err, code) = world.run(&["build"]);
        assert_eq!(code, 2, "{end}{err}");
        assert!(err.contains(message), "{end}{err}");
    }
}

/// A folder with a Rust that has every target, for a `PATH` with nothing else in it.
#[cfg(target_os = "linux")]
fn only_rust(world: &World) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    world.write("bin/rustc", "#!/bin/sh\necho /\n");
    let rustc = world.path("bin/rustc");
    fs::set_permissions(rustc, fs::Permissions::from_mode(0o755)).unwrap();
    world.path("bin")
}

#[test]
#[cfg(target_os = "linux")]
fn what_the_tests_need_and_this_machine_lacks_is_named() {
    let world = World::new("bare-share");
    let missing = |arguments: &[&str], path: PathBuf| {
        let mut command = world.study(arguments);
        command.env("PATH", path).env("CHROME", "/none").env("VK_DRIVER_FILES", "/none.json");
        let output = command.output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{err}");
        assert_eq!(err.lines().count(), 1, "{err}");
        err
    };
    let err = missing(&["test"], world.path("no-bin"));
    assert!(err.contains("rustc cannot be started: install Rust from https://rustup.rs"), "{err}");
    let err = missing(&["test"], only_rust(&world));
    for name in ["Chrome or Chromium", "path in CHROME", "a Vulkan driver", "npm", "on Debian"] {
        assert!(err.contains(name), "{name}: {err}");
    }
    let err = missing(&["test", "--fast"], only_rust(&world));
    assert!(err.contains("a Vulkan driver") && !err.contains("Chromium"), "{err}");
}
