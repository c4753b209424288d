//! What can be wrong with what is quantized, or with what comes packed.

use std::fmt;

use grading::numbers::counted;
use lora::LoraError;

/// Why there is no result.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum QloraError {
    /// A number that cannot be quantized: NaN or infinite, or an absmax below 0.
    Number {
        /// Where it is in its list.
        at: usize,
        /// What it is.
        value: f32,
    },
    /// A block of no numbers.
    EmptyBlock,
    /// So many levels as no byte can count, or none.
    Levels(usize),
    /// So many bits as no code of this lesson has.
    Bits(u32),
    /// A list of the wrong length.
    Length {
        /// What is in it.
        of: &'static str,
        /// How many there are.
        got: usize,
        /// How many there have to be.
        wanted: usize,
    },
    /// A range that is not within the numbers.
    Range {
        /// Where it begins.
        start: usize,
        /// Where it ends.
        end: usize,
        /// How many numbers there are.
        len: usize,
    },
    /// The pair beside the layer.
    Lora(LoraError),
    /// A block that is not there.
    NoBlock {
        /// Its number, from 0.
        block: usize,
        /// How many there are.
        blocks: usize,
    },
}

impl fmt::Display for QloraError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number { at, value } => write!(
                f,
                "number {at} is {value}: quantize finite numbers only, and an absmax of 0 or more"
            ),
            Self::EmptyBlock => f.write_str("a block of 0 numbers: give it 1 or more, as 64"),
            Self::Levels(count) => {
                write!(
                    f,
                    "{}: give from 1 to 256, which a byte can count",
                    counted(*count, "level")
                )
            }
            Self::Bits(bits) => write!(f, "{}: give from 2 to 8", counted(*bits as usize, "bit")),
            Self::Length { of, got, wanted } => {
                write!(f, "{got} {of} where {wanted} belong: give as many as the sizes say")
            }
            Self::Range { start, end, len } => write!(
                f,
                "the range {start}..{end} of {}: let it begin and end among them",
                counted(*len, "number")
            ),
            Self::Lora(error) => error.fmt(f),
            Self::NoBlock { block, blocks } => write!(
                f,
                "block {block} of {}: count from 0, and stay below that",
                counted(*blocks, "block")
            ),
        }
    }
}

impl std::error::Error for QloraError {}

impl From<LoraError> for QloraError {
    fn from(error: LoraError) -> Self {
        Self::Lora(error)
    }
}
