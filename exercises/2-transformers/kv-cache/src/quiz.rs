//! The keys of the quiz, computed by the reference.

use attention::solution::causal_mask;
use candle_core::{DType, Device, Tensor};
use grading::{Failure, Keys, pick, position};
use positions::BASE;
use positions::solution::rope;
use tensor_test::flat;

use crate::KvCache;
use crate::cost::{LLAMA_ON_H100, with_cache};
use crate::example::{LETTER, after_one_layer};
use crate::oracle::{Text, held};
use crate::solution::{append, decode_step, slide};

/// The keys of the quiz.
pub fn keys() -> Keys {
    Keys::default()
        .key("next-token", || position(&[101, 5151, 1], &with_cache(100, 1)))
        .key("edited", || {
            let mut edited = LETTER;
            edited[2] = "our";
            let (before, after) =
                (after_one_layer(&LETTER, true)?, after_one_layer(&edited, true)?);
            let same: Vec<bool> =
                before.iter().zip(&after).map(|(a, b)| same_vector(a, b)).collect();
            let all_but_one = same.iter().filter(|&&same| same).count() == LETTER.len() - 1;
            let first_two = same.iter().take_while(|&&same| same).count() == 2
                && same.iter().skip(2).all(|&same| !same);
            pick([all_but_one, same.iter().all(|&same| !same), first_two])
        })
        .key("step-of-three", || {
            let mask = causal_mask(3, 5 + 3)?.to_vec2::<u8>()?;
            let sees: u8 = mask[0].iter().sum();
            position(&[5, 6, 8], &sees)
        })
        .key("clone", || {
            let text = Text::drawn([1, 1, 3, 2], 2, 1);
            let mut first = KvCache::new([1, 1, 4, 2], 2, DType::F32)?;
            let ones = Tensor::ones((1, 1, 1, 2), DType::F32, &Device::Cpu)?;
            append(&mut first, &ones, &ones)?;
            let (k, v) = (first.k.clone(), first.v.clone());
            let mut second = KvCache { k, v, len: first.len, start: 0 };
            let [_, own, _] = text.part(0, 1, DType::F32)?;
            let [_, other, _] = text.part(1, 1, DType::F32)?;
            append(&mut first, &own, &own)?;
            append(&mut second, &other, &other)?;
            let there = flat(&first.k.narrow(2, 1, 1)?)?;
            let (own, other) = (flat(&own)?, flat(&other)?);
            pick([there == other, there == own, there != own && there != other])
        })
        .key("dropped", || {
            let text = Text::drawn([1, 1, 11, 4], 2, 2);
            let mut cache = KvCache::new([1, 1, 12, 4], 2, DType::F64)?;
            let [q, k, v] = text.part(0, 10, DType::F64)?;
            decode_step(&mut cache, &q, &k, &v, None)?;
            slide(&mut cache, 4)?;
            let [q, k, v] = text.part(10, 1, DType::F64)?;
            decode_step(&mut cache, &q, &k, &v, Some(4))?;
            let [keys, _] = held(&cache)?;
            let last = &keys[keys.len() - 4..];
            let is_at = |at| -> Result<bool, Failure> {
                let turned = flat(&rope(&k, at, BASE)?)?;
                Ok(turned.iter().zip(last).all(|(a, b)| (a - b).abs() < 1e-9))
            };
            pick([is_at(4)?, is_at(11)?, is_at(10)?])
        })
        .key("busy", || {
            let llama = LLAMA_ON_H100;
            let reading = llama.bytes(1.0, 1000.0) / llama.bandwidth;
            let computing = llama.multiply_adds(1000.0, 1.0) / llama.speed;
            let weights = llama.bytes(0.0, 0.0) > 1000.0 * llama.cache_bytes();
            pick([
                computing > reading,
                reading > computing && weights,
                reading > computing && !weights,
            ])
        })
}

/// Equal but for roundings.
fn same_vector(a: &[f64], b: &[f64]) -> bool {
    a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-9)
}
