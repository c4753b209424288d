//! Values of one word, for people.

use std::fmt;

use crate::layout::Kind;

/// One number, or true or false.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// A floating-point number.
    F32(f32),
    /// A whole number with a sign.
    I32(i32),
    /// A whole number without a sign.
    U32(u32),
    /// True or false.
    Bool(bool),
}

impl Value {
    pub(crate) fn new(kind: Kind, bits: u32) -> Self {
        match kind {
            Kind::F32 => Self::F32(f32::from_bits(bits)),
            Kind::I32 => Self::I32(bits as i32),
            Kind::U32 => Self::U32(bits),
            Kind::Bool => Self::Bool(bits != 0),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // As many digits as tell it from its neighbors, without hundreds of zeros.
            Self::F32(x) if *x != 0.0 && !(1e-4..1e7).contains(&x.abs()) => write!(f, "{x:e}"),
            Self::F32(x) => write!(f, "{x}"),
            Self::I32(x) => write!(f, "{x}"),
            Self::U32(x) => write!(f, "{x}"),
            Self::Bool(x) => write!(f, "{x}"),
        }
    }
}
