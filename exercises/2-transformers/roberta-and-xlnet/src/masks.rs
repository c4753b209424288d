//! Who may look at whom, in both streams.

use candle_core::{Device, Tensor};

/// The masks of one order: in row `i` and column `j`, whether token `i` may look at token `j`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Masks {
    /// For the content stream.
    pub content: Vec<Vec<bool>>,
    /// For the query stream.
    pub query: Vec<Vec<bool>>,
}

/// The masks of a batch, as tensors.
#[derive(Clone, Debug)]
pub struct StreamMasks {
    /// For the content stream: `(batch, seq, seq)` of type u8, 1 where the row's token may look at
    /// the column's.
    pub content: Tensor,
    /// For the query stream, the same.
    pub query: Tensor,
}

impl StreamMasks {
    /// The masks of texts of one length.
    ///
    /// # Errors
    /// If the lengths differ, or there is no text.
    pub fn stack(texts: &[Masks]) -> candle_core::Result<Self> {
        let stack = |which: fn(&Masks) -> &Vec<Vec<bool>>| {
            let texts = texts.iter().map(|masks| {
                let rows = which(masks);
                let bits = rows.iter().flatten().map(|&sees| u8::from(sees)).collect();
                Tensor::from_vec(bits, (rows.len(), rows.len()), &Device::Cpu)
            });
            Tensor::stack(&texts.collect::<Result<Vec<_>, _>>()?, 0)
        };
        Ok(Self { content: stack(|masks| &masks.content)?, query: stack(|masks| &masks.query)? })
    }
}
