//! What can be wrong with a model or its input.

use std::fmt;

use bert::BertError;
use candle_core::DType;
use checkpoint::CheckpointError;
use grading::numbers::counted;
use normalization_and_activations::NormError;

/// One of the two streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// What a token is.
    Content,
    /// What the others say about a place.
    Query,
}

/// Why a model does not run.
#[derive(Debug)]
pub enum XlNetError {
    /// There are no weights, or others than the config says.
    Checkpoint(CheckpointError),
    /// A list that is no order of the places of a text.
    Order {
        /// Where in the list it goes wrong.
        step: usize,
        /// The place that stands there.
        place: usize,
        /// How many places there are.
        seq: usize,
    },
    /// Scores that cannot be shifted, by their shape.
    Shift(Vec<usize>),
    /// Streams that do not fit the model.
    Streams {
        /// The shape of the content stream.
        h: Vec<usize>,
        /// That of the query stream.
        g: Vec<usize>,
        /// Numbers of a vector.
        d_model: usize,
    },
    /// A mask of another shape or type.
    Mask {
        /// Whose.
        stream: Stream,
        /// Its shape.
        got: Vec<usize>,
        /// Its type.
        dtype: DType,
        /// The shape that fits; the type is u8.
        want: Vec<usize>,
    },
    /// Ids that are not `(batch, seq)`, or no ids.
    Ids(Vec<usize>),
    /// An id that is not in the vocabulary.
    UnknownId {
        /// The id.
        id: u32,
        /// How many ids there are.
        vocab_size: usize,
    },
    /// Targets that are not `(batch, n_targets)`, or none.
    Targets {
        /// Their shape.
        got: Vec<usize>,
        /// How many texts there are.
        batch: usize,
    },
    /// A target that is no place of the text.
    NoPlace {
        /// The target.
        target: u32,
        /// How many places there are.
        seq: usize,
    },
    /// A part of BERT failed.
    Bert(BertError),
    /// A norm failed.
    Norm(NormError),
    /// An operation of candle failed.
    Tensor(candle_core::Error),
}

impl fmt::Display for XlNetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Checkpoint(error) => error.fmt(f),
            Self::Order { step, place, seq } => {
                let places = counted(*seq, "place");
                let why = if place < seq { "stands there twice" } else { "is none of them" };
                write!(f, "an order of {places}: place {place}, at step {step}, {why}")
            }
            Self::Shift(shape) => write!(
                f,
                "scores of shape {shape:?}: give (.., seq, 2·seq), a column for each distance"
            ),
            Self::Streams { h, g, d_model } => write!(
                f,
                "streams of shape {h:?} and {g:?}: give both (batch, seq, {d_model}), with at \
                 least one token"
            ),
            Self::Mask { stream, got, dtype, want } => {
                let name = match stream {
                    Stream::Content => "content",
                    Stream::Query => "query",
                };
                write!(
                    f,
                    "the {name} mask, of shape {got:?} and type {dtype:?}: give {want:?} of type U8"
                )
            }
            Self::Ids(shape) => {
                write!(f, "ids of shape {shape:?}: give (batch, seq), with at least one token")
            }
            Self::UnknownId { id, vocab_size } => {
                write!(f, "token {id} of a vocabulary of {vocab_size}: ids begin at 0")
            }
            Self::Targets { got, batch } => write!(
                f,
                "targets of shape {got:?}: give ({batch}, n_targets), at least one for each text"
            ),
            Self::NoPlace { target, seq } => {
                let places = counted(*seq, "place");
                write!(f, "target {target} in a text of {places}: they begin at 0")
            }
            Self::Bert(error) => error.fmt(f),
            Self::Norm(error) => error.fmt(f),
            Self::Tensor(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for XlNetError {}

impl From<CheckpointError> for XlNetError {
    fn from(error: CheckpointError) -> Self {
        Self::Checkpoint(error)
    }
}

impl From<BertError> for XlNetError {
    fn from(error: BertError) -> Self {
        Self::Bert(error)
    }
}

impl From<NormError> for XlNetError {
    fn from(error: NormError) -> Self {
        Self::Norm(error)
    }
}

impl From<candle_core::Error> for XlNetError {
    fn from(error: candle_core::Error) -> Self {
        Self::Tensor(error)
    }
}
