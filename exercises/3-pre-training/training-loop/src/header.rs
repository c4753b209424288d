//! What a checkpoint says of itself, besides its tensors. Given.

use std::collections::HashMap;

use safetensors::SafeTensors;
use serde::{Deserialize, Serialize};
use small_gpt::Sizes;

use crate::{LoopError, State};

/// Which step a run is at, and how large its model is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// How many steps were taken.
    pub step: usize,
    /// The sizes of the model.
    pub sizes: Sizes,
}

/// The same as JSON, so that the file can be read without this program.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    step: usize,
    n_layer: usize,
    n_head: usize,
    n_embd: usize,
    n_positions: usize,
    vocab_size: usize,
}

/// A single entry: the order of several would differ from file to file.
const KEY: &str = "training_loop";

impl Header {
    /// That of a run.
    pub fn of(state: &State) -> Self {
        Self { step: state.step, sizes: state.model.sizes }
    }

    /// As metadata of a file of safetensors.
    pub fn to_metadata(self) -> HashMap<String, String> {
        let Self { step, sizes } = self;
        let Sizes { n_layer, n_head, n_embd, n_positions, vocab_size } = sizes;
        let written = Written { step, n_layer, n_head, n_embd, n_positions, vocab_size };
        let text = serde_json::to_string(&written).unwrap_or_default();
        HashMap::from([(KEY.into(), text)])
    }

    /// From a file of safetensors.
    ///
    /// # Errors
    /// [`LoopError::File`] if it is none; then [`LoopError::Header`] if its metadata say nothing of a
    /// run, or no whole numbers; then [`LoopError::Sizes`] if a size is 0, heads do not divide the
    /// width, or the file is too short for such a model and its moments.
    pub fn read(file: &[u8]) -> Result<Self, LoopError> {
        let (_, metadata) = SafeTensors::read_metadata(file)?;
        let found = metadata.metadata().as_ref().and_then(|all| all.get(KEY)).cloned();
        let written = found.as_deref().and_then(|text| serde_json::from_str(text).ok());
        let Some(Written { step, n_layer, n_head, n_embd, n_positions, vocab_size }) = written
        else {
            return Err(LoopError::Header { found });
        };
        let sizes = Sizes { n_layer, n_head, n_embd, n_positions, vocab_size };
        let is_whole = n_layer > 0 && n_head > 0 && n_embd > 0 && n_embd.is_multiple_of(n_head);
        let holds = parameters(sizes).and_then(|numbers| numbers.checked_mul(3 * 4));
        if !is_whole || n_positions == 0 || vocab_size == 0 || holds.is_none_or(|n| n > file.len())
        {
            return Err(LoopError::Sizes { sizes });
        }
        Ok(Self { step, sizes })
    }
}

/// How many numbers a model has, if a usize can say so.
fn parameters(sizes: Sizes) -> Option<usize> {
    let Sizes { n_layer, n_embd, n_positions, vocab_size, .. } = sizes;
    // A block has matrices of 3 + 1 + 4 + 4 squares, and 4 norms' and 9 biases' numbers a column.
    let square = n_embd.checked_mul(n_embd)?.checked_mul(12)?;
    let block = square.checked_add(n_embd.checked_mul(13)?)?;
    let tables = n_positions.checked_add(vocab_size)?.checked_add(2)?.checked_mul(n_embd)?;
    block.checked_mul(n_layer)?.checked_add(tables)
}

#[cfg(test)]
mod tests {
    use super::*;
    use small_gpt::Model;

    #[test]
    fn numbers_are_counted() {
        let sizes = Sizes { n_layer: 3, n_head: 2, n_embd: 6, n_positions: 5, vocab_size: 11 };
        assert_eq!(parameters(sizes), Some(Model::zeros(sizes).parameters.len()));
    }
}
