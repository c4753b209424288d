//! The program is run: with a folder, and with a hub that this test serves on this machine.

mod hub;
mod model;

use std::path::Path;
use std::process::{Command, Output};

use hub::Hub;
use model::{MERGES, TOKENIZER};

/// Runs the program, which finds a hub and its cache only where it is told.
fn run(endpoint: &str, home: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gpt-write"));
    command.args(arguments).env("HF_ENDPOINT", endpoint).env("HF_HOME", home);
    for proxy in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        command.env_remove(proxy).env_remove(proxy.to_lowercase());
    }
    command.output().unwrap()
}

fn written(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn problem(output: &Output) -> String {
    assert!(!output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    assert!(!text.contains("panicked"), "{text}");
    text
}

/// Where nothing listens.
const NOBODY: &str = "http://127.0.0.1:9";

const NAME: &str = "tiny-people/tiny-gpt2";

fn ask(more: &[&'static str]) -> Vec<&'static str> {
    [&["--prompt", "The light", "--max-new-tokens", "6", "--seed", "3"], more].concat()
}

fn with<'a>(model: &'a str, more: &[&'static str]) -> Vec<&'a str> {
    [vec!["--model", model], ask(more)].concat()
}

#[test]
fn a_folder_writes_the_same_with_either_vocabulary() {
    let home = tempfile::tempdir().unwrap();
    let folder = model::folder();
    let path = folder.path().to_str().unwrap();
    let output = run(NOBODY, home.path(), &with(path, &[]));
    let first = written(&output);
    assert!(first.starts_with("The light") && first.len() > "The light\n".len(), "{first:?}");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("6 written") && told.contains("a second"), "{told}");
    let weights = folder.path().join("model.safetensors");
    assert_eq!(written(&run(NOBODY, home.path(), &with(weights.to_str().unwrap(), &[]))), first);
    assert!(home.path().read_dir().unwrap().next().is_none(), "a folder needs no cache");

    std::fs::remove_file(folder.path().join(TOKENIZER)).unwrap();
    model::write_merges(folder.path());
    assert_eq!(written(&run(NOBODY, home.path(), &with(path, &[]))), first);
    std::fs::remove_file(folder.path().join(MERGES)).unwrap();
    let text = problem(&run(NOBODY, home.path(), &with(path, &[])));
    assert!(text.contains("give --ids"), "{text}");
    let ids = run(NOBODY, home.path(), &["--model", path, "--ids", "5,6", "--max-new-tokens", "2"]);
    assert!(written(&ids).starts_with("[5, 6] "));
    std::fs::write(folder.path().join(TOKENIZER), "{\"model\":{\"type\":\"Other\"}}").unwrap();
    let text = problem(&run(NOBODY, home.path(), &with(path, &[])));
    assert!(text.contains("tokenizer.json") && text.contains("“Other”"), "{text}");
}

#[test]
fn a_model_is_downloaded_once() {
    let home = tempfile::tempdir().unwrap();
    let folder = model::folder();
    let path = folder.path().to_str().unwrap().to_owned();
    let want = written(&run(NOBODY, home.path(), &with(&path, &[])));
    let hub = Hub::serve(NAME, folder);
    assert_eq!(written(&run(&hub.endpoint(), home.path(), &with(NAME, &[]))), want);
    let asked = hub.asked();
    for file in ["config.json", "tokenizer.json", "model.safetensors"] {
        assert!(asked.iter().any(|path| path.ends_with(file)), "{asked:?}");
    }
    // From the cache: with the hub, and without it.
    let slash = format!("{}/", hub.endpoint());
    assert_eq!(written(&run(&slash, home.path(), &with(NAME, &[]))), want);
    assert_eq!(hub.asked().len(), asked.len(), "{:?}", hub.asked());
    drop(hub);
    assert_eq!(written(&run(NOBODY, home.path(), &with(NAME, &[]))), want);
}

#[test]
fn an_older_model_has_two_files_for_its_vocabulary() {
    let home = tempfile::tempdir().unwrap();
    let folder = model::folder();
    let path = folder.path().to_str().unwrap().to_owned();
    let want = written(&run(NOBODY, home.path(), &with(&path, &[])));
    std::fs::remove_file(folder.path().join(TOKENIZER)).unwrap();
    model::write_merges(folder.path());
    let hub = Hub::serve("tiny", folder);
    assert_eq!(written(&run(&hub.endpoint(), home.path(), &with("tiny", &[]))), want);
    drop(hub);
    assert_eq!(written(&run(NOBODY, home.path(), &with("tiny", &[]))), want);
}

#[test]
fn what_cannot_be_had_is_told() {
    let home = tempfile::tempdir().unwrap();
    let ask = |endpoint: &str, name: &str| problem(&run(endpoint, home.path(), &with(name, &[])));
    let text = ask(NOBODY, NAME);
    for part in [NOBODY, "cannot be reached", "config.json", "--model a folder", "hub"] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    for name in ["no/such/folder", "./none", "a b", "../x", "owner/", "x.safetensors", "a/--b", ""]
    {
        let text = ask(NOBODY, name);
        let is_told =
            text.contains("no such file or folder") || text.contains("--model is missing");
        assert!(is_told, "{name}: {text}");
    }

    let hub = Hub::serve(NAME, model::folder());
    let text = ask(&hub.endpoint(), "nobody/nothing");
    assert!(text.contains("nobody/nothing") && text.contains("no public model"), "{text}");
    hub.hide("model.safetensors");
    let text = ask(&hub.endpoint(), NAME);
    assert!(text.contains("has no model.safetensors"), "{text}");
    // No hub at all.
    let text = ask(&format!("{}/bare", hub.endpoint()), NAME);
    assert!(text.contains("is not the hub"), "{text}");
    let text = ask(&format!("{}/broken", hub.endpoint()), NAME);
    assert!(text.contains("500"), "{text}");
    drop(hub);
    // What is there already is read; what is not is named.
    let text = ask(NOBODY, NAME);
    assert!(text.contains("model.safetensors of tiny-people/tiny-gpt2 is not in"), "{text}");
}

#[test]
fn another_model_is_refused_before_its_weights_come() {
    let home = tempfile::tempdir().unwrap();
    let folder = model::folder();
    std::fs::write(folder.path().join("config.json"), "{\"model_type\":\"bert\"}").unwrap();
    let hub = Hub::serve(NAME, folder);
    let text = problem(&run(&hub.endpoint(), home.path(), &with(NAME, &[])));
    assert!(text.contains("model_type"), "{text}");
    assert!(hub.asked().iter().all(|path| path.ends_with("config.json")), "{:?}", hub.asked());
}

#[test]
fn a_download_that_broke_off_goes_on() {
    let home = tempfile::tempdir().unwrap();
    let folder = model::folder();
    let path = folder.path().to_str().unwrap().to_owned();
    let want = written(&run(NOBODY, home.path(), &with(&path, &[])));
    let hub = Hub::serve(NAME, folder);
    hub.break_off("model.safetensors");
    let text = problem(&run(&hub.endpoint(), home.path(), &with(NAME, &[])));
    assert!(text.contains("broke off") && text.contains("again"), "{text}");
    assert_eq!(written(&run(&hub.endpoint(), home.path(), &with(NAME, &[]))), want);
    assert!(hub.ranges().iter().any(|range| !range.starts_with("bytes=0-")), "{:?}", hub.ranges());
}

#[test]
fn options_change_what_is_written() {
    let home = tempfile::tempdir().unwrap();
    let folder = model::folder();
    let path = folder.path().to_str().unwrap();
    let write = |more: &[&'static str]| written(&run(NOBODY, home.path(), &with(path, more)));
    let greedy = write(&["--temperature", "0", "--max-new-tokens", "12"]);
    assert_eq!(write(&["--temperature", "1", "--top-k", "1", "--max-new-tokens", "12"]), greedy);
    assert_eq!(write(&["--min-p", "1", "--max-new-tokens", "12"]), greedy);
    assert_eq!(write(&["--top-p", "1e-9", "--max-new-tokens", "12"]), greedy);
    assert_ne!(write(&["--seed", "4"]), write(&[]));
    // The likeliest token of the tiny model comes again and again, unless it is penalized.
    let new = |text: &str| text.trim_end_matches('\n')["The light".len()..].to_owned();
    let repeated = |text: &str| {
        let new: Vec<char> = new(text).chars().collect();
        new.windows(2).filter(|pair| pair[0] == pair[1]).count()
    };
    for penalty in ["--repetition-penalty", "--frequency-penalty", "--presence-penalty"] {
        let text = write(&["--temperature", "0", "--max-new-tokens", "12", penalty, "1000"]);
        assert_ne!(text, greedy, "{penalty}");
        assert!(repeated(&text) <= repeated(&greedy), "{penalty}: {text:?}, {greedy:?}");
    }
    // The text ends before a stop, also where that begins within a token.
    let all = new(&greedy);
    let stop: String = all.chars().skip(3).take(2).collect();
    let stop: &'static str = Box::leak(stop.into_boxed_str());
    let text =
        write(&["--temperature", "0", "--max-new-tokens", "12", "--stop", "never", "--stop", stop]);
    assert_eq!(new(&text), all.split(stop).next().unwrap(), "{stop:?} in {all:?}");
    for (more, part) in [
        (["--temperature", "-1"], "temperature"),
        (["--repetition-penalty", "0"], "repetition penalty"),
        (["--frequency-penalty", "nan"], "frequency"),
        (["--stop", ""], "--stop"),
        (["--top-k", "x"], "--top-k: “x”"),
        (["--beams", "2"], "--beams is not known"),
    ] {
        let text = problem(&run(NOBODY, home.path(), &with(path, &more)));
        assert!(text.contains(part), "{part} is not in {text}");
    }
}
