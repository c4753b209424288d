//! The layers of a block but attention, each with its derivative.

use lanes::sigmoid;

use crate::{Matrix, Products};

/// `Y = X W + b`, where `X` has rows of `sizes[0]` numbers and `Y` rows of `sizes[1]`.
pub fn linear(
    products: &mut dyn Products,
    x: &[f32],
    (weight, bias): (&[f32], &[f32]),
    y: &mut [f32],
    [inputs, outputs]: [usize; 2],
) {
    for y in y.chunks_exact_mut(outputs) {
        y.copy_from_slice(bias);
    }
    let sizes = (x.len() / inputs, inputs, outputs);
    let (x, weight) = (Matrix::rows(x, inputs), Matrix::rows(weight, outputs));
    products.product(sizes, x, weight, y, outputs, true);
}

/// From `dy`, the slope of the loss along `Y`: those along `W` and `b` are added to `gradient`, that
/// along `X` is written into `dx`.
pub fn linear_backward(
    products: &mut dyn Products,
    x: &[f32],
    weight: &[f32],
    dy: &[f32],
    dx: &mut [f32],
    (dweight, dbias): (&mut [f32], &mut [f32]),
    [inputs, outputs]: [usize; 2],
) {
    let rows = x.len() / inputs;
    for dy in dy.chunks_exact(outputs) {
        add(dbias, dy);
    }
    let (x, weight) = (Matrix::rows(x, inputs), Matrix::rows(weight, outputs));
    let dy = Matrix::rows(dy, outputs);
    products.product((inputs, rows, outputs), x.transposed(), dy, dweight, outputs, true);
    products.product((rows, outputs, inputs), dy, weight.transposed(), dx, inputs, false);
}

/// What a norm keeps of each row for its derivative: `μ` and `1 / sqrt(σ² + ε)`.
pub type Moments = Vec<[f32; 2]>;

const EPSILON: f32 = 1e-5;

/// Layer norm of each row: `y_i = γ_i · (x_i − μ) / sqrt(σ² + ε) + β_i`.
pub fn layer_norm(x: &[f32], (gain, shift): (&[f32], &[f32]), y: &mut [f32], kept: &mut Moments) {
    let n = gain.len();
    kept.clear();
    for (x, y) in x.chunks_exact(n).zip(y.chunks_exact_mut(n)) {
        let mean = sum(x, |x| x) / n as f32;
        let variance = sum(x, |x| (x - mean) * (x - mean)) / n as f32;
        let factor = 1.0 / (variance + EPSILON).sqrt();
        kept.push([mean, factor]);
        for (((y, x), gain), shift) in y.iter_mut().zip(x).zip(gain).zip(shift) {
            *y = gain * ((x - mean) * factor) + shift;
        }
    }
}

/// From `dy`, the slope of the loss along the norm's result: those along `γ` and `β` are added to
/// `gradient`, that along `x` is added to `dx`.
pub fn layer_norm_backward(
    x: &[f32],
    gain: &[f32],
    kept: &[[f32; 2]],
    dy: &[f32],
    dx: &mut [f32],
    (dgain, dshift): (&mut [f32], &mut [f32]),
) {
    let n = gain.len();
    let mut normed = vec![0.0; n];
    let mut along = vec![0.0; n];
    let rows = x.chunks_exact(n).zip(dy.chunks_exact(n)).zip(dx.chunks_exact_mut(n)).zip(kept);
    for (((x, dy), dx), &[mean, factor]) in rows {
        for (((((normed, along), x), dy), gain), dgain) in
            normed.iter_mut().zip(&mut along).zip(x).zip(dy).zip(gain).zip(dgain.iter_mut())
        {
            *normed = (x - mean) * factor;
            *along = gain * dy;
            *dgain += dy * *normed;
        }
        add(dshift, dy);
        let mean_slope = sum(&along, |slope| slope) / n as f32;
        let mean_turn = dot(&along, &normed) / n as f32;
        for ((dx, along), normed) in dx.iter_mut().zip(&along).zip(&normed) {
            *dx += factor * (along - mean_slope - normed * mean_turn);
        }
    }
}

/// The factor of `2u` in `½ · (1 + tanh(u)) = σ(2u)`.
const FACTOR: f32 = 1.595_769;
const CUBE: f32 = 0.044_715;

/// GPT-2's GELU: `x · ½ · (1 + tanh(u))` with `u = sqrt(2/π) · (x + 0.044715 · x³)`.
pub fn gelu(x: &[f32], y: &mut [f32]) {
    for (y, &x) in y.iter_mut().zip(x) {
        *y = x * sigmoid(FACTOR * (x + CUBE * x * x * x));
    }
}

/// `slopes` are those of the loss along GELU's results; they become those along its inputs.
pub fn gelu_backward(x: &[f32], slopes: &mut [f32]) {
    for (slope, &x) in slopes.iter_mut().zip(x) {
        let share = sigmoid(FACTOR * (x + CUBE * x * x * x));
        let bend = share * (1.0 - share) * FACTOR * (1.0 + 3.0 * CUBE * x * x);
        *slope *= share + x * bend;
    }
}

/// Adds the numbers of a row to those of another.
pub fn add(to: &mut [f32], row: &[f32]) {
    for (to, number) in to.iter_mut().zip(row) {
        *to += number;
    }
}

const LANES: usize = 8;

/// The sum of a function of all numbers: eight sums side by side, then those, then the rest.
#[inline(always)]
pub fn sum(x: &[f32], f: impl Fn(f32) -> f32) -> f32 {
    let (eights, rest) = x.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    for eight in eights {
        for (sum, &x) in sums.iter_mut().zip(eight) {
            *sum += f(x);
        }
    }
    sums.into_iter().chain(rest.iter().map(|&x| f(x))).sum()
}

/// The sum of products, in the same order.
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    let ((a, rest_a), (b, rest_b)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
    let mut sums = [0.0; LANES];
    for (a, b) in a.iter().zip(b) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    sums.into_iter().chain(rest_a.iter().zip(rest_b).map(|(a, b)| a * b)).sum()
}
