//! What Buddy learns from: documents, their tokens, and rows of them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use batches::solution::pack;
use buddy::{TRAINING, VALIDATION, sha256};
use tokenization::Bpe;
use tokenization::fast::{Encoder, train};

use super::recipe::Recipe;
use crate::town;

/// Ends a document, in GPT-2's vocabulary and in files that hold several.
pub const END: &str = "<|endoftext|>";
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
        for file in files(path)? {
            let cannot = || format!("{} cannot be read", file.display());
            let bytes = fs::read(&file).with_context(cannot)?;
            let text = String::from_utf8(bytes).map_err(|error| {
                let at = error.utf8_error().valid_up_to();
                anyhow::anyhow!(
                    "{} is not UTF-8 from byte {at} on: save it as UTF-8",
                    file.display()
                )
            })?;
            let parts = text.split(END).map(str::trim).filter(|part| !part.is_empty());
            documents.extend(parts.map(str::to_owned));
        }
        ensure!(!documents.is_empty(), "{} has no text", path.display());
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let (training, held_out) = part(documents);
        Ok(Self { training, held_out, name })
    }

    fn tinytown() -> Self {
        let stories = |stream, most: usize| {
            let mut bytes = 0;
            let stories = town().stories(stream).map(|story| story.text);
            stories
                .take_while(|story| {
                    let is_room = bytes < most;
                    bytes += story.len();
                    is_room
                })
                .collect()
        };
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
        let mut text = String::new();
        for document in &self.training {
            if text.len() >= VOCAB_BYTES {
                break;
            }
            text.push_str(document);
            text.push('\n');
        }
        Ok(train(&text, vocab_size, &[END])?)
    }
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

/// A file, or all text files of a folder and of those in it, in the order of their names.
fn files(path: &Path) -> Result<Vec<PathBuf>> {
    let cannot = || format!("{} cannot be read", path.display());
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let entries = fs::read_dir(path).with_context(cannot)?;
    let mut entries: Vec<PathBuf> = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<std::io::Result<_>>()
        .with_context(cannot)?;
    entries.sort();
    let mut found = Vec::new();
    for entry in entries {
        let is_text = entry.extension().is_some_and(|e| e == "txt" || e == "md");
        if entry.is_dir() || is_text {
            found.extend(files(&entry)?);
        }
    }
    Ok(found)
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
