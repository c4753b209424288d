//! BERT's tokenizer: text is cleaned and cut into words, words into pieces by WordPiece.
//!
//! `tokenizer_file` does that as Hugging Face's tokenizers does, whose ids published models are
//! trained with. Source of the first version:
//! <https://github.com/google-research/bert/blob/master/tokenization.py>.

use candle_core::{Device, Tensor};

use crate::BertError;

/// A tokenizer with a vocabulary.
#[derive(Clone, Debug)]
pub struct Tokenizer {
    tokenizer: tokenizer_file::Tokenizer,
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

impl Tokenizer {
    /// Reads `tokenizer.json`.
    ///
    /// # Errors
    /// [`BertError::Tokenizer`] if it is no JSON, or of another kind of tokenizer.
    pub fn from_json(text: &str) -> Result<Self, BertError> {
        Self::of(tokenizer_file::Tokenizer::from_json(text.as_bytes()))
    }

    /// Reads `vocab.txt`, a piece a line; the first has the id 0. Uncased models write all in
    /// lower case and without accents.
    ///
    /// # Errors
    /// [`BertError::Tokenizer`] if a piece is there twice, or a special token is missing.
    pub fn from_vocab(text: &str, lowercase: bool) -> Result<Self, BertError> {
        Self::of(tokenizer_file::Tokenizer::bert(text, lowercase))
    }

    fn of(
        tokenizer: Result<tokenizer_file::Tokenizer, tokenizer_file::TokenizerError>,
    ) -> Result<Self, BertError> {
        let tokenizer = tokenizer.map_err(|error| BertError::Tokenizer(error.to_string()))?;
        if tokenizer.kind() != "WordPiece" {
            let text =
                format!("tokenizer.json is of kind {}; BERT's is WordPiece", tokenizer.kind());
            return Err(BertError::Tokenizer(text));
        }
        let missing =
            ["[PAD]", "[CLS]", "[SEP]"].into_iter().find(|token| tokenizer.id(token).is_none());
        match missing {
            Some(missing) => Err(BertError::Tokenizer(format!("the vocabulary has no {missing}"))),
            None => Ok(Self { tokenizer }),
        }
    }

    /// How many tokens there are.
    pub fn size(&self) -> usize {
        self.tokenizer.len()
    }

    /// The id of a token, if there is one.
    pub fn id(&self, token: &str) -> Option<u32> {
        self.tokenizer.id(token)
    }

    /// The token of an id, if there is one.
    pub fn token(&self, id: u32) -> Option<&str> {
        self.tokenizer.token(id)
    }

    /// The ids of a text, without `[CLS]` and `[SEP]`, unless it spells them: a text may say
    /// `[MASK]` where a word is hidden.
    fn ids(&self, text: &str) -> Vec<u32> {
        // WordPiece cuts every text: what it does not know is `[UNK]`.
        self.tokenizer.encode(text).unwrap_or_default()
    }

    /// The ids of a text, or of two, cut so that there are at most `most` tokens with the special
    /// ones, or none but these. Of two texts the longer one is cut.
    pub fn encode(&self, text: &str, second: Option<&str>, most: usize) -> Encoded {
        let mut first = self.ids(text);
        let mut rest = second.map(|text| self.ids(text));
        let around = self.tokenizer.around(&[], rest.as_ref().map(|_| &[][..])).ids.len();
        match &mut rest {
            None => first.truncate(most.saturating_sub(around)),
            Some(rest) => share(&mut first, rest, most.saturating_sub(around)),
        }
        let all = self.tokenizer.around(&first, rest.as_deref());
        Encoded { ids: all.ids, token_types: all.type_ids }
    }

    /// Texts of several lengths as one batch.
    ///
    /// # Errors
    /// If candle fails.
    pub fn batch(&self, texts: &[Encoded]) -> Result<Batch, BertError> {
        let seq = texts.iter().map(|text| text.ids.len()).max().unwrap_or(0);
        let shape = (texts.len(), seq);
        let pad = self.id("[PAD]").unwrap_or(0);
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
