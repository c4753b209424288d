//! What can be wrong with a model or its input.

use std::fmt;

use attention::AttentionError;
use checkpoint::CheckpointError;
use grading::numbers::counted;
use multi_head_attention::HeadError;
use normalization_and_activations::NormError;

/// Why a model does not run.
#[derive(Debug)]
pub enum BertError {
    /// What `config.json` says is no model of this lesson.
    Config(String),
    /// There are no weights, or others than the config says.
    Checkpoint(CheckpointError),
    /// A tensor that the file has twice, under two names, is not the same both times.
    Untied(&'static str),
    /// What the tokenizer's file says makes no tokenizer.
    Tokenizer(String),
    /// A product whose parts do not fit.
    Linear {
        /// The shape of what comes in.
        x: Vec<usize>,
        /// The shape of the weight.
        weight: Vec<usize>,
        /// The shape of the bias.
        bias: Vec<usize>,
    },
    /// Ids that are not `(batch, seq)`, or no ids.
    Ids(Vec<usize>),
    /// Token types of another shape than the ids.
    TokenTypes {
        /// Their shape.
        got: Vec<usize>,
        /// That of the ids.
        want: Vec<usize>,
    },
    /// A row that has more places than the model has positions.
    TooLong {
        /// So many places.
        seq: usize,
        /// So many positions.
        max_position_embeddings: usize,
    },
    /// An id that is not in the vocabulary.
    UnknownId {
        /// The id.
        id: u32,
        /// How many ids there are.
        vocab_size: usize,
    },
    /// A token type that the model does not have.
    UnknownType {
        /// The type.
        token_type: u32,
        /// How many types there are.
        type_vocab_size: usize,
    },
    /// What says which ids are tokens has another shape than the ids.
    IsToken {
        /// Its shape.
        got: Vec<usize>,
        /// That of the ids.
        want: Vec<usize>,
    },
    /// The model has no head that guesses hidden tokens.
    NoHead,
    /// Vectors that cannot be pooled with this mask.
    Pool {
        /// The shape of the vectors.
        hidden: Vec<usize>,
        /// The shape of the mask.
        is_token: Vec<usize>,
    },
    /// A norm failed.
    Norm(NormError),
    /// Attention failed.
    Attention(AttentionError),
    /// Heads could not be cut or merged.
    Heads(HeadError),
    /// An operation of candle failed.
    Tensor(candle_core::Error),
}

impl fmt::Display for BertError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(problem) => write!(f, "config.json: {problem}"),
            Self::Checkpoint(error) => error.fmt(f),
            Self::Untied(name) => {
                write!(f, "{name} is not what it is tied to: this lesson's model has it once")
            }
            Self::Tokenizer(problem) => write!(f, "the tokenizer: {problem}"),
            Self::Linear { x, weight, bias } => write!(
                f,
                "x {x:?}, weight {weight:?} and bias {bias:?} do not go together: give (.., in), \
                 (out, in) and (out)"
            ),
            Self::Ids(shape) => {
                write!(f, "ids of shape {shape:?}: give (batch, seq), with at least one token")
            }
            Self::TokenTypes { got, want } => {
                write!(f, "token types of shape {got:?}: give {want:?}, one for each id")
            }
            Self::TooLong { seq, max_position_embeddings: most } => {
                let places = counted(*seq, "place");
                let most = counted(*most, "position");
                write!(f, "a row of {places} for a model that has {most}: cut the text")
            }
            Self::UnknownId { id, vocab_size } => {
                write!(f, "token {id} of a vocabulary of {vocab_size}: ids begin at 0")
            }
            Self::UnknownType { token_type, type_vocab_size } => {
                let types = counted(*type_vocab_size, "type");
                write!(f, "token type {token_type} for a model of {types}: they begin at 0")
            }
            Self::IsToken { got, want } => {
                write!(f, "which ids are tokens, of shape {got:?}: give {want:?}, one for each id")
            }
            Self::NoHead => f.write_str(
                "this model has no head that guesses hidden tokens: load one whose tensors include \
                 cls.predictions",
            ),
            Self::Pool { hidden, is_token } => write!(
                f,
                "vectors {hidden:?} and a mask {is_token:?}: give (batch, seq, hidden_size) and \
                 (batch, seq), none with an axis of length 0"
            ),
            Self::Norm(error) => error.fmt(f),
            Self::Attention(error) => error.fmt(f),
            Self::Heads(error) => error.fmt(f),
            Self::Tensor(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for BertError {}

impl From<NormError> for BertError {
    fn from(error: NormError) -> Self {
        Self::Norm(error)
    }
}

impl From<CheckpointError> for BertError {
    fn from(error: CheckpointError) -> Self {
        Self::Checkpoint(error)
    }
}

impl From<AttentionError> for BertError {
    fn from(error: AttentionError) -> Self {
        Self::Attention(error)
    }
}

impl From<HeadError> for BertError {
    fn from(error: HeadError) -> Self {
        Self::Heads(error)
    }
}

impl From<candle_core::Error> for BertError {
    fn from(error: candle_core::Error) -> Self {
        Self::Tensor(error)
    }
}
