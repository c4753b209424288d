//! Back through the layers of a block but attention, and through the lookup of tokens.

use grading::random::seeded;
use rand::RngExt;

use super::{Data, Draw, Job, Wanted, sum, u32s, wide};

impl Job {
    /// Slopes along GELU's results at numbers up to `scale`.
    pub fn gelu(n: usize, scale: f32, seed: u64) -> Self {
        let mut draw = Draw(seeded(seed));
        let x: Vec<f32> = draw.numbers(n).iter().map(|x| scale * x).collect();
        Self::gelu_at(&x, &draw.numbers(n))
    }

    /// The same at these numbers.
    pub fn gelu_at(x: &[f32], slopes: &[f32]) -> Self {
        let number = |(&x, &slope): (&f32, &f32)| {
            let (x, slope) = (f64::from(x), f64::from(slope));
            let factor = (2.0 / std::f64::consts::PI).sqrt();
            let t = (factor * (x + 0.044715 * x.powi(3))).tanh();
            let inside = factor * (1.0 + 3.0 * 0.044715 * x * x);
            let bent = 0.5 * x * (1.0 - t * t) * inside;
            // WGSL's tanh may be off by 1e-5: that counts as ten roundings here.
            [slope * (0.5 * (1.0 + t) + bent), 10.0 * slope.abs()]
        };
        let n = x.len();
        Self {
            entry: "gelu_backward",
            what: format!("GELU of {}", grading::numbers::counted(n, "number")),
            data: vec![
                Data::Read(x.to_vec()),
                Data::Change("slopes", slopes.to_vec()),
                Data::Sizes(u32s([n, 0, 0, 0])),
            ],
            wanted: vec![Wanted {
                name: "slopes",
                shape: vec![n],
                numbers: x.iter().zip(slopes).map(number).collect(),
            }],
            workgroups: n.div_ceil(256),
        }
    }

    /// What both kernels of layer norm read: x, the moments of its rows, dy.
    fn normed(draw: &mut Draw, [rows, cols]: [usize; 2]) -> [Vec<f32>; 3] {
        let mut x = draw.numbers(rows * cols);
        let mut moments = Vec::new();
        for (row, x) in x.chunks_exact_mut(cols).enumerate() {
            // Each row has a mean and a spread of its own.
            x.iter_mut().for_each(|x| *x = *x * (row % 3 + 1) as f32 + row as f32 % 5.0 - 2.0);
            let mean = x.iter().map(|&x| f64::from(x)).sum::<f64>() / cols as f64;
            let spread = x.iter().map(|&x| (f64::from(x) - mean).powi(2)).sum::<f64>();
            moments.extend([mean as f32, (spread / cols as f64 + 1e-5).sqrt().recip() as f32]);
        }
        [x, moments, draw.numbers(rows * cols)]
    }

    /// Back through layer norm to its input.
    pub fn norm([rows, cols]: [usize; 2], seed: u64) -> Self {
        let mut draw = Draw(seeded(seed));
        let [x, moments, dy] = Self::normed(&mut draw, [rows, cols]);
        let gain: Vec<f32> = draw.numbers(cols).iter().map(|g| 1.0 + 0.5 * g).collect();
        let dx = draw.numbers(rows * cols);
        let mut numbers = Vec::new();
        for row in 0..rows {
            let at = |j: usize| row * cols + j;
            let [mean, r] = [moments[2 * row], moments[2 * row + 1]].map(f64::from);
            let s = |j: usize| f64::from(gain[j]) * f64::from(dy[at(j)]);
            let z = |j: usize| (f64::from(x[at(j)]) - mean) * r;
            let of_s = sum((0..cols).map(s)).map(|sum| sum / cols as f64);
            let of_turn = sum((0..cols).map(|j| s(j) * z(j))).map(|sum| sum / cols as f64);
            numbers.extend((0..cols).map(|j| {
                let old = f64::from(dx[at(j)]);
                let new = r * (s(j) - of_s[0] - z(j) * of_turn[0]);
                let size = r * (s(j).abs() + of_s[1] + z(j).abs() * of_turn[1]);
                [old + new, old.abs() + size]
            }));
        }
        let shape = vec![rows, cols];
        Self {
            entry: "layer_norm_backward",
            what: format!("layer norm, {rows} by {cols}"),
            data: vec![
                Data::Read(x),
                Data::Read(gain),
                Data::Read(moments),
                Data::Read(dy),
                Data::Change("dx", dx),
                Data::Sizes(u32s([rows, cols, 0, 0])),
            ],
            wanted: vec![Wanted { name: "dx", shape, numbers }],
            workgroups: rows,
        }
    }

    /// Back through layer norm to its parameters.
    pub fn norm_parameters([rows, cols]: [usize; 2], seed: u64) -> Self {
        let mut draw = Draw(seeded(seed));
        let [x, moments, dy] = Self::normed(&mut draw, [rows, cols]);
        let of = |j: usize, turns: bool| {
            sum((0..rows).map(|i| {
                let [mean, r] = [moments[2 * i], moments[2 * i + 1]].map(f64::from);
                let z = (f64::from(x[i * cols + j]) - mean) * r;
                f64::from(dy[i * cols + j]) * if turns { z } else { 1.0 }
            }))
        };
        let wanted = |name, turns| Wanted {
            name,
            shape: vec![cols],
            numbers: (0..cols).map(|j| of(j, turns)).collect(),
        };
        let wanted = vec![wanted("dgain", true), wanted("dshift", false)];
        Self {
            entry: "layer_norm_parameters_backward",
            what: format!("parameters of layer norm, {rows} by {cols}"),
            data: vec![
                Data::Read(x),
                Data::Read(moments),
                Data::Read(dy),
                Data::Write("dgain", cols),
                Data::Write("dshift", cols),
                Data::Sizes(u32s([rows, cols, 0, 0])),
            ],
            wanted,
            workgroups: cols.div_ceil(256),
        }
    }

    /// Back through the lookup of tokens, some of which occur often and some never.
    pub fn embedding([tokens, vocab_size, n_embd]: [usize; 3], seed: u64) -> Self {
        let mut draw = Draw(seeded(seed));
        let mut id = || draw.0.random_range(0..vocab_size).min(draw.0.random_range(0..vocab_size));
        let mut ids: Vec<usize> = (0..tokens).map(|_| id()).collect();
        if let Some(last) = ids.last_mut() {
            *last = vocab_size - 1;
        }
        let (dx, dtable) = (draw.numbers(tokens * n_embd), draw.numbers(vocab_size * n_embd));
        let mut numbers: Vec<[f64; 2]> =
            wide(&dtable).into_iter().map(|old| [old, old.abs()]).collect();
        for (id, dx) in ids.iter().zip(dx.chunks_exact(n_embd)) {
            for (number, &dx) in numbers[id * n_embd..].iter_mut().zip(dx) {
                *number = [number[0] + f64::from(dx), number[1] + f64::from(dx).abs()];
            }
        }
        let shape = vec![vocab_size, n_embd];
        Self {
            entry: "embedding_backward",
            what: format!("{tokens} tokens of {vocab_size}, vectors of {n_embd}"),
            data: vec![
                Data::Ids(ids.into_iter().map(|id| id as u32).collect()),
                Data::Read(dx),
                Data::Change("dtable", dtable),
                Data::Sizes(u32s([tokens, vocab_size, n_embd, 0])),
            ],
            workgroups: (vocab_size * n_embd).div_ceil(256),
            wanted: vec![Wanted { name: "dtable", shape, numbers }],
        }
    }
}
