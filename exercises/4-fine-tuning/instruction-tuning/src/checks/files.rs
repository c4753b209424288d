//! Data sets as files.

use grading::draw::{self, Strategy};
use grading::{Outcome, agree, differential, expect_eq, expect_error_is};

use crate::{Answers, DataError, Example, Kind, Message, Place, SOLUTION};

const CHAT: &str =
    r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "yo"}]}"#;
const COMPLETION: &str = r#"{"prompt": "2 + 2 =", "completion": " 4"}"#;
const LABEL: &str = r#"{"text": "What a day!", "label": "good"}"#;

fn completion(prompt: &str, completion: &str) -> Example {
    Example::Completion { prompt: prompt.into(), completion: completion.into() }
}

fn label(text: &str, label: &str) -> Example {
    Example::Label { text: text.into(), label: label.into() }
}

fn chat(messages: &[(&str, &str)]) -> Example {
    Example::Chat(messages.iter().map(|(role, content)| Message::new(role, content)).collect())
}

pub fn examples_are_read_as_they_stand(answers: &Answers) -> Outcome {
    let hi = || chat(&[("user", "hi"), ("assistant", "yo")]);
    let sum = || completion("2 + 2 =", " 4");
    let day = || label("What a day!", "good");
    for (file, want) in [
        (CHAT.to_owned(), vec![hi()]),
        (format!("{CHAT}\n"), vec![hi()]),
        (format!("{COMPLETION}\n{COMPLETION}"), vec![sum(), sum()]),
        (format!("\u{feff}{LABEL}\r\n{LABEL}\r\n"), vec![day(), day()]),
        (format!("\n \t\r\n{LABEL}\n\n\r\n  {LABEL} \n\n"), vec![day(), day()]),
        (format!("\u{feff}\n{COMPLETION}"), vec![sum()]),
        // Other fields, in any order; a label that is a number elsewhere.
        (
            r#"{"id": 7, "completion": "b", "label": 3, "meta": {"text": null}, "prompt": "a"}"#
                .to_owned(),
            vec![completion("a", "b")],
        ),
        (
            r#"{"prompt": 5, "messages": [
                {"weight": 1, "content": "s", "role": "system"},
                {"role": "user", "content": "a"},
                {"role": "assistant", "content": "b", "tool_calls": []},
                {"role": "user", "content": "c"},
                {"role": "assistant", "content": "d"}]}"#
                .replace('\n', " "),
            vec![chat(&[
                ("system", "s"),
                ("user", "a"),
                ("assistant", "b"),
                ("user", "c"),
                ("assistant", "d"),
            ])],
        ),
        // What ends no line: escapes, U+2028, U+0085, a carriage return alone.
        (
            "{\"text\": \"a\\nb\\r\\n\\u00e9\u{2028}c\u{85}\\f d\", \"label\": \" x \"}\n".into(),
            vec![label("a\nb\r\né\u{2028}c\u{85}\u{c} d", " x ")],
        ),
        (
            "{\"text\":\r\"\u{feff}語🦀\",\r\"label\": \"\\ud83e\\udd80\"}".into(),
            vec![label("\u{feff}語🦀", "🦀")],
        ),
    ] {
        let got = (answers.read_data)(file.as_bytes())?;
        expect_eq(&format!("the file {file:?}"), &got, &want)?;
    }
    let many: String =
        (0..3000).map(|i| format!("{{\"text\": \"{i}\", \"label\": \"{}\"}}\n", i % 7)).collect();
    let want: Vec<Example> =
        (0..3000).map(|i| label(&i.to_string(), &(i % 7).to_string())).collect();
    expect_eq("a file of 3,000 lines", &(answers.read_data)(many.as_bytes())?, &want)
}

pub fn what_is_wrong_is_named_with_its_line(answers: &Answers) -> Outcome {
    examples_are_read_as_they_stand(answers)?;
    let field = |field| Place::Field(field);
    let type_of = |field| DataError::Type { field };
    let mixed = |first, here| DataError::Mixed { first, here };
    let turn = |place| DataError::Blank { place };
    let special = |place, token| DataError::Special { place, token };
    let said = |messages: &str| format!("{{\"messages\": {messages}}}");
    let user = r#"{"role": "user", "content": "a"}"#;
    let robot = r#"{"role": "assistant", "content": "b"}"#;
    for (line, why) in [
        ("{", DataError::NotJson),
        ("{\"prompt\": \"a\", \"completion\": \"b\"", DataError::NotJson),
        ("{'prompt': 'a', 'completion': 'b'}", DataError::NotJson),
        (&format!("{COMPLETION} {COMPLETION}"), DataError::NotJson),
        (&format!("{COMPLETION},"), DataError::NotJson),
        ("# a comment", DataError::NotJson),
        ("\u{a0}", DataError::NotJson),
        ("\u{b}", DataError::NotJson),
        (" \u{c}\t", DataError::NotJson),
        ("\0", DataError::NotJson),
        ("\u{feff}{}", DataError::NotJson),
        ("[]", DataError::NotObject),
        (&format!("[{COMPLETION}]"), DataError::NotObject),
        ("\"prompt\"", DataError::NotObject),
        ("null", DataError::NotObject),
        ("{}", DataError::Fields),
        (r#"{"prompt": "a"}"#, DataError::Fields),
        (r#"{"Prompt": "a", "completion": "b"}"#, DataError::Fields),
        (r#"{"prompt": "a", "label": "b"}"#, DataError::Fields),
        (r#"{"text": "a", "completion": "b"}"#, DataError::Fields),
        (r#"{"prompt": "a", "completion": "b", "text": 1, "label": 2}"#, DataError::Fields),
        (r#"{"prompt": "a", "completion": "b", "messages": 1}"#, DataError::Fields),
        (LABEL, mixed(Kind::Completion, Kind::Label)),
        (r#"{"text": 1, "label": ""}"#, mixed(Kind::Completion, Kind::Label)),
        (&said("3"), mixed(Kind::Completion, Kind::Chat)),
        (r#"{"prompt": 1, "completion": 2}"#, type_of("prompt")),
        (r#"{"completion": null, "prompt": ["a"]}"#, type_of("prompt")),
        (r#"{"prompt": "", "completion": 2}"#, type_of("completion")),
        (r#"{"prompt": "<|im_end|>", "completion": {}}"#, type_of("completion")),
        (r#"{"prompt": " ", "completion": ""}"#, turn(field("prompt"))),
        (r#"{"prompt": "a", "completion": "\n\u2003"}"#, turn(field("completion"))),
        (
            r#"{"prompt": "<|im_start|>", "completion": ""}"#,
            special(field("prompt"), "<|im_start|>"),
        ),
        (
            r#"{"prompt": "a", "completion": "b<|endoftext|>"}"#,
            special(field("completion"), "<|endoftext|>"),
        ),
        (
            r#"{"prompt": "<|im_end\u007c> <|im_start|>", "completion": "b"}"#,
            special(field("prompt"), "<|im_end|>"),
        ),
    ] {
        named(answers, &[COMPLETION], line, why)?;
    }
    for (line, why) in [
        (r#"{"text": "a", "label": 1}"#, type_of("label")),
        (r#"{"text": true, "label": 1}"#, type_of("text")),
        (r#"{"text": "a", "label": "\t"}"#, turn(field("label"))),
        (r#"{"label": "", "text": ""}"#, turn(field("text"))),
        (r#"{"text": "a", "label": "<|im_end|>"}"#, special(field("label"), "<|im_end|>")),
        (COMPLETION, mixed(Kind::Label, Kind::Completion)),
    ] {
        named(answers, &[LABEL, "", LABEL], line, why)?;
    }
    let two = said(&format!("[{user}, {robot}]"));
    for (messages, why) in [
        ("{}".to_owned(), type_of("messages")),
        ("\"hi\"".to_owned(), type_of("messages")),
        ("[\"hi\"]".to_owned(), type_of("messages")),
        (format!("[{user}, {{\"role\": \"assistant\"}}]"), type_of("messages")),
        (format!("[{user}, {{\"role\": 1, \"content\": \"b\"}}]"), type_of("messages")),
        (format!("[{robot}, {{\"role\": \"user\", \"content\": null}}]"), type_of("messages")),
        ("[]".to_owned(), DataError::Empty),
        (r#"[{"role": "system", "content": "s"}]"#.to_owned(), DataError::Empty),
        (format!("[{user}]"), DataError::NotAnswered),
        (format!("[{user}, {robot}, {user}]"), DataError::NotAnswered),
        (format!("[{user}, {user}]"), DataError::Order { message: 1, role: "user".into() }),
        (
            format!("[{user}, {{\"role\": \"bot\", \"content\": \"\"}}]"),
            DataError::Role { message: 1, role: "bot".into() },
        ),
        (
            format!("[{{\"role\": \" user\", \"content\": \"a\"}}, {robot}]"),
            DataError::Role { message: 0, role: " user".into() },
        ),
        (
            format!("[{user}, {{\"role\": \"assistant\", \"content\": \" \"}}]"),
            turn(Place::Message(1)),
        ),
        (
            format!("[{user}, {{\"role\": \"assistant\", \"content\": \"<|im_end|>\"}}, {user}]"),
            special(Place::Message(1), "<|im_end|>"),
        ),
    ] {
        named(answers, &[CHAT, &two], &said(&messages), why)?;
    }
    // Bytes that are no UTF-8, also where they are all that is wrong.
    for bytes in [&b"{\"text\": \"\xff\", \"label\": \"b\"}"[..], b"\xe9", b"{\xc3", b"[\x80]"] {
        let file = [LABEL.as_bytes(), b"\n", bytes, b"\n{"].concat();
        let want = DataError::Line { line: 2, why: Box::new(DataError::NotUtf8) };
        let what = format!("the file {:?}", String::from_utf8_lossy(&file));
        expect_error_is(&what, (answers.read_data)(&file), &want)?;
    }
    for file in ["", "\n", "\u{feff}", "\u{feff}\r\n\n", " \t\r\n \n"] {
        let got = (answers.read_data)(file.as_bytes());
        expect_error_is(&format!("the file {file:?}"), got, &DataError::NoExamples)?;
    }
    Ok(())
}

/// A file with a wrong line behind right ones, and worse ones behind it.
fn named(answers: &Answers, right: &[&str], wrong: &str, why: DataError) -> Outcome {
    let why = Box::new(why);
    for (bom, end) in [("", "\n"), ("\u{feff}", "\r\n")] {
        let before: String = right.iter().map(|line| format!("{line}{end}")).collect();
        let file = format!("{bom}{before}{end}{wrong}{end}[");
        let want = DataError::Line { line: right.len() + 2, why: why.clone() };
        let got = (answers.read_data)(file.as_bytes());
        expect_error_is(&format!("the file {file:?}"), got, &want)?;
    }
    Ok(())
}

pub fn drawn_files_agree(answers: &Answers) -> Outcome {
    let value = draw::prop_oneof![
        8 => draw::text(5).prop_map(|text| serde_json::json!(text)),
        1 => draw::select(vec![
            serde_json::json!(null),
            serde_json::json!(1),
            serde_json::json!(["a"]),
            serde_json::json!("<|im_end|>"),
            serde_json::json!("a<|endoftext|><|im_start|>"),
            serde_json::json!(" \u{2003}"),
        ]),
    ];
    let message = (
        draw::select(vec![
            "user",
            "user",
            "assistant",
            "assistant",
            "system",
            "bot",
            "User",
            "user ",
            "",
        ]),
        value.clone(),
    )
        .prop_map(|(role, content)| serde_json::json!({"role": role, "content": content}));
    let names = draw::select(vec![
        &["prompt", "completion"][..],
        &["prompt", "completion"],
        &["prompt", "completion"],
        &["text", "label"],
        &["label", "text", "prompt"],
        &["messages", "id"],
        &["text"],
    ]);
    let fields = (names, draw::list(value, 3..=3)).prop_map(|(names, values)| {
        let pairs = names.iter().zip(values).map(|(name, value)| ((*name).to_owned(), value));
        serde_json::Value::Object(pairs.collect()).to_string()
    });
    let two = (draw::text(4), draw::text(4)).prop_map(|(a, b)| {
        let said = |role, text: &str| serde_json::json!({"role": role, "content": text});
        serde_json::json!({"messages": [said("user", &a), said("assistant", &b)]}).to_string()
    });
    let line = draw::prop_oneof![
        6 => fields,
        2 => two,
        1 => draw::list(message, 0..=4)
            .prop_map(|messages| serde_json::json!({"messages": messages}).to_string()),
        1 => draw::select(vec!["", " \t", "{}", "[]", "{", "\u{feff}", "7", "\u{c}", "\u{b}"]).prop_map(String::from),
    ];
    let file = (draw::list(line, 0..=6), draw::select(vec!["\n", "\r\n"]), 0..4_u8, draw::bytes(2));
    differential(file, |(lines, end, kind, bytes)| {
        let mut file = lines.join(end).into_bytes();
        match kind {
            0 => file.splice(..0, "\u{feff}".bytes()).for_each(drop),
            1 => file.extend_from_slice(end.as_bytes()),
            2 => file.extend_from_slice(bytes),
            _ => {}
        }
        let run = |answers: &Answers| (answers.read_data)(&file);
        let what = format!("the file {:?}", String::from_utf8_lossy(&file));
        agree(&what, run(answers), run(&SOLUTION), |got, want| expect_eq("examples", got, want))
    })
}
