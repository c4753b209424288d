//! The keys of the quiz, computed by the reference.

use candle_core::{DType, Device, Tensor};
use grading::random::seeded;
use grading::{Failure, Keys, pick, position};
use tensor_test::{batch_of, flat};

use crate::oracle::{drawn_model, small};
use crate::solution::{dynamic_mask, forward, permutation_masks, rel_shift, roberta_positions};
use crate::{StreamMasks, XlNet};

/// The keys of the quiz.
pub fn keys() -> Keys {
    Keys::default()
        .key("never", || {
            const N: usize = 4000;
            let mut rng = seeded(1);
            let mut hidden = vec![false; N];
            for _ in 0..10 {
                dynamic_mask(&[true; N], &mut rng).iter().for_each(|&at| hidden[at] = true);
            }
            let never = hidden.iter().filter(|hidden| !**hidden).count() as f64 / N as f64;
            pick([never < 0.02, (0.18..0.22).contains(&never), (0.83..0.87).contains(&never)])
        })
        .key("left", || {
            let positions = roberta_positions(&[1, 1, 1, 8, 9], 1);
            let choices = [vec![3, 4], vec![5, 6], vec![2, 3]];
            position(&choices, &positions[3..].to_vec())
        })
        .key("causal", || {
            let order: Vec<usize> = (0..6).collect();
            let masks = permutation_masks(&order)?;
            let is = |sees: fn(usize, usize) -> bool| {
                (0..6).all(|i| (0..6).all(|j| masks.content[i][j] == sees(i, j)))
            };
            pick([is(|_, _| true), is(|i, j| j <= i), is(|i, j| j < i)])
        })
        .key("swapped", || {
            // The token at the target is replaced, and the query stream has the content mask.
            let content = masks()?.content;
            let both = StreamMasks { content: content.clone(), query: content };
            let does_leak = differ(&target(&both, 3)?, &target(&both, 9)?);
            let right = masks()?;
            let is_blind = !differ(&target(&right, 3)?, &target(&right, 9)?);
            let content = flat(&forward(&model()?, &text(3)?, &both, None)?)?;
            let is_same = content.starts_with(&target(&both, 3)?);
            pick([!does_leak, does_leak && is_blind, is_same])
        })
        .key("as-bert", || {
            let york = |order: [usize; 5]| -> Result<Vec<bool>, Failure> {
                Ok(permutation_masks(&order)?.query[1].clone())
            };
            let choices = [york([2, 4, 3, 0, 1])?, york([1, 2, 3, 4, 0])?, york([3, 2, 4, 1, 0])?];
            position(&choices, &vec![false, false, true, true, true])
        })
        .key("window", || {
            let columns: Vec<f64> = (0..32).map(|i| f64::from(i % 8)).collect();
            let columns = Tensor::from_vec(columns, (4, 8), &Device::Cpu)?;
            let shifted = rel_shift(&columns)?.to_dtype(DType::F64)?.to_vec2::<f64>()?;
            position(&[4.0, 1.0, 3.0], &shifted[3][0])
        })
}

fn model() -> Result<XlNet, Failure> {
    Ok(drawn_model(small(2), 0.8, 5)?)
}

fn masks() -> Result<StreamMasks, Failure> {
    Ok(StreamMasks::stack(&[permutation_masks(&[2, 4, 3, 0, 1])?])?)
}

/// Logits at place 0 of a text that begins with this id.
fn target(masks: &StreamMasks, first: u32) -> Result<Vec<f64>, Failure> {
    Ok(flat(&forward(&model()?, &text(first)?, masks, Some(&batch_of(&[0], [1, 1])?))?)?)
}

fn text(first: u32) -> Result<Tensor, Failure> {
    Ok(batch_of(&[first, 7, 1, 4, 12], [1, 5])?)
}

fn differ(a: &[f64], b: &[f64]) -> bool {
    a.iter().zip(b).any(|(a, b)| (a - b).abs() > 1e-9)
}
