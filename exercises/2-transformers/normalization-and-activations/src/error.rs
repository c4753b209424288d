//! What can be wrong with the arguments of a norm.

use std::fmt;

use candle_core::Tensor;

/// Why nothing was normalized.
#[derive(Debug)]
pub enum NormError {
    /// There are no numbers to normalize: `x` has no axis, or its last one is empty.
    NoNumbers {
        /// The shape of `x`.
        x: Vec<usize>,
    },
    /// A parameter does not have one number for each place along the last axis of `x`.
    Shape {
        /// The name of the parameter.
        name: &'static str,
        /// Its shape.
        shape: Vec<usize>,
        /// How many numbers it needs.
        wanted: usize,
    },
    /// ε is not a finite number above 0.
    Eps(f64),
    /// An operation of candle failed.
    Tensor(candle_core::Error),
}

impl fmt::Display for NormError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoNumbers { x } => {
                write!(f, "x has the shape {x:?}: give a last axis of at least one number")
            }
            Self::Shape { name, shape, wanted } => {
                write!(f, "{name} has the shape {shape:?}: give one number a place, ({wanted})")
            }
            Self::Eps(eps) => write!(f, "eps is {eps}: give a finite number above 0, such as 1e-5"),
            Self::Tensor(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for NormError {}

impl From<candle_core::Error> for NormError {
    fn from(error: candle_core::Error) -> Self {
        Self::Tensor(error)
    }
}

/// Fails unless the last axis of `x` has n ≥ 1 numbers, each of the named parameters has the shape
/// `(n)`, and `eps` is finite and above 0. Without it, broadcasting would take a parameter of one
/// number for many.
///
/// # Errors
/// As [`NormError`] says.
pub fn expect_fits(
    x: &Tensor,
    parameters: &[(&'static str, &Tensor)],
    eps: f64,
) -> Result<(), NormError> {
    let wanted = x.dims().last().copied().unwrap_or(0);
    if wanted == 0 {
        return Err(NormError::NoNumbers { x: x.dims().to_vec() });
    }
    for &(name, parameter) in parameters {
        if parameter.dims() != [wanted] {
            return Err(NormError::Shape { name, shape: parameter.dims().to_vec(), wanted });
        }
    }
    if !(eps > 0.0 && eps.is_finite()) {
        return Err(NormError::Eps(eps));
    }
    Ok(())
}
