//! Tokenizers of published models, from the file `tokenizer.json` of Hugging Face's
//! [tokenizers](https://github.com/huggingface/tokenizers).
//!
//! What cuts words into tokens is step 1's own code: merging pairs, the longest match, Viterbi. This
//! crate reads the file and does what comes before and after: normalizing, cutting into words,
//! special tokens, and text from tokens again. It gives the ids that `tokenizers` gives, for
//!
//! - byte-level BPE, as in GPT-2, RoBERTa, BART, Llama 3 and Qwen 2;
//! - WordPiece, as in BERT;
//! - unigram models, as in T5, XLNet and ALBERT.
//!
//! A file may come from anywhere, so nothing in it is believed, and nothing is passed over: what is
//! wrong or not supported is an error that names the field. Two fields are left to the caller, as
//! transformers does: `truncation` and `padding`, which are about the texts of a batch.
//!
//! For BERT the library knows Unicode as it was in 2015: of some 500 rare characters, nearly all of
//! them newer, it does not know that they are accents or punctuation. Here they are what they are.
//!
//! ```
//! # fn main() -> Result<(), tokenizer_file::TokenizerError> {
//! let tokenizer = tokenizer_file::Tokenizer::gpt2(None, "t h\nth e\n")?;
//! let ids = tokenizer.encode("the<|endoftext|>")?;
//! assert_eq!(ids, [257, 258]);
//! assert_eq!(tokenizer.decode(&ids, true)?, "the");
//! # Ok(())
//! # }
//! ```

mod added;
mod charsmap;
mod decoder;
mod error;
mod json;
mod model;
mod normalizer;
mod post_processor;
mod pre_tokenizer;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use added::{Added, AddedTokens, Part};
use decoder::Decoder;
pub use error::TokenizerError;
use json::{At, Json};
use model::{Bpe, Model, Vocab};
use normalizer::Normalizer;
pub use post_processor::Encoded;
use post_processor::PostProcessor;
use pre_tokenizer::{Piece, PreTokenizer, letter};

/// The largest file, in bytes. That of Gemma has 33 million.
pub const LARGEST: usize = 64 << 20;

const JSON: &str = "tokenizer.json";
const VOCAB: &str = "vocab.json";

/// The token with which GPT-2 ends a text.
const END: &str = "<|endoftext|>";

/// The tokens of BERT that are no pieces of words.
const BERT: [&str; 5] = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

/// A tokenizer.
#[derive(Clone, Debug)]
pub struct Tokenizer {
    added: AddedTokens,
    normalizer: Option<Normalizer>,
    pre_tokenizer: Option<PreTokenizer>,
    model: Model,
    vocab: Vocab,
    post_processor: PostProcessor,
    decoder: Option<Decoder>,
}

impl Tokenizer {
    /// Reads a file `tokenizer.json`.
    ///
    /// # Errors
    /// If it cannot be read, and as [`Tokenizer::from_json`].
    pub fn open(path: &Path) -> Result<Self, TokenizerError> {
        Self::from_json(&read(path)?)
    }

    /// Reads what a file `tokenizer.json` has.
    ///
    /// # Errors
    /// If it is no JSON, too large, wrong, or of a tokenizer that is not supported.
    pub fn from_json(bytes: &[u8]) -> Result<Self, TokenizerError> {
        let json = parsed(JSON, bytes)?;
        let top = At::top(JSON, &json);
        top.only(&[
            "version",
            "truncation",
            "padding",
            "added_tokens",
            "normalizer",
            "pre_tokenizer",
            "post_processor",
            "decoder",
            "model",
        ])?;
        if let Some(version) = top.get("version")?
            && version.text()? != "1.0"
        {
            return version.unsupported(version.text()?, "only “1.0”");
        }
        let part = |name: &str| top.get(name);
        let normalizer = part("normalizer")?.map(|at| Normalizer::read(&at)).transpose()?;
        let pre_tokenizer = part("pre_tokenizer")?.map(|at| PreTokenizer::read(&at)).transpose()?;
        let (model, vocab) = Model::read(&top.need("model")?)?;
        let is_bytes = pre_tokenizer.as_ref().is_some_and(PreTokenizer::ends_in_bytes);
        if matches!(model, Model::Bpe(_)) && !is_bytes {
            let why =
                "a BPE model needs ByteLevel as its last part: without bytes it is not supported";
            return Err(TokenizerError::Field {
                file: JSON,
                field: "pre_tokenizer".into(),
                why: why.into(),
            });
        }
        let added = match part("added_tokens")? {
            Some(at) => AddedTokens::read(&at, &vocab, normalizer.as_ref())?,
            None => AddedTokens::default(),
        };
        let token = |id| token_of(&added, &vocab, id);
        let post_processor = match part("post_processor")? {
            Some(at) => PostProcessor::read(&at, &token)?,
            None => PostProcessor::default(),
        };
        let decoder = part("decoder")?.map(|at| Decoder::read(&at)).transpose()?;
        Ok(Self { added, normalizer, pre_tokenizer, model, vocab, post_processor, decoder })
    }

    /// The tokenizer of a GPT-2 whose folder has `merges.txt`, a line a merge, and `vocab.json`.
    /// Without the latter the ids are those of GPT-2: bytes, merges in their order, the end of a
    /// text.
    ///
    /// # Errors
    /// At the first line that names a token that is not there, or is no merge; and if the vocabulary
    /// is no object of tokens and their ids, or lacks a byte.
    pub fn gpt2(vocab: Option<&str>, merges: &str) -> Result<Self, TokenizerError> {
        let line = |line: usize, why: String| TokenizerError::Line {
            file: "merges.txt",
            line: line + 1,
            why,
        };
        let mut pairs = Vec::new();
        for (i, text) in merges.lines().map(|text| text.trim_end_matches('\r')).enumerate() {
            if text.is_empty() || text.starts_with("#version") {
                continue;
            }
            let mut tokens = text.split(' ');
            match (tokens.next(), tokens.next(), tokens.next()) {
                (Some(left), Some(right), None) => pairs.push((i, left, right)),
                _ => {
                    return Err(line(
                        i,
                        format!("“{}” is no merge of two tokens", error::Short(text)),
                    ));
                }
            }
        }
        let vocab = match vocab {
            Some(text) => Vocab::read(&At::top(VOCAB, &parsed(VOCAB, text.as_bytes())?))?,
            None => {
                let mut vocab = Vocab::default();
                let mut bytes: Vec<(u32, char)> =
                    (0..=255).map(|byte| (tokenization::byte_id(byte), letter(byte))).collect();
                bytes.sort_unstable();
                let letters = bytes.iter().map(|(id, letter)| (*id, letter.to_string()));
                for (id, letter) in letters {
                    vocab.insert(&letter, id).map_err(|why| line(0, why))?;
                }
                for (i, left, right) in &pairs {
                    let id = vocab.len() as u32;
                    vocab.insert(&format!("{left}{right}"), id).map_err(|why| line(*i, why))?;
                }
                let id = vocab.len() as u32;
                vocab.insert(END, id).map_err(|why| line(0, why))?;
                vocab
            }
        };
        let whole = |why| TokenizerError::Field { file: VOCAB, field: "top level".into(), why };
        let mut bpe = Bpe::of_bytes(&vocab).map_err(whole)?;
        for (i, left, right) in pairs {
            bpe.push(&vocab, left, right).map_err(|why| line(i, why))?;
        }
        bpe.put_in_order();
        let mut added = AddedTokens::default();
        if let Some(id) = vocab.id(END) {
            added.insert(Added::special(END, id));
        }
        Ok(Self {
            added,
            normalizer: None,
            pre_tokenizer: Some(PreTokenizer::ByteLevel { add_prefix_space: false, gpt2: true }),
            model: Model::Bpe(bpe),
            vocab,
            post_processor: PostProcessor::default(),
            decoder: Some(Decoder::ByteLevel),
        })
    }

    /// The tokenizer of a BERT whose folder has `vocab.txt`, a piece a line; the first has the id 0.
    /// Uncased models write all in lower case and without accents.
    ///
    /// # Errors
    /// If a piece is there twice, or one of `[PAD]`, `[UNK]`, `[CLS]`, `[SEP]`, `[MASK]` is missing.
    pub fn bert(vocab: &str, lowercase: bool) -> Result<Self, TokenizerError> {
        let problem = |line, why| TokenizerError::Line { file: "vocab.txt", line, why };
        let mut its = Vocab::default();
        for (id, piece) in (0..).zip(vocab.lines()) {
            its.insert(piece, id).map_err(|why| problem(id as usize + 1, why))?;
        }
        let mut added = AddedTokens::default();
        for token in BERT {
            match its.id(token) {
                Some(id) => added.insert(Added::special(token, id)),
                None => return Err(problem(its.len(), format!("it ends without a {token}"))),
            }
        }
        let id = |token| its.id(token).unwrap_or_default();
        let model = Model::of_words(&its, "[UNK]", 100).map_err(|why| problem(1, why))?;
        Ok(Self {
            added,
            normalizer: Some(Normalizer::Bert {
                clean: true,
                chinese: true,
                strip_accents: lowercase,
                lowercase,
            }),
            pre_tokenizer: Some(PreTokenizer::Bert),
            model,
            post_processor: PostProcessor::bert(id("[CLS]"), id("[SEP]")),
            vocab: its,
            decoder: Some(Decoder::WordPiece { prefix: "##".into(), cleanup: true }),
        })
    }

    /// The ids of a text, without what the model wants around it ([`Tokenizer::around`]). What the
    /// text spells as a special token becomes one.
    ///
    /// # Errors
    /// [`TokenizerError::Text`] if the model cannot cut it.
    pub fn encode(&self, text: &str) -> Result<Vec<u32>, TokenizerError> {
        let mut ids = Vec::new();
        let whole = Piece { text: text.to_owned(), is_first: true };
        for part in self.added.split_raw(whole) {
            let piece = match part {
                Part::Token(id) => {
                    ids.push(id);
                    continue;
                }
                Part::Text(piece) => piece,
            };
            for part in self.added.split_normalized(self.normalized(piece)) {
                match part {
                    Part::Token(id) => ids.push(id),
                    Part::Text(piece) => self.cut(piece, &mut ids)?,
                }
            }
        }
        Ok(ids)
    }

    fn normalized(&self, piece: Piece) -> Piece {
        let Some(normalizer) = &self.normalizer else { return piece };
        // What begins behind a character that is left out is not what the text begins with.
        let first = piece.text.chars().next().map(String::from).unwrap_or_default();
        let is_first = piece.is_first && !normalizer.leaves_out(first);
        Piece { text: normalizer.apply(piece.text), is_first }
    }

    fn cut(&self, piece: Piece, ids: &mut Vec<u32>) -> Result<(), TokenizerError> {
        let words = match &self.pre_tokenizer {
            _ if piece.text.is_empty() => return Ok(()),
            Some(pre_tokenizer) => pre_tokenizer.apply(piece),
            None => vec![piece],
        };
        for word in words.iter().filter(|word| !word.text.is_empty()) {
            self.model.cut(&self.vocab, &word.text, ids)?;
        }
        Ok(())
    }

    /// Puts around the ids of a text, or of two, what the model wants there: `[CLS]` and `[SEP]` for
    /// BERT, `</s>` for T5, nothing for GPT-2.
    pub fn around(&self, first: &[u32], second: Option<&[u32]>) -> Encoded {
        self.post_processor.apply(first, second)
    }

    /// The text of some ids, with special tokens or without.
    ///
    /// # Errors
    /// [`TokenizerError::UnknownId`] at the first id that no token has.
    pub fn decode(&self, ids: &[u32], skip_special: bool) -> Result<String, TokenizerError> {
        let mut tokens = Vec::with_capacity(ids.len());
        for &id in ids {
            let token = match self.added.get(id) {
                Some(added) if skip_special && added.special => continue,
                Some(added) => added.pattern.as_str(),
                None => self.vocab.token(id).ok_or(TokenizerError::UnknownId { id })?,
            };
            tokens.push(token.to_owned());
        }
        Ok(match &self.decoder {
            Some(decoder) => decoder.apply(tokens).concat(),
            None => tokens.join(" "),
        })
    }

    /// The id of a token, if there is one.
    pub fn id(&self, token: &str) -> Option<u32> {
        let added = self.added.all().find(|added| added.content == token).map(|added| added.id);
        added.or_else(|| self.vocab.id(token))
    }

    /// The token of an id, if there is one, as the file writes it.
    pub fn token(&self, id: u32) -> Option<&str> {
        token_of(&self.added, &self.vocab, id)
    }

    /// How it cuts words: `BPE`, `WordPiece` or `Unigram`.
    pub fn kind(&self) -> &'static str {
        match self.model {
            Model::Bpe(_) => "BPE",
            Model::WordPiece { .. } => "WordPiece",
            Model::Unigram { .. } => "Unigram",
        }
    }

    /// How many tokens there are. Their ids need not be those from 0 on.
    pub fn len(&self) -> usize {
        let added = self.added.all().filter(|added| self.vocab.id(&added.content).is_none());
        self.vocab.len() + added.count()
    }

    /// Whether there is no token.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

fn token_of<'t>(added: &'t AddedTokens, vocab: &'t Vocab, id: u32) -> Option<&'t str> {
    added.get(id).map(|added| added.content.as_str()).or_else(|| vocab.token(id))
}

/// The bytes of a file, which may not be endless.
fn read(path: &Path) -> Result<Vec<u8>, TokenizerError> {
    let failed = |error| TokenizerError::File { path: path.to_owned(), error };
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(failed)?;
    file.take(LARGEST as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

fn parsed(file: &'static str, bytes: &[u8]) -> Result<Json, TokenizerError> {
    if bytes.len() > LARGEST {
        return Err(TokenizerError::TooLarge { most: LARGEST });
    }
    serde_json::from_slice(bytes)
        .map_err(|error| TokenizerError::Json { file, why: error.to_string() })
}
