//! Wrong solutions, each with one classic bug, each to be rejected by the check named in `lib.rs`.

/// `surprise_bits` with one bug a module.
macro_rules! surprise_mutants {
    ($($(#[$doc:meta])* $name:ident: |$p:ident| $valid:expr, $bits:expr;)+) => {$(
        $(#[$doc])*
        pub mod $name {
            pub use crate::solution::*;
            use crate::LossError;

            pub fn surprise_bits($p: f64) -> Result<f64, LossError> {
                if !$valid {
                    return Err(LossError::NotAProbability($p));
                }
                Ok($bits)
            }
        }
    )+};
}

surprise_mutants! {
    surprise_in_nats: |p| (0.0..=1.0).contains(&p), -p.ln();
    /// How far from certain, a straight line.
    surprise_is_the_complement: |p| (0.0..=1.0).contains(&p), 1.0 - p;
    surprise_is_the_inverse: |p| (0.0..=1.0).contains(&p), 1.0 / p;
    surprise_without_minus: |p| (0.0..=1.0).contains(&p), p.log2();
    /// A term of the entropy.
    surprise_is_expected: |p| (0.0..=1.0).contains(&p), -p * p.log2();
    /// The little number that shall keep the logarithm finite, and is added to every p.
    surprise_has_a_floor: |p| (0.0..=1.0).contains(&p), -(p + 1e-9).log2();
    surprise_refuses_zero: |p| p > 0.0 && p <= 1.0, -p.log2();
    surprise_takes_anything: |p| !p.is_nan(), -p.log2();
    /// NaN is neither below 0 nor above 1.
    surprise_takes_nan: |p| ![p < 0.0, p > 1.0].contains(&true), -p.log2();
}

/// `log_softmax` with one bug a module.
macro_rules! log_softmax_mutants {
    ($($(#[$doc:meta])* $name:ident: |$x:ident, $dim:ident| $y:expr;)+) => {$(
        $(#[$doc])*
        pub mod $name {
            pub use crate::solution::*;
            use candle_core::{Result, Tensor};

            pub fn log_softmax($x: &Tensor, $dim: usize) -> Result<Tensor> {
                $y
            }
        }
    )+};
}

log_softmax_mutants! {
    log_softmax_last_axis: |x, dim| {
        x.sum_keepdim(dim)?;
        crate::solution::log_softmax(x, x.rank() - 1)
    };
    /// All rows share one sum.
    log_softmax_whole_tensor: |x, dim| {
        x.sum_keepdim(dim)?;
        x.broadcast_sub(&x.exp()?.sum_all()?.log()?)
    };
    log_softmax_in_bits: |x, dim| crate::solution::log_softmax(x, dim)? * std::f64::consts::LOG2_E;
    log_softmax_forgets_the_log: |x, dim| crate::solution::log_softmax(x, dim)?.exp();
    /// No maximum.
    log_softmax_as_printed: |x, dim| x.broadcast_sub(&x.exp()?.sum_keepdim(dim)?.log()?);
    log_of_softmax: |x, dim| crate::solution::log_softmax(x, dim)?.exp()?.log();
    /// Finite, but as if nothing were rarer than one in a billion.
    log_softmax_with_epsilon: |x, dim| (crate::solution::log_softmax(x, dim)?.exp()? + 1e-9)?.log();
    /// What a fused operation does.
    log_softmax_cuts_the_gradient: |x, dim| crate::solution::log_softmax(&x.detach(), dim);
    log_softmax_detaches_the_sum: |x, dim| {
        let shifted = x.broadcast_sub(&x.max_keepdim(dim)?.detach())?;
        shifted.broadcast_sub(&shifted.exp()?.sum_keepdim(dim)?.log()?.detach())
    };
}

mod parts {
    use candle_core::{Device, Tensor};

    use crate::LossError;

    /// Rows and labels that count.
    pub fn kept(
        logits: &Tensor,
        targets: &Tensor,
        ignore_index: u32,
    ) -> Result<(Tensor, Tensor), LossError> {
        crate::solution::cross_entropy(&logits.detach(), targets, ignore_index)?;
        let (mut rows, mut labels) = (Vec::new(), Vec::new());
        for (row, target) in targets.to_vec1::<u32>()?.into_iter().enumerate() {
            if target != ignore_index {
                rows.push(row as u32);
                labels.push(target);
            }
        }
        let count = rows.len();
        let rows = Tensor::from_vec(rows, count, &Device::Cpu)?;
        Ok((logits.index_select(&rows, 0)?, Tensor::from_vec(labels, (count, 1), &Device::Cpu)?))
    }

    /// The labels with a token in place of what is to be ignored, and 1 where a row counts.
    pub fn masked(
        logits: &Tensor,
        targets: &Tensor,
        ignore_index: u32,
    ) -> Result<(Tensor, Tensor), LossError> {
        crate::solution::cross_entropy(&logits.detach(), targets, ignore_index)?;
        let targets = targets.to_vec1::<u32>()?;
        let n = targets.len();
        let mask: Vec<f32> =
            targets.iter().map(|&t| if t == ignore_index { 0.0 } else { 1.0 }).collect();
        let labels = targets.iter().map(|&t| if t == ignore_index { 0 } else { t }).collect();
        Ok((
            Tensor::from_vec::<_, u32>(labels, (n, 1), &Device::Cpu)?,
            Tensor::from_vec(mask, (n, 1), &Device::Cpu)?,
        ))
    }
}

/// `cross_entropy` with one bug a module.
macro_rules! loss_mutants {
    ($($(#[$doc:meta])* $name:ident: |$logits:ident, $targets:ident, $ignore:ident| $loss:expr;)+) => {$(
        $(#[$doc])*
        pub mod $name {
            use candle_core::Tensor;

            use crate::LossError;
            #[allow(unused_imports)]
            use crate::mutants::parts::{kept, masked};
            pub use crate::solution::*;

            pub fn cross_entropy(
                $logits: &Tensor,
                $targets: &Tensor,
                $ignore: u32,
            ) -> Result<Tensor, LossError> {
                $loss
            }
        }
    )+};
}

loss_mutants! {
    loss_without_minus: |x, t, ignore| Ok(crate::solution::cross_entropy(x, t, ignore)?.neg()?);
    loss_is_the_sum: |x, t, ignore| {
        let (x, labels) = kept(x, t, ignore)?;
        Ok(log_softmax(&x, 1)?.gather(&labels, 1)?.sum_all()?.neg()?)
    };
    /// The mean of the whole matrix, not of the targets' numbers.
    loss_is_the_mean_of_all: |x, t, ignore| {
        let (x, _) = kept(x, t, ignore)?;
        Ok(log_softmax(&x, 1)?.mean_all()?.neg()?)
    };
    /// The logarithm of a mean is not the mean of logarithms.
    loss_is_of_the_mean_probability: |x, t, ignore| {
        let (x, labels) = kept(x, t, ignore)?;
        Ok(log_softmax(&x, 1)?.exp()?.gather(&labels, 1)?.mean_all()?.log()?.neg()?)
    };
    /// The next token's label: shifted once too often.
    loss_takes_the_last_token: |x, t, ignore| {
        let (x, labels) = kept(x, t, ignore)?;
        let vocab = x.dims()[1] as f64;
        let shifted = (labels.to_dtype(candle_core::DType::F32)? * 0.0)? + (vocab - 1.0);
        let shifted = shifted?.to_dtype(candle_core::DType::U32)?;
        Ok(log_softmax(&x, 1)?.gather(&shifted, 1)?.mean_all()?.neg()?)
    };
    loss_in_bits: |x, t, ignore| {
        Ok((crate::solution::cross_entropy(x, t, ignore)? * std::f64::consts::LOG2_E)?)
    };
    /// Softmax before a loss that applies it again.
    loss_of_probabilities: |x, t, ignore| {
        crate::solution::cross_entropy(&log_softmax(x, 1)?.exp()?, t, ignore)
    };
    /// Along the batch, where it should run along the vocabulary.
    loss_normalizes_columns: |x, t, ignore| {
        let (x, labels) = kept(x, t, ignore)?;
        Ok(log_softmax(&x, 0)?.gather(&labels, 1)?.mean_all()?.neg()?)
    };
    loss_takes_log_of_softmax: |x, t, ignore| {
        let (x, labels) = kept(x, t, ignore)?;
        Ok(log_softmax(&x, 1)?.exp()?.log()?.gather(&labels, 1)?.mean_all()?.neg()?)
    };
    /// Right, from plain numbers.
    loss_cuts_the_gradient: |x, t, ignore| crate::solution::cross_entropy(&x.detach(), t, ignore);
    /// A gradient for the target's logit alone.
    loss_detaches_the_normalizer: |x, t, ignore| {
        let (x, labels) = kept(x, t, ignore)?;
        let normalizer = (&x - log_softmax(&x, 1)?)?.detach();
        Ok((x - normalizer)?.gather(&labels, 1)?.mean_all()?.neg()?)
    };
    /// Ignored rows are 0 in the sum, and still in the count.
    loss_divides_by_all_rows: |x, t, ignore| {
        let rows = t.dims1()? as f64;
        let (x, labels) = kept(x, t, ignore)?;
        Ok((log_softmax(&x, 1)?.gather(&labels, 1)?.sum_all()?.neg()? / rows)?)
    };
    /// An ignored target is token 0.
    loss_counts_the_ignored: |x, t, ignore| {
        let (labels, _) = masked(x, t, ignore)?;
        Ok(log_softmax(x, 1)?.gather(&labels, 1)?.mean_all()?.neg()?)
    };
    /// Only the default is ignored.
    loss_knows_one_ignore_index: |x, t, _ignore| crate::solution::cross_entropy(x, t, u32::MAX);
    /// 0 · NaN is NaN.
    loss_multiplies_by_a_mask: |x, t, ignore| {
        let (labels, mask) = masked(x, t, ignore)?;
        let losses = (log_softmax(x, 1)?.gather(&labels, 1)? * &mask)?;
        Ok(losses.sum_all()?.neg()?.div(&mask.sum_all()?)?)
    };
    /// The right value; but the model learns token 0 wherever nothing is to be learned.
    loss_gives_the_ignored_a_gradient: |x, t, ignore| {
        let right = crate::solution::cross_entropy(x, t, ignore)?;
        let (labels, _) = masked(x, t, ignore)?;
        let all = log_softmax(x, 1)?.gather(&labels, 1)?.mean_all()?.neg()?;
        Ok(((right.detach() + &all)? - all.detach())?)
    };
    /// An unknown token becomes the last one.
    loss_clamps_the_target: |x, t, ignore| {
        let vocab = x.dim(1)? as u32;
        let clamp = |t: u32| if t == ignore { t } else { t.min(vocab - 1) };
        let clamped: Vec<u32> = t.to_vec1::<u32>()?.into_iter().map(clamp).collect();
        crate::solution::cross_entropy(x, &Tensor::new(clamped, x.device())?, ignore)
    };
    /// No error: a batch without targets looks perfect.
    loss_of_nothing_is_zero: |x, t, ignore| match crate::solution::cross_entropy(x, t, ignore) {
        Err(LossError::NothingLeft) => Ok(Tensor::new(0.0_f32, x.device())?),
        result => result,
    };
    /// What is not in the vocabulary is ignored, too.
    loss_skips_bad_targets: |x, t, ignore| {
        let vocab = x.dim(1)? as u32;
        let known = |t: u32| if t < vocab { t } else { ignore };
        let known: Vec<u32> = t.to_vec1::<u32>()?.into_iter().map(known).collect();
        crate::solution::cross_entropy(x, &Tensor::new(known, x.device())?, ignore)
    };
    /// As far as both reach.
    loss_skips_rows_without_target: |x, t, ignore| {
        let common = x.dim(0)?.min(t.dim(0)?);
        crate::solution::cross_entropy(&x.narrow(0, 0, common)?, &t.narrow(0, 0, common)?, ignore)
    };
}

/// `bits_per_byte` with one bug a module.
macro_rules! byte_mutants {
    ($($(#[$doc:meta])* $name:ident: |$loss:ident, $tokens:ident, $bytes:ident| $bits:expr;)+) => {$(
        $(#[$doc])*
        pub mod $name {
            use std::f64::consts::LN_2;

            use crate::LossError;
            pub use crate::solution::*;

            pub fn bits_per_byte(loss: f64, tokens: usize, bytes: usize) -> Result<f64, LossError> {
                if bytes == 0 {
                    return Err(LossError::NoBytes);
                }
                let ($loss, $tokens, $bytes) = (loss / LN_2, tokens as f64, bytes as f64);
                Ok($bits)
            }
        }
    )+};
}

byte_mutants! {
    bytes_in_nats: |bits, tokens, bytes| bits * LN_2 * tokens / bytes;
    /// Upside down.
    bytes_per_token: |bits, tokens, bytes| bits * bytes / tokens;
    /// As if every token were a byte.
    bytes_are_tokens: |bits, _tokens, _bytes| bits;
    bytes_multiplied_by_ln_2: |bits, tokens, bytes| bits * LN_2 * LN_2 * tokens / bytes;
}

/// NaN or +∞ instead of an error.
pub mod bytes_may_be_none {
    use crate::LossError;
    pub use crate::solution::*;

    pub fn bits_per_byte(loss: f64, tokens: usize, bytes: usize) -> Result<f64, LossError> {
        Ok(loss * tokens as f64 / std::f64::consts::LN_2 / bytes as f64)
    }
}

/// Kernels with one passage replaced.
macro_rules! kernel_mutants {
    ($($(#[$doc:meta])* $name:ident: $($from:literal => $to:literal),+;)+) => {$(
        $(#[$doc])*
        pub mod $name {
            pub use crate::solution::*;

            pub fn cross_entropy_wgsl() -> String {
                let wgsl = crate::solution::cross_entropy_wgsl();
                $(let wgsl = grading::patch(&wgsl, $from, $to);)+
                wgsl
            }
        }
    )+};
}

kernel_mutants! {
    /// The sum was taken relative to the maximum, the target's logit was not.
    kernel_forgets_the_max: "(logits[start + label] - row_max);" => "logits[start + label];";
    kernel_takes_the_first_column: "(logits[start + label] - row_max);" => "(logits[start] - row_max);";
    kernel_loss_has_no_log: "log(row_sum) -" => "row_sum -";
    kernel_loss_has_the_wrong_sign:
        "log(row_sum) - (logits[start + label] - row_max);" => "(logits[start + label] - row_max) - log(row_sum);";
    /// Column-major where the matrix is row-major.
    kernel_mixes_up_the_stride: "let start = row * dims.cols;" => "let start = row * dims.rows;";
    /// p without y.
    kernel_gradient_is_softmax: "p - select(0.0, 1.0, col == label);" => "p;";
    /// Uphill.
    kernel_gradient_is_y_minus_p: "p - select(0.0, 1.0, col == label);" => "select(0.0, 1.0, col == label) - p;";
    kernel_gradient_is_unnormalized: "- row_max) / row_sum;" => "- row_max);";
    /// The 1 in the column of the row's number.
    kernel_gradient_marks_the_row: "col == label);" => "col == row);";
    /// One column a thread, for the maximum and the sum.
    kernel_sums_one_column_a_thread:
        "{\n        row_max = max" => "{\n        if col >= THREADS { break; }\n        row_max = max",
        "{\n        row_sum += exp" => "{\n        if col >= THREADS { break; }\n        row_sum += exp";
    /// The gradient of the other columns stays what it was.
    kernel_stops_at_256_columns:
        "{\n        let p = exp" => "{\n        if col >= THREADS { break; }\n        let p = exp";
    kernel_has_no_max: "row_max = max_of_all(thread, row_max);" => "row_max = 0.0;";
    /// Fine until every logit of a row is far below 0.
    kernel_max_starts_at_zero: "var row_max = LOWEST;" => "var row_max = 0.0;";
    /// A large and a small number are added first: the small one loses its digits.
    kernel_subtracts_too_late:
        "log(row_sum) - (logits[start + label] - row_max);" => "(log(row_sum) + row_max) - logits[start + label];";
    /// A target like any other.
    kernel_ignores_nothing: "if label == dims.ignore_index {" => "if label == dims.ignore_index && row > 1000000u {";
    /// Right if the buffers were zero before.
    kernel_leaves_the_ignored:
        "        if thread == 0u {\n            loss[row] = 0.0;\n        }\n        return;" => "        return;";
    kernel_leaves_the_ignored_gradient: "            gradient[start + col] = 0.0;\n" => "";
    kernel_knows_one_ignore_index: "if label == dims.ignore_index {" => "if label == 4294967295u {";
    kernel_forgets_the_second_axis: "let row = group.x + group.y * groups.x;" => "let row = group.x;";
    /// No test of the row: the rest of the grid writes behind the outputs.
    kernel_writes_past_the_end: "if row >= dims.rows {" => "if row > 1000000u {";
}
