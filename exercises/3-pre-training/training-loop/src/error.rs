//! What can go wrong in a training.

use std::fmt;

use batches::BatchError;
use grading::numbers::counted;
use optimizers::OptimizerError;
use safetensors::SafeTensorError;
use schedules_and_stability::StabilityError;
use small_gpt::Sizes;

/// Why a run does not go on.
#[derive(Clone, Debug, PartialEq)]
pub enum LoopError {
    /// A number of rows that must be at least 1.
    Zero {
        /// Its name.
        name: &'static str,
    },
    /// More rows a step than there are.
    TooFewRows {
        /// How many there are.
        rows: usize,
        /// How many a step takes.
        batch: usize,
    },
    /// Lists that are no whole number of rows.
    Ragged {
        /// Tokens.
        ids: usize,
        /// Labels.
        labels: usize,
        /// Tokens of a row.
        context: usize,
    },
    /// Rows longer than the model has positions.
    Context {
        /// Tokens of a row.
        context: usize,
        /// Positions of the model.
        n_positions: usize,
    },
    /// A row that is none of those there are.
    NoRow {
        /// Which one, counted from 0.
        row: usize,
        /// How many there are.
        rows: usize,
    },
    /// A token or a label that the model does not know.
    Token {
        /// Its row, counted from 0.
        row: usize,
        /// Where in the row, counted from 0.
        at: usize,
        /// What it is.
        token: i64,
        /// How many tokens the model knows.
        vocab_size: usize,
    },
    /// Rows without a single label that asks something.
    NoLabels,
    /// A loss that is ∞ or NaN.
    Diverged {
        /// In which step, counted from 0.
        step: usize,
    },
    /// A gradient that cannot be clipped.
    Stability(StabilityError),
    /// A step that AdamW cannot take.
    Optimizer(OptimizerError),
    /// An order of rows that cannot be dealt out.
    Batch(BatchError),
    /// Bytes that are no file of safetensors.
    File {
        /// What is wrong with them.
        why: String,
    },
    /// A file whose header does not say what a checkpoint has to say.
    Header {
        /// What it says.
        found: Option<String>,
    },
    /// Sizes of no model, or of a larger one than the file can hold.
    Sizes {
        /// The sizes.
        sizes: Sizes,
    },
    /// A tensor that is not there.
    Missing {
        /// Its name.
        name: String,
    },
    /// A tensor whose numbers are not f32.
    Dtype {
        /// Its name.
        name: String,
    },
    /// A tensor of another shape.
    Shape {
        /// Its name.
        name: String,
        /// The shape it has.
        found: Vec<usize>,
        /// The one it should have.
        expected: Vec<usize>,
    },
    /// A tensor that no part of the run needs.
    Extra {
        /// Its name.
        name: String,
    },
}

impl fmt::Display for LoopError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Zero { name } => write!(f, "{name} is 0: take at least one row"),
            Self::TooFewRows { rows, batch } => write!(
                f,
                "a batch of {batch} from {}: take a smaller batch, or more text",
                counted(*rows, "row")
            ),
            Self::Ragged { ids, labels, context } => write!(
                f,
                "{} and {} are no rows of {context}: give both for each place of each row",
                counted(*ids, "token"),
                counted(*labels, "label")
            ),
            Self::Context { context, n_positions } => write!(
                f,
                "rows of {} for a model of {}: pack shorter rows, or take a model with more \
                 positions",
                counted(*context, "token"),
                counted(*n_positions, "position")
            ),
            Self::NoRow { row, rows } => {
                write!(f, "row {row} of {}: rows are counted from 0", counted(*rows, "row"))
            }
            Self::Token { row, at, token, vocab_size } => write!(
                f,
                "row {row} has the token {token} at {at}, and the model knows those below \
                 {vocab_size}: take the tokenizer that goes with it"
            ),
            Self::NoLabels => {
                f.write_str("no label asks anything, so there is no loss: give at least one")
            }
            Self::Diverged { step } => write!(
                f,
                "the loss of step {step} is no finite number: go back to a checkpoint, and look at \
                 the learning rate and at the rows of this step"
            ),
            Self::Stability(error) => error.fmt(f),
            Self::Optimizer(error) => error.fmt(f),
            Self::Batch(error) => error.fmt(f),
            Self::File { why } => write!(
                f,
                "this is no file of safetensors ({why}): take an earlier checkpoint, if it was cut \
                 off while it was written"
            ),
            Self::Header { found: None } => f.write_str(
                "the header says nothing of a training run: this may be a model, but no checkpoint \
                 to go on from",
            ),
            Self::Header { found: Some(found) } => {
                write!(f, "the header says “{found}”, which is no step and sizes of a model")
            }
            Self::Sizes { sizes } => write!(
                f,
                "{sizes:?} are the sizes of no model that this file can hold: it belongs to another"
            ),
            Self::Missing { name } => {
                write!(f, "there is no tensor “{name}”: the file is not whole")
            }
            Self::Dtype { name } => {
                write!(f, "the tensor “{name}” is not in f32: a checkpoint keeps all bits")
            }
            Self::Shape { name, found, expected } => write!(
                f,
                "the tensor “{name}” is {found:?}, and a model of these sizes has {expected:?}"
            ),
            Self::Extra { name } => {
                write!(f, "no part of a run is called “{name}”: the file is of another program")
            }
        }
    }
}

impl std::error::Error for LoopError {}

impl From<StabilityError> for LoopError {
    fn from(error: StabilityError) -> Self {
        Self::Stability(error)
    }
}

impl From<OptimizerError> for LoopError {
    fn from(error: OptimizerError) -> Self {
        Self::Optimizer(error)
    }
}

impl From<BatchError> for LoopError {
    fn from(error: BatchError) -> Self {
        Self::Batch(error)
    }
}

impl From<SafeTensorError> for LoopError {
    fn from(error: SafeTensorError) -> Self {
        Self::File { why: error.to_string() }
    }
}
