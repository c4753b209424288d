//! Files as readers have them, whole and broken, from the folder to the report.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use clean::documents::{self, Documents, END, Why};
use clean::rules::Step;
use clean::{Options, Report, clean};
use deduplication::{Settings, solution, town};
use flate2::{Compression, write::GzEncoder};
use proptest::prelude::*;
use serde_json::{Value, json};
use tempfile::TempDir;

const ALL: [Step; 3] = [Step::C4, Step::Gopher, Step::Dedup];

/// Some hundred words of prose, which pass all rules; each number has its own.
fn prose(number: u64) -> String {
    let words: Vec<&str> =
        "the of mill river baker carries walks old stone bridge and morning that \
        children with garden small letter bread evening to tall market window horse every \
        house winter basket apple song under lamp story finds green teacher road field rain"
            .split_whitespace()
            .collect();
    let word = |i: u64| words[(deduplication::hash(i, number) % words.len() as u64) as usize];
    let sentence = |line: u64| (0..12).map(|i| word(12 * line + i)).collect::<Vec<_>>().join(" ");
    (0..8).map(|line| format!("Of the {}.", sentence(line))).collect::<Vec<_>>().join("\n")
}

fn options(paths: &[&Path], out: &Path, steps: &[Step]) -> Options {
    Options {
        paths: paths.iter().map(|path| path.to_path_buf()).collect(),
        out: out.to_owned(),
        report: None,
        force: false,
        field: "text".into(),
        steps: steps.to_vec(),
        threshold: 0.8,
        words: 3,
    }
}

/// Cleans, and checks what is true of every report.
fn cleaned(options: &Options) -> (Report, Vec<Value>) {
    let report = clean(options, &mut |_| ()).unwrap();
    let text = fs::read_to_string(&options.out).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let dropped = || report.dropped.values().map(|dropped| dropped.tally);
    let documents: u64 = dropped().map(|tally| tally.documents).sum();
    let bytes: u64 = dropped().map(|tally| tally.bytes).sum();
    assert_eq!(report.read.documents, report.kept.documents + documents);
    assert_eq!(report.read.bytes, report.kept.bytes + report.taken_out + bytes);
    assert_eq!(report.kept.documents, lines.len() as u64);
    let texts = lines.iter().map(|line| line["text"].as_str().unwrap().len() as u64);
    assert_eq!(report.kept.bytes, texts.sum::<u64>());
    (report, lines)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn record(kind: &str, content: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://mill.example/\r\n\
         Content-Type: {content}\r\nContent-Length: {length}\r\n\r\n{body}\r\n\r\n"
    )
    .into_bytes()
}

fn write(folder: &TempDir, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, bytes).unwrap();
    path
}

/// What a file holds: texts, and why others cannot be had.
fn read(path: &Path) -> (Vec<String>, Vec<String>) {
    let (mut texts, mut problems) = (Vec::new(), Vec::new());
    for document in Documents::open(path, "text", 10_000) {
        match document {
            Ok(document) => texts.push(document.text),
            Err(problem) => problems.push(problem.to_string()),
        }
    }
    (texts, problems)
}

#[test]
fn every_kind_of_file_is_read() {
    let folder = TempDir::new().unwrap();
    let archive: Vec<Vec<u8>> = vec![
        record("warcinfo", "application/warc-fields", "software: none"),
        record("conversion", "text/plain", &prose(5)),
        record("response", "application/http; msgtype=response", "HTTP/1.1 200 OK\r\n\r\n<p>"),
        record("conversion", "text/plain", &prose(6)),
    ];
    write(&folder, "a.txt", [prose(1), prose(2)].join(END));
    write(&folder, "b/c.md", prose(3));
    write(&folder, "d.jsonl.gz", gzip(format!("\n{}\n", json!({ "text": prose(4) })).as_bytes()));
    // A member for each record, as Common Crawl has them.
    let members: Vec<u8> = archive.iter().flat_map(|record| gzip(record)).collect();
    write(&folder, "e.warc.wet.gz", members);
    write(&folder, "f.warc", archive.concat());
    write(&folder, "g.pdf", "%PDF");
    let out = folder.path().join("clean.jsonl");
    let (report, lines) = cleaned(&options(&[folder.path()], &out, &ALL));
    assert_eq!(report.files, 5);
    // The second archive has copies of the first, and each a page of HTML.
    assert_eq!(report.read.documents, 10);
    assert_eq!(report.dropped["near-copy"].tally.documents, 2);
    assert_eq!(report.dropped["HTML"].tally.documents, 2);
    assert!(report.dropped["HTML"].example.contains("e.warc.wet.gz, record 3: a page"));
    let texts: Vec<&str> = lines.iter().map(|line| line["text"].as_str().unwrap()).collect();
    assert_eq!(texts, (1..=6).map(prose).collect::<Vec<_>>());
    assert_eq!(lines[1]["offset"], prose(1).len() + END.len());
    assert_eq!(lines[4]["url"], "https://mill.example/");
    // The output of a run is not read by the next.
    let again = Options { force: true, ..options(&[folder.path()], &out, &ALL) };
    assert_eq!(cleaned(&again).0.read, report.read);
}

#[test]
fn what_is_dropped_has_its_reason() {
    let folder = TempDir::new().unwrap();
    let lines = [
        json!({ "text": prose(1) + "\nHome | News\nNo cookie notice uses cookies here." }),
        json!({ "text": "{ code }" }),
        json!({ "text": "One two three four five. ".repeat(3) }),
        json!({ "text": prose(1).replacen("mill", "market", 1) }),
        json!({ "title": "no text" }),
        json!({ "text": 3 }),
    ];
    let lines: Vec<String> = lines.iter().map(Value::to_string).collect();
    let bytes = [lines.join("\n").as_bytes(), b"\n{\"text\": \n\"\xff\"\n"].concat();
    let path = write(&folder, "a.jsonl", bytes);
    let report = folder.path().join("report.json");
    let mut options = options(&[&path], &folder.path().join("out"), &ALL);
    options.report = Some(report.clone());
    let (found, _) = cleaned(&options);
    let counts: Vec<(&str, u64)> =
        found.dropped.iter().map(|(reason, dropped)| (*reason, dropped.tally.documents)).collect();
    let expected = [
        ("C4: curly bracket", 1),
        ("Gopher: number of words", 1),
        ("broken JSON", 1),
        ("near-copy", 1),
        ("no field with text", 2),
        ("not UTF-8", 1),
    ];
    assert_eq!(counts, expected);
    assert!(found.dropped["broken JSON"].example.contains("a.jsonl, line 7: no JSON"));
    assert_eq!(found.lines["no end mark"].lines, 1);
    assert_eq!(found.lines["cookies, privacy, terms"].lines, 1);
    let pair = &found.copies.as_ref().unwrap().examples[0];
    assert!(pair.similarity > 0.8 && pair.copy[1].starts_with("Of the "), "{pair:?}");
    let json: Value = serde_json::from_slice(&fs::read(report).unwrap()).unwrap();
    assert_eq!(json["dropped"]["near-copy"]["documents"], 1);
    assert!(found.to_string().contains("= kept"));

    let only = Options { steps: vec![Step::Gopher], force: true, ..options };
    assert_eq!(cleaned(&only).0.kept.documents, 2);
}

#[test]
fn copies_are_those_of_the_lesson() {
    let folder = TempDir::new().unwrap();
    // More than are judged together.
    let town = town::planted(1200, 7);
    let mut texts = town.documents;
    // Whole copies and texts without a word.
    texts.extend([texts[3].clone(), "…".into(), "—".into(), texts[3].clone()]);
    // Two that are alike only through a third, which comes last.
    let run = |from: usize| (from..from + 40).map(|i| format!("w{i} ")).collect::<String>();
    texts.extend([run(0), run(16), run(8)]);
    let halves = texts.split_at(600);
    let path = |name, half: &[String]| {
        let lines: Vec<String> =
            half.iter().map(|text| json!({ "text": text }).to_string()).collect();
        write(&folder, name, lines.join("\n"))
    };
    let files = [path("a.jsonl", halves.0), path("b.jsonl", halves.1)];
    for threshold in [0.8, 0.5, 0.3] {
        let mut options =
            options(&[&files[0], &files[1]], &folder.path().join("out"), &[Step::Dedup]);
        (options.threshold, options.force) = (threshold, true);
        let (report, lines) = cleaned(&options);
        let (bands, rows) = solution::best_bands(threshold, 128, 0.9).unwrap();
        let stands =
            solution::dedup(&texts, &Settings { words: 3, threshold, bands, rows }).unwrap();
        let kept: Vec<&String> =
            (0..texts.len()).filter(|&i| stands[i] == i).map(|i| &texts[i]).collect();
        let found: Vec<&str> = lines.iter().map(|line| line["text"].as_str().unwrap()).collect();
        assert_eq!(found, kept);
        assert!(report.dropped["near-copy"].tally.documents > 20, "{threshold}");
    }
}

#[test]
fn what_is_cut_off_keeps_what_came_before() {
    let folder = TempDir::new().unwrap();
    let archive = [
        record("conversion", "text/plain", &prose(1)),
        record("conversion", "text/plain", &prose(2)),
    ];
    let [one, two] = [&archive[0], &archive[1]].map(|record| gzip(record));
    let cut = [&one[..], &two[..two.len() / 2]].concat();
    let (texts, problems) = read(&write(&folder, "a.warc.gz", cut));
    assert_eq!(texts, [prose(1)]);
    assert!(
        problems[0].contains("a.warc.gz, record 2: cannot be read from here on"),
        "{problems:?}"
    );
    let last = Documents::open(&folder.path().join("a.warc.gz"), "text", 10_000).last().unwrap();
    assert_eq!(last.unwrap_err().place.offset, archive[0].len() as u64 - 4);
    let whole = archive.concat();
    let (texts, problems) = read(&write(&folder, "b.warc", &whole[..whole.len() - 100]));
    assert_eq!(texts, [prose(1)]);
    assert!(problems[0].ends_with("the file ends within it"), "{problems:?}");

    // Behind a record whose length is wrong the next one is found.
    let wrong = String::from_utf8(archive[0].clone()).unwrap();
    let length = format!("Content-Length: {}", prose(1).len());
    let too_long = format!("Title: {}", "x".repeat(70_000));
    for other in ["Content-Length: 20", "Content-Length: −1", "Content-Length: 1e3", &too_long] {
        let bytes = [wrong.replace(&length, other).into_bytes(), archive[1].clone()].concat();
        let (texts, problems) = read(&write(&folder, "c.warc", bytes));
        assert_eq!(texts.last(), Some(&prose(2)), "{other}");
        assert_eq!(problems.len(), 1, "{other}: {problems:?}");
    }
    let long = [prose(1), "long ".repeat(5000), prose(2)].join(END);
    let (texts, problems) = read(&write(&folder, "d.txt", long));
    assert_eq!(texts, [prose(1), prose(2)]);
    assert!(problems[0].contains("25013 bytes in one document"), "{problems:?}");
    let mixed = [b"one<|endoftext|>\xff\xfe<|endoftext|>".as_slice(), b"\xef\xbb\xbftwo"].concat();
    let (texts, problems) = read(&write(&folder, "e.txt", mixed));
    assert_eq!(texts, ["one", "two"]);
    assert!(problems[0].contains("not UTF-8 from byte 16 on"), "{problems:?}");
    let gone = Documents::open(Path::new("nowhere"), "text", 9).next().unwrap().unwrap_err();
    assert!(matches!(gone.why, Why::Unreadable(_)));
}

/// The program, with what it says and how it ends.
fn run(arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_study-clean")).args(arguments).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(said).unwrap())
}

#[test]
fn what_cannot_be_done_is_said_before_the_work() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    write(&folder, "a.txt", prose(1));
    write(&folder, "bad.txt", b"\xff");
    write(&folder, "none.txt", "  ");
    write(&folder, "empty/x.pdf", "");
    let (text, out) = (path("a.txt"), path("out.jsonl"));
    for (arguments, said) in [
        (vec![path("nowhere")], "nowhere cannot be read"),
        (vec![path("empty")], "has nothing to read"),
        (vec![path("none.txt")], "no documents in"),
        (vec![path("bad.txt")], "not UTF-8 from byte 0"),
        (vec![text.clone(), "--out".into(), path("no/where")], "cannot be written"),
        (vec![text.clone(), "--out".into(), path("empty")], "is a folder"),
        (vec![text.clone(), "--out".into(), text.clone()], "is there already"),
        (vec![text.clone(), "--force".into(), "--out".into(), text.clone()], "read and written"),
        (vec![text.clone(), "--force".into(), "--report".into(), text.clone()], "read and written"),
        (vec![text.clone(), "--report".into(), out.clone()], "name the same file"),
        (vec![text.clone(), "--threshold".into(), "0.001".into()], "--threshold 0.001"),
        (vec![text.clone(), "--threshold".into(), "NaN".into()], "no share"),
        (vec![text.clone(), "--words".into(), "0".into()], "--words: shingles of no words"),
        (vec![], "required"),
    ] {
        let mut arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        if !arguments.contains(&"--out") {
            arguments.extend(["--out", &out]);
        }
        let (code, output) = run(&arguments);
        assert_eq!(code, Some(2), "{arguments:?}: {output}");
        assert!(output.contains(said), "{arguments:?}: {output}");
    }
    assert!(!Path::new(&out).exists());
    let (code, output) = run(&[&text, "--out", &out]);
    assert_eq!(code, Some(0), "{output}");
    assert!(output.contains("wrote 1 document to"), "{output}");
    assert_eq!(documents::files(&[folder.path().to_owned()]).unwrap().len(), 4);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..<_>::default() })]

    /// Whatever the bytes are: it ends, and numbers add up.
    #[test]
    fn no_bytes_break_it(
        kind in prop::sample::select(vec!["a.txt", "a.jsonl", "a.warc"]),
        (at, with) in (any::<prop::sample::Index>(), prop::collection::vec(any::<u8>(), 0..40)),
        cut in any::<prop::sample::Index>(),
        is_compressed in any::<bool>(),
        is_noise in any::<bool>(),
    ) {
        let folder = TempDir::new().unwrap();
        let mut bytes = match kind {
            "a.txt" => [prose(1), prose(2)].join(END).into_bytes(),
            "a.jsonl" => format!("{}\n{}", json!({"text": prose(1)}), json!({"text": "{"})).into(),
            _ => record("conversion", "text/plain", &prose(1)).repeat(2),
        };
        if is_compressed {
            bytes = gzip(&bytes);
        }
        let at = at.index(bytes.len());
        bytes.splice(at..(at + with.len() / 2).min(bytes.len()), with.iter().copied());
        bytes.truncate(cut.index(bytes.len() + 1));
        if is_noise {
            bytes = with;
        }
        let path = write(&folder, kind, bytes);
        for document in Documents::open(&path, "text", 300) {
            let read = document.map_or(0, |document| document.text.len());
            prop_assert!(read <= 300);
        }
        let good = write(&folder, "good.txt", prose(9));
        cleaned(&options(&[&path, &good], &folder.path().join("out"), &ALL));
    }
}
