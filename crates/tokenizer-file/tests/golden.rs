//! The ids of many texts, and the text of their ids, are those of `tokenizers` (`golden/make.py`).

use std::collections::BTreeMap;

use serde::Deserialize;
use tokenizer_file::{Tokenizer, TokenizerError};

#[derive(Deserialize)]
struct Golden {
    texts: Vec<String>,
    #[serde(flatten)]
    tokenizers: BTreeMap<String, Cases>,
}

#[derive(Deserialize)]
struct Cases {
    rows: Vec<Row>,
    /// Ids and types of two texts.
    pair: (Vec<u32>, Vec<u32>),
    size: usize,
}

#[derive(Deserialize)]
struct Row {
    ids: Vec<u32>,
    /// Where the first of them is with what is put around, and how many there are then.
    around: (usize, usize),
    /// The text of all, if it is another one, and without special tokens, if that differs.
    whole: Option<String>,
    bare: Option<String>,
}

fn file(name: &str) -> &'static str {
    match name {
        "gpt2" => include_str!("../golden/gpt2.json"),
        "roberta" => include_str!("../golden/roberta.json"),
        "llama3" => include_str!("../golden/llama3.json"),
        "bert" => include_str!("../golden/bert.json"),
        "cased" => include_str!("../golden/cased.json"),
        "t5" => include_str!("../golden/t5.json"),
        "xlnet" => include_str!("../golden/xlnet.json"),
        other => panic!("no file {other}.json"),
    }
}

#[test]
fn ids_and_texts_are_those_of_tokenizers() {
    let golden: Golden = serde_json::from_str(include_str!("../golden/texts.json")).unwrap();
    assert!(golden.tokenizers.len() == 7 && golden.texts.len() > 90);
    let mut wrong = Vec::new();
    for (name, cases) in &golden.tokenizers {
        let tokenizer = Tokenizer::from_json(file(name).as_bytes()).unwrap();
        assert_eq!(tokenizer.len(), cases.size, "{name}");
        let around = tokenizer.around(
            &tokenizer.encode("the light").unwrap(),
            Some(&tokenizer.encode("a [SEP] sea").unwrap()),
        );
        assert_eq!((around.ids, around.type_ids), cases.pair, "{name}");
        for (text, row) in golden.texts.iter().zip(&cases.rows) {
            let ids = tokenizer.encode(text).unwrap();
            if ids != row.ids {
                wrong.push(format!("{name} {text:?}: {ids:?}, not {:?}", row.ids));
                continue;
            }
            let all = tokenizer.around(&ids, None).ids;
            let (start, count) = row.around;
            if all.len() != count || !all[start..].starts_with(&ids) {
                wrong.push(format!("{name} {text:?}: {all:?} of {ids:?}"));
            }
            let whole = row.whole.as_deref().unwrap_or(text);
            let bare = row.bare.as_deref().unwrap_or(whole);
            for (skip, want) in [(false, whole), (true, bare)] {
                let got = tokenizer.decode(&all, skip).unwrap();
                if got != want {
                    wrong.push(format!("{name} {text:?}, skip {skip}: {got:?}, not {want:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn tokens_have_ids_and_back() {
    for name in ["gpt2", "roberta", "llama3", "bert", "cased", "t5", "xlnet"] {
        let tokenizer = Tokenizer::from_json(file(name).as_bytes()).unwrap();
        for id in 0..tokenizer.len() as u32 {
            let token = tokenizer.token(id).unwrap();
            assert_eq!(tokenizer.id(token), Some(id), "{name} {token:?}");
        }
        let id = tokenizer.len() as u32;
        let error = tokenizer.decode(&[0, id], false).unwrap_err();
        assert!(matches!(error, TokenizerError::UnknownId { id: its } if its == id), "{error:?}");
    }
}

#[test]
fn merges_become_the_vocabulary_of_step_1() {
    let bpe = tokenization::sample_vocab(tokenization::SAMPLE_VOCAB_SIZE).unwrap();
    let bytes = Tokenizer::gpt2(None, "").unwrap();
    let spelled = |id: u32| -> String {
        let its = bpe.bytes(id).unwrap().iter();
        its.map(|byte| bytes.token(tokenization::byte_id(*byte)).unwrap()).collect()
    };
    let lines = bpe
        .merges()
        .iter()
        .map(|(left, right)| format!("{} {}\n", spelled(*left), spelled(*right)));
    let tokenizer = Tokenizer::gpt2(None, &lines.collect::<String>()).unwrap();
    assert_eq!(tokenizer.len(), 256 + bpe.merges().len() + 1);
    let golden: Golden = serde_json::from_str(include_str!("../golden/texts.json")).unwrap();
    for text in golden.texts.iter().filter(|text| !text.contains("<|endoftext|>")) {
        let ids = tokenization::solution::encode(&bpe, text);
        assert_eq!(tokenizer.encode(text).unwrap(), ids, "{text:?}");
        assert_eq!(tokenizer.decode(&ids, false).unwrap(), *text);
    }
}
