//! A RoBERTa, made of BERT's parts: only its positions are its own.

use bert::solution::{block, mlm_logits};
use bert::{Bert, Config};
use candle_core::{Device, Tensor};
use checkpoint::Checkpoint;
use normalization_and_activations::solution::layer_norm;

use crate::XlNetError;

/// A BERT whose table of positions is read by `roberta_positions`.
#[derive(Clone, Debug)]
pub struct Roberta {
    /// Its tensors.
    pub bert: Bert,
    /// The id of padding.
    pub padding_idx: u32,
}

/// What RoBERTa's files call the head.
const HEAD: [(&str, &str); 2] = [
    ("cls.predictions.transform.dense", "lm_head.dense"),
    ("cls.predictions.transform.LayerNorm", "lm_head.layer_norm"),
];

impl Roberta {
    /// A model from a checkpoint whose tensors are named `roberta.…` and `lm_head.…`.
    ///
    /// # Errors
    /// [`XlNetError::Bert`] or [`XlNetError::Checkpoint`] if a tensor is missing, has another shape,
    /// or is not part of the model.
    pub fn from_checkpoint(
        config: Config,
        padding_idx: u32,
        checkpoint: Checkpoint,
    ) -> Result<Self, XlNetError> {
        let mut checkpoint = checkpoint.without_prefix("roberta.")?;
        let bert = Bert::from_tensors(config, true, |name, shape| {
            let renamed = HEAD.iter().find_map(|(from, to)| {
                Some(name.strip_prefix(from)?).map(|rest| format!("{to}{rest}"))
            });
            let name = if name == "cls.predictions.bias" { "lm_head.bias" } else { name };
            Ok(checkpoint.take(renamed.as_deref().unwrap_or(name), shape)?)
        })?;
        checkpoint.skip(|name| name.starts_with("lm_head.decoder."));
        checkpoint.finish()?;
        Ok(Self { bert, padding_idx })
    }

    /// Logits for each place, `(batch, seq, vocab_size)`, if token `t` of a row gets the row
    /// `positions(row)[t]` of the table of positions. Padding is what has its id.
    ///
    /// # Errors
    /// Those of BERT's parts.
    pub fn logits(
        &self,
        ids: &[Vec<u32>],
        positions: impl Fn(&[u32]) -> Vec<u32>,
    ) -> Result<Tensor, XlNetError> {
        let seq = ids.first().map_or(0, Vec::len);
        let (batch, all) = (ids.len(), ids.concat());
        let is_token = all.iter().map(|&id| u8::from(id != self.padding_idx)).collect();
        let mask = Tensor::from_vec(is_token, (batch, 1, 1, seq), &Device::Cpu)?;
        let positions = ids.iter().flat_map(|row| positions(row)).collect();
        let rows = |table: &Tensor, which: Vec<u32>| {
            table.index_select(&Tensor::from_vec(which, batch * seq, &Device::Cpu)?, 0)
        };
        let (embeddings, config) = (&self.bert.embeddings, &self.bert.config);
        let sum = (rows(&embeddings.word, all)? + rows(&embeddings.position, positions)?)?;
        let sum = (sum + rows(&embeddings.token_type, vec![0; batch * seq])?)?;
        let norm = &embeddings.norm;
        let x = layer_norm(&sum, &norm.weight, &norm.bias, config.layer_norm_eps)?;
        let mut x = x.reshape((batch, seq, config.hidden_size))?;
        for layer in &self.bert.layers {
            x = block(&x, layer, config, Some(&mask))?;
        }
        Ok(mlm_logits(&self.bert, &x)?)
    }
}
