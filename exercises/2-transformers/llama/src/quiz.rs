//! The quiz of the page, across the lessons of the step; their code picks the right choices.

use candle_core::{DType, Device, Tensor};
use grading::{Failure, Keys, pick, position};
use kv_cache::solution::window_mask;
use normalization_and_activations::solution::rms_norm;
use tensor_test::{batch_of, flat, numbers, tensor};

use crate::oracle::{drawn_model, from_position, small};
use crate::solution::{llama_block, llama_forward};
use crate::worked::{cache, named, total};
use crate::{Config, Exchanges};

/// Six questions.
pub fn keys() -> Keys {
    Keys::default()
        .key("which-shrinks-the-cache", || {
            let model = named("Llama 2 70B")?;
            let gpt = Exchanges::NONE;
            let each = [
                Exchanges { norms: true, ..gpt },
                Exchanges { rope: true, ..gpt },
                Exchanges { gate: true, ..gpt },
                Exchanges { groups: true, ..gpt },
            ];
            let before = cache(&gpt.architecture(&model))?;
            let mut shrinks = [false; 4];
            for (shrinks, design) in shrinks.iter_mut().zip(each) {
                *shrinks = cache(&design.architecture(&model))? < before;
            }
            pick(shrinks)
        })
        .key("half-the-kv-heads", || {
            let config = named("Llama 2 70B")?.config;
            let half = Config { n_kv_heads: config.n_kv_heads / 2, ..config.clone() };
            let (before, after) = (config.architecture(), half.architecture());
            let cache = cache(&after)? as f64 / cache(&before)? as f64;
            let all = total(&after)? as f64 / total(&before)? as f64;
            let is_half = |x: f64| (x - 0.5).abs() < 1e-9;
            pick([
                is_half(cache) && is_half(all),
                is_half(cache) && all < 0.995 && all > 0.985,
                !is_half(cache) && is_half(all),
            ])
        })
        .key("padding-by-places", || {
            // Three tokens, two of padding, a token: positions 0, 1, 2 and 3, or places up to 5.
            let model = drawn_model(small(2), 0.8, 1)?;
            let ids = batch_of(&[3, 11, 7, 0, 0, 5], [1, 6])?;
            let is_token = Tensor::new(&[[1_u8, 1, 1, 0, 0, 1]], &Device::Cpu)?;
            let want = llama_forward(&model, &ids, Some(&is_token), &[])?.0;
            let mut x = model.embeddings.index_select(&ids.flatten_all()?, 0)?.unsqueeze(0)?;
            let mask = attention::solution::causal_mask(6, 6)?
                .broadcast_mul(&is_token.reshape((1, 1, 1, 6))?)?;
            let places = from_position(0, [1, 6])?;
            for block in &model.blocks {
                x = llama_block(&x, block, &model.config, &places, None, Some(&mask))?.0;
            }
            let x = rms_norm(&x, &model.norm, model.config.eps)?.squeeze(0)?;
            let head =
                model.lm_head.as_ref().ok_or_else(|| Failure::wrong("no lm_head".to_owned()))?;
            let (got, want) = (flat(&x.matmul(&head.weight.t()?)?)?, flat(&want)?);
            let vocab_size = model.config.vocab_size;
            let changed = [0, 1, 2, 5].map(|token| {
                let at = token * vocab_size..(token + 1) * vocab_size;
                got[at.clone()].iter().zip(&want[at]).any(|(a, b)| (a - b).abs() > 1e-9)
            });
            pick([
                changed == [false; 4],
                changed == [false, false, false, true],
                changed == [true; 4],
            ])
        })
        .key("no-causal-mask", || {
            // Whose logits change if all see all?
            let changed = |n_layers: usize| -> Result<[bool; 3], Failure> {
                let model = drawn_model(small(n_layers), 0.8, 2)?;
                let x = tensor(&numbers(15, 3), &[1, 3, 5], DType::F64)?;
                let at = from_position(0, [1, 3])?;
                let mask = attention::solution::causal_mask(3, 3)?;
                let (mut open, mut causal) = (x.clone(), x);
                for block in &model.blocks {
                    open = llama_block(&open, block, &model.config, &at, None, None)?.0;
                    causal = llama_block(&causal, block, &model.config, &at, None, Some(&mask))?.0;
                }
                let off = flat(&(open - causal)?)?;
                let far = |t: usize| off[5 * t..][..5].iter().any(|x| x.abs() > 1e-6);
                Ok([far(0), far(1), far(2)])
            };
            let of_two = changed(2)?;
            pick([of_two == [true, true, false], of_two == [true; 3], of_two == [false; 3]])
        })
        .key("ten-times-the-stream", || {
            let model = drawn_model(small(1), 0.8, 3)?;
            let head =
                model.lm_head.as_ref().ok_or_else(|| Failure::wrong("no lm_head".to_owned()))?;
            let x = tensor(&numbers(5, 4), &[1, 5], DType::F64)?;
            let logits = |x: &Tensor| -> Result<Vec<f64>, Failure> {
                Ok(flat(&rms_norm(x, &model.norm, 1e-12)?.matmul(&head.weight.t()?)?)?)
            };
            let (before, after) = (logits(&x)?, logits(&(&x * 10.0)?)?);
            let times =
                |factor: f64| before.iter().zip(&after).all(|(a, b)| (factor * a - b).abs() < 1e-6);
            let spread = |of: &[f64]| {
                let most = of.iter().fold(f64::NEG_INFINITY, |a, &b| a.max(b));
                most - of.iter().fold(f64::INFINITY, |a, &b| a.min(b))
            };
            pick([times(10.0), times(1.0), spread(&after) < 0.99 * spread(&before)])
        })
        .key("window-through-blocks", || {
            // Who can have heard of token 0 after four blocks with a window of 3?
            let mask = window_mask(20, 20, 3)?.to_vec2::<u8>()?;
            let mut heard = [false; 20];
            heard[0] = true;
            for _ in 0..4 {
                let before = heard;
                for (row, heard) in mask.iter().zip(&mut heard) {
                    *heard |= row.iter().zip(&before).any(|(&sees, &knows)| sees == 1 && knows);
                }
            }
            let farthest = heard.iter().rposition(|&heard| heard).unwrap_or(0);
            position(&[2, 8, 12], &farthest)
        })
}
