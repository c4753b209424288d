//! Judges answers: the reference, the learner's, a mutant.

mod activations;
mod differential;
mod kernels;
mod norms;

use activations::*;
use differential::*;
use kernels::*;
use norms::*;

grading::checks! {
    "LayerNorm matches PyTorch" => layer_norm_matches_pytorch {
        function: layer_norm, points: 3, section: "layer-norm", hints: [
            "Follow the formula from the inside: the mean, the deviations, their mean square.",
            "Both means run along the last axis, `D::Minus1`, and divide by n, not by n − 1.",
            "`mean_keepdim`, `broadcast_sub`, `sqr`, `mean_keepdim`, then `sqrt` and \
             `broadcast_div`; at the end `broadcast_mul(gamma)` and `broadcast_add(beta)`.",
        ]
    }
    "LayerNorm has ε inside the root" => layer_norm_has_eps_inside_the_root {
        function: layer_norm, points: 1, section: "layer-norm", hints: [
            "With ε = 0.5 it matters where it stands. Look at the formula once more.",
            "Add it to the variance, before the root; a row of equal numbers is then 0 / sqrt(ε).",
            "`(variance + eps)?.sqrt()?`",
        ]
    }
    "LayerNorm survives an offset of 10,000" => layer_norm_stands_an_offset {
        function: layer_norm, points: 2, section: "layer-norm", hints: [
            "How many digits does the square of 10,000.25 have, and how many does an f32 hold?",
            "The mean of the squares minus the square of the mean subtracts two huge numbers. \
             Subtract the mean from x first.",
            "`let centered = x.broadcast_sub(&mean)?;` and only then `centered.sqr()?`.",
        ]
    }
    "Gradients flow back through LayerNorm" => layer_norm_passes_gradients {
        function: layer_norm, points: 2, section: "layer-norm", hints: [
            "Mean and variance depend on x, too: nothing may be detached here.",
            "candle's fused `layer_norm` has no backward. Its small operations have.",
            "Build it from `mean_keepdim`, `broadcast_sub`, `sqr`, `sqrt`, `broadcast_div`, \
             `broadcast_mul` and `broadcast_add`.",
        ]
    }
    "Drawn tensors have the LayerNorm of the reference" => layer_norm_like_reference {
        function: layer_norm, points: 2, section: "layer-norm", hints: [
            "The failure shows the smallest input: how many axes has it, of which type is it, what \
             is ε?",
            "Convert and flatten nothing: candle's operations take every type and view.",
            "Keep the line that calls `expect_fits`: broadcasting takes a gamma of one number for \
             many.",
        ]
    }
    "RMSNorm matches PyTorch" => rms_norm_matches_pytorch {
        function: rms_norm, points: 2, section: "rms-norm", hints: [
            "LayerNorm without its mean and without beta.",
            "The mean of the squares, not their sum; and x itself is divided, not its deviation.",
            "`x.sqr()?.mean_keepdim(D::Minus1)?`, then `broadcast_div` by the root, then \
             `broadcast_mul(gamma)`.",
        ]
    }
    "RMSNorm has ε inside the root" => rms_norm_has_eps_inside_the_root {
        function: rms_norm, points: 1, section: "rms-norm", hints: [
            "With small numbers, or a large ε, it matters where it stands.",
            "`(mean_square + eps)?.sqrt()?`",
        ]
    }
    "Gradients flow back through RMSNorm" => rms_norm_passes_gradients {
        function: rms_norm, points: 1, section: "rms-norm", hints: [
            "The root depends on x: it may not be detached.",
            "candle's fused `rms_norm` has no backward. Its small operations have.",
        ]
    }
    "Drawn tensors have the RMSNorm of the reference" => rms_norm_like_reference {
        function: rms_norm, points: 1, section: "rms-norm", hints: [
            "The failure shows the smallest input: how many axes has it, of which type is it, what \
             is ε?",
            "Keep the line that calls `expect_fits`, and convert nothing.",
        ]
    }
    "GELU matches PyTorch" => gelu_erf_matches_pytorch {
        function: gelu_erf, points: 2, section: "gelu", hints: [
            "The number itself, times the share of a normal distribution that lies below it.",
            "Φ(x) = ½ · erfc(−x / √2): mind the sign inside.",
            "`x * (erfc(&(x / -SQRT_2)?)? * 0.5)?`",
        ]
    }
    "GELU keeps its digits far below 0" => gelu_erf_keeps_its_tail {
        function: gelu_erf, points: 2, section: "gelu", hints: [
            "1 + erf(x / √2) is 0 in f32 from about −5.5 on. What is subtracted there?",
            "`erfc` is 1 − erf, computed without that subtraction.",
            "Φ(x) = ½ · erfc(−x / √2) for every x, without any case.",
        ]
    }
    "GELU has the slope of PyTorch" => gelu_erf_passes_gradients {
        function: gelu_erf, points: 1, section: "gelu", hints: [
            "candle's own `gelu_erf` has a backward with six digits. What about its parts?",
            "x appears twice, and both count: `erfc` passes gradients back, and so does a product.",
        ]
    }
    "Drawn tensors have the GELU of the reference" => gelu_erf_like_reference {
        function: gelu_erf, points: 1, section: "gelu", hints: [
            "The failure shows the smallest input: is it large, far below 0, an f64?",
            "No conversion to f32 and no cut: the formula holds everywhere.",
        ]
    }
    "The tanh form matches PyTorch" => gelu_tanh_matches_pytorch {
        function: gelu_tanh, points: 2, section: "gelu", hints: [
            "It is *not* GELU with erf: they differ in the fourth digit.",
            "u = sqrt(2/π) · (x + 0.044715 · x³): the root multiplies both terms.",
            "`let u = ((x + (x.sqr()? * x)? * 0.044715)? * (2.0 / PI).sqrt())?`",
        ]
    }
    "The tanh form keeps its digits far below 0" => gelu_tanh_keeps_its_tail {
        function: gelu_tanh, points: 2, section: "gelu", hints: [
            "tanh(u) is close to −1 there, so 1 + tanh(u) has hardly a digit left.",
            "Write tanh with exponentials, and simplify ½ · (1 + tanh(u)).",
            "It is σ(2u): `x * sigmoid(&(u * 2.0)?)?`.",
        ]
    }
    "The tanh form has the slope of PyTorch" => gelu_tanh_passes_gradients {
        function: gelu_tanh, points: 1, section: "gelu", hints: [
            "NaN at −200? There exp overflows, and infinity meets a gradient of 0.",
            "The given `sigmoid` has finite gradients everywhere.",
        ]
    }
    "Drawn tensors have the tanh form of the reference" => gelu_tanh_like_reference {
        function: gelu_tanh, points: 1, section: "gelu", hints: [
            "The failure shows the smallest input: is it large, far below 0, an f64?",
            "0.044715 and sqrt(2/π) with all their digits: compute the root, do not type it.",
        ]
    }
    "SwiGLU matches PyTorch" => swiglu_matches_pytorch {
        function: swiglu, points: 2, section: "gates", hints: [
            "One of the two inputs goes through SiLU, the other one stays as it is.",
            "silu(x) = x · σ(x), so gate appears twice.",
            "`(gate * sigmoid(gate)?)? * up`; a plain `*` refuses shapes that differ.",
        ]
    }
    "SwiGLU is fine at ±200" => swiglu_keeps_its_tail {
        function: swiglu, points: 1, section: "gates", hints: [
            "What is exp(200) in f32?",
            "Use the given `sigmoid`, and clamp nothing.",
        ]
    }
    "Gradients flow back through the gate" => swiglu_passes_gradients {
        function: swiglu, points: 1, section: "gates", hints: [
            "Both gate and up get a gradient, also at −200.",
            "The recipe 1 / (1 + exp(−x)) passes NaN back where exp overflows; `sigmoid` does not.",
        ]
    }
    "Drawn tensors have the SwiGLU of the reference" => swiglu_like_reference {
        function: swiglu, points: 1, section: "gates", hints: [
            "The failure shows the smallest input: which numbers, which type, which axes?",
            "The formula is all there is.",
        ]
    }
    "The RMSNorm kernel is right thread by thread" => rms_kernel_is_right_thread_by_thread {
        kernel: rms_norm_wgsl, points: 2, section: "the-kernels", hints: [
            "The failure names threads, a place and what they read or write: follow one of them.",
            "`sum_of_all` has barriers: all 256 threads call it, also those without a column.",
            "Only a condition on `row` may return before it.",
        ]
    }
    "The RMSNorm kernel is right at odd sizes" => rms_kernel_is_right_at_odd_sizes {
        kernel: rms_norm_wgsl, points: 3, section: "the-kernels", hints: [
            "The tree of sums is given. What does each thread add, and what does it do with the \
             sum?",
            "Row r starts at r · cols, and gamma has one number a column. Divide the sum by cols.",
            "`let scale = inverseSqrt(squares / f32(dims.cols) + dims.eps);`, then `y[start + col] \
             = gamma[col] * x[start + col] * scale`.",
        ]
    }
    "The RMSNorm kernel has ε inside the root" => rms_kernel_has_eps_inside_the_root {
        kernel: rms_norm_wgsl, points: 1, section: "the-kernels", hints: [
            "ε comes with the sizes: `dims.eps`. With tiny numbers it is all that is under the \
             root.",
            "`inverseSqrt(mean + dims.eps)`: to the mean, not to the sum and not to the root.",
        ]
    }
    "The RMSNorm kernel takes rows longer than a workgroup" => rms_kernel_handles_long_rows {
        kernel: rms_norm_wgsl, points: 2, section: "the-kernels", hints: [
            "A workgroup has 256 threads; a row may have thousands of columns.",
            "Both loops start at `thread` and step by 256 to the end of the row.",
        ]
    }
    "The RMSNorm kernel writes its rows and nothing else" => rms_kernel_writes_its_rows_only {
        kernel: rms_norm_wgsl, points: 1, section: "the-kernels", hints: [
            "The grid can be two-dimensional, and can have more workgroups than there are rows.",
            "Use the `row` that is given, and begin with `if row >= dims.rows { return; }`.",
        ]
    }
    "The RMSNorm kernel is right on drawn rows" => rms_kernel_agrees {
        kernel: rms_norm_wgsl, points: 1, section: "the-kernels", hints: [
            "The failure shows the smallest input. Are rows long or many, numbers tiny or large?",
            "Nothing may end at a number of your own, be it 16,384 columns or 65,535 rows.",
        ]
    }
    "The SwiGLU kernel is right thread by thread" => swiglu_kernel_is_right_thread_by_thread {
        kernel: swiglu_wgsl, points: 1, section: "the-kernels", hints: [
            "The failure names a thread and what it reads or writes. Is that number its own?",
            "Everything that reads `gate` or `up`, or writes `y`, comes after `if i >= params.n { \
             return; }`.",
        ]
    }
    "The SwiGLU kernel gates every number" => swiglu_kernel_is_right_at_odd_sizes {
        kernel: swiglu_wgsl, points: 2, section: "the-kernels", hints: [
            "One thread a number: `i` is computed already.",
            "g · σ(g) · up, and σ(g) = 1 / (1 + exp(−g)).",
        ]
    }
    "The SwiGLU kernel counts through the lines" => swiglu_kernel_counts_through_the_lines {
        kernel: swiglu_wgsl, points: 1, section: "the-kernels", hints: [
            "Use the `i` that is given; it counts through the lines of the grid.",
            "The grid may have more threads than numbers: compare with `params.n`.",
        ]
    }
    "The SwiGLU kernel is fine at ±200" => swiglu_kernel_stays_finite {
        kernel: swiglu_wgsl, points: 2, section: "the-kernels", hints: [
            "WGSL may assume that no number is infinite, and exp(200) is.",
            "exp of −|g| is never above 1. What is σ(g) in terms of it, for either sign?",
            "`let e = exp(-abs(g)); let sigmoid = select(e, 1.0, g >= 0.0) / (1.0 + e);`",
        ]
    }
    "The SwiGLU kernel is right on drawn numbers" => swiglu_kernel_agrees {
        kernel: swiglu_wgsl, points: 1, section: "the-kernels", hints: [
            "The failure shows the smallest case that went wrong: what is special about its grid \
             or its numbers?",
            "Whole numbers for places, and the width of the grid that runs, `groups.x`.",
        ]
    }
}
