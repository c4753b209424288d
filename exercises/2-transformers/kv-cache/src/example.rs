//! The words of the page, and two layers of attention to see who moves.

use attention::example::score_by_score;
use attention::solution::{causal_mask, sdpa};
use candle_core::{DType, Device, Tensor};

use crate::solution::{append, slide, window_mask};
use crate::{CacheError, KvCache, oracle};

/// The letter that is written.
pub const LETTER: [&str; 8] = ["Dear", "Ada", "the", "mill", "has", "a", "new", "wheel"];

/// The vector of each of these words, in eight numbers that stand for no meaning.
///
/// # Errors
/// If candle fails.
pub fn vectors(words: &[&str]) -> Result<Tensor, CacheError> {
    const WIDTH: usize = 8;
    let number = |word: &str, i: usize| -> f32 {
        // Knuth's multiplicative hash, one step a letter.
        let step = |h: u32, b: u8| (h ^ u32::from(b)).wrapping_mul(2_654_435_761).rotate_left(13);
        let hash = word.bytes().fold(2_166_136_261 ^ (i as u32 * 97), step);
        f32::from((hash >> 8) as u8) / 128.0 - 1.0
    };
    let numbers: Vec<f32> =
        words.iter().flat_map(|word| (0..WIDTH).map(|i| number(word, i))).collect();
    Ok(Tensor::from_vec(numbers, (words.len(), WIDTH), &Device::Cpu)?.to_dtype(DType::F64)?)
}

/// What a second layer makes its keys of: each word's vector, and what attention added to it in the
/// first layer, where a word sees all others, or only those before it.
///
/// # Errors
/// If attention fails.
pub fn after_one_layer(words: &[&str], is_causal: bool) -> Result<Vec<Vec<f64>>, CacheError> {
    let x = vectors(words)?;
    let mask = is_causal.then(|| causal_mask(words.len(), words.len())).transpose()?;
    Ok((&x + sdpa(&x, &x, &x, mask.as_ref())?)?.to_vec2()?)
}

/// How far each word's vector behind the first layer moves when the last word is added.
///
/// # Errors
/// If attention fails.
pub fn moved_by_the_last(words: &[&str], is_causal: bool) -> Result<Vec<f64>, CacheError> {
    let before = after_one_layer(&words[..words.len() - 1], is_causal)?;
    let after = after_one_layer(words, is_causal)?;
    let distance = |(a, b): (&Vec<f64>, &Vec<f64>)| {
        a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt()
    };
    Ok(before.iter().zip(&after).map(distance).collect())
}

/// One step number by number, without the products of candle, which would make up a quarter of what
/// a reader of the page downloads. Of drawn numbers both steps are the same, as a test says.
///
/// # Errors
/// Those of [`decode_step`](crate::solution::decode_step) for keys, values and the window.
pub fn step_by_numbers(
    cache: &mut KvCache,
    q: &Tensor,
    k: &Tensor,
    v: &Tensor,
    window: Option<usize>,
) -> Result<Tensor, CacheError> {
    let new = cache.new_tokens(k, v)?;
    let mask = match window {
        None => causal_mask(new, cache.len + new)?,
        Some(window) => window_mask(new, cache.len + new, window)?,
    };
    let position = cache.start + cache.len;
    let turned = |x: &Tensor| -> candle_core::Result<Tensor> {
        let (batch, heads, t, d) = x.dims4()?;
        let numbers = oracle::turned(&tensor_test::flat(x)?, [batch, heads, t, d], position);
        tensor_test::tensor(&numbers, x.dims(), x.dtype())
    };
    let (q, k) = (turned(q)?, turned(k)?);
    let (keys, values) = append(cache, &k, v)?;
    let out = score_by_score(&q, &keys, &values, Some(&mask))?;
    if let Some(window) = window {
        slide(cache, window)?;
    }
    Ok(out)
}
