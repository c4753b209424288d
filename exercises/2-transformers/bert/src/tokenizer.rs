//! BERT's tokenizer: text is cleaned and cut into words, words into pieces by WordPiece.
//!
//! It does what Hugging Face's tokenizers does, whose ids published models are trained with. Source
//! of the first version: <https://github.com/google-research/bert/blob/master/tokenization.py>.

use std::collections::HashMap;

use candle_core::{Device, Tensor};
use other_tokenizers::solution::wordpiece;
use other_tokenizers::{WordPiece, words};
use serde::Deserialize;
use unicode_general_category::{GeneralCategory, get_general_category};
use unicode_normalization::UnicodeNormalization;

use crate::BertError;

/// The tokens that are no pieces of words, as a text spells them.
const SPECIAL: [&str; 5] = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

/// A tokenizer with a vocabulary.
#[derive(Clone, Debug)]
pub struct Tokenizer {
    ids: HashMap<String, u32>,
    pieces: WordPiece,
    lowercase: bool,
    strips_accents: bool,
}

/// The ids of a text, or of two, and which of the two each belongs to.
#[derive(Clone, Debug, PartialEq)]
pub struct Encoded {
    /// `[CLS]`, the text, `[SEP]`, and the second text with a `[SEP]` of its own.
    pub ids: Vec<u32>,
    /// 0 up to the first `[SEP]`, 1 after it.
    pub token_types: Vec<u32>,
}

/// Texts side by side, filled up on the right.
#[derive(Clone, Debug)]
pub struct Batch {
    /// `(batch, seq)`, u32.
    pub ids: Tensor,
    /// `(batch, seq)`, u32.
    pub token_types: Tensor,
    /// `(batch, seq)`, u8: 1 for a token, 0 for padding.
    pub is_token: Tensor,
}

/// What is read of `tokenizer.json`.
#[derive(Deserialize)]
struct File {
    normalizer: Option<Normalizer>,
    model: Model,
}

#[derive(Deserialize)]
struct Normalizer {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default = "yes")]
    lowercase: bool,
    strip_accents: Option<bool>,
}

#[derive(Deserialize)]
struct Model {
    /// Old files do not say it.
    #[serde(rename = "type")]
    kind: Option<String>,
    vocab: HashMap<String, u32>,
    max_input_chars_per_word: Option<usize>,
}

fn yes() -> bool {
    true
}

impl Tokenizer {
    /// Reads `tokenizer.json`.
    ///
    /// # Errors
    /// [`BertError::Tokenizer`] if it is no JSON, or of another kind of tokenizer.
    pub fn from_json(text: &str) -> Result<Self, BertError> {
        let problem = |text: String| BertError::Tokenizer(text);
        let file: File = serde_json::from_str(text)
            .map_err(|error| problem(format!("tokenizer.json: {error}")))?;
        if let Some(kind) = file.model.kind.filter(|kind| kind != "WordPiece") {
            return Err(problem(format!("tokenizer.json is of kind {kind}; BERT's is WordPiece")));
        }
        let (lowercase, strip) = match file.normalizer {
            Some(Normalizer { kind, .. }) if kind != "BertNormalizer" => {
                let text =
                    format!("tokenizer.json cleans by {kind}; BERT's does by BertNormalizer");
                return Err(problem(text));
            }
            Some(Normalizer { lowercase, strip_accents, .. }) => (lowercase, strip_accents),
            None => {
                let text = "tokenizer.json has no normalizer; BERT's has BertNormalizer";
                return Err(problem(text.into()));
            }
        };
        let most = file.model.max_input_chars_per_word.unwrap_or(100);
        Self::new(file.model.vocab, lowercase, strip.unwrap_or(lowercase), most)
    }

    /// Reads `vocab.txt`, a piece a line; the first has the id 0. Uncased models write all in
    /// lower case and without accents.
    ///
    /// # Errors
    /// [`BertError::Tokenizer`] if a piece is there twice, or a special token is missing.
    pub fn from_vocab(text: &str, lowercase: bool) -> Result<Self, BertError> {
        let mut ids = HashMap::new();
        for (id, piece) in (0..).zip(text.lines()) {
            if ids.insert(piece.to_owned(), id).is_some() {
                let text = format!("vocab.txt, line {}: “{piece}” is there twice", id + 1);
                return Err(BertError::Tokenizer(text));
            }
        }
        Self::new(ids, lowercase, lowercase, 100)
    }

    fn new(
        ids: HashMap<String, u32>,
        lowercase: bool,
        strips_accents: bool,
        max_chars: usize,
    ) -> Result<Self, BertError> {
        if let Some(missing) = SPECIAL.iter().find(|&&token| !ids.contains_key(token)) {
            return Err(BertError::Tokenizer(format!("the vocabulary has no {missing}")));
        }
        let pieces = WordPiece::new(ids.keys().cloned())
            .map_err(|error| BertError::Tokenizer(error.to_string()))?;
        Ok(Self { ids, pieces: pieces.with_max_chars(max_chars), lowercase, strips_accents })
    }

    /// How many tokens there are.
    pub fn size(&self) -> usize {
        self.ids.len()
    }

    /// The id of a token, if there is one.
    pub fn id(&self, token: &str) -> Option<u32> {
        self.ids.get(token).copied()
    }

    /// The token of an id, if there is one.
    pub fn token(&self, id: u32) -> Option<&str> {
        self.ids.iter().find_map(|(token, its)| (*its == id).then_some(token.as_str()))
    }

    /// The tokens of a text, without `[CLS]` and `[SEP]`, unless it spells them: a text may say
    /// `[MASK]` where a word is hidden.
    pub fn tokens(&self, text: &str) -> Vec<String> {
        let mut tokens = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let found = SPECIAL.iter().filter_map(|&token| Some((rest.find(token)?, token))).min();
            let (before, token) = match found {
                Some((at, token)) => (&rest[..at], Some(token)),
                None => (rest, None),
            };
            for word in words(&self.cleaned(before)) {
                tokens.extend(wordpiece(&self.pieces, word));
            }
            tokens.extend(token.map(str::to_owned));
            rest = &rest[before.len() + token.map_or(0, str::len)..];
        }
        tokens
    }

    /// The ids of a text, or of two, cut so that there are at most `most` tokens with the special
    /// ones, or none but these. Of two texts the longer one is cut.
    pub fn encode(&self, text: &str, second: Option<&str>, most: usize) -> Encoded {
        let ids = |text: &str| -> Vec<u32> {
            self.tokens(text).iter().map(|token| self.ids[token]).collect()
        };
        let [cls, sep] = ["[CLS]", "[SEP]"].map(|token| self.ids[token]);
        let mut first = ids(text);
        let mut rest = second.map(ids);
        match &mut rest {
            None => first.truncate(most.saturating_sub(2)),
            Some(rest) => share(&mut first, rest, most.saturating_sub(3)),
        }
        let mut all = [&[cls], &*first, &[sep]].concat();
        let mut token_types = vec![0; all.len()];
        if let Some(rest) = rest {
            all.extend(rest);
            all.push(sep);
            token_types.resize(all.len(), 1);
        }
        Encoded { ids: all, token_types }
    }

    /// Texts of several lengths as one batch.
    ///
    /// # Errors
    /// If candle fails.
    pub fn batch(&self, texts: &[Encoded]) -> Result<Batch, BertError> {
        let seq = texts.iter().map(|text| text.ids.len()).max().unwrap_or(0);
        let shape = (texts.len(), seq);
        let pad = self.ids["[PAD]"];
        let filled = |of: fn(&Encoded) -> &Vec<u32>, with: u32| {
            let row = |text| {
                let row = of(text).iter().copied();
                row.chain(std::iter::repeat(with)).take(seq).collect::<Vec<u32>>()
            };
            Tensor::from_vec(texts.iter().flat_map(row).collect(), shape, &Device::Cpu)
        };
        let row = |text: &Encoded| {
            let tokens = text.ids.len();
            (0..seq).map(move |place| u8::from(place < tokens))
        };
        let is_token: Vec<u8> = texts.iter().flat_map(row).collect();
        Ok(Batch {
            ids: filled(|text| &text.ids, pad)?,
            token_types: filled(|text| &text.token_types, 0)?,
            is_token: Tensor::from_vec(is_token, shape, &Device::Cpu)?,
        })
    }

    /// Without what cannot be seen; in lower case and without accents, if the model is uncased.
    fn cleaned(&self, text: &str) -> String {
        use GeneralCategory::{Control, Format, NonspacingMark, PrivateUse};
        let is_seen = |c: &char| {
            let is_hidden = matches!(get_general_category(*c), Control | Format | PrivateUse);
            matches!(c, '\t' | '\n' | '\r') || !is_hidden && *c != '\u{fffd}'
        };
        let mut text: String = text.chars().filter(is_seen).collect();
        if self.strips_accents {
            text = text.nfd().filter(|c| get_general_category(*c) != NonspacingMark).collect();
        }
        if self.lowercase {
            // Letter by letter: a Σ at the end of a word is no ς here.
            text = text.chars().flat_map(char::to_lowercase).collect();
        }
        text
    }
}

/// Cuts two texts to `most` tokens together: the longer one, down to the length of the other, then
/// both evenly.
fn share(first: &mut Vec<u32>, second: &mut Vec<u32>, most: usize) {
    if first.len() + second.len() <= most {
        return;
    }
    let (shorter, longer) = if first.len() <= second.len() {
        (&mut *first, &mut *second)
    } else {
        (&mut *second, &mut *first)
    };
    let kept = shorter.len().min(most / 2);
    shorter.truncate(kept);
    longer.truncate(most - kept);
}
