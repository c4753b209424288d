//! The keys of the quiz, computed by the reference.

use std::cell::Cell;
use std::collections::HashMap;

use candle_core::{DType, Device, Tensor};
use grading::{Failure, Keys, expect_same, pick, position};
use tensor_test::{flat, numbers, tensor};

use crate::oracle::{drawing, heads, tiny_bart, tiny_t5};
use crate::solution::{bart_embed, t5_attention, t5_bucket, t5_forward};
use crate::{BartStack, Source, T5, generate};

/// The keys of the quiz.
pub fn keys() -> Keys {
    Keys::default()
        .key("keys", || {
            let model = tiny_t5(false, DType::F64)?;
            let (blocks, made) = (model.decoder.blocks.len(), Cell::new(0));
            let forward = |source: &Source, ids: &Tensor| {
                // Each block of the decoder projects what was encoded.
                made.set(made.get() + model.decoder.blocks.len());
                t5_forward(&model, source, ids)
            };
            generate(forward, &[5, 6, 7], 0, None, 20)?;
            expect_same("blocks of the decoder", &blocks, &3)?;
            position(&[1, blocks, 20 * blocks], &made.get())
        })
        .key("changes", || {
            let config = tiny_t5(false, DType::F64)?.config;
            let model = T5::from_tensors(config, drawing(0.8, 3, &mut HashMap::new()))?;
            let source = Tensor::new(&[[5_u32, 6, 7]], &Device::Cpu)?;
            let run = |third: u32| -> Result<Vec<f64>, Failure> {
                let ids = Tensor::new(&[[0_u32, 4, third, 9, 8]], &Device::Cpu)?;
                let source = Source::Tokens { ids: &source, is_token: None };
                let (logits, encoded) = t5_forward(&model, &source, &ids)?;
                Ok([flat(&logits)?, flat(&encoded.states)?].concat())
            };
            let (before, after) = (run(3)?, run(11)?);
            let vocab = model.config.vocab_size;
            let moved = |range: std::ops::Range<usize>| {
                range.into_iter().any(|at| (before[at] - after[at]).abs() > 1e-9)
            };
            let mut changed: Vec<bool> =
                (0..5).map(|t| moved(t * vocab..(t + 1) * vocab)).collect();
            changed.push(moved(5 * vocab..before.len()));
            let choices = [
                vec![true; 6],
                vec![false, false, true, true, true, false],
                vec![true, true, true, true, true, false],
            ];
            position(&choices, &changed)
        })
        .key("shares", || {
            let bucket = |relative| t5_bucket(relative, true, 32, 128);
            let its = bucket(-20)?;
            pick([bucket(-15)? == its, bucket(-22)? == its, bucket(20)? == its])
        })
        .key("divided", || {
            let mha = heads([6, 6, 2, 4], 5, DType::F64)?;
            let x = tensor(&numbers(18, 9), &[1, 3, 6], DType::F64)?;
            let right = flat(&t5_attention(&mha, &x, None, None, None)?)?;
            let mut divided = mha.clone();
            // As if each score were divided by the root of 4.
            divided.w_q.w = (&mha.w_q.w / 2.0)?;
            let got = t5_attention(&divided, &x, None, None, None);
            let same = got
                .as_ref()
                .ok()
                .map(flat)
                .transpose()?
                .map(|y| y.iter().zip(&right).all(|(a, b)| (a - b).abs() < 1e-9));
            pick([same.is_none(), same == Some(false), same == Some(true)])
        })
        .key("row", || {
            let bart = tiny_bart(DType::F64)?;
            let places = bart.config.max_position_embeddings;
            let ids = Tensor::full(7_u32, (1, places), &Device::Cpu)?;
            let last = |stack: &BartStack| -> Result<Vec<f64>, Failure> {
                let x = bart_embed(stack, &bart.shared, 1.0, &ids)?;
                Ok(flat(&x.narrow(1, places - 1, 1)?)?)
            };
            let before = last(&bart.encoder)?;
            let matters = |row: usize| -> Result<bool, Failure> {
                let mut table = flat(&bart.encoder.positions)?;
                table[row * 12] += 1.0;
                let positions = tensor(&table, bart.encoder.positions.dims(), DType::F64)?;
                let after = last(&BartStack { positions, ..bart.encoder.clone() })?;
                Ok(before.iter().zip(&after).any(|(a, b)| (a - b).abs() > 1e-9))
            };
            pick([matters(places - 1)?, matters(places)?, matters(places + 1)?])
        })
}
