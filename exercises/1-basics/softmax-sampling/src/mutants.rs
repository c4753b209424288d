//! Wrong solutions, each with one classic bug, each to be rejected by the check named in `lib.rs`.

mod beams;

pub use beams::*;

/// Softmax with one bug a module: `$y` is computed from `$x` along `$dim`.
macro_rules! softmax_mutants {
    ($($(#[$doc:meta])* $name:ident: |$x:ident, $dim:ident| $y:expr;)+) => {$(
        $(#[$doc])*
        pub mod $name {
            pub use crate::solution::*;
            use candle_core::{Result, Tensor};

            pub fn softmax($x: &Tensor, $dim: usize) -> Result<Tensor> {
                $y
            }
        }
    )+};
}

softmax_mutants! {
    /// A mean where a sum belongs.
    divides_by_count: |x, dim| {
        let weights = x.broadcast_sub(&x.max_keepdim(dim)?)?.exp()?;
        weights.broadcast_div(&weights.mean_keepdim(dim)?)
    };
    /// Each number by itself.
    sigmoid_instead: |x, _dim| (x.neg()?.exp()? + 1.0)?.recip();
    /// Right for the classifier it was copied from.
    last_axis_always: |x, dim| {
        x.sum_keepdim(dim)?;
        crate::solution::softmax(x, x.rank() - 1)
    };
    /// All rows share one sum.
    sums_the_whole_tensor: |x, dim| {
        let weights = x.broadcast_sub(&x.max_keepdim(dim)?)?.exp()?;
        weights.broadcast_div(&weights.sum_all()?)
    };
    /// The formula as it is printed.
    no_max_subtraction: |x, dim| {
        let weights = x.exp()?;
        weights.broadcast_div(&weights.sum_keepdim(dim)?)
    };
    /// Right values, no backward: what a fused operation does.
    gradient_is_cut: |x, dim| crate::solution::softmax(&x.detach(), dim);
}

/// The bugs of `filtered_probs`.
#[derive(Clone, Copy, PartialEq)]
enum Bug {
    TemperatureMultiplies,
    TemperatureOverflows,
    TemperatureIgnored,
    TemperatureLast,
    GreedyTakesTheLast,
    ZeroTemperatureDivides,
    TopKOffByOne,
    TopKKeepsTies,
    TopPDropsTheCrossing,
    TopPKeepsOneTooMany,
    TopPFirst,
    TopPOfTheFullMass,
    MinPAbsolute,
    MinPOfLogits,
    NoRenormalization,
    AcceptsNan,
    SettingsUnchecked,
}

mod buggy {
    use std::cmp::Ordering;

    use super::Bug;
    use crate::{SampleError, Sampling};

    /// `filtered_probs` with one bug, on full-length vectors of logits and shares.
    pub(super) fn filtered_probs(
        logits: &[f32],
        sampling: &Sampling,
        bug: Bug,
    ) -> Result<Vec<f64>, SampleError> {
        if bug != Bug::SettingsUnchecked {
            sampling.validate()?;
        }
        let bad = |x: &f32| *x == f32::INFINITY || (x.is_nan() && bug != Bug::AcceptsNan);
        if let Some(i) = logits.iter().position(bad) {
            return Err(SampleError::Logit(i));
        }
        let Sampling { temperature, top_k, top_p, min_p } = *sampling;
        let x: Vec<f64> = logits.iter().map(|&x| f64::from(x)).collect();
        let mut order: Vec<usize> = (0..x.len()).filter(|&i| x[i] > f64::NEG_INFINITY).collect();
        order.sort_by(|&a, &b| x[b].partial_cmp(&x[a]).unwrap_or(Ordering::Equal));
        let best = *order.first().ok_or(SampleError::NothingToChoose)?;
        if temperature == 0.0 && bug != Bug::ZeroTemperatureDivides {
            let last = order.iter().rfind(|&&i| x[i] == x[best]).copied();
            let chosen = if bug == Bug::GreedyTakesTheLast { last.unwrap_or(best) } else { best };
            return Ok((0..x.len()).map(|i| f64::from(u8::from(i == chosen))).collect());
        }
        let at = |temperature: f64| -> Vec<f64> {
            let scaled: Vec<f64> = match bug {
                Bug::TemperatureMultiplies => {
                    x.iter().map(|v| (v - x[best]) * temperature).collect()
                }
                Bug::TemperatureOverflows => {
                    x.iter().map(|v| v / temperature - x[best] / temperature).collect()
                }
                Bug::TemperatureIgnored => x.iter().map(|v| v - x[best]).collect(),
                _ => x.iter().map(|v| (v - x[best]) / temperature).collect(),
            };
            let weights: Vec<f64> = scaled.iter().map(|v| v.exp()).collect();
            let total: f64 = order.iter().map(|&i| weights[i]).sum();
            weights.iter().map(|w| w / total).collect()
        };
        let probs = at(if bug == Bug::TemperatureLast { 1.0 } else { temperature });

        let mut kept = order.clone();
        if bug == Bug::TopPFirst {
            keep_top_p(&mut kept, &probs, top_p, bug);
        }
        if let Some(k) = top_k {
            let k = if bug == Bug::TopKOffByOne { k + 1 } else { k };
            let floor = kept.get(k - 1).map_or(f64::NEG_INFINITY, |&i| x[i]);
            if bug == Bug::TopKKeepsTies {
                kept.retain(|&i| x[i] >= floor);
            } else {
                kept.truncate(k);
            }
        }
        if bug != Bug::TopPFirst {
            keep_top_p(&mut kept, &probs, top_p, bug);
        }
        if let Some(p) = min_p {
            match bug {
                Bug::MinPAbsolute => kept.retain(|&i| probs[i] >= p),
                Bug::MinPOfLogits => kept.retain(|&i| x[i] >= p * x[best]),
                _ => kept.retain(|&i| probs[i] >= p * probs[best]),
            }
        }

        let probs = if bug == Bug::TemperatureLast { at(temperature) } else { probs };
        let total: f64 = kept.iter().map(|&i| probs[i]).sum();
        let total = if bug == Bug::NoRenormalization { 1.0 } else { total };
        let mut result = vec![0.0; x.len()];
        for i in kept {
            result[i] = probs[i] / total;
        }
        Ok(result)
    }

    fn keep_top_p(kept: &mut Vec<usize>, probs: &[f64], top_p: Option<f64>, bug: Bug) {
        let Some(p) = top_p.filter(|&p| p < 1.0) else { return };
        let total: f64 = kept.iter().map(|&i| probs[i]).sum();
        let total = if bug == Bug::TopPOfTheFullMass { 1.0 } else { total };
        let mut before = 0.0;
        kept.retain(|&i| {
            let after = before + probs[i];
            let needed = match bug {
                Bug::TopPDropsTheCrossing => after <= p * total || before == 0.0,
                Bug::TopPKeepsOneTooMany => before <= p * total,
                _ => before < p * total,
            };
            before = after;
            needed
        });
    }
}

/// A sampler whose `filtered_probs` has one of the bugs.
macro_rules! filter_mutants {
    ($($name:ident: $bug:ident;)+) => {$(
        pub mod $name {
            pub use crate::solution::*;
            use crate::mutants::{Bug, buggy};
            use crate::{SampleError, Sampling};

            pub fn filtered_probs(logits: &[f32], s: &Sampling) -> Result<Vec<f64>, SampleError> {
                buggy::filtered_probs(logits, s, Bug::$bug)
            }
        }
    )+};
}

filter_mutants! {
    temperature_multiplies: TemperatureMultiplies;
    temperature_overflows: TemperatureOverflows;
    temperature_ignored: TemperatureIgnored;
    temperature_after_the_filters: TemperatureLast;
    greedy_takes_the_last_of_equals: GreedyTakesTheLast;
    zero_temperature_divides: ZeroTemperatureDivides;
    top_k_off_by_one: TopKOffByOne;
    top_k_keeps_ties: TopKKeepsTies;
    top_p_drops_the_crossing_token: TopPDropsTheCrossing;
    top_p_keeps_one_too_many: TopPKeepsOneTooMany;
    top_p_before_top_k: TopPFirst;
    top_p_of_the_full_mass: TopPOfTheFullMass;
    min_p_is_absolute: MinPAbsolute;
    min_p_of_all_logits: MinPOfLogits;
    no_renormalization: NoRenormalization;
    accepts_nan: AcceptsNan;
    settings_unchecked: SettingsUnchecked;
}

/// A right `filtered_probs` with one bug in the draw: `$draw` turns the probabilities and the
/// generator into a token.
macro_rules! draw_mutants {
    ($($(#[$doc:meta])* $name:ident: |$probs:ident, $rng:ident| $draw:expr;)+) => {$(
        $(#[$doc])*
        pub mod $name {
            pub use crate::solution::*;
            use crate::{SampleError, Sampling};
            use rand::{Rng, RngExt};

            pub fn sample(logits: &[f32], s: &Sampling, $rng: &mut impl Rng) -> Result<usize, SampleError> {
                let $probs = crate::solution::filtered_probs(logits, s)?;
                let u: f64 = $rng.random();
                Ok($draw(u))
            }
        }
    )+};
}

draw_mutants! {
    /// Deterministic, whatever the temperature.
    always_the_best: |probs, rng| |_| {
        (0..probs.len()).fold(0, |best, i| if probs[i] > probs[best] { i } else { best })
    };
    /// Every kept token is as likely as any other.
    uniform_over_the_kept: |probs, rng| |u: f64| {
        let kept: Vec<usize> = (0..probs.len()).filter(|&i| probs[i] > 0.0).collect();
        kept[(u * kept.len() as f64) as usize]
    };
    /// The random number exceeds the total, as when probabilities are not renormalized.
    rest_goes_to_the_last: |probs, rng| |u: f64| {
        let mut rest = 1.1 * u;
        let last = probs.len() - 1;
        (0..last).find(|&i| { rest -= probs[i]; rest < 0.0 }).unwrap_or(last)
    };
    /// `<=`: the point 0 belongs to the first token, even if that was removed.
    reaches_a_removed_token: |probs, rng| |u: f64| {
        let mut rest = u;
        let last = probs.len() - 1;
        (0..last).find(|&i| { rest -= probs[i]; rest <= 0.0 }).unwrap_or(last)
    };
}

/// Draws from the unfiltered distribution.
pub mod ignores_the_settings {
    pub use crate::solution::*;
    use crate::{SampleError, Sampling};
    use rand::Rng;

    pub fn sample(logits: &[f32], s: &Sampling, rng: &mut impl Rng) -> Result<usize, SampleError> {
        crate::solution::filtered_probs(logits, s)?;
        crate::solution::sample(logits, &Sampling::default(), rng)
    }
}

/// Kernels with one passage replaced.
macro_rules! kernel_mutants {
    ($($(#[$doc:meta])* $name:ident: $($from:literal => $to:literal),+;)+) => {$(
        $(#[$doc])*
        pub mod $name {
            pub use crate::solution::*;

            pub fn softmax_wgsl() -> String {
                let wgsl = crate::solution::softmax_wgsl();
                $(let wgsl = grading::patch(&wgsl, $from, $to);)+
                wgsl
            }
        }
    )+};
}

kernel_mutants! {
    /// The weights themselves.
    kernel_writes_unnormalized: "- row_max) / row_sum;" => "- row_max);";
    /// Column-major where the matrix is row-major; right for square matrices of one number.
    kernel_mixes_up_the_stride: "let start = row * dims.cols;" => "let start = row * dims.rows;";
    kernel_always_reads_the_first_row:
        "y[start + col] = exp(x[start + col]" => "y[start + col] = exp(x[col]";
    /// One column a thread, for the maximum and the sum.
    kernel_stops_at_256_columns:
        "{\n        row_max = max" => "{\n        if col >= THREADS { break; }\n        row_max = max",
        "{\n        row_sum += exp" => "{\n        if col >= THREADS { break; }\n        row_sum += exp";
    /// The upper half of the threads is left out of the sum.
    kernel_reduces_half_the_threads:
        "THREADS / 2u; half > 0u; half /= 2u) {\n        workgroupBarrier();\n        if thread < half {\n            slots[thread] +="
        => "THREADS / 4u; half > 0u; half /= 2u) {\n        workgroupBarrier();\n        if thread < half {\n            slots[thread] +=";
    kernel_no_max: "row_max = max_of_all(thread, row_max);" => "row_max = 0.0;";
    /// Fine until every logit of a row is far below 0.
    kernel_max_starts_at_zero: "var row_max = LOWEST;" => "var row_max = 0.0;";
    /// The sum runs one column into the next row.
    kernel_sums_the_neighbor:
        "{\n        row_sum += exp" => "{\n        if col + 1u == dims.cols { row_sum += exp(x[start + dims.cols] - row_max); }\n        row_sum += exp";
    kernel_ignores_the_second_axis: "let row = group.x + group.y * groups.x;" => "let row = group.x;";
    /// No test of the row: the rest of the grid writes behind the matrix.
    kernel_writes_past_the_end: "if row >= dims.rows {" => "if row > 1000000u {";
}
