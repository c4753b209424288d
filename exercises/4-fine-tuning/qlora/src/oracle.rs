//! What independent references say: bitsandbytes, PyTorch in double precision, and sums in f64.

use grading::random::seeded;
use grading::{Failure, Outcome, Tolerance, expect_close};
use lora::LoraLinear;
use rand::RngExt;
use serde::Deserialize;

use crate::{Absmax, Base, Code, Doubled, Packed};

/// Of `golden/make.py`; f32 numbers as their bits.
#[derive(Debug, Deserialize)]
pub struct Golden {
    pub normal_float: Vec<(u32, Vec<f64>)>,
    pub dynamic: Vec<u32>,
    pub four_bits: Vec<FourBits>,
    pub nested: Vec<Nested>,
    pub int8: Vec<OfRows>,
    pub layers: Vec<Layer>,
}

#[derive(Debug, Deserialize)]
pub struct FourBits {
    pub numbers: Vec<u32>,
    pub block: usize,
    pub absmax: Vec<u32>,
    pub nf4: Vec<u8>,
    pub fp4: Vec<u8>,
    pub nf4_again: Vec<u32>,
    pub fp4_again: Vec<u32>,
}

#[derive(Debug, Deserialize)]
pub struct Nested {
    pub absmax: Vec<u32>,
    pub codes: Vec<u8>,
    pub nested: Vec<u32>,
    pub offset: u32,
    pub again: Vec<u32>,
}

#[derive(Debug, Deserialize)]
pub struct OfRows {
    pub cols: usize,
    pub numbers: Vec<u32>,
    pub codes: Vec<i8>,
    pub absmax: Vec<u32>,
}

#[derive(Debug, Deserialize)]
pub struct Layer {
    pub sizes: [usize; 4],
    pub scale: f32,
    pub code: String,
    pub x: Vec<u32>,
    pub a: Vec<u32>,
    pub b: Vec<u32>,
    pub dy: Vec<u32>,
    pub bytes: Vec<u8>,
    pub codes: Vec<u8>,
    pub absmax: Vec<u32>,
    pub offset: u32,
    pub y: Vec<f64>,
    pub dx: Vec<f64>,
    pub da: Vec<f64>,
    pub db: Vec<f64>,
}

pub fn golden() -> Result<Golden, Failure> {
    grading::golden!("bitsandbytes.json")
}

/// Numbers from their bits.
pub fn floats(bits: &[u32]) -> Vec<f32> {
    bits.iter().copied().map(f32::from_bits).collect()
}

impl FourBits {
    /// Packed by bitsandbytes, and what it makes of it again.
    pub fn packed(&self, code: Code) -> (Packed, Vec<f32>) {
        let (bytes, again) = match code {
            Code::Nf4 => (&self.nf4, &self.nf4_again),
            Code::Fp4 => (&self.fp4, &self.fp4_again),
        };
        let absmax = Absmax::Plain(floats(&self.absmax));
        let len = self.numbers.len();
        let packed = Packed { code, block: self.block, len, bytes: bytes.clone(), absmax };
        (packed, floats(again))
    }
}

/// A layer with what it reads, and with slopes behind it.
#[derive(Clone, Debug)]
pub struct Job {
    pub base: Base,
    pub rank: usize,
    pub scale: f32,
    pub x: Vec<f32>,
    pub a: Vec<f32>,
    pub b: Vec<f32>,
    pub dy: Vec<f32>,
}

impl Job {
    pub fn lora(&self) -> LoraLinear<'_> {
        let Base { inputs, outputs, .. } = self.base;
        let (rank, scale) = (self.rank, self.scale);
        LoraLinear { inputs, outputs, rank, scale, a: &self.a, b: &self.b }
    }

    pub fn of(layer: &Layer) -> Self {
        let [_, inputs, outputs, rank] = layer.sizes;
        let absmax = match layer.codes.is_empty() {
            true => Absmax::Plain(floats(&layer.absmax)),
            false => Absmax::Doubled(Doubled {
                codes: layer.codes.clone(),
                absmax: floats(&layer.absmax),
                offset: f32::from_bits(layer.offset),
            }),
        };
        let code = if layer.code == "nf4" { Code::Nf4 } else { Code::Fp4 };
        let len = inputs * outputs;
        let weight = Packed { code, block: 64, len, bytes: layer.bytes.clone(), absmax };
        Self {
            base: Base { inputs, outputs, weight },
            rank,
            scale: layer.scale,
            x: floats(&layer.x),
            a: floats(&layer.a),
            b: floats(&layer.b),
            dy: floats(&layer.dy),
        }
    }

    /// A layer of these sizes whose codes and scales are drawn, too.
    pub fn drawn([rows, inputs, outputs, rank]: [usize; 4], block: usize, seed: u64) -> Self {
        let mut rng = seeded(seed);
        let mut numbers =
            |n: usize| -> Vec<f32> { (0..n).map(|_| rng.random_range(-1.0..1.0)).collect() };
        let [x, a, b, dy] =
            [rows * inputs, rank * inputs, outputs * rank, rows * outputs].map(&mut numbers);
        let len = inputs * outputs;
        let blocks = len.div_ceil(block);
        let positive = |x: Vec<f32>| x.into_iter().map(f32::abs).collect::<Vec<_>>();
        let absmax = match seed % 2 {
            0 => Absmax::Plain(positive(numbers(blocks))),
            _ => Absmax::Doubled(Doubled {
                absmax: positive(numbers(blocks.div_ceil(crate::NESTED))),
                codes: (0..blocks).map(|_| rng.random()).collect(),
                offset: 1.25,
            }),
        };
        let code = Code::ALL[(seed / 2 % 2) as usize];
        let bytes = (0..len.div_ceil(2)).map(|_| rng.random()).collect();
        let weight = Packed { code, block, len, bytes, absmax };
        let scale = [0.5, -2.0, 3.0][(seed % 3) as usize];
        Self { base: Base { inputs, outputs, weight }, rank, scale, x, a, b, dy }
    }

    /// The layer in f64: for each number what it is, and the sum of the absolute values of its terms.
    pub fn wanted(&self) -> Wanted {
        let Base { inputs, outputs, ref weight } = self.base;
        let (rank, scale) = (self.rank, f64::from(self.scale));
        let rows = self.x.len().checked_div(inputs).unwrap_or(0);
        let wide = |x: &[f32]| x.iter().map(|&x| f64::from(x)).collect::<Vec<f64>>();
        let w = unpacked(weight);
        let [x, a, b, dy] = [&self.x, &self.a, &self.b, &self.dy].map(|x| wide(x));
        // scale · B A, as a matrix of W's shape: a detour that the answer may not take.
        let added: Vec<[f64; 2]> = (0..inputs * outputs)
            .map(|at| {
                let (i, j) = (at / outputs, at % outputs);
                sum((0..rank).map(|r| scale * a[r * inputs + i] * b[j * rank + r]))
            })
            .collect();
        let whole = |at: usize| [w[at] + added[at][0], w[at].abs() + added[at][1]];
        let weighted = |factor: f64, [sum, size]: [f64; 2]| [factor * sum, factor.abs() * size];
        let y = pairs([rows, outputs], |t, j| {
            total((0..inputs).map(|i| weighted(x[t * inputs + i], whole(i * outputs + j))))
        });
        let dx = pairs([rows, inputs], |t, i| {
            total((0..outputs).map(|j| weighted(dy[t * outputs + j], whole(i * outputs + j))))
        });
        let of_w = pairs([inputs, outputs], |i, j| {
            sum((0..rows).map(|t| scale * x[t * inputs + i] * dy[t * outputs + j]))
        });
        let da = pairs([rank, inputs], |r, i| {
            total((0..outputs).map(|j| weighted(b[j * rank + r], of_w[i * outputs + j])))
        });
        let db = pairs([outputs, rank], |j, r| {
            total((0..inputs).map(|i| weighted(a[r * inputs + i], of_w[i * outputs + j])))
        });
        Wanted { y, dx, da, db }
    }
}

/// What has to come out, each with the size of its terms.
#[derive(Debug)]
pub struct Wanted {
    pub y: Vec<[f64; 2]>,
    pub dx: Vec<[f64; 2]>,
    pub da: Vec<[f64; 2]>,
    pub db: Vec<[f64; 2]>,
}

fn pairs([m, n]: [usize; 2], of: impl Fn(usize, usize) -> [f64; 2]) -> Vec<[f64; 2]> {
    (0..m * n).map(|at| of(at / n, at % n)).collect()
}

/// A sum, and that of the absolute values.
pub fn sum(terms: impl Iterator<Item = f64>) -> [f64; 2] {
    total(terms.map(|term| [term, term.abs()]))
}

fn total(terms: impl Iterator<Item = [f64; 2]>) -> [f64; 2] {
    terms.fold([0.0, 0.0], |[sum, size], [term, more]| [sum + term, size + more])
}

/// All numbers of a packed list, one by one.
pub fn unpacked(packed: &Packed) -> Vec<f64> {
    let number = |i: usize| {
        let code = packed.bytes[i / 2] >> (4 - 4 * (i % 2)) & 15;
        let block = i / packed.block;
        let absmax = match &packed.absmax {
            Absmax::Plain(absmax) => f64::from(absmax[block]),
            Absmax::Doubled(Doubled { codes, absmax, offset }) => {
                let level = f64::from(crate::dynamic_levels()[usize::from(codes[block])]);
                level * f64::from(absmax[block / crate::NESTED]) + f64::from(*offset)
            }
        };
        f64::from(packed.code.levels()[usize::from(code)]) * absmax
    };
    (0..packed.len).map(number).collect()
}

/// Compares sums: within some roundings of their terms.
pub fn expect_sums(what: &str, shape: &[usize], got: &[f32], want: &[[f64; 2]]) -> Outcome {
    let sums: Vec<f64> = want.iter().map(|[sum, _]| *sum).collect();
    let any = Tolerance { rtol: 0.0, atol: f64::MAX };
    expect_close(what, shape, got, &sums, any)?;
    for (i, (&got, [sum, size])) in got.iter().zip(want).enumerate() {
        let bound = 2e-6 * size + 1e-30;
        if (f64::from(got) - sum).abs() > bound {
            let place: Vec<usize> = match shape {
                [_, cols] => vec![i / cols, i % cols],
                _ => vec![i],
            };
            return Err(Failure::wrong(format!(
                "{what}: at {place:?} expected {sum:.7}, got {got:.7}, off by {:.1e} where rounding \
                 explains {bound:.1e}",
                f64::from(got) - sum
            )));
        }
    }
    Ok(())
}
