//! What can be wrong with a model or its input.

use std::fmt;

use softmax_sampling::SampleError;

/// Why a model does not run.
#[derive(Debug)]
pub enum PocketError {
    /// A file cannot be read.
    #[cfg(not(target_family = "wasm"))]
    File {
        /// Where it should be.
        path: std::path::PathBuf,
        /// Why it cannot.
        error: std::io::Error,
    },
    /// `config.json` is not that of a model which this crate computes.
    Config {
        /// Why not.
        why: String,
    },
    /// `model.safetensors` has not the weights of the model.
    Weights {
        /// Why not.
        why: String,
    },
    /// `tokenizer.json` is not that of a GPT-2, or an id none of its tokens.
    Tokenizer {
        /// Why not.
        why: String,
    },
    /// The tokenizer has more tokens than the model.
    Vocabulary {
        /// So many has the tokenizer.
        tokens: usize,
        /// So many the model.
        vocab_size: usize,
    },
    /// There is no token to go on from, or none to be judged.
    Empty,
    /// A text has more tokens than there are positions.
    TooLong {
        /// So many tokens.
        tokens: usize,
        /// So many positions, those of a prompt or prefix left out.
        positions: usize,
    },
    /// An id that is not in the vocabulary.
    UnknownId {
        /// The id.
        id: u32,
        /// How many ids there are.
        vocab_size: usize,
    },
    /// No token could be chosen.
    Sample(SampleError),
}

impl fmt::Display for PocketError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            #[cfg(not(target_family = "wasm"))]
            Self::File { path, error } => write!(f, "{}: {error}", path.display()),
            Self::Config { why } => write!(f, "config.json: {why}"),
            Self::Weights { why } => write!(f, "model.safetensors: {why}"),
            Self::Tokenizer { why } => write!(f, "tokenizer.json: {why}"),
            Self::Vocabulary { tokens, vocab_size } => write!(
                f,
                "tokenizer.json has {tokens} tokens, and the model only {vocab_size}: they belong to \
                 different models"
            ),
            Self::Empty => write!(f, "there is no token to go on from: give at least one"),
            Self::TooLong { tokens, positions } => write!(
                f,
                "the text has {tokens} tokens, and the model room for {positions}: shorten it"
            ),
            Self::UnknownId { id, vocab_size } => {
                write!(
                    f,
                    "there is no token {id}: the last of the {vocab_size} is {}",
                    vocab_size - 1
                )
            }
            Self::Sample(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for PocketError {}

impl From<SampleError> for PocketError {
    fn from(error: SampleError) -> Self {
        Self::Sample(error)
    }
}
