//! What every decoder promises.

use candle_core::{DType, Device, Tensor};
use grading::{Failure, Outcome, Tolerance, expect};

use crate::{batch_of, expect_tensor, flat, ids};

/// 1 where key `j` is not behind query `i`, the last of both at the same token.
pub fn staircase(t_q: usize, t_k: usize) -> candle_core::Result<Tensor> {
    let see = |i: usize, j: usize| u8::from(t_k - j >= t_q - i);
    let see = (0..t_q).flat_map(|i| (0..t_k).map(move |j| see(i, j))).collect();
    Tensor::from_vec(see, (t_q, t_k), &Device::Cpu)
}

/// Fails unless a token changes its own logits, and none of those before it. `logits` takes ids
/// `(2, 7)` below `vocab_size` and gives `(2, 7, vocab_size)`, in f64.
pub fn expect_causal(
    vocab_size: usize,
    logits: impl Fn(&Tensor) -> Result<Tensor, Failure>,
) -> Outcome {
    let [batch, seq] = [2, 7];
    let ids = ids(batch * seq, vocab_size, 111);
    let before = logits(&batch_of(&ids, [batch, seq])?)?;
    for changed in 1..seq {
        let mut other = ids.clone();
        for row in 0..batch {
            let id = &mut other[row * seq + changed];
            *id = (*id + 5) % vocab_size as u32;
        }
        let after = logits(&batch_of(&other, [batch, seq])?)?;
        let what = format!("token {changed} changed: logits of those before it");
        let [got, want] = [&after, &before].map(|x| x.narrow(1, 0, changed));
        let close = Tolerance { rtol: 1e-9, atol: 1e-10 };
        let shape = [batch, changed, vocab_size];
        expect_tensor(&what, &got?, &shape, DType::F64, &flat(&want?)?, close)?;
        let [got, want] = [&after, &before].map(|x| x.narrow(1, changed, 1));
        let (got, want) = (flat(&got?)?, flat(&want?)?);
        let off = got.iter().zip(&want).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        expect(off > 1e-3, || format!("token {changed} changed, and its own logits did not"))?;
    }
    Ok(())
}
