//! Files that nobody wrote: an error that names the field, and never a panic.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};
use tokenizer_file::{Tokenizer, TokenizerError};

const GPT2: &str = include_str!("../golden/gpt2.json");
const ROBERTA: &str = include_str!("../golden/roberta.json");
const LLAMA3: &str = include_str!("../golden/llama3.json");
const BERT: &str = include_str!("../golden/bert.json");
const CASED: &str = include_str!("../golden/cased.json");
const T5: &str = include_str!("../golden/t5.json");
const XLNET: &str = include_str!("../golden/xlnet.json");
const FILES: [&str; 7] = [GPT2, ROBERTA, LLAMA3, BERT, CASED, T5, XLNET];

/// The file, with the value at a place replaced.
fn edited(file: &str, place: &str, to: Value) -> String {
    let mut file: Value = serde_json::from_str(file).unwrap();
    match file.pointer_mut(place) {
        Some(value) => *value = to,
        None => {
            let (parent, name) = place.rsplit_once('/').unwrap();
            let parent = file.pointer_mut(parent).unwrap();
            parent.as_object_mut().unwrap().insert(name.into(), to);
        }
    }
    file.to_string()
}

fn problem(file: &str) -> String {
    let error = Tokenizer::from_json(file.as_bytes()).map(|_| ()).unwrap_err();
    let text = error.to_string();
    assert!(text.len() < 700, "a message of {} bytes", text.len());
    text
}

#[test]
fn what_is_wrong_or_not_supported_is_named() {
    let huge = json!(1u64 << 40);
    let cases = [
        // What is there that nobody knows, and what is not there.
        (edited(GPT2, "/extra", json!(1)), "extra: nothing here knows"),
        (edited(GPT2, "/version", json!("2.0")), "version: “2.0” is not supported"),
        (edited(GPT2, "/model", Value::Null), "model: it is missing"),
        (edited(GPT2, "/model/extra", json!(1)), "model.extra"),
        (edited(GPT2, "/pre_tokenizer/extra", json!(1)), "pre_tokenizer.extra"),
        (edited(BERT, "/normalizer/extra", json!(1)), "normalizer.extra"),
        (edited(BERT, "/decoder/extra", json!(1)), "decoder.extra"),
        (edited(BERT, "/post_processor/extra", json!(1)), "post_processor.extra"),
        (edited(BERT, "/added_tokens/0/extra", json!(1)), "added_tokens[0].extra"),
        // Parts of other kinds.
        (edited(GPT2, "/model/type", json!("WordLevel")), "model: “WordLevel” is not supported"),
        (edited(BERT, "/normalizer/type", json!("Nmt")), "normalizer: “Nmt” is not supported"),
        (edited(XLNET, "/normalizer/normalizers/3/type", json!("NFX")), "normalizers[3]: “NFX”"),
        (edited(T5, "/pre_tokenizer/type", json!("Digits")), "pre_tokenizer: “Digits”"),
        (edited(GPT2, "/decoder/type", json!("CTC")), "decoder: “CTC”"),
        (edited(GPT2, "/post_processor/type", json!("Other")), "post_processor: “Other”"),
        (edited(GPT2, "/pre_tokenizer", Value::Null), "pre_tokenizer: a BPE model needs ByteLevel"),
        (
            edited(LLAMA3, "/pre_tokenizer/pretokenizers/0/pattern/Regex", json!("a+")),
            "pretokenizers[0].pattern.Regex: “a+”",
        ),
        (
            edited(LLAMA3, "/pre_tokenizer/pretokenizers/0/behavior", json!("Removed")),
            "behavior: “Removed”",
        ),
        (edited(LLAMA3, "/pre_tokenizer/pretokenizers/0/invert", json!(true)), "invert"),
        (edited(XLNET, "/normalizer/normalizers/6/pattern/Regex", json!("x*")), "Regex: “x*”"),
        (edited(XLNET, "/normalizer/normalizers/0/pattern/String", json!("")), "it is empty"),
        (edited(XLNET, "/normalizer/normalizers/0/content", json!("x".repeat(2000))), "2000 bytes"),
        // Models.
        (edited(GPT2, "/model/dropout", json!(0.1)), "model.dropout"),
        (edited(GPT2, "/model/end_of_word_suffix", json!("</w>")), "end_of_word_suffix: “</w>”"),
        (edited(GPT2, "/model/vocab/!", huge.clone()), "“!”: it is 1099511627776"),
        (edited(GPT2, "/model/vocab/!", json!(-1)), "“!”: it is -1"),
        (edited(GPT2, "/model/vocab/!", json!(1.5)), "“!”: it is 1.5"),
        (edited(GPT2, "/model/vocab/!", json!(2)), "the id 2 is that of"),
        (edited(GPT2, "/model/vocab", json!({})), "it has no token"),
        (edited(GPT2, "/model/merges/3", json!("no such")), "merges[3]: it needs the token “no”"),
        (edited(GPT2, "/model/merges/3", json!("a")), "merges[3]: it must name two tokens"),
        (edited(GPT2, "/model/merges/3", json!("a b c")), "merges[3]: it must name two tokens"),
        (edited(GPT2, "/model/merges/3", json!(["a"])), "merges[3]: it must name two tokens"),
        (edited(GPT2, "/model/merges/3", json!(["a", ""])), "merges[3]"),
        (edited(GPT2, "/model/merges/3", json!("a ~")), "it needs the token “a~”"),
        (edited(GPT2, "/model/merges/3", json!(7)), "merges[3]: it is 7, and must be a text"),
        (edited(BERT, "/model/unk_token", json!("<x>")), "it has no <x>"),
        (edited(BERT, "/model/continuing_subword_prefix", json!("@@")), "“@@”"),
        (edited(BERT, "/model/max_input_chars_per_word", json!(9999)), "9999"),
        (edited(BERT, "/model/vocab/", json!(9000)), "at least one character"),
        (edited(T5, "/model/unk_id", json!(100_000)), "unk_id: it is 100000"),
        (edited(T5, "/model/unk_id", Value::Null), "unk_id: it is missing"),
        (edited(T5, "/model/byte_fallback", json!(true)), "byte_fallback"),
        (edited(T5, "/model/vocab/9", json!(["x", 1e300])), "vocab[9]: 1000"),
        (edited(T5, "/model/vocab/9", json!(["x", "y"])), "vocab[9][1]: it is “y”"),
        (edited(T5, "/model/vocab/9", json!(["x"])), "vocab[9]: it must be a piece"),
        (edited(T5, "/model/vocab/9", json!(["</s>", 0])), "“</s>” is there already"),
        (edited(T5, "/model/vocab/9", json!(["x".repeat(5000), 0])), "at most 1024 bytes"),
        // The table of SentencePiece.
        (edited(T5, "/normalizer/normalizers/0/precompiled_charsmap", json!("%")), "base64"),
        (
            edited(T5, "/normalizer/normalizers/0/precompiled_charsmap", json!("AA==")),
            "ends before its trie",
        ),
        (
            edited(T5, "/normalizer/normalizers/0/precompiled_charsmap", json!("/////w==")),
            "ends before its trie",
        ),
        (
            edited(T5, "/normalizer/normalizers/0/precompiled_charsmap", json!("BAAAAAAAAAD/")),
            "no UTF-8",
        ),
        // Tokens that are added.
        (edited(GPT2, "/added_tokens/0/id", json!(3)), "added_tokens[0]: its id is 3, and 0"),
        (
            edited(GPT2, "/added_tokens/0/content", json!("new")),
            "the id 0 of “new” is that of “<|endoftext|>”",
        ),
        (edited(GPT2, "/added_tokens/0/content", json!("")), "content: it is empty"),
        (edited(T5, "/added_tokens/5/id", json!(400_000_000_000u64)), "added_tokens[5].id"),
        (edited(T5, "/added_tokens/5/content", json!("<extra_id_0>")), "it is there twice"),
        // What is put around.
        (edited(ROBERTA, "/post_processor/sep/1", json!(7)), "7 is not the id of the token “</s>”"),
        (edited(BERT, "/post_processor/single/0/SpecialToken/id", json!("x")), "special_tokens.x"),
        (edited(BERT, "/post_processor/single/1/Sequence/id", json!("C")), "“C”"),
        (edited(BERT, "/post_processor/single/1/Sequence/id", json!("B")), "a second text"),
        (
            edited(BERT, "/post_processor/special_tokens/[CLS]/ids/0", json!(99_999)),
            "99999 is not the id",
        ),
        // JSON itself.
        ("{".into(), "no JSON"),
        ("[]".into(), "top level: it is a list"),
        ("{\"model\":{\"vocab\":NaN}}".into(), "no JSON"),
        ("{\"model\":{\"vocab\":1e999}}".into(), "no JSON"),
        (format!("{{\"model\":{}{}}}", "[".repeat(9000), "]".repeat(9000)), "no JSON"),
        (GPT2.replacen("\"!\":", "\"?\":", 1), "“?” is there already"),
        (GPT2.replacen("{\"version\"", "{\"model\":null,\"version\"", 1), "it is there twice"),
    ];
    for (file, part) in cases {
        let text = problem(&file);
        assert!(text.contains(part), "{part:?} is not in {text:?}");
    }
    for bytes in [&b"\xff\xfe"[..], b"{\"model\":\"\xff\"}", b"", b"\xef\xbb\xbf{}"] {
        let error = Tokenizer::from_json(bytes).map(|_| ()).unwrap_err();
        assert!(matches!(error, TokenizerError::Json { .. }), "{error:?}");
    }
}

#[test]
fn merges_and_vocabularies_are_read_with_distrust() {
    let read = |vocab, merges| Tokenizer::gpt2(vocab, merges).map(|_| ()).unwrap_err().to_string();
    assert!(read(None, "t h\nthe x\n").contains("merges.txt, line 2: it needs the token “the”"));
    assert!(read(None, "t h\nt h\n").contains("line 2: “th” is there already"));
    assert!(read(None, "#version: 0.2\nth\n").contains("line 2: “th” is no merge"));
    assert!(read(Some("[]"), "").contains("vocab.json, top level: it is a list"));
    assert!(read(Some("{\"a\":0}"), "").contains("vocab.json, top level: it has no token"));
    assert!(read(Some("{\"a\":0,\"a\":1}"), "").contains("vocab.json, “a”: “a” is there already"));
    let bert = |vocab| Tokenizer::bert(vocab, true).map(|_| ()).unwrap_err().to_string();
    assert!(bert("[PAD]\n[UNK]\n[CLS]\n[SEP]\n").contains("line 4: it ends without a [MASK]"));
    assert!(bert("a\nb\na\n").contains("vocab.txt, line 3: “a” is there already"));
    let twice = Tokenizer::gpt2(None, "t h\r\nth e\r\n").unwrap();
    assert_eq!(twice.encode("the the").unwrap(), [257, 220, 257]);
}

#[test]
fn a_file_has_an_end() {
    let path = std::path::Path::new("/dev/zero");
    if path.exists() {
        let error = Tokenizer::open(path).map(|_| ()).unwrap_err();
        assert!(matches!(error, TokenizerError::TooLarge { .. }), "{error:?}");
    }
    let error = Tokenizer::open("no/such/tokenizer.json".as_ref()).map(|_| ()).unwrap_err();
    assert!(error.to_string().contains("no/such/tokenizer.json"), "{error}");
}

/// Reads a file and, if that works, does with it what there is to be done.
fn use_it(file: &[u8], text: &str) {
    if let Ok(tokenizer) = Tokenizer::from_json(file)
        && let Ok(ids) = tokenizer.encode(text)
    {
        let all = tokenizer.around(&ids, Some(&ids)).ids;
        for id in &all {
            assert!(tokenizer.token(*id).is_some(), "{id} is no token");
        }
        tokenizer.decode(&all, true).unwrap();
    }
}

fn run<S: Strategy>(cases: u32, strategy: &S, mut test: impl FnMut(S::Value)) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(config, rng);
    for _ in 0..cases {
        test(strategy.new_tree(&mut runner).unwrap().current());
    }
}

#[test]
fn damaged_files_never_panic() {
    // Bytes of a file that are others now, and where the file is cut.
    let damage = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4);
    let signs = prop::sample::select(&b"{}[]\",:0123456789 eE-.\\ntf"[..]);
    let strategy = (0..FILES.len(), damage, signs, any::<prop::sample::Index>(), 0..8u8);
    let text = "The <mask> [CLS] caf\u{e9} \u{fdfa} x\u{301} 日本 <|endoftext|> \u{fb01} \0";
    run(250, &strategy, |(which, damage, sign, cut, how)| {
        let mut file = FILES[which].as_bytes().to_vec();
        for (at, byte) in damage {
            let at = at.index(file.len());
            file[at] = if how < 6 { sign } else { byte };
        }
        if how == 0 {
            file.truncate(cut.index(file.len()));
        }
        use_it(&file, text);
    });
}

#[test]
fn damaged_tables_never_panic() {
    let strategy = prop::collection::vec(any::<u32>(), 1..40);
    run(300, &strategy, |units| {
        use base64::Engine;
        let mut bytes = (4 * units.len() as u32).to_le_bytes().to_vec();
        // Half of them lead on: their label is a letter's.
        let units = units.iter().map(|unit| if unit & 1 << 12 == 0 { *unit } else { unit & 0x1ff });
        bytes.extend(units.flat_map(u32::to_le_bytes));
        bytes.extend("a\0é\0".bytes());
        let table = base64::prelude::BASE64_STANDARD.encode(bytes);
        use_it(
            edited(T5, "/normalizer/normalizers/0/precompiled_charsmap", json!(table)).as_bytes(),
            "a bcdé x",
        );
    });
}

#[test]
fn merges_in_any_order_are_merged_by_rank() {
    // Vocabularies whose merges make a token in several ways and use it before: the answer is the
    // definition, one merge at a time, of the lowest rank, the leftmost.
    let mut file: Value = serde_json::from_str(GPT2).unwrap();
    let parts = ["a", "b", "ab", "ba", "aa", "aba", "abab", "aab"];
    let letters: Vec<(String, Value)> = file["model"]["vocab"]
        .as_object()
        .unwrap()
        .clone()
        .into_iter()
        .filter(|(token, _)| token.chars().count() == 1 || token.starts_with("<|"))
        .collect();
    let mut vocab: serde_json::Map<String, Value> = letters.into_iter().collect();
    for (i, part) in parts.iter().enumerate().skip(2) {
        vocab.insert((*part).into(), json!(9000 + i));
    }
    let ways: Vec<(&str, &str)> = parts
        .iter()
        .flat_map(|a| parts.iter().map(move |b| (*a, *b)))
        .filter(|(a, b)| parts.contains(&format!("{a}{b}").as_str()))
        .collect();
    file["model"]["vocab"] = Value::Object(vocab);
    let order = Just(ways).prop_shuffle();
    let letters = prop::collection::vec(prop::sample::select(&["a", "b"][..]), 0..14);
    run(60, &(order, letters), |(ways, text)| {
        let text = text.concat();
        file["model"]["merges"] = json!(ways);
        let tokenizer = Tokenizer::from_json(file.to_string().as_bytes()).unwrap();
        let mut want: Vec<String> = text.chars().map(String::from).collect();
        while let Some((_, at)) = (1..want.len())
            .filter_map(|i| {
                let pair = (want[i - 1].as_str(), want[i].as_str());
                Some((ways.iter().position(|way| *way == pair)?, i - 1))
            })
            .min()
        {
            let right = want.remove(at + 1);
            want[at] += &right;
        }
        let ids = tokenizer.encode(&text).unwrap();
        let got: Vec<&str> = ids.iter().map(|id| tokenizer.token(*id).unwrap()).collect();
        assert_eq!(got, want, "{text:?} by {ways:?}");
    });
}
