//! The reference: what a budget buys, a law fitted to runs, and how large a batch may be.

use scaling_laws::{
    Cost, DELTA, Fit, Law, Noise, Optimum, Point, Run, ScalingError, SquaredNorm, Vertex, minimize,
};

/// The FLOPs of a training: `C = 6 · N · D`.
///
/// For each of the `D` tokens, each of the `N` parameters takes 2 FLOPs forward, a multiplication
/// and an addition, and 4 back: 2 for the gradient of its input, and 2 for its own. What attention
/// adds is left out. Either may be any f64; where the product overflows, it is infinite.
///
/// Source: Kaplan and others, 2020, section 2.1.
pub fn training_flops(parameters: f64, tokens: f64) -> f64 {
    // BEGIN ANSWER
    6.0 * parameters * tokens
    // END ANSWER
}

/// The model and the text for which `law.loss(N, D)` is lowest among all that cost
/// `6 · N · D = compute` FLOPs.
///
/// `N_opt = G · (compute / 6)^(beta / (alpha + beta))` and `D_opt = (compute / 6) / N_opt`, where
/// `G = (alpha · A / (beta · B))^(1 / (alpha + beta))`. Neither is rounded.
///
/// # Errors
/// [`ScalingError::NotPositive`] for the first of `A`, `B`, `alpha`, `beta` and `compute`, by these
/// names and in this order, that is not above 0 and finite. `E` may be anything.
///
/// Source: Hoffmann and others, 2022, equation 4.
pub fn optimal(law: &Law, compute: f64) -> Result<Optimum, ScalingError> {
    // BEGIN ANSWER
    positive("A", law.A)?;
    positive("B", law.B)?;
    positive("alpha", law.alpha)?;
    positive("beta", law.beta)?;
    positive("compute", compute)?;
    let (alpha, beta) = (law.alpha, law.beta);
    let product = compute / 6.0;
    let g = (alpha * law.A / (beta * law.B)).powf(1.0 / (alpha + beta));
    let parameters = g * product.powf(beta / (alpha + beta));
    Ok(Optimum { parameters, tokens: product / parameters })
    // END ANSWER
}

// BEGIN ANSWER
fn is_positive(value: f64) -> bool {
    value > 0.0 && value.is_finite()
}

fn positive(what: &'static str, value: f64) -> Result<(), ScalingError> {
    if is_positive(value) { Ok(()) } else { Err(ScalingError::NotPositive { what, value }) }
}
// END ANSWER

/// The best model of one budget, from runs that all cost the same: the lowest point of the parabola
/// through the points `(ln N, loss)`.
///
/// `points` has pairs of `N` and a loss, in any order. The parabola is that of least squares: among
/// all `c₀ + c₁ x + c₂ x²` with `x = ln N`, the one whose squared distances from the losses have the
/// least sum. Its lowest point may lie beyond all of the points. Take the mean from each `ln N`
/// before you square anything: powers of numbers around 20 lose the digits that count.
///
/// # Errors
/// [`ScalingError::Bad`] for the first point whose `N` is not above 0 and finite, or whose loss is
/// not finite, with its place and the number, `N` before the loss; then [`ScalingError::TooFew`] if
/// fewer than 3 different `N` are given, with their number; then [`ScalingError::NoMinimum`] unless
/// `c₂ > 0`. Where all points lie on one line, rounding decides.
///
/// Source: Hoffmann and others, 2022, section 3.2.
pub fn isoflop_minimum(points: &[(f64, f64)]) -> Result<Vertex, ScalingError> {
    // BEGIN ANSWER
    for (at, &(parameters, loss)) in points.iter().enumerate() {
        if !is_positive(parameters) {
            return Err(ScalingError::Bad { at, value: parameters });
        }
        if !loss.is_finite() {
            return Err(ScalingError::Bad { at, value: loss });
        }
    }
    let mut different: Vec<f64> = points.iter().map(|point| point.0).collect();
    different.sort_by(f64::total_cmp);
    different.dedup();
    if different.len() < 3 {
        return Err(ScalingError::TooFew { given: different.len(), needed: 3 });
    }
    let n = points.len() as f64;
    let middle = points.iter().map(|point| point.0.ln()).sum::<f64>() / n;
    let mean = points.iter().map(|point| point.1).sum::<f64>() / n;
    // Sums of x², x³, x⁴, x·y and x²·y, where x and y are distances from the means.
    let [mut x2, mut x3, mut x4, mut xy, mut x2y] = [0.0; 5];
    for (parameters, loss) in points {
        let (x, y) = (parameters.ln() - middle, loss - mean);
        x2 += x * x;
        x3 += x * x * x;
        x4 += x * x * x * x;
        xy += x * y;
        x2y += x * x * y;
    }
    let c2 = (x2 * x2y - x3 * xy) / (x2 * (x4 - x2 * x2 / n) - x3 * x3);
    let c1 = (xy - c2 * x3) / x2;
    if c2.is_nan() || c2 <= 0.0 {
        return Err(ScalingError::NoMinimum);
    }
    let loss = mean - c2 * x2 / n - c1 * c1 / (4.0 * c2);
    Ok(Vertex { parameters: (middle - c1 / (2.0 * c2)).exp(), loss })
    // END ANSWER
}

/// How badly the law at `point` fits the runs, and the gradient of that.
///
/// With `point = [a, b, e, alpha, beta]`, a run's residual is the logarithm of the law's loss minus
/// that of the run's: `r = LSE(a − alpha · ln N, b − beta · ln D, e) − ln loss`, where
/// `LSE(x, y, z) = ln(exp x + exp y + exp z)`, which must not overflow or lose all its terms however
/// large or small they are. The value is the sum (not the mean) over runs of the Huber loss of `r`,
/// which is `r² / 2` where `|r| ≤ DELTA` and `DELTA · (|r| − DELTA / 2)` elsewhere. The gradient has
/// the derivatives of the value with respect to `a`, `b`, `e`, `alpha` and `beta`. Without runs all
/// is 0. The numbers of a run are above 0 and finite.
///
/// Source: Hoffmann and others, 2022, section 3.3 and appendix D.2.
pub fn objective(point: &Point, runs: &[Run]) -> (f64, Point) {
    // BEGIN ANSWER
    let [a, b, e, alpha, beta] = *point;
    let (mut value, mut gradient) = (0.0, [0.0; 5]);
    for run in runs {
        let (ln_n, ln_d) = (run.parameters.ln(), run.tokens.ln());
        let terms = [a - alpha * ln_n, b - beta * ln_d, e];
        let max = terms.into_iter().fold(f64::NEG_INFINITY, f64::max);
        let powers = terms.map(|term| (term - max).exp());
        let sum: f64 = powers.iter().sum();
        let r = max + sum.ln() - run.loss.ln();
        // The Huber loss, and its slope.
        let slope = if r.abs() <= DELTA {
            value += r * r / 2.0;
            r
        } else {
            value += DELTA * (r.abs() - DELTA / 2.0);
            DELTA.copysign(r)
        };
        // The slopes of log-sum-exp are softmax.
        let [to_a, to_b, to_e] = powers.map(|power| slope * power / sum);
        let slopes = [to_a, to_b, to_e, -to_a * ln_n, -to_b * ln_d];
        gradient.iter_mut().zip(slopes).for_each(|(sum, slope)| *sum += slope);
    }
    (value, gradient)
    // END ANSWER
}

/// Fits a law to runs: of the places that `minimize` finds with `objective` from each start, the one
/// with the lowest value.
///
/// The result has the law at that place ([`Law::at`]), the value of the objective, and which start
/// led there. Among equal values the earliest start counts. A start from which the objective is not
/// finite is passed over.
///
/// # Errors
/// [`ScalingError::Bad`] for the first run with a number that is not above 0 and finite, with its
/// place and that number; within a run `N` comes first, then `D`, then the loss. Then
/// [`ScalingError::TooFew`] if there are fewer than 5 runs, as many as a law has numbers. Then
/// [`ScalingError::NoFit`] if no start is left.
///
/// Source: Hoffmann and others, 2022, section 3.3.
pub fn fit_chinchilla(runs: &[Run], starts: &[Point]) -> Result<Fit, ScalingError> {
    // BEGIN ANSWER
    for (at, run) in runs.iter().enumerate() {
        let numbers = [run.parameters, run.tokens, run.loss];
        if let Some(value) = numbers.into_iter().find(|&value| !is_positive(value)) {
            return Err(ScalingError::Bad { at, value });
        }
    }
    if runs.len() < 5 {
        return Err(ScalingError::TooFew { given: runs.len(), needed: 5 });
    }
    let mut best: Option<Fit> = None;
    for (start, from) in starts.iter().enumerate() {
        let (point, value) = minimize(|point| objective(point, runs), *from);
        if value.is_finite() && best.is_none_or(|best| value < best.objective) {
            best = Some(Fit { law: Law::at(&point), objective: value, start });
        }
    }
    best.ok_or(ScalingError::NoFit)
    // END ANSWER
}

/// How noisy gradients are, from how long they are at two batch sizes.
///
/// A mean gradient over `B` examples has a squared length of `|G|² + tr Σ / B` on average. So with
/// two sizes `B₁` and `B₂`, whose averages `mean` are `m₁` and `m₂`,
/// `|G|² = (B₂ m₂ − B₁ m₁) / (B₂ − B₁)` and `tr Σ = (m₁ − m₂) / (1 / B₁ − 1 / B₂)`. Either may be
/// the larger size. The estimates are returned as they are, even where chance makes one negative.
///
/// # Errors
/// [`ScalingError::NotPositive`] with the name `batch` if a size is 0; then
/// [`ScalingError::EqualBatches`] if the sizes are equal; then [`ScalingError::Bad`] for the first
/// mean below 0, or not finite, at 0 that of `one` and at 1 that of `other`.
///
/// Source: McCandlish and others, 2018, appendix A.1.
pub fn noise_scale(one: &SquaredNorm, other: &SquaredNorm) -> Result<Noise, ScalingError> {
    // BEGIN ANSWER
    positive("batch", one.batch.min(other.batch) as f64)?;
    if one.batch == other.batch {
        return Err(ScalingError::EqualBatches { batch: one.batch });
    }
    for (at, value) in [one.mean, other.mean].into_iter().enumerate() {
        if value < 0.0 || !value.is_finite() {
            return Err(ScalingError::Bad { at, value });
        }
    }
    let (b1, b2) = (one.batch as f64, other.batch as f64);
    Ok(Noise {
        squared_gradient: (b2 * other.mean - b1 * one.mean) / (b2 - b1),
        trace: (one.mean - other.mean) / (1.0 / b1 - 1.0 / b2),
    })
    // END ANSWER
}

/// How noisy gradients are, from the gradients of the single examples of one batch.
///
/// With `n` gradients `gᵢ` and their mean `ḡ`, `tr Σ = Σᵢ |gᵢ − ḡ|² / (n − 1)` and
/// `|G|² = |ḡ|² − tr Σ / n`: neither is too large or too small on average. Take the mean from each
/// gradient before you square, so that noise much smaller than the gradient is not lost. The
/// estimates are returned as they are, even where chance makes `|G|²` negative. Gradients of no
/// numbers have 0 for both.
///
/// # Errors
/// [`ScalingError::TooFew`] for fewer than 2 gradients. Then, gradient by gradient,
/// [`ScalingError::Ragged`] if it is not as long as the first one, and [`ScalingError::Bad`] for its
/// first number that is not finite, with the place of the gradient.
///
/// Source: McCandlish and others, 2018, section 2.2, with unbiased estimates.
pub fn noise_of_examples(gradients: &[Vec<f64>]) -> Result<Noise, ScalingError> {
    // BEGIN ANSWER
    let [first, _, ..] = gradients else {
        return Err(ScalingError::TooFew { given: gradients.len(), needed: 2 });
    };
    for (example, gradient) in gradients.iter().enumerate() {
        let (numbers, expected) = (gradient.len(), first.len());
        if numbers != expected {
            return Err(ScalingError::Ragged { example, numbers, expected });
        }
        if let Some(&value) = gradient.iter().find(|value| !value.is_finite()) {
            return Err(ScalingError::Bad { at: example, value });
        }
    }
    let n = gradients.len() as f64;
    let (mut squared_mean, mut trace) = (0.0, 0.0);
    for i in 0..first.len() {
        let mean = gradients.iter().map(|gradient| gradient[i]).sum::<f64>() / n;
        squared_mean += mean * mean;
        trace += gradients.iter().map(|gradient| (gradient[i] - mean).powi(2)).sum::<f64>();
    }
    trace /= n - 1.0;
    Ok(Noise { squared_gradient: squared_mean - trace / n, trace })
    // END ANSWER
}

/// What a training with batches of `batch` examples takes, where `least` has the fewest steps
/// `S_min`, which endless batches need, and the fewest examples `E_min`, which tiny ones need.
///
/// The cost keeps to `(S / S_min − 1) · (E / E_min − 1) = 1`, and a step reads a batch: `E = batch · S`.
/// So `S = S_min + E_min / batch`. `batch` need not be a whole number, and nothing is rounded.
///
/// # Errors
/// [`ScalingError::NotPositive`] for the first of `steps`, `examples` and `batch`, by these names
/// and in this order, that is not above 0 and finite.
///
/// Source: McCandlish and others, 2018, equation 2.11 and section 2.3.
pub fn steps_and_examples(least: &Cost, batch: f64) -> Result<Cost, ScalingError> {
    // BEGIN ANSWER
    positive("steps", least.steps)?;
    positive("examples", least.examples)?;
    positive("batch", batch)?;
    let steps = least.steps + least.examples / batch;
    Ok(Cost { steps, examples: batch * steps })
    // END ANSWER
}
