//! Judges answers: the reference, the learner's, a mutant.

mod bits;
mod cross_entropy;
mod differential;
mod kernel;

use bits::*;
use cross_entropy::*;
use differential::*;
use kernel::*;

grading::checks! {
    "Surprise counts bits" => surprise_counts_bits {
        function: surprise_bits, points: 2, section: "surprise", hints: [
            "A probability of 1/2 is worth one bit, 1/4 two, 1/8 three: which function does that?",
            "Surprise is the *negative* logarithm, to the base 2, of p as it is: p = 0 gives +∞.",
            "`0.0 - p.log2()`: with a minus sign alone, 0 becomes −0.",
        ]
    }
    "What is no probability is an error" => surprise_refuses_what_is_no_probability {
        function: surprise_bits, points: 1, section: "surprise", hints: [
            "Which numbers can be probabilities, the ends included? And NaN?",
            "No comparison with NaN holds: ask whether p is inside the range, not outside.",
            "`if !(0.0..=1.0).contains(&p) { return Err(LossError::NotAProbability(p)); }`",
        ]
    }
    "Drawn probabilities surprise as they do the reference" => surprise_like_reference {
        function: surprise_bits, points: 1, section: "surprise", hints: [
            "The failure shows the smallest input. Is it an end of the range, or close to one?",
            "Both zeros are probabilities, and the smallest f64 surprises by 1074 bits.",
            "`0.0 - p.log2()` is 0 at p = 1 where `-p.log2()` is −0; `contains` judges the rest.",
        ]
    }
    "Log-softmax matches PyTorch along every axis" => log_softmax_matches_pytorch {
        function: log_softmax, points: 3, section: "from-logits", hints: [
            "Take the logarithm of the softmax formula on paper: ln(a / b) = ln a − ln b.",
            "x_i − ln Σ_j exp(x_j): the sum runs along `dim` only.",
            "`sum_keepdim(dim)?` leaves an axis of length 1, `broadcast_sub` stretches it.",
        ]
    }
    "Log-softmax stays finite" => log_softmax_stays_finite {
        function: log_softmax, points: 3, section: "from-logits", hints: [
            "What is exp(1000) in f32, and what is ln(exp(−1000))?",
            "Subtract the maximum along `dim` first; take no log of a probability: it may be 0.",
            "With `shifted = x − max`, the answer is `shifted − ln Σ exp(shifted)`.",
        ]
    }
    "Gradients flow back through log-softmax" => log_softmax_passes_gradients {
        function: log_softmax, points: 2, section: "from-logits", hints: [
            "candle follows each operation back, except fused ones and `detach`.",
            "The sum depends on x too: only the maximum may be detached, since any shift will do.",
            "`x.max_keepdim(dim)?.detach()`, then `broadcast_sub`, `exp`, `sum_keepdim`, `log`.",
        ]
    }
    "Drawn tensors have the log-softmax of the reference" => log_softmax_like_reference {
        function: log_softmax, points: 2, section: "from-logits", hints: [
            "The failure shows the smallest input. Which axis is it, how long, and of which type?",
            "Convert and flatten nothing: candle's operations take each type, view and axis.",
            "The steps of the formula along the given `dim` do; −∞ needs no case of its own.",
        ]
    }
    "The loss matches PyTorch" => loss_matches_pytorch {
        function: cross_entropy, points: 3, section: "cross-entropy", hints: [
            "Log-probabilities along the vocabulary, of each row the target's, and their mean.",
            "`gather` along axis 1 picks one number a row. Its index has the shape (n, 1).",
            "`log_softmax(&logits, 1)?.gather(&labels, 1)?.mean_all()?.neg()?`",
        ]
    }
    "The loss stays finite on large logits" => loss_stays_finite {
        function: cross_entropy, points: 1, section: "cross-entropy", hints: [
            "A target far below the best has a probability that rounds to 0, yet a finite loss.",
            "Do not take the logarithm of a softmax: use your `log_softmax`.",
        ]
    }
    "The gradient is that of PyTorch" => loss_has_the_gradient_of_pytorch {
        function: cross_entropy, points: 3, section: "the-gradient", hints: [
            "The gradient of a row is (p − y) / k. Does it reach the logits at all?",
            "What depends on the logits must stay a tensor: plain numbers have no history.",
            "Read only the *targets* into a `Vec`; the logits go through `index_select` and so on.",
        ]
    }
    "Ignored targets do not count" => ignored_targets_do_not_count {
        function: cross_entropy, points: 3, section: "ignored-labels", hints: [
            "The mean is over the targets that count, not over all rows.",
            "Any id may be the one to ignore, 0 or an unknown one: compare with it first.",
            "Collect the rows that count; `index_select(&rows, 0)` takes them from `contiguous()` logits.",
        ]
    }
    "Ignored rows get no gradient" => ignored_rows_get_no_gradient {
        function: cross_entropy, points: 2, section: "ignored-labels", hints: [
            "A row that is not part of the loss cannot change it.",
            "Setting an ignored target to some other token makes the model learn that token.",
            "Select the rows that count before `log_softmax`: backward, the others then stay at 0.",
        ]
    }
    "Bad targets are errors" => bad_targets_are_errors {
        function: cross_entropy, points: 2, section: "cross-entropy", hints: [
            "What if a target is not in the vocabulary, if all are ignored, if there are too few?",
            "A mean of nothing would be NaN, which travels far. Each case has its own `LossError`.",
            "`Shape` unless the `dims()` are `[n, vocab]` and `[n]`, `Target`, then `NothingLeft`.",
        ]
    }
    "Drawn batches have the loss of the reference" => cross_entropy_like_reference {
        function: cross_entropy, points: 2, section: "cross-entropy", hints: [
            "The failure shows the smallest input. How many rows and tokens, and what is ignored?",
            "First the shapes, then the targets one by one; the loss has the type of the logits.",
            "A bad target is an error though all others are ignored; rows and labels need 32 bits.",
        ]
    }
    "Bits per byte count bytes" => bits_per_byte_counts_bytes {
        function: bits_per_byte, points: 2, section: "bits-per-byte", hints: [
            "First the whole text: how many nats are `tokens` tokens of `loss` nats each?",
            "A nat has 1 / ln 2 bits.",
            "`loss * tokens as f64 / std::f64::consts::LN_2 / bytes as f64`",
        ]
    }
    "A text without bytes is an error" => no_bytes_are_an_error {
        function: bits_per_byte, points: 1, section: "bits-per-byte", hints: [
            "What is x / 0.0 for an f64? It is no panic, so nobody would notice.",
            "Begin with `if bytes == 0` and return `Err(LossError::NoBytes)`.",
        ]
    }
    "Drawn texts have the bits per byte of the reference" => bits_per_byte_like_reference {
        function: bits_per_byte, points: 1, section: "bits-per-byte", hints: [
            "The failure shows the smallest input. Is a number in it large, or none at all?",
            "Counts pass 32 bits, and an f32 keeps seven digits: stay in f64 from the start.",
            "The formula is all there is: only 0 bytes need a case of their own.",
        ]
    }
    "The kernel is right thread by thread" => kernel_is_right_thread_by_thread {
        kernel: cross_entropy_wgsl, points: 2, section: "the-kernel", hints: [
            "The failure names threads, a place and what they read or write: follow one of them.",
            "`max_of_all` and `sum_of_all` have barriers: all 256 threads call them, none returns before.",
            "A target may be `ignore_index`, which is no column: return before `logits[start + label]` is read.",
        ]
    }
    "The kernel's loss is right at odd sizes" => kernel_loss_is_right {
        kernel: cross_entropy_wgsl, points: 3, section: "the-kernel", hints: [
            "Maximum and sum are those of softmax. Then one thread writes one number a row.",
            "Row r starts at r · cols; its target's logit is `logits[start + targets[row]]`.",
            "`if thread == 0u { loss[row] = log(row_sum) - (logits[start + label] - row_max); }`",
        ]
    }
    "The kernel's gradient is p − y" => kernel_gradient_is_p_minus_y {
        kernel: cross_entropy_wgsl, points: 3, section: "the-kernel", hints: [
            "The gradient is the softmax of the row, less 1 in one column. Which column?",
            "A last loop over the columns: exp(x − max) / sum, minus 1 in the target's column.",
            "`exp(logits[start + col] - row_max) / row_sum - select(0.0, 1.0, col == label)`",
        ]
    }
    "The kernel handles rows longer than a workgroup" => kernel_handles_long_rows {
        kernel: cross_entropy_wgsl, points: 2, section: "the-kernel", hints: [
            "A vocabulary has many more tokens than a workgroup has threads.",
            "Each loop over the columns starts at `thread` and steps by 256 to the row's end.",
        ]
    }
    "The kernel stays finite on large logits" => kernel_stays_finite {
        kernel: cross_entropy_wgsl, points: 2, section: "the-kernel", hints: [
            "The same trap as on the CPU: exp of a large number.",
            "Start the maximum at `LOWEST`, and subtract it before `exp`.",
            "Subtract the maximum from the target's logit *first*, or digits are lost.",
        ]
    }
    "The kernel writes zeros for ignored rows" => kernel_writes_zeros_for_the_ignored {
        kernel: cross_entropy_wgsl, points: 2, section: "the-kernel", hints: [
            "Buffers may hold anything before: a row that is left out has to be written, too.",
            "Compare `targets[row]` with `dims.ignore_index`. All threads of a row may return.",
            "All threads set gradients to 0, thread 0 the loss, and all return, before a barrier.",
        ]
    }
    "The kernel writes its rows and nothing else" => kernel_writes_its_rows_only {
        kernel: cross_entropy_wgsl, points: 1, section: "the-kernel", hints: [
            "The grid can be two-dimensional, and can have more workgroups than there are rows.",
            "Use the `row` that is given, and begin with `if row >= dims.rows { return; }`.",
        ]
    }
    "The kernel is right on drawn rows" => kernel_is_right_on_drawn_rows {
        kernel: cross_entropy_wgsl, points: 2, section: "the-kernel", hints: [
            "The failure shows the smallest input. Are rows long or many, logits large or masked?",
            "Nothing may end at a number of your own, be it 16,384 columns or 65,535 rows.",
            "Loops end at `dims.cols`, `row` counts through the grid, −1e30 is a logit.",
        ]
    }
}
