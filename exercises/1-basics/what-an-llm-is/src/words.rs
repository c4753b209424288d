//! The example of the page: a text of a few words, each a token.

/// The training text.
pub const TEXT: &str = "the cat sat on the mat the dog sat on the rug the cat ran";

/// A word that the vocabulary has and the text has not.
pub const NEW_WORD: &str = "slept";

/// A sentence that is not in the text.
pub const SENTENCE: &str = "the cat sat on the rug";

/// Words as tokens, numbered in the order of [`TEXT`], and [`NEW_WORD`].
pub struct Words(Vec<&'static str>);

impl Default for Words {
    fn default() -> Self {
        let mut words: Vec<&str> = Vec::new();
        for word in TEXT.split(' ').chain([NEW_WORD]) {
            if !words.contains(&word) {
                words.push(word);
            }
        }
        Self(words)
    }
}

impl Words {
    /// How many there are.
    pub fn vocab_size(&self) -> usize {
        self.0.len()
    }

    /// The tokens of a text made of these words; others are left out.
    pub fn ids(&self, text: &str) -> Vec<u32> {
        let id = |word: &str| self.0.iter().position(|&w| w == word).map(|id| id as u32);
        text.split(' ').filter_map(id).collect()
    }

    /// How a token is written.
    pub fn word(&self, id: u32) -> &'static str {
        self.0.get(id as usize).copied().unwrap_or("?")
    }
}
