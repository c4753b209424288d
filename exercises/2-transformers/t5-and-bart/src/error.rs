//! What can be wrong with a model or its input.

use std::fmt;

use attention::AttentionError;
use checkpoint::CheckpointError;
use grading::numbers::counted;
use multi_head_attention::HeadError;
use normalization_and_activations::NormError;

/// Why a model does not run.
#[derive(Debug)]
pub enum SeqError {
    /// What `config.json` says is no model of this lesson.
    Config(String),
    /// There are no weights, or others than the config says.
    Checkpoint(CheckpointError),
    /// A table that should be that of the embeddings is another.
    Untied(String),
    /// Distances that cannot be sorted into so many buckets.
    Buckets {
        /// Whether what comes later has buckets of its own.
        bidirectional: bool,
        /// How many buckets there are.
        num_buckets: usize,
        /// From here on, all are in the last one.
        max_distance: usize,
    },
    /// A table of biases that is not `(num_buckets, heads)`.
    Table(Vec<usize>),
    /// A bias that does not broadcast to the scores.
    Bias {
        /// The shape of the bias.
        bias: Vec<usize>,
        /// The shape of the scores.
        scores: [usize; 4],
    },
    /// A mask that does not broadcast to the scores.
    Mask {
        /// The shape of the mask.
        mask: Vec<usize>,
        /// The shape of the scores.
        scores: [usize; 4],
    },
    /// A block of a decoder without a text to look at, or one of an encoder with such a text.
    Cross {
        /// Whether the block has cross-attention.
        has_cross: bool,
    },
    /// Ids that are not `(batch, seq)`, or no ids.
    Ids(Vec<usize>),
    /// What says which ids are tokens has another shape.
    IsToken {
        /// Its shape.
        got: Vec<usize>,
        /// That of the ids.
        want: [usize; 2],
    },
    /// An id that is not in the vocabulary.
    UnknownId {
        /// The id.
        id: u32,
        /// How many ids there are.
        vocab_size: usize,
    },
    /// A label that is neither an id nor −100.
    Label(i64),
    /// A text that has more tokens than the model has positions.
    TooLong {
        /// So many tokens.
        tokens: usize,
        /// So many positions.
        n_positions: usize,
    },
    /// A norm failed.
    Norm(NormError),
    /// Heads could not be cut or merged.
    Heads(HeadError),
    /// A mask failed.
    Attention(AttentionError),
    /// An operation of candle failed.
    Tensor(candle_core::Error),
}

impl fmt::Display for SeqError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(problem) => write!(f, "config.json: {problem}"),
            Self::Checkpoint(error) => error.fmt(f),
            Self::Untied(name) => {
                write!(f, "{name} is not the shared table, and the config says that it is")
            }
            Self::Buckets { bidirectional, num_buckets, max_distance } => write!(
                f,
                "{} with a largest distance of {max_distance}: give at least {} buckets, and a \
                 distance above the number of those that hold one distance each",
                counted(*num_buckets, "bucket"),
                if *bidirectional { 4 } else { 2 },
            ),
            Self::Table(shape) => {
                write!(f, "a table of biases {shape:?}: give (num_buckets, heads)")
            }
            Self::Bias { bias, scores } => {
                write!(f, "a bias of shape {bias:?} does not broadcast to scores {scores:?}")
            }
            Self::Mask { mask, scores } => {
                write!(f, "a mask of shape {mask:?} does not broadcast to scores {scores:?}")
            }
            Self::Cross { has_cross: true } => {
                f.write_str("a block with cross-attention needs an encoded text: give one")
            }
            Self::Cross { has_cross: false } => {
                f.write_str("a block without cross-attention cannot look at an encoded text")
            }
            Self::Ids(shape) => {
                write!(f, "ids of shape {shape:?}: give (batch, seq), with at least one token")
            }
            Self::IsToken { got, want } => {
                write!(f, "which ids are tokens, of shape {got:?}: give {want:?}, as the ids")
            }
            Self::UnknownId { id, vocab_size } => {
                write!(f, "token {id} of a vocabulary of {vocab_size}: the last is {}", {
                    vocab_size.saturating_sub(1)
                })
            }
            Self::Label(label) => {
                write!(f, "the label {label}: give an id, or −100 for one that does not count")
            }
            Self::TooLong { tokens, n_positions } => write!(
                f,
                "a text of {} for a model that has {}: cut it",
                counted(*tokens, "token"),
                counted(*n_positions, "position")
            ),
            Self::Norm(error) => error.fmt(f),
            Self::Heads(error) => error.fmt(f),
            Self::Attention(error) => error.fmt(f),
            Self::Tensor(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for SeqError {}

/// Errors of what this lesson calls.
macro_rules! passed_on {
    ($($variant:ident($error:ty)),*) => {
        $(impl From<$error> for SeqError {
            fn from(error: $error) -> Self {
                Self::$variant(error)
            }
        })*
    };
}

passed_on! {
    Checkpoint(CheckpointError), Norm(NormError), Heads(HeadError), Attention(AttentionError),
    Tensor(candle_core::Error)
}
