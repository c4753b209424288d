//! The reference: momentum, AdamW and its groups, Lion, Adafactor.

use optimizers::{Adafactor, AdamW, Factors, Group, Lion, Moments, OptimizerError, Parameter, Sgd};

/// A step of gradient descent with momentum, in place. For each weight w, its gradient g and its
/// velocity b:
///
/// ```text
/// g ← g + weight_decay · w
/// b ← momentum · b + g
/// w ← w − lr · b                        or, with Nesterov, w ← w − lr · (g + momentum · b)
/// ```
///
/// Before the first step the velocity is 0. A gradient that is NaN or infinite spoils its own weight
/// and no other. Intermediate results may be f32 or f64.
///
/// # Errors
/// Those of [`Sgd::expect_fits`], before anything is changed.
///
/// Source: PyTorch's `SGD` with a dampening of 0; Sutskever and others, 2013.
pub fn sgd_momentum(
    weights: &mut [f32],
    gradients: &[f32],
    velocity: &mut [f32],
    settings: &Sgd,
) -> Result<(), OptimizerError> {
    settings.expect_fits(weights, gradients, velocity)?;
    // BEGIN ANSWER
    let nesterov = settings.nesterov;
    let [lr, momentum, decay] =
        [settings.lr, settings.momentum, settings.weight_decay].map(|x| x as f32);
    for ((w, &g), b) in weights.iter_mut().zip(gradients).zip(velocity) {
        let g = g + decay * *w;
        *b = momentum * *b + g;
        *w -= lr * if nesterov { g + momentum * *b } else { *b };
    }
    Ok(())
    // END ANSWER
}

/// A step of AdamW, in place. The step is number t: 1 for the first. For each weight w and its
/// gradient g:
///
/// ```text
/// w ← w − lr · weight_decay · w         with the decay of its group
/// m ← beta1 · m + (1 − beta1) · g
/// v ← beta2 · v + (1 − beta2) · g²
/// m̂ = m / (1 − beta1^t),   v̂ = v / (1 − beta2^t)
/// w ← w − lr · m̂ / (√v̂ + eps)
/// ```
///
/// `state` is what the step before left; afterwards `state.step` is t. It keeps m and v, not m̂ and
/// v̂. All depends on the arguments alone, so a step from a copy of them has the same bits. A gradient
/// that is NaN or infinite spoils its own weight and no other. Intermediate results may be f32 or
/// f64; gradients are at most 10¹⁵ in size.
///
/// # Errors
/// Those of [`AdamW::expect_fits`], before anything is changed.
///
/// Source: Loshchilov and Hutter, 2017, algorithm 2; the decay times `lr`, as in PyTorch's `AdamW`.
pub fn adamw_step(
    weights: &mut [f32],
    gradients: &[f32],
    groups: &[Group],
    state: &mut Moments,
    settings: &AdamW,
) -> Result<(), OptimizerError> {
    settings.expect_fits(weights, gradients, groups, state)?;
    // BEGIN ANSWER
    let &AdamW { lr, beta1, beta2, eps } = settings;
    state.step += 1;
    let correction = |beta: f64| 1.0 - beta.powf(state.step as f64);
    // What is the same for all weights is computed once, in f64.
    let [step_size, root] = [lr / correction(beta1), correction(beta2).sqrt()].map(|x| x as f32);
    let [rest1, rest2] = [1.0 - beta1, 1.0 - beta2].map(|x| x as f32);
    let [beta1, beta2, eps] = [beta1, beta2, eps].map(|x| x as f32);
    for Group { range, weight_decay } in groups {
        let keep = (1.0 - lr * weight_decay) as f32;
        let moments = state.m[range.clone()].iter_mut().zip(&mut state.v[range.clone()]);
        let pairs = weights[range.clone()].iter_mut().zip(&gradients[range.clone()]);
        for ((w, &g), (m, v)) in pairs.zip(moments) {
            *m = beta1 * *m + rest1 * g;
            *v = beta2 * *v + rest2 * g * g;
            *w = keep * *w - step_size * *m / (v.sqrt() / root + eps);
        }
    }
    Ok(())
    // END ANSWER
}

/// Which weights decay: tensors lie one after the other in a single list of numbers, in the order of
/// `parameters`.
///
/// A tensor decays by `weight_decay`. Two kinds do not, and have a decay of 0: vectors and single
/// numbers, whose shapes have fewer than two sizes; and whatever is a bias or a norm by its name. For
/// that the name is taken in lower case and split at its dots: it is one if a part is `bias` or `ln`,
/// begins with `ln_`, or has `norm` in it.
///
/// The groups are all numbers in their order. Neighbors with the same decay are one group, and a
/// tensor without numbers is in none: no two groups in a row have the same decay, and none is empty.
pub fn decay_groups(parameters: &[Parameter], weight_decay: f64) -> Vec<Group> {
    // BEGIN ANSWER
    let mut groups: Vec<Group> = Vec::new();
    let mut start = 0;
    for Parameter { name, shape } in parameters {
        let end = start + shape.iter().product::<usize>();
        if end == start {
            continue;
        }
        let name = name.to_lowercase();
        let is_spared = |part: &str| {
            part == "bias" || part == "ln" || part.starts_with("ln_") || part.contains("norm")
        };
        let decays = shape.len() >= 2 && !name.split('.').any(is_spared);
        let weight_decay = if decays { weight_decay } else { 0.0 };
        match groups.last_mut() {
            Some(last) if last.weight_decay == weight_decay => last.range.end = end,
            _ => groups.push(Group { range: start..end, weight_decay }),
        }
        start = end;
    }
    groups
    // END ANSWER
}

/// A step of Lion, in place. For each weight w, its gradient g and its momentum m:
///
/// ```text
/// c = beta1 · m + (1 − beta1) · g
/// w ← w − lr · (sign(c) + weight_decay · w)
/// m ← beta2 · m + (1 − beta2) · g
/// ```
///
/// sign is 1, −1, or 0 for a 0 of either sign; that of NaN is NaN. Before the first step the momentum
/// is 0. Intermediate results may be f32 or f64, so where the two parts of c nearly cancel, its sign
/// may be any; the parts themselves are 0 or at least 10⁻³⁰ in size.
///
/// # Errors
/// Those of [`Lion::expect_fits`], before anything is changed.
///
/// Source: Chen and others, 2023, algorithm 2.
pub fn lion(
    weights: &mut [f32],
    gradients: &[f32],
    momentum: &mut [f32],
    settings: &Lion,
) -> Result<(), OptimizerError> {
    settings.expect_fits(weights, gradients, momentum)?;
    // BEGIN ANSWER
    let &Lion { lr, beta1, beta2, weight_decay } = settings;
    let keep = (1.0 - lr * weight_decay) as f32;
    let [rest1, rest2] = [1.0 - beta1, 1.0 - beta2].map(|x| x as f32);
    let [lr, beta1, beta2] = [lr, beta1, beta2].map(|x| x as f32);
    for ((w, &g), m) in weights.iter_mut().zip(gradients).zip(momentum) {
        let c = beta1 * *m + rest1 * g;
        // `signum` of 0 would be 1.
        let sign = if c == 0.0 { 0.0 } else { c.signum() };
        *w = keep * *w - lr * sign;
        *m = beta2 * *m + rest2 * g;
    }
    Ok(())
    // END ANSWER
}

/// A step of Adafactor for a matrix W, row-major, in place. It has as many rows and columns as
/// `state`. The step is number t: 1 for the first. With the gradient G:
///
/// ```text
/// β = 1 − t^−0.8
/// rows[i] ← β · rows[i] + (1 − β) · mean over row i of (G² + eps1)
/// cols[j] ← β · cols[j] + (1 − β) · mean over column j of (G² + eps1)
/// U[i][j] = G[i][j] / √(rows[i] · cols[j] / mean(rows))
/// W ← W − α · U / max(1, rms(U) / clip_threshold)
/// ```
///
/// rms(X) is √(mean of X²). α is `lr`, if there is one; else it is max(eps2, rms(W)) · min(0.01, 1/√t),
/// with W as it is before the step. Afterwards `state.step` is t. A matrix without numbers has
/// nothing to move: only `state.step` changes. Gradients are at most 10⁹ in size. Take f64 for what is
/// in between: in f32 the product of two tiny means is 0.
///
/// # Errors
/// Those of [`Adafactor::expect_fits`], before anything is changed.
///
/// Source: Shazeer and Stern, 2018, algorithm 4, as in `Adafactor` of transformers.
pub fn adafactor(
    weights: &mut [f32],
    gradients: &[f32],
    state: &mut Factors,
    settings: &Adafactor,
) -> Result<(), OptimizerError> {
    settings.expect_fits(weights, gradients, state)?;
    // BEGIN ANSWER
    state.step += 1;
    if weights.is_empty() {
        return Ok(());
    }
    let t = state.step as f64;
    let beta = 1.0 - t.powf(-0.8);
    let n_cols = state.cols.len();
    let square = |g: &f32| f64::from(*g).powi(2) + settings.eps1;
    let mean_square = |x: &mut dyn Iterator<Item = f64>, n: usize| x.sum::<f64>() / n as f64;
    let moved = |old: f32, mean: f64| (beta * f64::from(old) + (1.0 - beta) * mean) as f32;
    for (row, g) in state.rows.iter_mut().zip(gradients.chunks(n_cols)) {
        *row = moved(*row, mean_square(&mut g.iter().map(square), n_cols));
    }
    for (j, col) in state.cols.iter_mut().enumerate() {
        let g = gradients.iter().skip(j).step_by(n_cols);
        *col = moved(*col, mean_square(&mut g.map(square), state.rows.len()));
    }

    let (rows, cols) = (&state.rows, &state.cols);
    let mean_row = rows.iter().map(|&r| f64::from(r)).sum::<f64>() / rows.len() as f64;
    let update = |i: usize| {
        let [row, col] = [rows[i / n_cols], cols[i % n_cols]].map(f64::from);
        f64::from(gradients[i]) / (row / mean_row * col).sqrt()
    };
    let n = weights.len();
    let rms = |squares: &mut dyn Iterator<Item = f64>| mean_square(squares, n).sqrt();
    let clip = (rms(&mut (0..n).map(|i| update(i).powi(2))) / settings.clip_threshold).max(1.0);
    let size = rms(&mut weights.iter().map(|&w| f64::from(w).powi(2)));
    let lr = settings.lr.unwrap_or(settings.eps2.max(size) * (1.0 / t.sqrt()).min(0.01));
    for (i, w) in weights.iter_mut().enumerate() {
        *w = (f64::from(*w) - lr / clip * update(i)) as f32;
    }
    Ok(())
    // END ANSWER
}

/// The source of a kernel that takes a step of AdamW; what it binds is said in the file.
pub fn adamw_wgsl() -> &'static str {
    include_str!("../kernels/solution/adamw.wgsl")
}
