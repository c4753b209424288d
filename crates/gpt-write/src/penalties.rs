//! Logits that are changed before a token is chosen.

use std::cell::Cell;
use std::collections::HashMap;

use candle_core::{DType, Device, Tensor};
use gpt::{Decoder, Gpt2Decoder, GptError, KeysValues};
use softmax_sampling::SampleError;
use softmax_sampling::solution::penalize;

/// How much less likely a token is that is there already.
#[derive(Clone, Copy, Debug)]
pub struct Penalties {
    /// Of step 1; 1 changes nothing. It knows the prompt, too.
    pub repetition: f64,
    /// Taken off the logit for each time that the token was written.
    pub frequency: f32,
    /// Taken off once if it was written.
    pub presence: f32,
}

impl Default for Penalties {
    fn default() -> Self {
        Self { repetition: 1.0, frequency: 0.0, presence: 0.0 }
    }
}

impl Penalties {
    pub fn validate(&self) -> Result<(), String> {
        if !(self.repetition > 0.0 && self.repetition.is_finite()) {
            return Err(SampleError::Penalty(self.repetition).to_string());
        }
        for (name, penalty) in [("frequency", self.frequency), ("presence", self.presence)] {
            if !penalty.is_finite() {
                return Err(format!("the {name} penalty must be finite: it is {penalty}"));
            }
        }
        Ok(())
    }

    fn apply(
        &self,
        logits: &[f32],
        read: &[usize],
        written: &[usize],
    ) -> Result<Vec<f32>, SampleError> {
        let mut logits = penalize(logits, read, self.repetition)?;
        let mut counts: HashMap<usize, f32> = HashMap::new();
        for token in written {
            *counts.entry(*token).or_default() += 1.0;
        }
        for (token, count) in counts {
            logits[token] -= self.frequency * count + self.presence;
        }
        Ok(logits)
    }
}

/// A model whose logits are penalized, and which reads no more once it shall stop.
#[derive(Debug)]
pub struct Penalized<'a> {
    pub decoder: Gpt2Decoder<'a>,
    pub penalties: Penalties,
    /// All tokens that were read; the first of them are the prompt.
    pub read: Vec<usize>,
    pub prompt: usize,
    pub is_stopped: &'a Cell<bool>,
}

impl Decoder for Penalized<'_> {
    fn n_positions(&self) -> usize {
        self.decoder.n_positions()
    }

    fn read(
        &mut self,
        ids: &Tensor,
        past: &[KeysValues],
    ) -> Result<(Tensor, Vec<KeysValues>), GptError> {
        if self.is_stopped.get() {
            // What `generate` has written is with who was told of each token.
            return Err(candle_core::Error::msg("stopped").into());
        }
        let (logits, kept) = self.decoder.read(ids, past)?;
        let its = ids.flatten_all()?.to_vec1::<u32>()?;
        self.read.extend(its.iter().map(|id| *id as usize));
        let (_, seq, vocab_size) = logits.dims3()?;
        let last = logits.narrow(1, seq - 1, 1)?.flatten_all()?.to_dtype(DType::F32)?;
        let written = self.read.get(self.prompt..).unwrap_or_default();
        let last = self.penalties.apply(&last.to_vec1()?, &self.read, written)?;
        // Only the last is asked for.
        let last = Tensor::from_vec(last, (1, 1, vocab_size), &Device::Cpu)?;
        let logits = match seq {
            1 => last,
            _ => Tensor::cat(&[&logits.narrow(1, 0, seq - 1)?, &last], 1)?,
        };
        Ok((logits, kept))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_penalty_does_its_part() {
        let logits = [2.0, -1.0, 0.5, 3.0];
        // Token 0 is in the prompt, 1 was written twice, 3 once.
        let (read, written) = ([0, 1, 3, 1], [1, 3, 1]);
        let apply = |penalties: Penalties| penalties.apply(&logits, &read, &written).unwrap();
        let none = Penalties::default();
        assert_eq!(apply(none), logits);
        assert_eq!(apply(Penalties { repetition: 2.0, ..none }), [1.0, -2.0, 0.5, 1.5]);
        assert_eq!(apply(Penalties { frequency: 0.25, ..none }), [2.0, -1.5, 0.5, 2.75]);
        assert_eq!(apply(Penalties { presence: 0.25, ..none }), [2.0, -1.25, 0.5, 2.75]);
        // Repetition comes first.
        let all = Penalties { repetition: 2.0, frequency: 0.5, presence: 0.25 };
        assert_eq!(apply(all), [1.0, -3.25, 0.5, 0.75]);
    }
}
