//! What can be wrong with a model or its input.

use std::fmt;

use attention::AttentionError;
use checkpoint::CheckpointError;
use multi_head_attention::HeadError;
use normalization_and_activations::NormError;
use palm::PalmError;
use positions::PositionError;

/// Why a model does not run.
#[derive(Debug)]
pub enum LlamaError {
    /// What a configuration says is no model of this lesson.
    Config(String),
    /// There are no weights, or others than the configuration says.
    Checkpoint(CheckpointError),
    /// The configuration says that one table serves at both ends, and the file has two.
    Untied,
    /// Positions that are not `(batch, seq)` of what they are for.
    Positions {
        /// The shape of what is to be turned.
        x: Vec<usize>,
        /// The shape of the positions.
        positions: Vec<usize>,
    },
    /// Ids that are not `(batch, seq)`, or no ids.
    Ids(Vec<usize>),
    /// Keys and values of so many blocks.
    Past {
        /// So many there are.
        blocks: usize,
        /// So many the model has.
        n_layers: usize,
    },
    /// What says which are tokens does not fit to ids and past.
    IsToken {
        /// Its shape.
        got: Vec<usize>,
        /// What it should be: `(batch, past + seq)`.
        want: [usize; 2],
    },
    /// An id that is not in the vocabulary.
    UnknownId {
        /// The id.
        id: u32,
        /// How many ids there are.
        vocab_size: usize,
    },
    /// A text to go on from that has no token.
    EmptyPrompt {
        /// Which, counted from 0.
        text: usize,
    },
    /// A product, or the feed-forward network, as PaLM's.
    Part(PalmError),
    /// A norm failed.
    Norm(NormError),
    /// Heads could not be cut, shared or merged.
    Heads(HeadError),
    /// Nothing can be turned with these numbers or this base.
    Position(PositionError),
    /// Attention failed.
    Attention(AttentionError),
    /// An operation of candle failed.
    Tensor(candle_core::Error),
}

impl fmt::Display for LlamaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(problem) => write!(f, "the configuration: {problem}"),
            Self::Checkpoint(error) => error.fmt(f),
            Self::Untied => f.write_str(
                "lm_head.weight differs from model.embed_tokens.weight, and tie_word_embeddings is \
                 true: set it to false in the configuration",
            ),
            Self::Positions { x, positions } => write!(
                f,
                "positions {positions:?} for x {x:?}: give (batch, seq) for (batch, heads, seq, d_head)"
            ),
            Self::Ids(shape) => {
                write!(f, "ids of shape {shape:?}: give (batch, seq), with at least one token")
            }
            Self::Past { blocks, n_layers } => write!(
                f,
                "keys and values of {}, and the model has {n_layers}: give those of all blocks, or \
                 none",
                grading::numbers::counted(*blocks, "block")
            ),
            Self::IsToken { got, want } => {
                write!(f, "is_token of shape {got:?}: give (batch, past + seq), here {want:?}")
            }
            Self::UnknownId { id, vocab_size } => {
                write!(f, "token {id} of a vocabulary of {vocab_size}: give ids below {vocab_size}")
            }
            Self::EmptyPrompt { text } => write!(
                f,
                "text {text} has no token: give each text at least one, such as the one that begins \
                 texts"
            ),
            Self::Part(error) => error.fmt(f),
            Self::Norm(error) => error.fmt(f),
            Self::Heads(error) => error.fmt(f),
            Self::Position(error) => error.fmt(f),
            Self::Attention(error) => error.fmt(f),
            Self::Tensor(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for LlamaError {}

macro_rules! from {
    ($($error:ty => $variant:ident),* $(,)?) => {$(
        impl From<$error> for LlamaError {
            fn from(error: $error) -> Self {
                Self::$variant(error)
            }
        }
    )*};
}

from! {
    CheckpointError => Checkpoint,
    PalmError => Part,
    NormError => Norm,
    HeadError => Heads,
    PositionError => Position,
    AttentionError => Attention,
    candle_core::Error => Tensor,
}
