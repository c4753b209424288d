//! The vocabulary of a published GPT-2, for the tokenizer of step 1.

use std::collections::HashMap;

use serde_json::Value;
use tokenization::{BYTE_TOKENS, Bpe};

use crate::GptError;

/// The token with which GPT-2 ends a text.
const END: &str = "<|endoftext|>";

/// Reads `merges.txt`: a line a merge, its two tokens apart by a space. The ids are those of
/// GPT-2: bytes, merges in their order, the end of a text.
///
/// # Errors
/// [`GptError::Vocabulary`] with the line if it has a token that nothing makes, or is no merge.
pub fn from_merges(merges: &str) -> Result<Bpe, GptError> {
    let lines = merges.lines().map(|line| line.trim_end_matches('\r'));
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with("#version"));
    let pairs = lines.map(|line| line.split_once(' ').ok_or_else(|| no_merge(line)));
    built(pairs.collect::<Result<_, _>>()?)
}

/// Reads `tokenizer.json`, as transformers writes it.
///
/// # Errors
/// As [`from_merges`], and if the file is of another tokenizer than byte-level BPE.
pub fn from_json(text: &str) -> Result<Bpe, GptError> {
    let file: Value = serde_json::from_str(text)
        .map_err(|error| GptError::Vocabulary(format!("tokenizer.json: {error}")))?;
    let model = &file["model"];
    if model["type"] != "BPE" && !model["type"].is_null() {
        let text = format!("tokenizer.json has a model {}; step 1 has BPE", model["type"]);
        return Err(GptError::Vocabulary(text));
    }
    let none = || GptError::Vocabulary("tokenizer.json has no merges".into());
    let merges = model["merges"].as_array().ok_or_else(none)?;
    // Older files have "a b", newer ones ["a", "b"].
    let pair = |merge: &'_ Value| -> Option<(String, String)> {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        match merge.as_array().map(Vec::as_slice) {
            Some([left, right]) => Some((text(left)?, text(right)?)),
            _ => merge.as_str()?.split_once(' ').map(|(left, right)| (left.into(), right.into())),
        }
    };
    let pairs: Vec<(String, String)> = merges
        .iter()
        .map(|merge| pair(merge).ok_or_else(|| no_merge(&merge.to_string())))
        .collect::<Result<_, _>>()?;
    built(pairs.iter().map(|(left, right)| (left.as_str(), right.as_str())).collect())
}

fn no_merge(line: &str) -> GptError {
    GptError::Vocabulary(format!("“{line}” is no merge of two tokens made before it"))
}

fn built(pairs: Vec<(&str, &str)>) -> Result<Bpe, GptError> {
    let mut ids: HashMap<String, u32> = letters().into_iter().zip(0..).collect();
    let mut merges = Vec::with_capacity(pairs.len());
    for (left, right) in pairs {
        let id = |token: &str| ids.get(token).copied();
        let (Some(a), Some(b)) = (id(left), id(right)) else {
            return Err(no_merge(&format!("{left} {right}")));
        };
        merges.push((a, b));
        ids.insert(format!("{left}{right}"), (BYTE_TOKENS + merges.len() - 1) as u32);
    }
    Bpe::new(merges, &[END]).map_err(|error| GptError::Vocabulary(error.to_string()))
}

/// How GPT-2's files write each byte, in the order of their ids: as the character of that number
/// if it can be seen, and the others as those from 256 on.
///
/// Source: `bytes_to_unicode` in <https://github.com/openai/gpt-2/blob/master/src/encoder.py>.
fn letters() -> Vec<String> {
    let seen = (0x21..=0x7E).chain(0xA1..=0xAC).chain(0xAE..=0xFF);
    let hidden = (0..BYTE_TOKENS as u32 - seen.clone().count() as u32).map(|i| 256 + i);
    seen.chain(hidden).filter_map(char::from_u32).map(String::from).collect()
}
