//! What can be wrong with a search. Given: the exercise uses it.

use std::error::Error;
use std::fmt;

use softmax_sampling::SampleError;

/// Why a search cannot go on.
#[derive(Clone, Debug, PartialEq)]
pub enum SearchError {
    /// The logits, or a token of the history, are wrong.
    Sample(SampleError),
    /// The width of a beam search is 0.
    Width,
    /// The length of a beam search is 0.
    MaxLen,
    /// The length penalty of a beam search is not finite.
    LengthPenalty(f64),
    /// A frequency penalty is not finite.
    FrequencyPenalty(f64),
    /// A presence penalty is not finite.
    PresencePenalty(f64),
    /// The stop sequence with this index is empty: it would end every text before it begins.
    EmptyStop(usize),
    /// The end token of a vocabulary is none of its tokens.
    UnknownEnd(usize),
    /// There is not one logit for each token.
    LogitCount {
        /// So many logits,
        logits: usize,
        /// and so many tokens.
        tokens: usize,
    },
    /// The automaton has no such state.
    UnknownState(usize),
    /// In this state of the automaton no token is allowed.
    DeadEnd(usize),
}

impl fmt::Display for SearchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sample(error) => error.fmt(f),
            Self::Width => write!(f, "a beam search must keep at least 1 sequence: the width is 0"),
            Self::MaxLen => write!(f, "a beam search needs room for 1 token: the length is 0"),
            Self::LengthPenalty(p) => write!(f, "the length penalty must be finite: it is {p}"),
            Self::FrequencyPenalty(p) => {
                write!(f, "the frequency penalty must be finite: it is {p}")
            }
            Self::PresencePenalty(p) => write!(f, "the presence penalty must be finite: it is {p}"),
            Self::EmptyStop(i) => {
                write!(f, "stop sequence {i} is empty: give at least a character")
            }
            Self::UnknownEnd(token) => write!(f, "the vocabulary has no token {token} to end with"),
            Self::LogitCount { logits, tokens } => {
                write!(f, "there are {logits} logits for {tokens} tokens: give one for each")
            }
            Self::UnknownState(state) => write!(f, "the automaton has no state {state}"),
            Self::DeadEnd(state) => {
                write!(
                    f,
                    "no token leads on from state {state}: the vocabulary cannot write a match"
                )
            }
        }
    }
}

impl Error for SearchError {}

impl From<SampleError> for SearchError {
    fn from(error: SampleError) -> Self {
        Self::Sample(error)
    }
}
