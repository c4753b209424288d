//! The keys of the quiz, computed by the reference.

use candle_core::{DType, Device, Tensor};
use grading::{Failure, Keys, pick, position};
use tensor_test::{batch_of, flat, numbers, tensor};

use crate::oracle::{drawn_model, normed, small};
use crate::sentences::{dot, unit};
use crate::solution::{block, forward, linear, mean_pool};
use crate::{Bert, BertError, Config, Linear};

/// The keys of the quiz.
pub fn keys() -> Keys {
    Keys::default()
        .key("replaced", || {
            let model = model()?;
            let run = |third: u32| -> Result<Vec<Vec<f64>>, Failure> {
                let ids = batch_of(&[1, 2, third, 4, 5], [1, 5])?;
                Ok(forward(&model, &ids, None, None)?.squeeze(0)?.to_vec2()?)
            };
            let (before, after) = (run(3)?, run(8)?);
            let change =
                |(a, b): (&Vec<f64>, &Vec<f64>)| a.iter().zip(b).any(|(a, b)| (a - b).abs() > 1e-9);
            let changed: Vec<bool> = before.iter().zip(&after).map(change).collect();
            let choices = [
                vec![true; 5],
                vec![false, false, true, true, true],
                vec![false, false, true, false, false],
            ];
            position(&choices, &changed)
        })
        .key("closed", || {
            let model = model()?;
            let mut closed = model.layers[0].clone();
            for part in [&mut closed.attention_output, &mut closed.output] {
                part.weight = part.weight.zeros_like()?;
                part.bias = part.bias.zeros_like()?;
            }
            for norm in [&mut closed.attention_norm, &mut closed.output_norm] {
                norm.weight = norm.weight.ones_like()?;
                norm.bias = norm.bias.zeros_like()?;
            }
            let x = tensor(&numbers(18, 1), &[1, 3, 6], DType::F64)?;
            let y = flat(&block(&x, &closed, &model.config, None)?)?;
            let (x, eps) = (flat(&x)?, model.config.layer_norm_eps);
            let near = |want: &[f64]| want.iter().zip(&y).all(|(x, y)| (x - y).abs() < 1e-12);
            let once = |x: &[f64]| normed(x, &[1.0; 6], &[0.0; 6], eps);
            pick([near(&[0.0; 18]), near(&x), near(&once(&once(&x)))])
        })
        .key("sideways", || {
            let model = model()?;
            let layer = &model.layers[0];
            let fits = |part: &&Linear| {
                let n_in = part.weight.dims()[1];
                let turned = part.weight.t().and_then(|weight| weight.contiguous());
                turned.is_ok_and(|weight| {
                    let x = Tensor::zeros((1, n_in), DType::F64, &Device::Cpu);
                    x.is_ok_and(|x| linear(&x, &weight, &part.bias).is_ok())
                })
            };
            let all = [
                &layer.query,
                &layer.key,
                &layer.value,
                &layer.attention_output,
                &layer.intermediate,
                &layer.output,
            ];
            position(&[0, 4, 1], &all.iter().filter(|part| fits(part)).count())
        })
        .key("left", || {
            // The positions with which the text alone gives the same hidden states.
            let model = model()?;
            let is_token = Tensor::new(&[[0_u8, 0, 0, 1, 1]], &Device::Cpu)?;
            let padded = batch_of(&[0, 0, 0, 6, 7], [1, 5])?;
            let got = flat(&forward(&model, &padded, None, Some(&is_token))?.narrow(1, 3, 2)?)?;
            let at = |first: usize| -> Result<bool, Failure> {
                let mut moved = model.clone();
                moved.embeddings.position = model.embeddings.position.narrow(0, first, 2)?;
                moved.config = Config { max_position_embeddings: 2, ..moved.config };
                let want = flat(&forward(&moved, &batch_of(&[6, 7], [1, 2])?, None, None)?)?;
                Ok(got.iter().zip(&want).all(|(a, b)| (a - b).abs() < 1e-9))
            };
            pick([at(0)?, at(3)?, at(2)?])
        })
        .key("bag", || {
            // Rows of the table, averaged; and the same with all blocks.
            let model = model()?;
            let same = |by: &dyn Fn(&Tensor) -> Result<Tensor, BertError>| {
                let of = |ids: [u32; 3]| -> Result<Vec<f64>, Failure> {
                    let hidden = by(&batch_of(&ids, [1, 3])?)?;
                    let all = Tensor::ones((1, 3), DType::U8, &Device::Cpu)?;
                    Ok(flat(&mean_pool(&hidden, &all)?)?)
                };
                let (one, other) = (of([4, 9, 2])?, of([2, 9, 4])?);
                let is_same = one.iter().zip(&other).all(|(a, b)| (a - b).abs() < 1e-12);
                Ok::<_, Failure>(is_same)
            };
            let words = same(&|ids| {
                let rows = model.embeddings.word.index_select(&ids.flatten_all()?, 0)?;
                Ok(rows.unsqueeze(0)?)
            })?;
            let blocks = same(&|ids| forward(&model, ids, None, None))?;
            pick([words && !blocks, words && blocks, !words])
        })
        .key("too-long", || {
            // Two tokens and two of padding: the mean, and the sum over all four places.
            let hidden = tensor(&numbers(12, 5), &[1, 4, 3], DType::F32)?;
            let right = mean_pool(&hidden, &Tensor::new(&[[1_u8, 1, 0, 0]], &Device::Cpu)?)?;
            let right: Vec<f32> = right.flatten_all()?.to_vec1()?;
            let wrong: Vec<f32> = right.iter().map(|x| x * 2.0 / 4.0).collect();
            let cosine = dot(&unit(&right), &unit(&wrong));
            pick([(cosine - 0.5).abs() < 1e-6, cosine.abs() < 1e-6, (cosine - 1.0).abs() < 1e-6])
        })
}

fn model() -> Result<Bert, BertError> {
    drawn_model(small(2), 0.8, 3)
}
