// Judges a solution. `subject` is the learner's module, the reference, or a mutant.

use candle_core::{DType, Device, Tensor, Var};
use grading::{Failure, Outcome, Tolerance, expect, expect_close, expect_eq, expect_error};

use crate::oracle::{self, Batch, F32, KernelUnderTest, LossCase, is_large};

grading::checks! {
    "Surprise counts bits" => surprise_counts_bits {
        points: 2, section: "surprise", hints: [
            "A probability of 1/2 is worth one bit, 1/4 two, 1/8 three: which function does that?",
            "Surprise is the *negative* logarithm, to the base 2. Nothing is added to p first: p = 0 gives +∞.",
            "`-p.log2()`.",
        ]
    }
    "What is no probability is an error" => surprise_refuses_what_is_no_probability {
        points: 1, section: "surprise", hints: [
            "Which numbers can be probabilities, the ends included? And NaN?",
            "Every comparison with NaN is false: ask whether p is in the range, not whether it is outside.",
            "`if !(0.0..=1.0).contains(&p) { return Err(LossError::NotAProbability(p)); }`",
        ]
    }
    "Log-softmax matches PyTorch along every axis" => log_softmax_matches_pytorch {
        points: 3, section: "from-logits", hints: [
            "Take the logarithm of the softmax formula on paper: ln(a / b) = ln a − ln b.",
            "x_i − ln Σ_j exp(x_j): the sum runs along `dim` only.",
            "`sum_keepdim(dim)?` leaves an axis of length 1, `log()?` is the natural logarithm, `broadcast_sub` stretches the axis again.",
        ]
    }
    "Log-softmax stays finite" => log_softmax_stays_finite {
        points: 3, section: "from-logits", hints: [
            "What is exp(1000) in f32, and what is ln(exp(−1000))?",
            "Subtract the maximum along `dim` first. And never take the logarithm of a probability: it may have become 0.",
            "With `shifted = x − max`, the answer is `shifted − ln Σ exp(shifted)`.",
        ]
    }
    "Gradients flow back through log-softmax" => log_softmax_passes_gradients {
        points: 2, section: "from-logits", hints: [
            "candle follows each operation back, except fused ones and `detach`.",
            "The sum depends on x too: only the maximum may be detached, since any shift gives the same result.",
            "`x.max_keepdim(dim)?.detach()`, and `broadcast_sub`, `exp`, `sum_keepdim`, `log` for the rest.",
        ]
    }
    "The loss matches PyTorch" => loss_matches_pytorch {
        points: 3, section: "cross-entropy", hints: [
            "Log-probabilities along the vocabulary; then one number a row, that of its target; then their mean.",
            "`gather` along axis 1 picks one number a row. Its index has the shape (n, 1).",
            "`log_softmax(&logits, 1)?.gather(&labels, 1)?.mean_all()?.neg()?`",
        ]
    }
    "The loss stays finite on large logits" => loss_stays_finite {
        points: 1, section: "cross-entropy", hints: [
            "A target far below the best token has a probability that f32 rounds to 0. Its loss is still finite.",
            "Do not take the logarithm of a softmax: use your `log_softmax`.",
        ]
    }
    "The gradient is that of PyTorch" => loss_has_the_gradient_of_pytorch {
        points: 3, section: "the-gradient", hints: [
            "The gradient of a row is (p − y) / k. Does it reach the logits at all?",
            "Everything that depends on the logits must stay a tensor: a loss computed from `to_vec2` numbers has no history.",
            "Read only the *targets* into a `Vec`; for the logits use `index_select`, your `log_softmax`, `gather`, `mean_all`.",
        ]
    }
    "Ignored targets do not count" => ignored_targets_do_not_count {
        points: 3, section: "ignored-labels", hints: [
            "The mean is over the targets that count, not over all rows.",
            "Any id may be the one to ignore: 0, the last token, or one that the vocabulary does not have. Compare with `ignore_index` before anything else.",
            "Collect the rows and labels that count into two `Vec<u32>`, take those rows with `index_select(&rows, 0)`, and go on as before.",
        ]
    }
    "Ignored rows get no gradient" => ignored_rows_get_no_gradient {
        points: 2, section: "ignored-labels", hints: [
            "A row that is not part of the loss cannot change it.",
            "Setting an ignored target to some other token makes the model learn that token.",
            "Select the rows that count before `log_softmax`: the backward of `index_select` leaves the others at 0.",
        ]
    }
    "Bad targets are errors" => bad_targets_are_errors {
        points: 2, section: "cross-entropy", hints: [
            "What if a target is not in the vocabulary, if all are ignored, if there are too few?",
            "A mean of nothing would be 0 / 0, and a NaN travels far. Each case has its variant in `LossError`.",
            "`LossError::Shape` unless `logits.dims()` is `[n, vocab]` and `targets.dims()` is `[n]`; `Target` at the first bad one; `NothingLeft` if no row is left.",
        ]
    }
    "Bits per byte count bytes" => bits_per_byte_counts_bytes {
        points: 2, section: "bits-per-byte", hints: [
            "First the whole text: how many nats are `tokens` tokens of `loss` nats each?",
            "A nat has 1 / ln 2 bits.",
            "`loss * tokens as f64 / std::f64::consts::LN_2 / bytes as f64`",
        ]
    }
    "A text without bytes is an error" => no_bytes_are_an_error {
        points: 1, section: "bits-per-byte", hints: [
            "What is x / 0.0 for an f64? It is no panic, so nobody would notice.",
            "Begin with `if bytes == 0` and return `Err(LossError::NoBytes)`.",
        ]
    }
    "The kernel's loss is right at odd sizes" => kernel_loss_is_right(cross_entropy_wgsl) {
        points: 3, section: "the-kernel", hints: [
            "The maximum and the sum are those of the softmax kernel. One thread then writes one number a row.",
            "Row r starts at r · cols; its target's logit is `logits[start + targets[row]]`.",
            "`if thread == 0u { loss[row] = log(row_sum) - (logits[start + label] - row_max); }`",
        ]
    }
    "The kernel's gradient is p − y" => kernel_gradient_is_p_minus_y(cross_entropy_wgsl) {
        points: 3, section: "the-kernel", hints: [
            "The gradient is the softmax of the row, less 1 in one column. Which column?",
            "A last loop over the columns: exp(x − max) / sum, minus 1 where the column is the target.",
            "`gradient[start + col] = exp(logits[start + col] - row_max) / row_sum - select(0.0, 1.0, col == label);`",
        ]
    }
    "The kernel handles rows longer than a workgroup" => kernel_handles_long_rows(cross_entropy_wgsl) {
        points: 2, section: "the-kernel", hints: [
            "A vocabulary has many more tokens than a workgroup has threads.",
            "Each loop over the columns starts at `thread` and steps by 256, to the end of the row.",
        ]
    }
    "The kernel stays finite on large logits" => kernel_stays_finite(cross_entropy_wgsl) {
        points: 2, section: "the-kernel", hints: [
            "The same trap as on the CPU: exp of a large number.",
            "Start the maximum at `LOWEST`, and subtract it before `exp`.",
            "In the loss subtract the maximum from the target's logit *first*; `row_max + log(row_sum)` would round the small part away.",
        ]
    }
    "The kernel writes zeros for ignored rows" => kernel_writes_zeros_for_the_ignored(cross_entropy_wgsl) {
        points: 2, section: "the-kernel", hints: [
            "Buffers hold anything before the kernel runs: a row that is left out has to be written too.",
            "Compare `targets[row]` with `dims.ignore_index`. All threads of a workgroup have the same row, so all may return early.",
            "A loop that sets the row's gradient to 0, `if thread == 0u { loss[row] = 0.0; }`, then `return`, all before the first barrier.",
        ]
    }
    "The kernel writes its rows and nothing else" => kernel_writes_its_rows_only(cross_entropy_wgsl) {
        points: 1, section: "the-kernel", hints: [
            "The grid can be two-dimensional, and can have more workgroups than there are rows.",
            "Use the `row` that is given, and begin with `if row >= dims.rows { return; }`.",
        ]
    }
}

fn tensor(x: &[f64], shape: &[usize]) -> candle_core::Result<Tensor> {
    let x: Vec<f32> = x.iter().map(|&v| v as f32).collect();
    Tensor::from_vec(x, shape, &Device::Cpu)
}

fn labels(targets: &[u32]) -> candle_core::Result<Tensor> {
    Tensor::from_slice(targets, targets.len(), &Device::Cpu)
}

const EXACT: Tolerance = Tolerance { rtol: 1e-12, atol: 0.0 };
