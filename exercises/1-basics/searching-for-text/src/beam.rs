//! The settings and the result of a beam search. Given: the exercise uses them.

use crate::SearchError;

/// How to search. There is no default: a width and a length are a budget.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BeamSearch {
    /// How many sequences are kept after every step; at least 1. At 1 the search is greedy.
    pub width: usize,
    /// Sequences end here, if they have not ended before; at least 1.
    pub max_len: usize,
    /// The token that ends a sequence. It belongs to the sequence and counts as one of its tokens.
    pub end: Option<usize>,
    /// The exponent of the length in [`Beam::score`]; finite. 0 leaves the log-probability as it
    /// is, 1 makes the score a mean per token, more favors long sequences.
    pub length_penalty: f64,
}

impl BeamSearch {
    /// Whether every setting is in its range.
    ///
    /// # Errors
    /// The first setting that is not.
    pub fn validate(&self) -> Result<(), SearchError> {
        if self.width == 0 {
            return Err(SearchError::Width);
        }
        if self.max_len == 0 {
            return Err(SearchError::MaxLen);
        }
        if !self.length_penalty.is_finite() {
            return Err(SearchError::LengthPenalty(self.length_penalty));
        }
        Ok(())
    }
}

/// A sequence of tokens and how good it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Beam {
    /// What the search has chosen, in order, with the end token if it came to it.
    pub tokens: Vec<usize>,
    /// `Σ_t ln p(token t | the tokens before it)`: 0 for no tokens, below it otherwise.
    pub log_prob: f64,
    /// `log_prob / len^length_penalty`, where `len` is the number of tokens: what sequences are
    /// compared by.
    pub score: f64,
}
