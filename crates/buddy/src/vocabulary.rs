//! Words and their ids.

use std::collections::{BTreeSet, HashMap};

use anyhow::{Result, ensure};

/// Fills up the shorter texts of a batch. T5's decoder also begins with it.
pub const PAD: u32 = 0;
/// Ends a text.
pub const END: u32 = 1;
/// A word that is not known.
pub const UNKNOWN: u32 = 2;
/// The first tokens of a vocabulary, as T5's has them.
const SPECIAL: [&str; 3] = ["<pad>", "</s>", "<unk>"];

/// Words in lower case, and punctuation marks, each a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vocabulary {
    tokens: Vec<String>,
    ids: HashMap<String, u32>,
}

/// The words of a text in lower case; a punctuation mark is one, too.
pub fn words(text: &str) -> impl Iterator<Item = String> {
    other_tokenizers::words(text).map(str::to_lowercase)
}

/// All different words of texts, in alphabetical order.
pub fn different_words<'t>(texts: impl IntoIterator<Item = &'t str>) -> BTreeSet<String> {
    texts.into_iter().flat_map(words).collect()
}

impl Vocabulary {
    /// The words of texts, behind the special tokens.
    pub fn of<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        let special = SPECIAL.into_iter().map(str::to_owned);
        Self::new(special.chain(different_words(texts)).collect())
    }

    fn new(tokens: Vec<String>) -> Self {
        let ids = tokens.iter().cloned().zip(0..).collect();
        Self { tokens, ids }
    }

    /// Reads `vocab.txt`, a token a line.
    ///
    /// # Errors
    /// If the special tokens do not come first, or a token is there twice.
    pub fn from_text(text: &str) -> Result<Self> {
        let vocabulary = Self::new(text.lines().map(str::to_owned).collect());
        ensure!(
            vocabulary.tokens.starts_with(&SPECIAL.map(str::to_owned)),
            "vocab.txt: its first lines are not {}",
            SPECIAL.join(", ")
        );
        ensure!(
            vocabulary.ids.len() == vocabulary.tokens.len(),
            "vocab.txt: a token is there twice"
        );
        Ok(vocabulary)
    }

    /// What [`Self::from_text`] reads.
    pub fn to_text(&self) -> String {
        self.tokens.iter().map(|token| format!("{token}\n")).collect()
    }

    /// How many tokens there are.
    pub fn size(&self) -> usize {
        self.tokens.len()
    }

    /// The ids of a text, and [`END`].
    pub fn encode(&self, text: &str) -> Vec<u32> {
        let id = |word: String| self.ids.get(&word).copied().unwrap_or(UNKNOWN);
        words(text).map(id).chain([END]).collect()
    }

    /// The word of an id.
    pub fn word(&self, id: u32) -> &str {
        self.tokens.get(id as usize).map_or("<unk>", String::as_str)
    }

    /// The words of ids up to [`END`], with spaces between.
    pub fn decode(&self, ids: &[u32]) -> String {
        let written = ids.iter().take_while(|&&id| id != END);
        written.map(|&id| self.word(id)).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_comes_back_in_lower_case() {
        let vocabulary = Vocabulary::of(["The dog sees Ada."]);
        let ids = vocabulary.encode("Ada sees the dog.");
        assert_eq!(vocabulary.decode(&ids), "ada sees the dog .");
        assert_eq!(ids.last(), Some(&END));
        assert_eq!(vocabulary.encode("cat"), [UNKNOWN, END]);
        assert_eq!(Vocabulary::from_text(&vocabulary.to_text()).unwrap(), vocabulary);
    }

    #[test]
    fn a_file_without_the_special_tokens_is_refused() {
        let error = Vocabulary::from_text("the\ndog\n").unwrap_err().to_string();
        assert!(error.contains("<pad>, </s>, <unk>"), "{error}");
    }
}
