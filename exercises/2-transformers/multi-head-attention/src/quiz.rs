//! The keys of the quiz, computed by the reference.

use attention::solution::sdpa;
use candle_core::{DType, Device, Tensor};
use grading::{Failure, Keys, pick, position};
use tensor_test::flat;

use crate::Mha;
use crate::example::{BAKER, DAWN, MILLER, NOON};
use crate::models::MODELS;
use crate::oracle::{Layer, Sizes};
use crate::solution::{forward, kv_bytes, repeat_kv, split_heads};

/// The keys of the quiz.
pub fn keys() -> Keys {
    Keys::default()
        .key("half-and-half", || {
            let [baker, miller] = [mixture(BAKER, DAWN)?, mixture(MILLER, NOON)?];
            let same = close(&baker, &miller);
            let keeps_both = baker.len() == 4;
            pick([keeps_both, same && !keeps_both, !same && !keeps_both])
        })
        .key("whose-numbers", || {
            let x = Tensor::arange(0_u32, 16, &Device::Cpu)?.reshape((1, 2, 8))?;
            let heads = split_heads(&x, 4)?;
            let head = heads.narrow(1, 1, 1)?.narrow(2, 0, 1)?.flatten_all()?.to_vec1::<u32>()?;
            position(&[vec![1, 5], vec![4, 5], vec![2, 3]], &head)
        })
        .key("eight-heads", || {
            // W_Q, W_K, W_V and W_O.
            let weights = |n_heads: usize| {
                let mut layer = Layer::drawn(Sizes::new(n_heads, n_heads, 16 / n_heads), 1);
                let all = layer.numbers();
                let counted = all.iter().filter(|(name, _)| name.starts_with("w_"));
                counted.map(|(_, numbers)| numbers.values.len()).sum::<usize>()
            };
            let (one, eight) = (weights(1), weights(8));
            pick([eight == one, eight == 8 * one, 8 * eight == one])
        })
        .key("swapped", || {
            let layer = Layer::drawn(Sizes::new(2, 2, 2), 1);
            let inputs = layer.inputs(DType::F64)?;
            let swap = |w: &Tensor, axis| -> candle_core::Result<Tensor> {
                Tensor::cat(&[w.narrow(axis, 2, 2)?, w.narrow(axis, 0, 2)?], axis)
            };
            let mut other = inputs.mha.clone();
            for linear in [&mut other.w_q, &mut other.w_k, &mut other.w_v] {
                linear.w = swap(&linear.w, 1)?;
                linear.b = linear.b.as_ref().map(|b| swap(b, 0)).transpose()?;
            }
            let run = |mha: &Mha| -> Result<Vec<f64>, Failure> {
                Ok(flat(&forward(mha, &inputs.x, None, None)?)?)
            };
            let (before, half) = (run(&inputs.mha)?, run(&other)?);
            other.w_o.w = swap(&other.w_o.w, 0)?;
            let both = run(&other)?;
            let (stays, returns) = (close(&before, &half), close(&before, &both));
            pick([stays, !stays && returns, !stays && !returns])
        })
        .key("who-serves", || {
            let keys = Tensor::arange(0_u32, 2, &Device::Cpu)?.reshape((1, 2, 1, 1))?;
            let served = repeat_kv(&keys, 8)?.flatten_all()?.to_vec1::<u32>()?;
            position(&[0, 1], &served[3])
        })
        .key("one-eighth", || {
            let [_, _, llama, ..] = MODELS;
            let bytes = |kv| kv_bytes(llama.layers, kv, llama.d_head, 4096, 1, 2);
            let (own, shared) = (bytes(llama.n_heads)?, bytes(llama.n_kv_heads)?);
            position(&[1, 64, 8], &(own / shared))
        })
}

/// What a head brings that gives two values half of its weight each.
fn mixture(a: [f64; 2], b: [f64; 2]) -> Result<Vec<f64>, Failure> {
    let values = Tensor::new(&[a, b], &Device::Cpu)?;
    let (query, keys) = (Tensor::ones((1, 1), DType::F64, &Device::Cpu)?, values.ones_like()?);
    Ok(flat(&sdpa(&query, &keys.narrow(1, 0, 1)?, &values, None)?)?)
}

fn close(a: &[f64], b: &[f64]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-9)
}
