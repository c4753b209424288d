//! The same number by number, for the published page: candle's product of matrices is more than a
//! page may weigh. A test compares both.

use attention::example::score_by_score;
use candle_core::{Device, Tensor};
use multi_head_attention::solution::merge_heads;
use normalization_and_activations::solution::{gelu_tanh, layer_norm};
use rand::Rng;

use crate::solution::split_qkv;
use crate::{Block, Config, Decoder, Generation, GptError, KeysValues};

/// [`crate::solution::conv1d`] of f32.
///
/// # Errors
/// As that one.
pub fn conv1d(x: &Tensor, weight: &Tensor, bias: &Tensor) -> Result<Tensor, GptError> {
    let misfit = || {
        let [x, weight, bias] = [x, weight, bias].map(|tensor| tensor.dims().to_vec());
        GptError::Conv1d { x, weight, bias }
    };
    let ([front @ .., n], [n_in, n_out], [n_bias]) = (x.dims(), weight.dims(), bias.dims()) else {
        return Err(misfit());
    };
    if n != n_in || n_out != n_bias || x.elem_count() == 0 || *n_out == 0 {
        return Err(misfit());
    }
    let [numbers, weight, bias] =
        [x, weight, bias].map(|tensor| tensor.flatten_all()?.to_vec1::<f32>());
    let (numbers, weight, bias) = (numbers?, weight?, bias?);
    let mut y = Vec::with_capacity(numbers.len() / n * n_out);
    for vector in numbers.chunks(*n) {
        let mut sum = bias.clone();
        for (x, row) in vector.iter().zip(weight.chunks(*n_out)) {
            sum.iter_mut().zip(row).for_each(|(sum, weight)| *sum += x * weight);
        }
        y.extend(sum);
    }
    Ok(Tensor::from_vec(y, [front, &[*n_out]].concat(), &Device::Cpu)?)
}

/// [`crate::solution::block`] of f32, for tokens that have no past.
///
/// # Errors
/// As that one, and for a past.
pub fn block(
    x: &Tensor,
    block: &Block,
    config: &Config,
    past: Option<&KeysValues>,
    mask: Option<&Tensor>,
) -> Result<(Tensor, KeysValues), GptError> {
    if past.is_some() {
        return Err(GptError::Past { blocks: 1, n_layer: 0 });
    }
    let Block { ln_1, attn, ln_2, mlp } = block;
    let eps = config.layer_norm_epsilon;
    let normed = layer_norm(x, &ln_1.weight, &ln_1.bias, eps)?;
    let qkv = conv1d(&normed, &attn.c_attn.weight, &attn.c_attn.bias)?;
    let [q, keys, values] = split_qkv(&qkv, config.n_head)?;
    let found = merge_heads(&score_by_score(&q, &keys, &values, mask)?)?;
    let x = (x + conv1d(&found, &attn.c_proj.weight, &attn.c_proj.bias)?)?;
    let normed = layer_norm(&x, &ln_2.weight, &ln_2.bias, eps)?;
    let inside = gelu_tanh(&conv1d(&normed, &mlp.c_fc.weight, &mlp.c_fc.bias)?)?;
    let x = (&x + conv1d(&inside, &mlp.c_proj.weight, &mlp.c_proj.bias)?)?;
    Ok((x, KeysValues { keys, values }))
}

/// The page runs block by block, and never a whole model.
///
/// # Errors
/// Always.
pub fn no_forward(
    _: &crate::Gpt2,
    ids: &Tensor,
    _: Option<&Tensor>,
    _: &[KeysValues],
) -> Result<(Tensor, Vec<KeysValues>), GptError> {
    Err(GptError::Ids(ids.dims().to_vec()))
}

/// Nor does it write.
///
/// # Errors
/// Always.
pub fn no_generate(
    _: &mut dyn Decoder,
    _: &[u32],
    _: &Generation,
    _: &mut dyn Rng,
    _: &mut dyn FnMut(u32),
) -> Result<Vec<u32>, GptError> {
    Err(GptError::EmptyPrompt)
}
