//! The tokenizer does what that of transformers does.

use bert::{BertError, Encoded, Tokenizer};
use serde::Deserialize;

const VOCAB: &str = include_str!("../../golden/vocab.txt");

#[derive(Deserialize)]
struct Case {
    lower: bool,
    text: String,
    pair: Option<String>,
    #[serde(default)]
    most: usize,
    ids: Vec<u32>,
    #[serde(default)]
    types: Vec<u32>,
}

#[test]
fn ids_are_those_of_transformers() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("../../golden/tokens.json")).unwrap();
    let [cased, uncased] = [false, true].map(|lower| Tokenizer::from_vocab(VOCAB, lower).unwrap());
    let mut wrong = Vec::new();
    for case in &cases {
        let tokenizer = if case.lower { &uncased } else { &cased };
        let most = if case.pair.is_some() { case.most } else { usize::MAX };
        let Encoded { ids, token_types } = tokenizer.encode(&case.text, case.pair.as_deref(), most);
        if ids != case.ids || !case.types.is_empty() && token_types != case.types {
            wrong.push(format!(
                "{:?} {:?}, lower {}: {ids:?}, not {:?}",
                case.text, case.pair, case.lower, case.ids
            ));
        }
    }
    assert!(cases.len() > 120 && wrong.is_empty(), "{}", wrong.join("\n"));
}

fn json(normalizer: &str, kind: &str) -> String {
    let id = |token: &str| VOCAB.lines().position(|piece| piece == token).unwrap();
    let vocab: Vec<String> = VOCAB
        .lines()
        .enumerate()
        .map(|(id, piece)| format!("{}: {id}", serde_json::to_string(piece).unwrap()))
        .collect();
    let added = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"].map(|token| {
        format!(
            r#"{{"id": {}, "content": "{token}", "single_word": false, "lstrip": false,
                "rstrip": false, "normalized": false, "special": true}}"#,
            id(token)
        )
    });
    format!(
        r#"{{"version": "1.0", "added_tokens": [{}], "normalizer": {normalizer},
            "pre_tokenizer": {{"type": "BertPreTokenizer"}},
            "post_processor": {{"type": "BertProcessing", "sep": ["[SEP]", {}], "cls": ["[CLS]", {}]}},
            "model": {{{kind} "max_input_chars_per_word": 100, "vocab": {{{}}}}}}}"#,
        added.join(","),
        id("[SEP]"),
        id("[CLS]"),
        vocab.join(",")
    )
}

#[test]
fn both_files_say_the_same() {
    let uncased = r#"{"type": "BertNormalizer", "strip_accents": null, "lowercase": true}"#;
    let cased = r#"{"type": "BertNormalizer", "strip_accents": null, "lowercase": false}"#;
    let text = "The keeper saw the café. [MASK]";
    for (normalizer, lower) in [(uncased, true), (cased, false)] {
        for kind in ["", r#""type": "WordPiece","#] {
            let read = Tokenizer::from_json(&json(normalizer, kind)).unwrap();
            let want = Tokenizer::from_vocab(VOCAB, lower).unwrap();
            assert_eq!(read.encode(text, None, 99), want.encode(text, None, 99));
            let pair = Some("the light");
            assert_eq!(read.encode(text, pair, 8), want.encode(text, pair, 8));
        }
    }
    let unigram = r#"{"model": {"type": "Unigram", "unk_id": 0, "vocab": [["[PAD]", 0]]}}"#;
    for (file, part) in [
        (json(r#"{"type": "Nmt"}"#, ""), "Nmt"),
        (unigram.into(), "Unigram"),
        ("{".into(), "tokenizer.json"),
        (json(uncased, "").replacen("\"[SEP]\": ", "\"[END]\": ", 1), "[SEP]"),
    ] {
        let error = Tokenizer::from_json(&file).unwrap_err();
        assert!(matches!(error, BertError::Tokenizer(_)), "{error:?}");
        assert!(error.to_string().contains(part), "{error}");
    }
    let twice = Tokenizer::from_vocab(&format!("{VOCAB}[PAD]\n"), true).unwrap_err();
    assert!(twice.to_string().contains("[PAD]"), "{twice}");
}

#[test]
fn a_batch_is_filled_up() {
    let tokenizer = Tokenizer::from_vocab(VOCAB, true).unwrap();
    let texts = [("the light", Some("the")), ("", None), ("the keeper saw the light", None)]
        .map(|(text, second)| tokenizer.encode(text, second, 6));
    assert_eq!(texts.each_ref().map(|text| text.ids.len()), [6, 2, 6]);
    let batch = tokenizer.batch(&texts).unwrap();
    let is_token = batch.is_token.to_vec2::<u8>().unwrap();
    assert_eq!(is_token, [[1; 6], [1, 1, 0, 0, 0, 0], [1; 6]]);
    let types = batch.token_types.to_vec2::<u32>().unwrap();
    assert_eq!(types[0], [0, 0, 0, 0, 1, 1]);
    let ids = batch.ids.to_vec2::<u32>().unwrap();
    let pad = tokenizer.id("[PAD]").unwrap();
    assert_eq!(ids[1][2..], [pad; 4]);
}
