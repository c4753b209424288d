//! What Buddy learns from: documents, their tokens, and rows of them.

use anyhow::{Result, ensure};
use batches::solution::pack;
use buddy::{TRAINING, VALIDATION, sha256};
pub use clean::documents::END;
use clean::documents::{self, Documents};
use tokenization::Bpe;
use tokenization::fast::{Encoder, train};

use super::recipe::Recipe;
use crate::town;

/// Tinytown's stories for training: so many bytes of them.
const TRAINING_BYTES: usize = 16_000_000;
/// And held out.
const HELD_OUT_BYTES: usize = 60_000;
/// The vocabulary is learned from so many bytes at the beginning.
const VOCAB_BYTES: usize = 1_000_000;
/// Of the reader's own text, one part in so many is held out.
const HELD_OUT_SHARE: usize = 10;

/// Documents.
pub struct Texts {
    /// To learn from.
    pub training: Vec<String>,
    /// To be judged by.
    pub held_out: Vec<String>,
    /// What they are, for `training.json`.
    pub name: String,
}

impl Texts {
    /// Those that a recipe names.
    ///
    /// # Errors
    /// If a file cannot be read, or is too short.
    pub fn read(recipe: &Recipe) -> Result<Self> {
        let Some(path) = &recipe.text else { return Ok(Self::tinytown()) };
        let mut documents = Vec::new();
        for file in documents::files(std::slice::from_ref(path))? {
            for document in Documents::open(&file, "text", u64::MAX) {
                documents.push(document.map_err(|problem| anyhow::anyhow!("{problem}"))?.text);
            }
        }
        ensure!(!documents.is_empty(), "{} has no text", path.display());
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let (training, held_out) = part(documents);
        Ok(Self { training, held_out, name })
    }

    fn tinytown() -> Self {
        Self {
            training: stories(TRAINING, TRAINING_BYTES),
            held_out: stories(VALIDATION, HELD_OUT_BYTES),
            name: "Tinytown 1: stories, stream 0; held out, stream 2".into(),
        }
    }

    /// A hash of all of them.
    pub fn sha256(&self) -> String {
        sha256([self.training.join(END), self.held_out.join(END)].join("\n").as_bytes())
    }

    /// The vocabulary: merges learned from the beginning of what is learned from.
    ///
    /// # Errors
    /// If the tokenizer refuses.
    pub fn vocabulary(&self, vocab_size: usize) -> Result<Bpe> {
        learn(&self.training, vocab_size)
    }
}

/// Buddy's own vocabulary, whatever is learned from.
///
/// # Errors
/// If the tokenizer refuses.
pub fn pieces() -> Result<Bpe> {
    learn(&stories(TRAINING, VOCAB_BYTES), Recipe::VOCAB)
}

fn learn(documents: &[String], vocab_size: usize) -> Result<Bpe> {
    let mut text = String::new();
    for document in documents {
        if text.len() >= VOCAB_BYTES {
            break;
        }
        text.push_str(document);
        text.push('\n');
    }
    Ok(train(&text, vocab_size, &[END])?)
}

/// Stories of Tinytown, until there are so many bytes.
fn stories(stream: u64, most: usize) -> Vec<String> {
    let mut bytes = 0;
    let stories = town().stories(stream).map(|story| story.text);
    stories
        .take_while(|story| {
            let is_room = bytes < most;
            bytes += story.len();
            is_room
        })
        .collect()
}

/// One part in ten is held out: of many documents the last ones, of few the end of each.
fn part(documents: Vec<String>) -> (Vec<String>, Vec<String>) {
    if documents.len() >= HELD_OUT_SHARE {
        let first = documents.len() - documents.len() / HELD_OUT_SHARE;
        let mut training = documents;
        let held_out = training.split_off(first);
        return (training, held_out);
    }
    let cut = |text: &String| {
        let at = text.floor_char_boundary(text.len() - text.len() / HELD_OUT_SHARE);
        (text[..at].to_owned(), text[at..].to_owned())
    };
    documents.iter().map(cut).unzip()
}

/// Documents as rows of tokens.
///
/// # Errors
/// If they fill no row.
pub fn rows(documents: &[String], bpe: &Bpe, context: usize) -> Result<Vec<batches::Row>> {
    let mut encoder = Encoder::new(bpe);
    let ids: Vec<Vec<u32>> = documents.iter().map(|text| encoder.encode(text)).collect();
    let end = bpe.vocab_size() as u32 - 1;
    let tokens: usize = ids.iter().map(|ids| ids.len() + 1).sum();
    ensure!(
        tokens > context,
        "the text has {tokens} tokens, and a row has {context}: give a longer text or a smaller --context"
    );
    Ok(pack(&ids, context, end)?)
}

/// `tokenizer.json`, as libraries read it.
pub fn tokenizer_json(bpe: &Bpe) -> serde_json::Value {
    let spelled = |bytes: &[u8]| -> String { bytes.iter().map(|&byte| letter(byte)).collect() };
    let token = |id: u32| spelled(bpe.bytes(id).unwrap_or_default());
    let end = bpe.vocab_size() as u32 - 1;
    let vocab: serde_json::Map<String, serde_json::Value> =
        (0..end).map(|id| (token(id), id.into())).chain([(END.to_owned(), end.into())]).collect();
    let merges: Vec<[String; 2]> =
        bpe.merges().iter().map(|&(left, right)| [token(left), token(right)]).collect();
    serde_json::json!({
        "version": "1.0",
        "truncation": null,
        "padding": null,
        "added_tokens": [{
            "id": end, "content": END, "single_word": false, "lstrip": false, "rstrip": false,
            "normalized": false, "special": true,
        }],
        "normalizer": null,
        "pre_tokenizer": {
            "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true,
        },
        "post_processor": null,
        "decoder": {
            "type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true,
        },
        "model": {
            "type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": null,
            "end_of_word_suffix": null, "fuse_unk": false, "byte_fallback": false,
            "ignore_merges": false, "vocab": vocab, "merges": merges,
        },
    })
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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::decoder::Size;

    #[test]
    fn what_was_cleaned_can_be_learned_from() {
        let folder = tempfile::TempDir::new().unwrap();
        let [text, out] = ["a.txt", "clean.jsonl"].map(|name| folder.path().join(name));
        std::fs::write(&text, ["Anna met\nTom.", "Anna met\nTom!", "A dog “barks”."].join(END))
            .unwrap();
        let options = clean::Options {
            paths: vec![text],
            out: out.clone(),
            report: None,
            force: false,
            field: "text".into(),
            steps: vec![clean::rules::Step::Dedup],
            threshold: 0.8,
            words: 3,
        };
        clean::clean(&options, &mut |_| ()).unwrap();
        let read = |path: &Path| {
            let texts =
                Texts::read(&Recipe { text: Some(path.to_owned()), ..Recipe::of(Size::Tiny) })?;
            let all = texts.training.iter().zip(&texts.held_out).map(|(a, b)| a.clone() + b);
            Ok::<_, anyhow::Error>(all.collect::<Vec<_>>())
        };
        assert_eq!(read(&out).unwrap(), ["Anna met\nTom.", "A dog “barks”."]);
        std::fs::write(&out, "{\"text\": \"a\"}\n{").unwrap();
        assert!(read(&out).unwrap_err().to_string().contains("clean.jsonl, line 2: no JSON"));
    }
}
