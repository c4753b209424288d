//! What is stored: codes and what they are multiplied by.

use std::ops::Range;

use lora::LoraLinear;

use crate::{Code, QloraError};

/// Numbers as codes of up to eight bits, in blocks.
#[derive(Clone, Debug, PartialEq)]
pub struct Blocks {
    /// The code of each number: which level it is next to.
    pub codes: Vec<u8>,
    /// The largest absolute value of each block.
    pub absmax: Vec<f32>,
}

/// Absmax values, quantized themselves: 8 bits for each, 32 for every 256.
#[derive(Clone, Debug, PartialEq)]
pub struct Doubled {
    /// Codes of [`dynamic_levels`](crate::dynamic_levels), one for each block of weights.
    pub codes: Vec<u8>,
    /// The largest distance from `offset` among every 256 of them.
    pub absmax: Vec<f32>,
    /// The mean.
    pub offset: f32,
}

/// The absmax of each block of weights.
#[derive(Clone, Debug, PartialEq)]
pub enum Absmax {
    /// 32 bits for each.
    Plain(Vec<f32>),
    /// About 8 bits for each.
    Doubled(Doubled),
}

impl Absmax {
    /// Of how many blocks.
    pub fn blocks(&self) -> usize {
        match self {
            Self::Plain(absmax) => absmax.len(),
            Self::Doubled(doubled) => doubled.codes.len(),
        }
    }

    /// # Errors
    /// [`QloraError::NoBlock`] if there is no such block; [`QloraError::Length`] if `absmax` of
    /// [`Doubled`] is not one for every 256 codes.
    pub fn expect_block(&self, block: usize) -> Result<(), QloraError> {
        if block >= self.blocks() {
            return Err(QloraError::NoBlock { block, blocks: self.blocks() });
        }
        match self {
            Self::Plain(_) => Ok(()),
            Self::Doubled(Doubled { codes, absmax, .. }) => {
                let wanted = codes.len().div_ceil(NESTED);
                expect_length("absmax of absmax", absmax.len(), wanted)
            }
        }
    }

    /// What it takes.
    pub fn bytes(&self) -> usize {
        match self {
            Self::Plain(absmax) => 4 * absmax.len(),
            Self::Doubled(doubled) => doubled.codes.len() + 4 * doubled.absmax.len() + 4,
        }
    }
}

/// So many absmax values have one of their own.
pub const NESTED: usize = 256;

/// Numbers in 4 bits each.
#[derive(Clone, Debug, PartialEq)]
pub struct Packed {
    /// What the codes stand for.
    pub code: Code,
    /// How many numbers have an absmax in common; the last block may be shorter.
    pub block: usize,
    /// How many numbers there are.
    pub len: usize,
    /// Two codes in each byte: the first in its upper four bits.
    pub bytes: Vec<u8>,
    /// One for each block.
    pub absmax: Absmax,
}

impl Packed {
    /// # Errors
    /// [`QloraError::Range`] if the range is not within the numbers; [`QloraError::Length`] if it,
    /// `out` and the lists do not go together; [`QloraError::EmptyBlock`].
    pub fn expect_fits(&self, range: &Range<usize>, out: &[f32]) -> Result<(), QloraError> {
        let (start, end, len) = (range.start, range.end, self.len);
        if start > end || end > len {
            return Err(QloraError::Range { start, end, len });
        }
        if self.block == 0 {
            return Err(QloraError::EmptyBlock);
        }
        expect_length("bytes", self.bytes.len(), len.div_ceil(2))?;
        expect_length("absmax", self.absmax.blocks(), len.div_ceil(self.block))?;
        if let Absmax::Doubled(Doubled { codes, .. }) = &self.absmax
            && !codes.is_empty()
        {
            self.absmax.expect_block(0)?;
        }
        expect_length("places for numbers", out.len(), end - start)
    }

    /// What all of it takes.
    pub fn size(&self) -> usize {
        self.bytes.len() + self.absmax.bytes()
    }
}

/// A matrix in 8 bits a number, each row with a scale of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Int8 {
    /// Row by row, from −127 to 127.
    pub codes: Vec<i8>,
    /// The largest absolute value of each row.
    pub absmax: Vec<f32>,
}

impl Int8 {
    /// The numbers again: code · absmax / 127.
    pub fn dequantize(&self) -> Vec<f32> {
        let cols = self.codes.len() / self.absmax.len().max(1);
        let rows = self.codes.chunks(cols.max(1)).zip(&self.absmax);
        rows.flat_map(|(row, m)| row.iter().map(move |&c| f32::from(c) * (m / 127.0))).collect()
    }
}

/// A frozen weight in 4 bits: `W`, of the shape `[inputs, outputs]`, row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct Base {
    /// How many numbers go in.
    pub inputs: usize,
    /// How many come out.
    pub outputs: usize,
    /// `inputs · outputs` of them.
    pub weight: Packed,
}

/// Slopes along what a layer read, and along what learns in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Slopes {
    /// Along `x`, `[rows, inputs]`.
    pub dx: Vec<f32>,
    /// Along `A`, `[rank, inputs]`.
    pub da: Vec<f32>,
    /// Along `B`, `[outputs, rank]`.
    pub db: Vec<f32>,
}

impl Base {
    /// How many rows `x` has.
    ///
    /// # Errors
    /// What [`Packed::expect_fits`] and [`LoraLinear::expect_fits`] say; [`QloraError::Length`] if the
    /// layer, the pair and `x` do not go together.
    pub fn expect_fits(&self, x: &[f32], lora: &LoraLinear<'_>) -> Result<usize, QloraError> {
        let Self { inputs, outputs, weight } = self;
        weight.expect_fits(&(0..0), &[])?;
        expect_length("weights", weight.len, inputs * outputs)?;
        expect_length("inputs of the pair", lora.inputs, *inputs)?;
        expect_length("outputs of the pair", lora.outputs, *outputs)?;
        lora.expect_fits()?;
        let rows = x.len() / inputs;
        expect_length("numbers of x", x.len(), rows * inputs)?;
        Ok(rows)
    }

    /// The same, with slopes along what comes out.
    ///
    /// # Errors
    /// As [`Base::expect_fits`].
    pub fn expect_slopes(
        &self,
        x: &[f32],
        lora: &LoraLinear<'_>,
        dy: &[f32],
    ) -> Result<usize, QloraError> {
        let rows = self.expect_fits(x, lora)?;
        expect_length("numbers of dy", dy.len(), rows * self.outputs)?;
        Ok(rows)
    }
}

/// # Errors
/// [`QloraError::Length`].
pub(crate) fn expect_length(of: &'static str, got: usize, wanted: usize) -> Result<(), QloraError> {
    if got == wanted { Ok(()) } else { Err(QloraError::Length { of, got, wanted }) }
}

/// # Errors
/// [`QloraError::Number`] with the first that is NaN or infinite.
pub fn expect_finite(numbers: &[f32]) -> Result<(), QloraError> {
    first(numbers, |x| !x.is_finite())
}

/// # Errors
/// [`QloraError::Number`] with the first that is NaN, infinite or below 0.
pub fn expect_absmax(absmax: &[f32]) -> Result<(), QloraError> {
    first(absmax, |x| !x.is_finite() || x < 0.0)
}

fn first(numbers: &[f32], is_wrong: impl Fn(f32) -> bool) -> Result<(), QloraError> {
    match numbers.iter().position(|&x| is_wrong(x)) {
        Some(at) => Err(QloraError::Number { at, value: numbers[at] }),
        None => Ok(()),
    }
}

/// How many rows a matrix has whose rows have so many columns.
///
/// # Errors
/// [`QloraError::Number`] if one is NaN or infinite; [`QloraError::Length`] if the last row is not
/// whole.
pub fn expect_rows(numbers: &[f32], cols: usize) -> Result<usize, QloraError> {
    expect_finite(numbers)?;
    let rows = numbers.len().checked_div(cols).unwrap_or(0);
    expect_length("numbers in rows", numbers.len(), rows * cols)?;
    Ok(rows)
}
