//! What can be wrong with vectors before a text.

use std::fmt;

use grading::numbers::counted;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq)]
pub enum PromptError {
    /// Numbers that are not whole rows, or not as many rows as belong together.
    Ragged {
        /// What they are called.
        what: &'static str,
        /// How many numbers there are.
        found: usize,
        /// Of how many a whole row consists, or how many there have to be.
        row: usize,
    },
    /// A text without tokens, where its vectors are asked for.
    NoText,
    /// A token that the model does not know.
    Token {
        /// Where in the list it is, counted from 0.
        at: usize,
        /// Its id.
        token: u32,
        /// How many tokens the model knows.
        vocab_size: usize,
    },
    /// Vectors and text together are longer than the model has positions.
    NoRoom {
        /// Vectors before the text.
        n: usize,
        /// Tokens of the text.
        seq: usize,
        /// Positions of the model.
        n_positions: usize,
    },
    /// More vectors before the text than places in it.
    Longer {
        /// Vectors.
        n: usize,
        /// Places.
        seq: usize,
    },
    /// A block that the model does not have.
    Block {
        /// Which one, counted from 0.
        block: usize,
        /// How many it has.
        n_layer: usize,
    },
}

impl fmt::Display for PromptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ragged { what, found, row: 0 } => write!(
                f,
                "`{what}` has {}, and a row of it has none: take at least 1 for each size",
                counted(*found, "number")
            ),
            Self::Ragged { what, found, row } => write!(
                f,
                "`{what}` has {}, where {row}, or whole rows of {row}, belong: compare its length \
                 with the sizes",
                counted(*found, "number")
            ),
            Self::NoText => {
                write!(f, "a prompt cannot begin as a text without tokens: give it a word or more")
            }
            Self::Token { at, token, vocab_size } => write!(
                f,
                "token {token}, number {at} of the list, is none of the {vocab_size} that the \
                 model knows: encode the text with the model's own tokenizer"
            ),
            Self::NoRoom { n, seq, n_positions } => write!(
                f,
                "{} before a text of {} do not fit into {}: take fewer, or a shorter text",
                counted(*n, "vector"),
                counted(*seq, "token"),
                counted(*n_positions, "position")
            ),
            Self::Longer { n, seq } => write!(
                f,
                "{} before the text, but {} in all: `seq` counts those of the prompt, too",
                counted(*n, "vector"),
                counted(*seq, "place")
            ),
            Self::Block { block, n_layer } => write!(
                f,
                "there is no block {block} among {}: they are counted from 0",
                counted(*n_layer, "block")
            ),
        }
    }
}

impl std::error::Error for PromptError {}
