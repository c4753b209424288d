//! What can be wrong with a prompt and its choices.

use std::fmt;

use grading::numbers::counted;

/// Why nothing was ranked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IclError {
    /// What cannot be left out is too long.
    TooLong {
        /// Its tokens.
        tokens: usize,
        /// So many there may be.
        limit: usize,
    },
    /// A prompt without tokens: nothing stands before the answer.
    NoPrompt,
    /// A choice without tokens, or without bytes where they are counted.
    NoAnswer {
        /// Which choice, counted from 0.
        choice: usize,
    },
    /// There are no choices.
    NoChoices,
    /// A token that the model does not know.
    Token {
        /// The token.
        id: u32,
        /// How many tokens there are.
        vocab_size: usize,
    },
    /// A score that is no number.
    NotANumber {
        /// Which choice, counted from 0.
        choice: usize,
    },
    /// Scores for another number of choices.
    Lengths {
        /// In which list of scores, counted from 0.
        input: usize,
        /// How many it has.
        found: usize,
        /// How many choices there are.
        expected: usize,
    },
}

impl fmt::Display for IclError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::TooLong { tokens, limit } => write!(
                f,
                "this has {}, and {limit} fit: shorten the query or the instruction",
                counted(tokens, "token")
            ),
            Self::NoPrompt => {
                f.write_str("the prompt has no tokens: begin it with the token that begins a text")
            }
            Self::NoAnswer { choice } => {
                write!(f, "choice {choice} is empty: give each at least one letter")
            }
            Self::NoChoices => f.write_str("there are no choices: give at least one"),
            Self::Token { id, vocab_size } => write!(
                f,
                "the model knows tokens 0 to {}, not {id}: use the tokenizer that belongs to it",
                vocab_size.saturating_sub(1)
            ),
            Self::NotANumber { choice } => write!(
                f,
                "the score of choice {choice} is NaN: look at the weights that the model was read from"
            ),
            Self::Lengths { input, found, expected } => write!(
                f,
                "content-free input {input} has {} for {}: score the same choices",
                counted(found, "score"),
                counted(expected, "choice")
            ),
        }
    }
}

impl std::error::Error for IclError {}
