//! Softmax, norms and GELU on the CPU: the lessons' fast versions against candle's fused operations
//! and against the small ones that the solutions are made of, with gradients and without.

use std::hint::black_box;
use std::time::Duration;

use anyhow::{Result, ensure};
use candle_core::{DType, Device, Tensor, Var};
use candle_nn::ops;
use normalization_and_activations::{fast, solution};

use crate::timing::{Times, ratio, turns};

const SIZES: [(usize, usize); 3] = [(64, 64), (1024, 128), (4096, 1024)];
const ROUNDS: usize = 25;
/// So many numbers a way and round, at least.
const NUMBERS: usize = 1 << 19;
const EPS: f64 = 1e-5;

type Way = fn(&Tensor, &Tensor, &Tensor) -> Result<Tensor>;

/// An operation of a matrix and two parameters, in three ways.
struct Contest {
    name: &'static str,
    ours: Way,
    /// What candle has in one operation.
    candle: Way,
    /// The lesson's solution.
    small: Way,
    /// candle's passes gradients back, too.
    trains: bool,
}

const CONTESTS: [Contest; 5] = [
    Contest {
        name: "softmax",
        ours: |x, _, _| Ok(softmax_sampling::fast::softmax(x, 1)?),
        candle: |x, _, _| Ok(ops::softmax_last_dim(x)?),
        small: |x, _, _| Ok(softmax_sampling::solution::softmax(x, 1)?),
        trains: false,
    },
    Contest {
        name: "layer norm",
        ours: |x, gamma, beta| Ok(fast::layer_norm(x, gamma, beta, EPS)?),
        candle: |x, gamma, beta| Ok(ops::layer_norm(x, gamma, beta, EPS as f32)?),
        small: |x, gamma, beta| Ok(solution::layer_norm(x, gamma, beta, EPS)?),
        trains: false,
    },
    Contest {
        name: "RMSNorm",
        ours: |x, gamma, _| Ok(fast::rms_norm(x, gamma, EPS)?),
        candle: |x, gamma, _| Ok(ops::rms_norm(x, gamma, EPS as f32)?),
        small: |x, gamma, _| Ok(solution::rms_norm(x, gamma, EPS)?),
        trains: false,
    },
    Contest {
        name: "GELU by erf",
        ours: |x, _, _| Ok(fast::gelu_erf(x)?),
        candle: |x, _, _| Ok(x.gelu_erf()?),
        small: |x, _, _| Ok(solution::gelu_erf(x)?),
        trains: true,
    },
    Contest {
        name: "GELU by tanh",
        ours: |x, _, _| Ok(fast::gelu_tanh(x)?),
        candle: |x, _, _| Ok(x.gelu()?),
        small: |x, _, _| Ok(solution::gelu_tanh(x)?),
        trains: true,
    },
];

/// Prints the ratios of the shortest runs.
pub fn bench() -> Result<()> {
    let threads = std::thread::available_parallelism()?;
    println!(
        "Rows of f32 on the CPU, {threads} threads; 4× candle's is the budget where it is slow"
    );
    for contest in CONTESTS {
        for (rows, cols) in SIZES {
            forward(&contest, rows, cols)?;
        }
        for (rows, cols) in SIZES {
            backward(&contest, rows, cols)?;
        }
    }
    Ok(())
}

fn numbers(rows: usize, cols: usize, seed: usize) -> Result<Tensor> {
    let number = |i: usize| ((i * 7919 + seed) % 1000) as f32 / 125.0 - 4.0;
    let x: Vec<f32> = (0..rows * cols).map(number).collect();
    Ok(Tensor::from_vec(x, (rows, cols), &Device::Cpu)?)
}

fn inputs(rows: usize, cols: usize) -> Result<[Tensor; 3]> {
    let parameter = |seed| numbers(1, cols, seed)?.squeeze(0).map_err(anyhow::Error::from);
    Ok([numbers(rows, cols, 1)?, parameter(2)?, parameter(3)?])
}

fn forward(contest: &Contest, rows: usize, cols: usize) -> Result<()> {
    let [x, gamma, beta] = inputs(rows, cols)?;
    let ways = [contest.ours, contest.candle, contest.small];
    let results = ways.iter().map(|way| way(&x, &gamma, &beta)).collect::<Result<Vec<Tensor>>>()?;
    expect_the_same(contest.name, &results)?;
    let times = turns(ROUNDS, ways.len(), |way| -> Result<()> {
        for _ in 0..NUMBERS.div_ceil(rows * cols) {
            black_box(ways[way](black_box(&x), &gamma, &beta)?);
        }
        Ok(())
    })?;
    let times: Vec<Duration> = times.iter().map(Times::shortest).collect();
    println!(
        "  {} of {rows} × {cols}: {:.1}× as fast as candle's own, {:.1}× as fast as small operations",
        contest.name,
        ratio(times[1], times[0]),
        ratio(times[2], times[0])
    );
    Ok(())
}

/// Forward and backward.
fn backward(contest: &Contest, rows: usize, cols: usize) -> Result<()> {
    let [x, gamma, beta] = inputs(rows, cols)?;
    let upstream = numbers(rows, cols, 4)?;
    let x = Var::from_tensor(&x)?;
    let gradient = |way: Way| -> Result<Tensor> {
        let loss = (way(&x, &gamma, &beta)? * &upstream)?.sum_all()?;
        let gradients = loss.backward()?;
        gradients.get(&x).cloned().ok_or_else(|| anyhow::anyhow!("{}: no gradient", contest.name))
    };
    let ways = [contest.ours, contest.small, contest.candle];
    let ways = &ways[..if contest.trains { 3 } else { 2 }];
    let results = ways.iter().map(|&way| gradient(way)).collect::<Result<Vec<Tensor>>>()?;
    expect_the_same(contest.name, &results)?;
    let times = turns(ROUNDS, ways.len(), |way| -> Result<()> {
        for _ in 0..(NUMBERS / 4).div_ceil(rows * cols) {
            black_box(gradient(ways[way])?);
        }
        Ok(())
    })?;
    let times: Vec<Duration> = times.iter().map(Times::shortest).collect();
    let candle = match contest.trains {
        true => format!("{:.1}× as fast as candle's own, ", ratio(times[2], times[0])),
        false => "candle's own has none, ".to_owned(),
    };
    println!(
        "  {} of {rows} × {cols} with gradients: {candle}{:.1}× as fast as small operations",
        contest.name,
        ratio(times[1], times[0])
    );
    Ok(())
}

/// Every way gives the same, so it may be timed.
fn expect_the_same(name: &str, results: &[Tensor]) -> Result<()> {
    let largest = |x: &Tensor| -> Result<f64> {
        Ok(f64::from(x.abs()?.flatten_all()?.max(0)?.to_dtype(DType::F32)?.to_scalar::<f32>()?))
    };
    let most = largest(&results[0])?;
    ensure!(most > 0.0, "{name}: nothing but 0 came");
    for other in &results[1..] {
        let off = largest(&(&results[0] - other)?)?;
        ensure!(off <= 1e-4 * most, "{name}: two ways differ by {off}, of numbers up to {most}");
    }
    Ok(())
}
