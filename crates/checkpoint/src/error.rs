//! What can be wrong with a file of weights.

use std::fmt;
use std::path::PathBuf;

use crate::header::Dtype;

/// Why there are no weights.
#[derive(Debug)]
pub enum CheckpointError {
    /// A file cannot be opened or read.
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// A configuration is no JSON, or lacks a field.
    Config {
        /// Of which file.
        path: PathBuf,
        /// Why, with line and column.
        why: String,
    },
    /// The file does not begin with a header.
    Header(String),
    /// Two tensors have one name.
    Twice {
        /// Their name.
        name: String,
    },
    /// The range of a tensor is not where the format asks for it.
    Range {
        /// The tensor.
        name: String,
        /// What is wrong.
        why: String,
    },
    /// The file ends within a tensor.
    Truncated {
        /// The first tensor that is not whole.
        name: String,
        /// Bytes that the file has, from the end of its header.
        has: u64,
        /// Bytes that it needs up to the end of that tensor.
        needs: u64,
    },
    /// A tensor that a model needs is not there.
    Missing {
        /// Its name.
        name: String,
        /// How many tensors there are.
        count: usize,
    },
    /// A tensor has another shape than a model needs.
    Shape {
        /// Its name.
        name: String,
        /// Its shape.
        found: Vec<usize>,
        /// The shape that the model needs.
        expected: Vec<usize>,
    },
    /// A tensor holds no floating-point numbers.
    NotFloat {
        /// Its name.
        name: String,
        /// What it holds.
        found: Dtype,
    },
    /// Tensors that a model does not know.
    LeftOver {
        /// The first.
        name: String,
        /// How many there are besides.
        others: usize,
    },
    /// An operation of candle failed.
    Tensor(candle_core::Error),
}

impl fmt::Display for CheckpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, error } => write!(f, "{}: {error}", path.display()),
            Self::Config { path, why } => write!(f, "{}: {why}", path.display()),
            Self::Header(why) => write!(f, "this is no file of safetensors: {why}"),
            Self::Twice { name } => write!(f, "two tensors are called `{}`", Short(name)),
            Self::Range { name, why } => write!(f, "tensor `{}`: {why}", Short(name)),
            Self::Truncated { name, has, needs } => write!(
                f,
                "the file ends within tensor `{}`: it has {has} of the {needs} bytes up to its end; \
                 fetch it again",
                Short(name)
            ),
            Self::Missing { name, count } => {
                write!(f, "the file has no tensor `{}` among its {count}", Short(name))
            }
            Self::Shape { name, found, expected } => write!(
                f,
                "tensor `{}` has the shape {found:?}, and the model needs {expected:?}",
                Short(name)
            ),
            Self::NotFloat { name, found } => write!(
                f,
                "tensor `{}` holds {found:?}, and the model needs F32, F16, BF16 or F64",
                Short(name)
            ),
            Self::LeftOver { name, others } => {
                write!(f, "the model has no use for tensor `{}`", Short(name))?;
                match others {
                    0 => Ok(()),
                    1 => f.write_str(" and for one other"),
                    others => write!(f, " and for {others} others"),
                }
            }
            Self::Tensor(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for CheckpointError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::File { error, .. } => Some(error),
            Self::Tensor(error) => Some(error),
            _ => None,
        }
    }
}

impl From<candle_core::Error> for CheckpointError {
    fn from(error: candle_core::Error) -> Self {
        Self::Tensor(error)
    }
}

/// A name of a file, which may be as long as that.
pub(crate) struct Short<'a>(pub &'a str);

/// The longest of the names that models really have has 80.
const LONGEST: usize = 200;

impl fmt::Display for Short<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut letters = self.0.chars();
        for letter in letters.by_ref().take(LONGEST) {
            write!(f, "{}", letter.escape_debug())?;
        }
        if letters.next().is_some() { f.write_str("…") } else { Ok(()) }
    }
}
