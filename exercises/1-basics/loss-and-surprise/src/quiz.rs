//! The keys of the quiz, computed by the reference.

use std::cmp::Ordering;

use candle_core::{DType, Device, Tensor, Var};
use grading::{Failure, Keys, pick};

use crate::oracle::{gradient, labels};
use crate::solution::{bits_per_byte, cross_entropy, surprise_bits};

/// The keys of the quiz.
pub fn keys() -> Keys {
    Keys::default()
        .key("two-tokens", || nearest([0.75, 2.0, 3.0], surprise_bits(0.5 * 0.25)?))
        .key("halved", || {
            let (mut twice, mut one_more) = (true, true);
            for p in [0.9, 0.5, 0.01] {
                let (better, worse) = (surprise_bits(p)?, surprise_bits(p / 2.0)?);
                twice &= (worse - 2.0 * better).abs() < 1e-9;
                one_more &= (worse - better - 1.0).abs() < 1e-9;
            }
            pick([twice, one_more, !twice && !one_more])
        })
        .key("padding", || {
            // Two tokens: a surprise of s at the first means p = e^−s.
            let row = |s: f32| [-s, (1.0 - (-s).exp()).ln()];
            let logits = Tensor::new(&[1.0, 2.0, 2.0, 3.0, 9.0, 9.0].map(row), &Device::Cpu)?;
            let loss = cross_entropy(&logits, &labels(&[0, 0, 0, 0, 7, 7])?, 7)?;
            nearest([8.0, 2.0, 8.0 / 6.0], f64::from(loss.to_scalar::<f32>()?))
        })
        .key("gradient", || {
            let logits = Var::new(&[[0.7_f32, 0.2, 0.1].map(f32::ln)], &Device::Cpu)?;
            let gradient = gradient(&cross_entropy(&logits, &labels(&[1])?, u32::MAX)?, &logits)?;
            nearest([-0.8, -5.0, 0.2], gradient[1])
        })
        .key("first-step", || {
            let logits = Tensor::zeros((1, 1000), DType::F64, &Device::Cpu)?;
            let loss = cross_entropy(&logits, &labels(&[5])?, u32::MAX)?.to_scalar::<f64>()?;
            let gap = 6.9 - loss;
            pick([gap.abs() < 0.05, gap > 0.05, gap < -0.05])
        })
        .key("tokenizers", || {
            let (a, b) = (bits_per_byte(3.0, 200, 1000)?, bits_per_byte(2.0, 400, 1000)?);
            Ok(match b.partial_cmp(&a) {
                Some(Ordering::Less) => 0,
                Some(Ordering::Greater) => 1,
                _ => 2,
            })
        })
}

/// The index of the choice that the code computed.
fn nearest<const N: usize>(choices: [f64; N], computed: f64) -> Result<usize, Failure> {
    pick(choices.map(|choice| (choice - computed).abs() < 1e-4))
}
