//! Layers of PEFT, and the same arithmetic in double precision.

use grading::random::seeded;
use grading::{Failure, Outcome, Tolerance, expect_close, expect_same};
use rand::RngExt;
use serde::Deserialize;

use crate::{Adapter, LoraLinear};

/// A layer inside of a model that PEFT has put a pair beside.
#[derive(Deserialize)]
pub struct Case {
    pub name: String,
    pub inputs: usize,
    pub outputs: usize,
    pub rank: usize,
    pub alpha: f64,
    pub rank_stabilized: bool,
    pub scale: f64,
    pub a: Vec<f32>,
    pub b: Vec<f32>,
    pub x: Vec<f32>,
    /// What the frozen layer alone returns, and with the pair.
    pub frozen: Vec<f32>,
    pub y: Vec<f64>,
    pub xa: Vec<f64>,
    pub dy: Vec<f32>,
    /// What the frozen layer hands back, and with the pair.
    pub dx_frozen: Vec<f32>,
    pub dx: Vec<f64>,
    pub da: Vec<f64>,
    pub db: Vec<f64>,
    pub weight: Vec<f32>,
    pub merged: Vec<f64>,
}

impl Case {
    pub fn layer(&self) -> LoraLinear<'_> {
        LoraLinear {
            inputs: self.inputs,
            outputs: self.outputs,
            rank: self.rank,
            scale: self.scale as f32,
            a: &self.a,
            b: &self.b,
        }
    }

    pub fn rows(&self) -> usize {
        self.x.len() / self.inputs
    }

    pub fn told(&self) -> String {
        let Self { name, rank, alpha, .. } = self;
        format!("{name} with rank {rank} and alpha {alpha}")
    }
}

pub fn cases() -> Result<Vec<Case>, Failure> {
    grading::golden!("layers.json")
}

#[derive(Deserialize)]
pub struct Counted {
    pub targets: Vec<String>,
    pub rank: usize,
    pub layers: Vec<[usize; 2]>,
    pub numbers: usize,
}

pub fn counts() -> Result<Vec<Counted>, Failure> {
    grading::golden!("counts.json")
}

#[derive(Deserialize)]
pub struct AdapterCase {
    pub width: usize,
    pub bottleneck: usize,
    pub down: Vec<f32>,
    pub down_bias: Vec<f32>,
    pub up: Vec<f32>,
    pub up_bias: Vec<f32>,
    pub x: Vec<f32>,
    pub y: Vec<f64>,
}

impl AdapterCase {
    pub fn adapter(&self) -> Adapter<'_> {
        Adapter {
            width: self.width,
            bottleneck: self.bottleneck,
            down: &self.down,
            down_bias: &self.down_bias,
            up: &self.up,
            up_bias: &self.up_bias,
        }
    }
}

pub fn adapters() -> Result<Vec<AdapterCase>, Failure> {
    grading::golden!("adapters.json")
}

/// Sizes and numbers of a layer, drawn.
#[derive(Clone, Debug)]
pub struct Drawn {
    pub inputs: usize,
    pub outputs: usize,
    pub rank: usize,
    pub rows: usize,
    pub scale: f32,
    pub a: Vec<f32>,
    pub b: Vec<f32>,
    pub x: Vec<f32>,
    /// For each row as many numbers as the layer returns: what is in `y`, or `dy`.
    pub y: Vec<f32>,
    /// What is in `dx`, `da` and `db`, and in a weight.
    pub dx: Vec<f32>,
    pub da: Vec<f32>,
    pub db: Vec<f32>,
    pub weight: Vec<f32>,
}

impl Drawn {
    pub fn new([inputs, outputs, rank, rows]: [usize; 4], scale: f32, seed: u64) -> Self {
        let mut rng = seeded(seed);
        let mut numbers =
            |n: usize| -> Vec<f32> { (0..n).map(|_| rng.random_range(-2.0..2.0_f32)).collect() };
        let (a, b) = (numbers(rank * inputs), numbers(outputs * rank));
        let (x, y, dx) = (numbers(rows * inputs), numbers(rows * outputs), numbers(rows * inputs));
        let (da, db) = (numbers(a.len()), numbers(b.len()));
        let weight = numbers(inputs * outputs);
        Self { inputs, outputs, rank, rows, scale, a, b, x, y, dx, da, db, weight }
    }

    pub fn layer(&self) -> LoraLinear<'_> {
        let &Self { inputs, outputs, rank, scale, .. } = self;
        LoraLinear { inputs, outputs, rank, scale, a: &self.a, b: &self.b }
    }

    pub fn told(&self) -> String {
        let Self { inputs, outputs, rank, rows, scale, .. } = self;
        format!("{inputs} inputs, {outputs} outputs, rank {rank}, rows: {rows}, scale {scale}")
    }
}

/// A number and the sum of the absolute values of what it is made of.
pub type Sized = [f64; 2];

fn sum(terms: impl Iterator<Item = f64>) -> Sized {
    terms.fold([0.0, 0.0], |[sum, size], term| [sum + term, size + term.abs()])
}

/// `start + factor · Σ_k Σ_p u v w`: every number here is one of these.
fn added(start: f32, factor: f32, terms: impl Iterator<Item = f64>) -> Sized {
    let start = f64::from(start);
    let [product, size] = sum(terms);
    let factor = f64::from(factor);
    [start + factor * product, start.abs() + (factor * size).abs()]
}

/// `x Aᵀ`.
pub fn down(layer: &LoraLinear<'_>, x: &[f32]) -> Vec<Sized> {
    let &LoraLinear { inputs, rank, a, .. } = layer;
    let at = |i: usize| {
        let (row, k) = (i / rank, i % rank);
        sum((0..inputs).map(|p| f64::from(x[row * inputs + p]) * f64::from(a[k * inputs + p])))
    };
    (0..x.len() / inputs * rank).map(at).collect()
}

/// `(B A)[j, p]` in terms.
fn pair<'a>(layer: &LoraLinear<'a>, j: usize, p: usize) -> impl Iterator<Item = f64> + use<'a> {
    let &LoraLinear { inputs, rank, a, b, .. } = layer;
    (0..rank).map(move |k| f64::from(b[j * rank + k]) * f64::from(a[k * inputs + p]))
}

pub fn forward(layer: &LoraLinear<'_>, x: &[f32], y: &[f32]) -> Vec<Sized> {
    let &LoraLinear { inputs, outputs, scale, .. } = layer;
    let at = |(i, &y): (usize, &f32)| {
        let (row, j) = (i / outputs, i % outputs);
        let x = &x[row * inputs..][..inputs];
        let terms = x.iter().enumerate();
        added(y, scale, terms.flat_map(|(p, &x)| pair(layer, j, p).map(move |t| t * f64::from(x))))
    };
    y.iter().enumerate().map(at).collect()
}

/// Of each row that hands slopes back: `dA`, `dB` and `dx`.
pub fn backward(layer: &LoraLinear<'_>, drawn: &Drawn) -> [Vec<Sized>; 3] {
    let &LoraLinear { inputs, outputs, rank, scale, a, b } = layer;
    let Drawn { x, y: dy, rows, .. } = drawn;
    let [a, b, x, dy] =
        [a, b, x, dy].map(|of| of.iter().map(|&n| f64::from(n)).collect::<Vec<_>>());
    let rows = 0..*rows;
    let da = |(i, &da): (usize, &f32)| {
        let (k, p) = (i / inputs, i % inputs);
        let (b, x, dy) = (&b, &x, &dy);
        let terms = rows.clone().flat_map(|row| {
            let of = move |j: usize| dy[row * outputs + j] * b[j * rank + k] * x[row * inputs + p];
            (0..outputs).map(of)
        });
        added(da, scale, terms)
    };
    let db = |(i, &db): (usize, &f32)| {
        let (j, k) = (i / rank, i % rank);
        let (a, x, dy) = (&a, &x, &dy);
        let terms = rows.clone().flat_map(|row| {
            let of =
                move |p: usize| dy[row * outputs + j] * a[k * inputs + p] * x[row * inputs + p];
            (0..inputs).map(of)
        });
        added(db, scale, terms)
    };
    let dx = |(i, &dx): (usize, &f32)| {
        let (row, p) = (i / inputs, i % inputs);
        let dy = &dy;
        let terms =
            (0..outputs).flat_map(|j| pair(layer, j, p).map(move |t| t * dy[row * outputs + j]));
        added(dx, scale, terms)
    };
    [
        drawn.da.iter().enumerate().map(da).collect(),
        drawn.db.iter().enumerate().map(db).collect(),
        drawn.dx.iter().enumerate().map(dx).collect(),
    ]
}

/// `W + sign · scale · (B A)ᵀ`.
pub fn merged(layer: &LoraLinear<'_>, weight: &[f32], sign: f32) -> Vec<Sized> {
    let at = |(i, &w): (usize, &f32)| {
        let (p, j) = (i / layer.outputs, i % layer.outputs);
        added(w, sign * layer.scale, pair(layer, j, p))
    };
    weight.iter().enumerate().map(at).collect()
}

pub fn adapted(adapter: &Adapter<'_>, x: &[f32]) -> Vec<Sized> {
    let &Adapter { width, bottleneck, down, down_bias, up, up_bias } = adapter;
    let wide = f64::from;
    let row = |h: &[f32]| -> Vec<Sized> {
        let inside: Vec<Sized> = (0..bottleneck)
            .map(|k| {
                let terms = (0..width).map(|p| wide(down[k * width + p]) * wide(h[p]));
                let [z, size] = sum(terms.chain([wide(down_bias[k])]));
                [z.max(0.0), size]
            })
            .collect();
        let at = |j: usize| {
            let terms = inside.iter().enumerate();
            let terms = terms.map(|(k, [z, size])| {
                let w = wide(up[j * bottleneck + k]);
                [w * z, (w * size).abs()]
            });
            terms
                .chain([up_bias[j], h[j]].map(|n| [wide(n), wide(n).abs()]))
                .fold([0.0, 0.0], |[sum, all], [term, size]| [sum + term, all + size])
        };
        (0..width).map(at).collect()
    };
    x.chunks_exact(width).flat_map(row).collect()
}

/// What f32 leaves of a sum, relative to the absolute values of its terms.
pub const ROUNDED: f64 = 4e-6;

/// Compares within what rounding explains.
pub fn expect_sized(what: &str, shape: [usize; 2], got: &[f32], want: &[Sized]) -> Outcome {
    expect_same(&format!("{what}: how many numbers"), &got.len(), &want.len())?;
    for (i, (&got, &[want, size])) in got.iter().zip(want).enumerate() {
        let tolerance = Tolerance { rtol: 0.0, atol: ROUNDED * size + 1e-37 };
        if !tolerance.accepts(got.into(), want) {
            let place = [i / shape[1].max(1), i % shape[1].max(1)];
            expect_close(&format!("{what}: at {place:?}"), &[], &[got], &[want], tolerance)?;
        }
    }
    Ok(())
}

/// Compares with what PEFT has, whose numbers are of about the same size.
pub fn expect_golden(what: &str, shape: [usize; 2], got: &[f32], want: &[f64]) -> Outcome {
    let largest = want.iter().fold(0.0_f64, |most, want| most.max(want.abs()));
    let tolerance = Tolerance { rtol: 1e-5, atol: 3e-6 * largest };
    expect_close(what, &shape, got, want, tolerance)?;
    // A drift to one side stays within a tolerance.
    let off: f64 = got.iter().zip(want).map(|(&got, want)| f64::from(got) - want).sum();
    let mean = off / want.len().max(1) as f64;
    grading::expect(mean.abs() <= 1e-6 * largest, || {
        format!("{what}: all together are off to one side, by {mean:.1e} on average")
    })
}
