//! What a decoder looks at, and how a model writes.

use candle_core::{DType, Device, Tensor};

use crate::SeqError;

/// A batch of texts for the encoder to read, or what it made of them.
#[derive(Clone, Copy, Debug)]
pub enum Source<'a> {
    /// To be read.
    Tokens {
        /// `(batch, t_k)`, of type u32.
        ids: &'a Tensor,
        /// 1 for a token and 0 for padding, which may stand on either side: `(batch, t_k)`, of type
        /// u8. Without it, all are tokens.
        is_token: Option<&'a Tensor>,
    },
    /// Has been read.
    Encoded(&'a Encoded),
}

/// What an encoder made of a batch of texts.
#[derive(Clone, Debug)]
pub struct Encoded {
    /// A vector for each token: `(batch, t_k, d_model)`.
    pub states: Tensor,
    /// A mask over keys, 1 for a token and 0 for padding: `(batch, 1, 1, t_k)`, of type u8.
    pub mask: Tensor,
}

/// The mask over keys of ids, some of which may be padding: `(batch, 1, 1, t_k)`, of type u8.
pub(crate) fn key_mask(ids: &Tensor, is_token: Option<&Tensor>) -> Result<Tensor, SeqError> {
    let &[batch, t_k] = ids.dims() else { return Err(SeqError::Ids(ids.dims().to_vec())) };
    let mask = match is_token {
        Some(is_token) if is_token.dims() != [batch, t_k] => {
            return Err(SeqError::IsToken { got: is_token.dims().to_vec(), want: [batch, t_k] });
        }
        Some(is_token) => is_token.clone(),
        None => Tensor::ones((batch, t_k), DType::U8, &Device::Cpu)?,
    };
    Ok(mask.reshape((batch, 1, 1, t_k))?)
}

impl Source<'_> {
    /// What there is to look at: what was read before, or what `encode` makes of the ids and of
    /// their mask over keys, `(batch, 1, 1, t_k)`.
    ///
    /// # Errors
    /// [`SeqError::Ids`] unless the ids have two axes; [`SeqError::IsToken`] if what says which are
    /// tokens has another shape; those of `encode`.
    pub fn encoded(
        &self,
        encode: impl FnOnce(&Tensor, &Tensor) -> Result<Tensor, SeqError>,
    ) -> Result<Encoded, SeqError> {
        match *self {
            Self::Encoded(encoded) => Ok(encoded.clone()),
            Self::Tokens { ids, is_token } => {
                let mask = key_mask(ids, is_token)?;
                Ok(Encoded { states: encode(ids, &mask)?, mask })
            }
        }
    }
}

/// The rows of a table `(rows, d)` that ids `(batch, seq)` of type u32 ask for: `(batch, seq, d)`.
///
/// # Errors
/// [`SeqError::Ids`] unless there are two axes, and ids; [`SeqError::UnknownId`] for the first id
/// that the table does not have.
pub fn rows_of(table: &Tensor, ids: &Tensor) -> Result<Tensor, SeqError> {
    let (rows, d) = table.dims2()?;
    let &[batch, seq] = ids.dims() else { return Err(SeqError::Ids(ids.dims().to_vec())) };
    if batch * seq == 0 {
        return Err(SeqError::Ids(vec![batch, seq]));
    }
    let ids = ids.flatten_all()?;
    if let Some(&id) = ids.to_vec1::<u32>()?.iter().find(|&&id| id as usize >= rows) {
        return Err(SeqError::UnknownId { id, vocab_size: rows });
    }
    Ok(table.index_select(&ids, 0)?.reshape((batch, seq, d))?)
}

/// Writes what follows from one text, always the likeliest token, at most `max_new_tokens`, or up to
/// the token `end`. The encoder reads the text once. The decoder begins with the token `start`, and
/// reads all that is written again for each new token: a cache would spare it that.
///
/// `forward` is a model's, such as [`crate::solution::t5_forward`].
///
/// # Errors
/// Those of the model.
pub fn generate(
    forward: impl Fn(&Source, &Tensor) -> Result<(Tensor, Encoded), SeqError>,
    ids: &[u32],
    start: u32,
    end: Option<u32>,
    max_new_tokens: usize,
) -> Result<Vec<u32>, SeqError> {
    let ids = Tensor::from_slice(ids, (1, ids.len()), &Device::Cpu)?;
    let mut written = vec![start];
    let mut encoded: Option<Encoded> = None;
    while written.len() <= max_new_tokens {
        let source = match &encoded {
            Some(encoded) => Source::Encoded(encoded),
            None => Source::Tokens { ids: &ids, is_token: None },
        };
        let decoder_ids = Tensor::from_slice(&written, (1, written.len()), &Device::Cpu)?;
        let (logits, kept) = forward(&source, &decoder_ids)?;
        let last = logits.narrow(1, written.len() - 1, 1)?.flatten_all()?;
        let last = last.to_dtype(DType::F64)?.to_vec1::<f64>()?;
        let best = last.iter().enumerate().rev().max_by(|a, b| a.1.total_cmp(b.1));
        let token = best.map_or(start, |(token, _)| token as u32);
        written.push(token);
        encoded = Some(kept);
        if end == Some(token) {
            break;
        }
    }
    Ok(written.split_off(1))
}
