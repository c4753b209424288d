//! `cargo study tune --ask`: what was tuned, asked.

mod tool;

use std::fs;

use peft::WEIGHTS;
use tempfile::TempDir;

use tool::*;

/// What `--ask` says, line by line.
fn asked(folder: &TempDir, words: &str) -> Vec<String> {
    let output = run(folder, words);
    assert!(output.status.success(), "{words}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn what_was_tuned_answers_and_is_judged_as_at_its_end() {
    let folder = TempDir::new().unwrap();
    base(&folder);
    lines(&folder, "counting.jsonl", counting);
    lines(&folder, "parity.jsonl", parity);
    lines(&folder, "chat.jsonl", chat);
    let mut said_something = 0;
    for (method, data) in [
        ("full", "counting"),
        ("lora", "counting"),
        ("qlora", "counting"),
        ("soft-prompt", "counting"),
        ("prefix", "counting"),
        ("head", "parity"),
        ("lora", "parity"),
        ("lora", "chat"),
    ] {
        let out = format!("{method}-{data}");
        let held = format!("--data {data}.jsonl --held-out {data}.jsonl");
        let ended = finished(&folder, &format!("{held} --method {method} {FEW}"), &out);
        let said = asked(&folder, &format!("--ask {out} --data {data}.jsonl"));
        let number = |key: &str| ended["after"][key].as_f64().unwrap();
        let last = said.last().unwrap();
        let want = format!("{:.1}%, loss {:.3}", 100.0 * number("metric"), number("loss"));
        // f16 is what a whole model is kept in, and all of it was judged so.
        assert!(last.ends_with(&want), "{out}: {last}, not {want}");
        let wrong = said.iter().filter(|line| line.starts_with("  wanted ")).count();
        let right: usize = last.split(' ').next().unwrap().parse().unwrap();
        assert_eq!(right + wrong, 120, "{out}");
        // A text by itself gets the answer that the samples have.
        let sample = &json_of(&folder.path().join(&out).join("samples.json"))[0];
        let first = match data {
            "counting" => counting(0)["prompt"].clone(),
            "parity" => parity(0)["text"].clone(),
            _ => chat(0)["messages"][0]["content"].clone(),
        };
        let output = command(&folder, &format!("--ask {out} --text"))
            .arg(first.as_str().unwrap())
            .output()
            .unwrap();
        let answer = String::from_utf8(output.stdout).unwrap();
        // What is judged may be cut off sooner.
        assert!(answer.starts_with(sample["got"].as_str().unwrap()), "{out}: {answer} {sample}");
        said_something += usize::from(!answer.trim().is_empty());
    }
    assert!(said_something > 4, "only {said_something} of 8 said something");
    fs::write(folder.path().join("plain.txt"), "After 1 comes 2.\n\nAfter 3 comes 4.\n").unwrap();
    for (out, is_same) in [("head-parity", true), ("lora-counting", false)] {
        let said = asked(&folder, &format!("--ask {out} --forgotten plain.txt"));
        let numbers: Vec<f64> =
            said[0].split([' ', ',']).filter_map(|word| word.parse().ok()).collect();
        assert_eq!(numbers[0], 2.0, "{said:?}");
        assert_eq!(numbers[1] == numbers[2], is_same, "{said:?}");
    }
    // Without training.json it is an adapter as PEFT writes them.
    fs::remove_file(folder.path().join("lora-counting/training.json")).unwrap();
    let output = run(&folder, "--ask lora-counting --base base --text after");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn another_base_of_the_same_shapes_is_refused_by_name() {
    let folder = TempDir::new().unwrap();
    base(&folder);
    lines(&folder, "counting.jsonl", counting);
    lines(&folder, "parity.jsonl", parity);
    finished(&folder, &format!("--data counting.jsonl {FEW}"), "lora");
    finished(&folder, &format!("--data parity.jsonl --method head {FEW}"), "head");
    finished(&folder, &format!("--data counting.jsonl --method full {FEW}"), "other");
    for out in ["lora", "head"] {
        let error = refused(&folder, &format!("--ask {out} --base other --text a"));
        assert!(error.contains("tuned on base,") && error.contains("of other have"), "{error}");
        let error = refused(&folder, &format!("--ask {out} --data none.jsonl"));
        assert!(error.contains("none.jsonl cannot be read"), "{error}");
    }
    let error = refused(&folder, "--ask head --data counting.jsonl");
    assert!(error.contains("of another kind"), "{error}");
    let error = refused(&folder, "--ask base --text a");
    assert!(error.contains("neither training.json nor adapter_config.json"), "{error}");
    let output = command(&folder, "--ask lora --text").arg("After ".repeat(100)).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(error.contains("shorten it"), "{error}");
    // The file of the adapter names its base, too.
    fs::remove_file(folder.path().join("lora/training.json")).unwrap();
    let error = refused(&folder, "--ask lora --base other --text a");
    assert!(error.contains("trained on base") && error.contains("other"), "{error}");
    // PEFT names no hash: then only the names can tell.
    let path = folder.path().join("lora").join(WEIGHTS);
    let bytes = fs::read(&path).unwrap();
    let header = 8 + usize::try_from(u64::from_le_bytes(bytes[..8].try_into().unwrap())).unwrap();
    let text = String::from_utf8(bytes[8..header].to_vec()).unwrap();
    let hash = peft_hash(&text);
    let plain = text.replace(&hash, "\"format\":\"pt\"");
    let plain = format!("{plain}{}", " ".repeat(text.len() - plain.len()));
    fs::write(&path, [&bytes[..8], plain.as_bytes(), &bytes[header..]].concat()).unwrap();
    let output = run(&folder, "--ask lora --base other --text a");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{said}");
    assert!(said.contains("warning") && said.contains("trained on base,"), "{said}");
    assert!(said.contains("used with other"), "{said}");
}

/// The field of the header that names the base's weights.
fn peft_hash(header: &str) -> String {
    let start = header.find("\"base_hash\":\"").unwrap();
    let end = start + "\"base_hash\":\"".len() + 64 + 1;
    header[start..end].to_owned()
}
