//! `tokenizer.json` of a GPT-2. `tokenizer_file` reads those of other models, too, but brings tables of
//! all of Unicode into a page.

use serde_json::Value;
use tokenization::Bpe;

use crate::PocketError;

/// Reads the vocabulary and the merges of a byte-level BPE.
///
/// # Errors
/// If it is no JSON, or not of a tokenizer that cuts texts as GPT-2's does.
pub fn read_tokenizer(json: &[u8]) -> Result<Bpe, PocketError> {
    let problem = |why: String| PocketError::Tokenizer { why };
    let json: Value = serde_json::from_slice(json).map_err(|error| problem(error.to_string()))?;
    let at = |path: &str| json.pointer(path).unwrap_or(&Value::Null);
    let is = |path: &str, text: &str| at(path).as_str() == Some(text);
    let unlike = [
        (!is("/model/type", "BPE"), "model.type is not BPE"),
        (!is("/pre_tokenizer/type", "ByteLevel"), "pre_tokenizer.type is not ByteLevel"),
        (at("/pre_tokenizer/use_regex") == &Value::Bool(false), "pre_tokenizer.use_regex is false"),
        (
            at("/pre_tokenizer/add_prefix_space") == &Value::Bool(true),
            "pre_tokenizer.add_prefix_space is true",
        ),
        (!at("/normalizer").is_null(), "there is a normalizer"),
        (at("/model/ignore_merges") == &Value::Bool(true), "model.ignore_merges is true"),
    ];
    if let Some((_, why)) = unlike.into_iter().find(|(is_unlike, _)| *is_unlike) {
        return Err(problem(format!("{why}, so it is not a GPT-2's")));
    }
    let none = Vec::new();
    let vocab =
        at("/model/vocab").as_object().ok_or_else(|| problem("model.vocab is missing".into()))?;
    let id = |token: &str| vocab.get(token).and_then(Value::as_u64).map(|id| id as u32);
    let mut merges = Vec::new();
    for (i, merge) in at("/model/merges").as_array().unwrap_or(&none).iter().enumerate() {
        let pair = match merge {
            Value::String(both) => both.split_once(' '),
            Value::Array(both) => {
                both.first().zip(both.get(1)).and_then(|(a, b)| a.as_str().zip(b.as_str()))
            }
            _ => None,
        };
        let pair = pair.and_then(|(left, right)| id(left).zip(id(right)));
        merges.push(pair.ok_or_else(|| problem(format!("merge {i} is none of two known tokens")))?);
    }
    let mut special = Vec::new();
    for token in at("/added_tokens").as_array().unwrap_or(&none) {
        let content = token.get("content").and_then(Value::as_str).unwrap_or_default();
        let expected = 256 + merges.len() + special.len();
        if token.get("id").and_then(Value::as_u64) != Some(expected as u64) {
            return Err(problem(format!("the added token {content:?} has not the id {expected}")));
        }
        special.push(content);
    }
    let bpe = Bpe::new(merges, &special).map_err(|error| problem(error.to_string()))?;
    let letters: Vec<char> = (0..=255).map(letter).collect();
    for i in 0..(bpe.vocab_size() - special.len()) as u32 {
        let bytes = bpe.bytes(i).unwrap_or_default();
        let spelled: String = bytes.iter().map(|&byte| letters[usize::from(byte)]).collect();
        if id(&spelled) != Some(i) {
            return Err(problem(format!("the token {spelled} has not the id {i}, as in a GPT-2")));
        }
    }
    Ok(bpe)
}

/// How GPT-2's files write a byte: printable ones as they are, the others by letters from 256 on.
fn letter(byte: u8) -> char {
    let is_printable = |byte: u8| matches!(byte, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff);
    if is_printable(byte) {
        return char::from(byte);
    }
    let before = (0..byte).filter(|&byte| !is_printable(byte)).count() as u32;
    char::from_u32(256 + before).unwrap_or(char::REPLACEMENT_CHARACTER)
}
