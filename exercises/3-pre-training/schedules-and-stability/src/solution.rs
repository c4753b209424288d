//! The reference: how large a step is, and what is done so that it is a good one.

use std::f64::consts::PI;

use schedules_and_stability::{
    Accumulated, Decay, IGNORE, LossScaler, MicroBatch, Schedule, StabilityError,
};

// The types are in parts.rs and error.rs, beside this file.

/// The learning rate of a step; steps are counted from 0.
///
/// The first rule that fits decides, `w` being `warmup`:
///
/// ```text
/// step < w        peak · (step + 1) / (w + 1)
/// Constant        peak
/// InverseSqrt     peak · √((w + 1) / (step + 1)), at least floor
/// step ≥ total    floor
/// step < begin    peak
/// otherwise, with t = (step − begin) / (total − begin):
/// Cosine          floor + (peak − floor) · (1 + cos πt) / 2
/// Linear, WarmupStableDecay
///                 peak − (peak − floor) · t
/// ```
///
/// `begin` is where the rate begins to fall: `w`, but for `WarmupStableDecay` the later of `w` and
/// `total − decay`. So with a decay that ends, step `w` has the peak, unless it is the end already,
/// and each later step from `total` on has the floor. All four numbers of steps may be as large as
/// a usize is.
///
/// Sources: Loshchilov and Hutter, 2016 (cosine), Vaswani and others, 2017, section 5.3 (inverse
/// square root), Hu and others, 2024, section 4 (warmup-stable-decay).
pub fn lr_at(schedule: &Schedule, step: usize) -> f64 {
    // BEGIN ANSWER
    let &Schedule { decay, peak, floor, warmup, total } = schedule;
    // As floats: one more than the largest usize is no usize.
    let (nth, first_full) = (step as f64 + 1.0, warmup as f64 + 1.0);
    if step < warmup {
        return peak * (nth / first_full);
    }
    let begin = match decay {
        Decay::Constant => return peak,
        Decay::InverseSqrt => return (peak * (first_full / nth).sqrt()).max(floor),
        Decay::WarmupStableDecay { decay } => total.saturating_sub(decay).max(warmup),
        Decay::Linear | Decay::Cosine => warmup,
    };
    if step >= total {
        return floor;
    }
    if step < begin {
        return peak;
    }
    let t = (step - begin) as f64 / (total - begin) as f64;
    match decay {
        Decay::Cosine => floor + (peak - floor) * (1.0 + (PI * t).cos()) / 2.0,
        _ => peak - (peak - floor) * t,
    }
    // END ANSWER
}

/// Scales gradients down, all by the same factor, so that their norm is at most about `max_norm`,
/// and returns the norm that they had.
///
/// ```text
/// norm   = √(Σ g²)    over all numbers of all tensors
/// factor = min(1, max_norm / (norm + 1e-6))
/// ```
///
/// Each slice is the gradient of one tensor, and each number of it is multiplied by the factor. If
/// the factor is 1, nothing changes. Norm and products are computed in f64, where squares of f32
/// neither overflow nor vanish. Without numbers the norm is 0. A `max_norm` of ∞ only measures.
///
/// # Errors
/// [`StabilityError::MaxNorm`] if `max_norm` is negative or NaN; then
/// [`StabilityError::NotFinite`] with the first place that holds ∞ or NaN. Then no number has
/// changed.
///
/// Source: Pascanu and others, 2013, section 3.2; the 1e-6 is that of PyTorch's `clip_grad_norm_`.
pub fn clip_grad_norm(grads: &mut [&mut [f32]], max_norm: f64) -> Result<f64, StabilityError> {
    // BEGIN ANSWER
    if max_norm.is_nan() || max_norm < 0.0 {
        return Err(StabilityError::MaxNorm { max_norm });
    }
    let mut sum = 0.0;
    for grad in grads.iter() {
        sum += grad.iter().map(|&g| f64::from(g) * f64::from(g)).sum::<f64>();
    }
    // Squares of finite f32 never add up to ∞ in f64.
    if !sum.is_finite() {
        for (tensor, grad) in grads.iter().enumerate() {
            if let Some(at) = grad.iter().position(|g| !g.is_finite()) {
                return Err(StabilityError::NotFinite { tensor, at });
            }
        }
    }
    let norm = sum.sqrt();
    let factor = max_norm / (norm + 1e-6);
    if factor < 1.0 {
        for g in grads.iter_mut().flat_map(|grad| grad.iter_mut()) {
            *g = (f64::from(*g) * factor) as f32;
        }
    }
    Ok(norm)
    // END ANSWER
}

/// Loss and gradient of one large batch, from those of the micro-batches that it was cut into.
///
/// With `n_i` labels of micro-batch `i` that are not [`IGNORE`], and `N = Σ n_i`:
///
/// ```text
/// mean_loss = Σ (n_i / N) · mean_loss_i        gradient = Σ (n_i / N) · gradient_i
/// ```
///
/// This is the mean over all tokens, not the mean of the means. A micro-batch with `n_i = 0` adds
/// nothing, whatever it holds; in it, a mean over nothing is NaN. Sums are taken in f64, and
/// `tokens` is `N`. What is ∞ or NaN in another micro-batch is so in the sum.
///
/// # Errors
/// [`StabilityError::Parameters`] with the first micro-batch whose gradient is not as long as that
/// of micro-batch 0; then [`StabilityError::NoTokens`] if `N` is 0.
pub fn accumulate(micro_batches: &[MicroBatch]) -> Result<Accumulated, StabilityError> {
    // BEGIN ANSWER
    let expected = micro_batches.first().map_or(0, |first| first.gradient.len());
    for (micro_batch, MicroBatch { gradient, .. }) in micro_batches.iter().enumerate() {
        let parameters = gradient.len();
        if parameters != expected {
            return Err(StabilityError::Parameters { micro_batch, parameters, expected });
        }
    }
    let asked = |batch: &MicroBatch| batch.labels.iter().filter(|&&y| y != IGNORE).count();
    let tokens: usize = micro_batches.iter().map(asked).sum();
    if tokens == 0 {
        return Err(StabilityError::NoTokens);
    }
    let (mut mean_loss, mut sums) = (0.0, vec![0.0; expected]);
    for batch in micro_batches.iter().filter(|batch| asked(batch) > 0) {
        let share = asked(batch) as f64 / tokens as f64;
        mean_loss += share * batch.mean_loss;
        for (sum, &g) in sums.iter_mut().zip(&batch.gradient) {
            *sum += share * f64::from(g);
        }
    }
    let gradient = sums.into_iter().map(|sum| sum as f32).collect();
    Ok(Accumulated { mean_loss, gradient, tokens })
    // END ANSWER
}

/// Divides gradients by the scale that their loss was multiplied with, and returns whether a step
/// may be taken with them: whether all were finite before the division.
///
/// `scale` is finite and above 0. If a gradient is ∞ or NaN, the step is skipped, and what the
/// slices hold then does not matter. Without numbers a step may be taken.
///
/// Source: Micikevicius and others, 2017, section 3.2.
pub fn unscale(grads: &mut [&mut [f32]], scale: f32) -> bool {
    // BEGIN ANSWER
    let mut finite = true;
    for g in grads.iter_mut().flat_map(|grad| grad.iter_mut()) {
        finite &= g.is_finite();
        *g /= scale;
    }
    finite
    // END ANSWER
}

/// Chooses the scale of the next step; `finite` says whether this step's gradients were.
///
/// If not, `scale` is multiplied by `backoff_factor`, and `growth_tracker` begins again at 0. If
/// they were, `growth_tracker` grows by 1; when it reaches `growth_interval`, `scale` is multiplied
/// by `growth_factor`, unless that would make it ∞, and `growth_tracker` begins again at 0. Nothing
/// else changes.
///
/// Source: PyTorch's `torch.amp.GradScaler`, whose `update` does this.
pub fn update_scale(scaler: &mut LossScaler, finite: bool) {
    // BEGIN ANSWER
    if !finite {
        scaler.scale *= scaler.backoff_factor;
        scaler.growth_tracker = 0;
        return;
    }
    scaler.growth_tracker += 1;
    if scaler.growth_tracker >= scaler.growth_interval {
        let grown = scaler.scale * scaler.growth_factor;
        if grown.is_finite() {
            scaler.scale = grown;
        }
        scaler.growth_tracker = 0;
    }
    // END ANSWER
}
