//! What can be wrong with a model or its input.

use std::fmt;

use attention::AttentionError;
use checkpoint::CheckpointError;
use multi_head_attention::HeadError;
use normalization_and_activations::NormError;
use softmax_sampling::SampleError;

/// Why a model does not run.
#[derive(Debug)]
pub enum GptError {
    /// What `config.json` says is no model of this lesson.
    Config(String),
    /// There are no weights, or others than the config says.
    Checkpoint(CheckpointError),
    /// The table that makes the logits is not that of the embeddings.
    Untied,
    /// A product whose parts do not fit.
    Conv1d {
        /// The shape of what comes in.
        x: Vec<usize>,
        /// The shape of the weight.
        weight: Vec<usize>,
        /// The shape of the bias.
        bias: Vec<usize>,
    },
    /// A tensor that is not made of queries, keys and values of so many heads.
    Qkv {
        /// Its shape.
        shape: Vec<usize>,
        /// So many heads.
        n_head: usize,
    },
    /// Ids that are not `(batch, seq)`, or no ids.
    Ids(Vec<usize>),
    /// What says which ids are tokens has another shape.
    IsToken {
        /// Its shape.
        got: Vec<usize>,
        /// What it must be: `(batch, past + seq)`.
        want: [usize; 2],
    },
    /// Keys and values of so many blocks.
    Past {
        /// So many there are.
        blocks: usize,
        /// So many the model has.
        n_layer: usize,
    },
    /// An id that is not in the vocabulary.
    UnknownId {
        /// The id.
        id: u32,
        /// How many ids there are.
        vocab_size: usize,
    },
    /// A text that has more tokens than the model has positions.
    TooLong {
        /// So many tokens.
        tokens: usize,
        /// So many positions.
        n_positions: usize,
    },
    /// There is nothing to go on from.
    EmptyPrompt,
    /// A norm failed.
    Norm(NormError),
    /// Attention failed.
    Attention(AttentionError),
    /// Heads could not be cut or merged.
    Heads(HeadError),
    /// No token could be chosen.
    Sample(SampleError),
    /// An operation of candle failed.
    Tensor(candle_core::Error),
}

impl fmt::Display for GptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(problem) => write!(f, "config.json: {problem}"),
            Self::Checkpoint(error) => error.fmt(f),
            Self::Untied => f.write_str("lm_head.weight is not wte.weight: they are not tied"),
            Self::Conv1d { x, weight, bias } => write!(
                f,
                "x {x:?}, weight {weight:?} and bias {bias:?} do not go together: give (.., in), \
                 (in, out) and (out)"
            ),
            Self::Qkv { shape, n_head } => write!(
                f,
                "a tensor of shape {shape:?} holds no queries, keys and values of {n_head} heads: \
                 give (batch, seq, 3 · n_embd), where n_embd is a multiple of n_head"
            ),
            Self::Ids(shape) => {
                write!(f, "ids of shape {shape:?}: give (batch, seq), with at least one token")
            }
            Self::IsToken { got, want } => write!(
                f,
                "which ids are tokens, of shape {got:?}: give {want:?}, a column for each token \
                 of the past, too"
            ),
            Self::Past { blocks, n_layer } => {
                write!(f, "keys and values of {blocks} blocks for a model that has {n_layer}")
            }
            Self::UnknownId { id, vocab_size } => {
                write!(f, "token {id} of a vocabulary of {vocab_size}")
            }
            Self::TooLong { tokens, n_positions } => {
                write!(f, "a text of {tokens} tokens for a model that has {n_positions} positions")
            }
            Self::EmptyPrompt => {
                f.write_str("an empty prompt: give at least one token to go on from")
            }
            Self::Norm(error) => error.fmt(f),
            Self::Attention(error) => error.fmt(f),
            Self::Heads(error) => error.fmt(f),
            Self::Sample(error) => error.fmt(f),
            Self::Tensor(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for GptError {}

impl From<NormError> for GptError {
    fn from(error: NormError) -> Self {
        Self::Norm(error)
    }
}

impl From<CheckpointError> for GptError {
    fn from(error: CheckpointError) -> Self {
        Self::Checkpoint(error)
    }
}

impl From<AttentionError> for GptError {
    fn from(error: AttentionError) -> Self {
        Self::Attention(error)
    }
}

impl From<HeadError> for GptError {
    fn from(error: HeadError) -> Self {
        Self::Heads(error)
    }
}

impl From<SampleError> for GptError {
    fn from(error: SampleError) -> Self {
        Self::Sample(error)
    }
}

impl From<candle_core::Error> for GptError {
    fn from(error: candle_core::Error) -> Self {
        Self::Tensor(error)
    }
}
