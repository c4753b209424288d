//! Back through attention.

use grading::random::seeded;

use super::{Data, Draw, Job, Wanted, sum, u32s, wide};

impl Job {
    /// Back through attention, whose scores are up to `scale` or so.
    pub fn attention(sizes: [usize; 4], scale: f32, seed: u64) -> Self {
        let [texts, seq, n_head, d] = sizes;
        let mut draw = Draw(seeded(seed));
        let n_embd = n_head * d;
        let mut qkv = draw.numbers(texts * seq * 3 * n_embd);
        for (i, number) in qkv.iter_mut().enumerate() {
            *number *= if i / n_embd % 3 == 0 { scale } else { 1.0 };
        }
        let dfound = draw.numbers(texts * seq * n_embd);
        // What was never written may be anything.
        let mut weights = vec![1000.0_f32; texts * n_head * seq * seq];
        let mut found = vec![0.0_f32; texts * seq * n_embd];
        let mut numbers = vec![[0.0; 2]; texts * seq * 3 * n_embd];
        let root = (d as f64).sqrt();
        for (text, head) in (0..texts).flat_map(|text| (0..n_head).map(move |head| (text, head))) {
            let part = |part: usize, i: usize| ((3 * (text * seq + i) + part) * n_head + head) * d;
            let vector = |at: usize| wide(&qkv[at..at + d]);
            let [q, k, v] =
                [0, 1, 2].map(|of| (0..seq).map(|i| vector(part(of, i))).collect::<Vec<_>>());
            let dot = |a: &[f64], b: &[f64]| sum(a.iter().zip(b).map(|(a, b)| a * b));
            for i in 0..seq {
                let scores: Vec<f64> = (0..=i).map(|j| dot(&q[i], &k[j])[0] / root).collect();
                let highest = scores.iter().copied().fold(f64::MIN, f64::max);
                let total: f64 = scores.iter().map(|s| (s - highest).exp()).sum();
                let w: Vec<f64> = scores.iter().map(|s| (s - highest).exp() / total).collect();
                let at = ((text * seq + i) * n_head + head) * d;
                let dy = wide(&dfound[at..at + d]);
                for c in 0..d {
                    found[at + c] = w.iter().zip(&v).map(|(w, v)| w * v[c]).sum::<f64>() as f32;
                }
                // The slopes along the weights, and back through the softmax.
                let dw: Vec<[f64; 2]> = (0..=i).map(|j| dot(&dy, &v[j])).collect();
                let mean =
                    [0, 1].map(|of| w.iter().zip(&dw).map(|(w, dw)| w * dw[of]).sum::<f64>());
                for j in 0..=i {
                    weights[((text * n_head + head) * seq + i) * seq + j] = w[j] as f32;
                    let ds = w[j] * (dw[j][0] - mean[0]) / root;
                    let size = w[j] * (dw[j][1] + mean[1]) / root;
                    let (query, key, value) = (part(0, i), part(1, j), part(2, j));
                    for c in 0..d {
                        for (at, term, size) in [
                            (query, ds * k[j][c], size * k[j][c].abs()),
                            (key, ds * q[i][c], size * q[i][c].abs()),
                            (value, w[j] * dy[c], (w[j] * dy[c]).abs()),
                        ] {
                            numbers[at + c][0] += term;
                            numbers[at + c][1] += size;
                        }
                    }
                }
            }
        }
        let shape = vec![texts * seq, 3, n_head, d];
        Self {
            entry: "attention_backward",
            what: format!("attention, {texts} by {seq} tokens, {n_head} heads of {d} numbers"),
            data: vec![
                Data::Read(qkv),
                Data::Read(weights),
                Data::Read(found),
                Data::Read(dfound),
                Data::Write("dqkv", numbers.len()),
                Data::Sizes(u32s(sizes)),
            ],
            workgroups: numbers.len().div_ceil(256),
            wanted: vec![Wanted { name: "dqkv", shape, numbers }],
        }
    }
}
