//! What a kernel of this lesson is run on, and what has to come out, in f64.

use gpu::{AnyBuffer, Binding, Buffer, Gpu, GpuError, rows_grid};
use grading::random::seeded;
use kernel_test::Slot;
use rand::RngExt;
use rand::rngs::StdRng;

/// What is bound, in the order of the bindings.
#[derive(Clone, Debug)]
pub enum Data {
    /// Numbers that are read.
    Read(Vec<f32>),
    /// Whole numbers that are read.
    Ids(Vec<u32>),
    /// Room for so many numbers that are written, under a name.
    Write(&'static str, usize),
    /// Numbers under a name that are changed.
    Change(&'static str, Vec<f32>),
    /// Four whole numbers.
    Sizes([u32; 4]),
}

/// What an output has to hold.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Its name.
    pub name: &'static str,
    /// Its shape.
    pub shape: Vec<usize>,
    /// For each number what it is, and the sum of the absolute values of its terms.
    pub numbers: Vec<[f64; 2]>,
}

/// How a matrix lies in its buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lies {
    /// Row by row.
    Rows,
    /// Column by column: the transpose of a matrix that lies row by row.
    Columns,
    /// Row by row, with three numbers of something else behind each.
    Apart,
    /// As one number that stands for all.
    One,
}

/// A run of a kernel.
#[derive(Clone, Debug)]
pub struct Job {
    /// The kernel's entry point.
    pub entry: &'static str,
    /// What it is run on, in words.
    pub what: String,
    /// What it binds.
    pub data: Vec<Data>,
    /// What has to come out, in the order of the outputs.
    pub wanted: Vec<Wanted>,
    /// How many workgroups it needs.
    pub workgroups: usize,
}

/// Numbers as the kernel gets them.
struct Draw(StdRng);

impl Draw {
    fn numbers(&mut self, n: usize) -> Vec<f32> {
        (0..n).map(|_| self.0.random_range(-1.0..1.0)).collect()
    }
}

fn wide(x: &[f32]) -> Vec<f64> {
    x.iter().map(|&x| f64::from(x)).collect()
}

/// A sum, and that of the absolute values.
fn sum(terms: impl Iterator<Item = f64>) -> [f64; 2] {
    terms.fold([0.0, 0.0], |[sum, size], term| [sum + term, size + term.abs()])
}

fn u32s<const N: usize>(sizes: [usize; N]) -> [u32; N] {
    sizes.map(|size| size as u32)
}

impl Lies {
    /// Steps between the numbers of a column and of a row, for a matrix of this shape.
    pub fn steps(self, [rows, cols]: [usize; 2]) -> [usize; 2] {
        match self {
            Self::Rows => [cols, 1],
            Self::Columns => [1, rows],
            Self::Apart => [cols + 3, 1],
            Self::One => [0, 0],
        }
    }
}

impl Job {
    /// A product of matrices of the shapes (m, k) and (k, n), which lie somehow.
    pub fn product([m, k, n]: [usize; 3], lies: [Lies; 2], adds: bool, seed: u64) -> Self {
        let mut draw = Draw(seeded(seed));
        let [of_a, of_b] = [lies[0].steps([m, k]), lies[1].steps([k, n])];
        let len = |[row, col]: [usize; 2], [rows, cols]: [usize; 2]| match rows * cols {
            0 => 0,
            _ => (rows - 1) * row + (cols - 1) * col + 1,
        };
        let (a, b) = (draw.numbers(len(of_a, [m, k])), draw.numbers(len(of_b, [k, n])));
        let c = draw.numbers(m * n);
        let (wide_a, wide_b) = (wide(&a), wide(&b));
        let number = |at: usize| {
            let (i, j) = (at / n, at % n);
            let products = (0..k)
                .map(|p| wide_a[i * of_a[0] + p * of_a[1]] * wide_b[p * of_b[0] + j * of_b[1]]);
            sum(products.chain(adds.then(|| f64::from(c[at]))))
        };
        let shape = vec![m, n];
        let numbers = (0..m * n).map(number).collect();
        let how = if adds { ", added to C" } else { "" };
        Self {
            entry: "matmul_strided",
            what: format!("({m}, {k}) times ({k}, {n}), which lie {lies:?}{how}"),
            data: vec![
                Data::Read(a),
                Data::Read(b),
                Data::Change("c", c),
                Data::Sizes(u32s([m, k, n, usize::from(adds)])),
                Data::Sizes(u32s([of_a[0], of_a[1], of_b[0], of_b[1]])),
            ],
            wanted: vec![Wanted { name: "c", shape, numbers }],
            workgroups: m.div_ceil(16) * n.div_ceil(16),
        }
    }

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

    /// The kinds of what is bound.
    pub fn bindings(&self) -> Vec<Binding> {
        let kind = |data: &Data| match data {
            Data::Read(_) | Data::Ids(_) => Binding::Read,
            Data::Write(..) | Data::Change(..) => Binding::ReadWrite,
            Data::Sizes(_) => Binding::Uniform,
        };
        self.data.iter().map(kind).collect()
    }

    /// The same for a test of a kernel.
    pub(crate) fn slots(&self) -> Vec<Slot<'_>> {
        let slot = |data| match data {
            &Data::Write(name, len) => Slot::Output(name, len),
            Data::Read(x) => Slot::Input(x),
            Data::Ids(ids) => Slot::Index(ids),
            Data::Change(name, x) => Slot::InOut(name, x),
            Data::Sizes(sizes) => Slot::Uniform(*sizes),
        };
        self.data.iter().map(slot).collect()
    }

    /// Runs a kernel on it; what was written and changed comes back.
    ///
    /// # Errors
    /// As those of [`Gpu::compile`] and [`Gpu::run`].
    pub async fn run(&self, gpu: &Gpu, wgsl: &str) -> Result<Vec<Vec<f32>>, GpuError> {
        let kernel = gpu.compile(wgsl, self.entry, &self.bindings()).await?;
        let (mut buffers, mut outputs) = (Vec::<Box<dyn AnyBuffer>>::new(), Vec::new());
        for data in &self.data {
            let mut output = |buffer: Buffer<f32>| {
                outputs.push(buffer.clone());
                Box::new(buffer)
            };
            buffers.push(match data {
                Data::Read(x) => Box::new(gpu.upload(x)),
                Data::Ids(ids) => Box::new(gpu.upload(ids)),
                Data::Write(_, len) => output(gpu.zeros(*len)),
                Data::Change(_, x) => output(gpu.upload(x)),
                Data::Sizes(sizes) => Box::new(gpu.uniform(sizes)),
            });
        }
        let bound: Vec<&dyn AnyBuffer> = buffers.iter().map(|buffer| &**buffer).collect();
        gpu.run(&kernel, &bound, rows_grid(self.workgroups)).await?;
        let mut read = Vec::new();
        for output in &outputs {
            read.push(gpu.read(output).await?);
        }
        Ok(read)
    }
}
