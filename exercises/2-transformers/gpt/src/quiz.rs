//! The keys of the quiz, computed by the reference.

use candle_core::{DType, Device, Tensor};
use grading::random::seeded;
use grading::{Failure, Keys, pick, position};
use softmax_sampling::Sampling;
use tensor_test::{batch_of, flat, numbers, tensor};

use crate::oracle::drawn_model;
use crate::solution::{block, forward, generate, parameters};
use crate::{Config, Decoder, Generation, Gpt2, Gpt2Decoder, GptError, KeysValues};

/// The keys of the quiz.
pub fn keys() -> Keys {
    Keys::default()
        .key("closed", || {
            let model = model()?;
            let mut closed = model.h[0].clone();
            for part in [&mut closed.attn.c_proj, &mut closed.mlp.c_proj] {
                part.weight = part.weight.zeros_like()?;
                part.bias = part.bias.zeros_like()?;
            }
            let x = tensor(&numbers(18, 1), &[1, 3, 6], DType::F64)?;
            let y = flat(&block(&x, &closed, &model.config, None, None)?.0)?;
            let x = flat(&x)?;
            let same = |want: &dyn Fn(f64) -> f64| {
                x.iter().zip(&y).all(|(x, y)| (want(*x) - y).abs() < 1e-12)
            };
            let (zeros, through) = (same(&|_| 0.0), same(&|x| x));
            pick([zeros, through, !zeros && !through])
        })
        .key("square", || {
            let model = model()?;
            let block = &model.h[0];
            let fits = |weight: &Tensor| weight.dims()[0] == weight.dims()[1];
            let all = [&block.attn.c_attn, &block.attn.c_proj, &block.mlp.c_fc, &block.mlp.c_proj];
            let [_, attention, _, mlp] = all.map(|part| fits(&part.weight));
            pick([!all.iter().any(|part| fits(&part.weight)), attention, mlp])
        })
        .key("meets", || {
            let model = model()?;
            let run = |third: u32| -> Result<Vec<Vec<f64>>, Failure> {
                let ids = batch_of(&[1, 2, third, 4, 5], [1, 5])?;
                Ok(forward(&model, &ids, None, &[])?.0.squeeze(0)?.to_vec2()?)
            };
            let (before, after) = (run(3)?, run(8)?);
            let change =
                |(a, b): (&Vec<f64>, &Vec<f64>)| a.iter().zip(b).any(|(a, b)| (a - b).abs() > 1e-9);
            let changed: Vec<bool> = before.iter().zip(&after).map(change).collect();
            let choices = [
                vec![true; 5],
                vec![false, false, true, false, false],
                vec![false, false, true, true, true],
            ];
            position(&choices, &changed)
        })
        .key("position", || {
            // The positions with which a single row without padding gives the same logits.
            let model = model()?;
            let is_token = Tensor::new(&[[0_u8, 0, 0, 1, 1]], &Device::Cpu)?;
            let padded = batch_of(&[0, 0, 0, 6, 7], [1, 5])?;
            let got = flat(&forward(&model, &padded, Some(&is_token), &[])?.0.narrow(1, 3, 2)?)?;
            let at = |first: usize| -> Result<bool, Failure> {
                let wpe = model.wpe.narrow(0, first, 2)?;
                let config = Config { n_positions: 2, ..model.config.clone() };
                let moved = Gpt2 { config, wpe, ..model.clone() };
                let want = flat(&forward(&moved, &batch_of(&[6, 7], [1, 2])?, None, &[])?.0)?;
                Ok(got.iter().zip(&want).all(|(a, b)| (a - b).abs() < 1e-9))
            };
            pick([at(3)?, at(0)?, at(1)?])
        })
        .key("read", || {
            let model = drawn_model(Config { n_positions: 20, ..config() }, 0.8, 3)?;
            let mut counting =
                Counting { decoder: Gpt2Decoder { model: &model, forward }, read: 0 };
            let sampling = Sampling { temperature: 0.0, ..Sampling::default() };
            let options = Generation { max_new_tokens: 5, sampling, end: None };
            generate(&mut counting, &[1; 10], &options, &mut seeded(1), &mut |_| {})?;
            position(&[14, 15, 60], &counting.read)
        })
        .key("doubled", || {
            let blocks = |n_embd| {
                let parts = parameters(&Config::gpt2(12, 1, n_embd));
                (parts.attention + parts.mlp) as f64
            };
            let times = (blocks(1536) / blocks(768)).round() as u64;
            position(&[2, 4, 8], &times)
        })
}

fn config() -> Config {
    Config { n_inner: Some(10), n_positions: 9, vocab_size: 12, ..Config::gpt2(2, 3, 6) }
}

fn model() -> Result<Gpt2, GptError> {
    drawn_model(config(), 0.8, 3)
}

/// A model that counts the tokens that it reads.
struct Counting<'a> {
    decoder: Gpt2Decoder<'a>,
    read: usize,
}

impl Decoder for Counting<'_> {
    fn n_positions(&self) -> usize {
        self.decoder.n_positions()
    }

    fn read(
        &mut self,
        ids: &Tensor,
        past: &[KeysValues],
    ) -> Result<(Tensor, Vec<KeysValues>), GptError> {
        self.read += ids.elem_count();
        self.decoder.read(ids, past)
    }
}
