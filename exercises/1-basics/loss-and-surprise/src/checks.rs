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

fn surprise_counts_bits() -> Outcome {
    for bits in [1, 2, 3, 10, 52, 200] {
        let p = 0.5_f64.powi(bits);
        let got = subject::surprise_bits(p)?;
        expect_close(&format!("the surprise at 1/2^{bits}"), &[], &[got], &[bits], EXACT)?;
    }
    for p in [0.3, 0.99, 1e-300] {
        let got = subject::surprise_bits(p)?;
        let want = -f64::ln(p) / std::f64::consts::LN_2;
        expect_close(&format!("the surprise at {p}"), &[], &[got], &[want], EXACT)?;
    }
    let (never, surely) = (subject::surprise_bits(0.0)?, subject::surprise_bits(1.0)?);
    expect(never == f64::INFINITY, || format!("what cannot be surprises by +∞ bits, not {never}"))?;
    expect(surely == 0.0, || format!("what is certain surprises by 0 bits, not {surely}"))
}

fn surprise_refuses_what_is_no_probability() -> Outcome {
    // An answer that always fails must not pass.
    expect_close("the surprise at 1/4", &[], &[subject::surprise_bits(0.25)?], &[2], EXACT)?;
    for p in [-0.1, 1.000001, f64::NAN, f64::INFINITY, -3.0] {
        expect_error(&format!("the surprise at {p}"), subject::surprise_bits(p))?;
    }
    Ok(())
}

/// Log-softmax along every axis, as PyTorch has it.
fn expect_log_softmax(case: &oracle::LogSoftmaxCase) -> Outcome {
    let x = tensor(&case.x, &case.shape)?;
    for (dim, want) in case.along.iter().enumerate() {
        let what = format!("{}, shape {:?}, along axis {dim}", case.name, case.shape);
        let y = subject::log_softmax(&x, dim)?;
        expect_eq(&format!("{what}: the shape of the result"), y.dims(), &case.shape)?;
        let y = y.flatten_all()?.to_vec1::<f32>()?;
        expect_close(&what, &case.shape, &y, want, F32)?;
    }
    Ok(())
}

fn log_softmax_matches_pytorch() -> Outcome {
    // Large numbers have a check of their own, whose hints are about them.
    oracle::log_softmax_cases()?
        .iter()
        .filter(|case| !is_large(&case.x))
        .try_for_each(expect_log_softmax)?;
    let matrix = tensor(&[1.0, 2.0], &[1, 2])?;
    expect_error("log-softmax along axis 2 of a matrix", subject::log_softmax(&matrix, 2))
}

fn log_softmax_stays_finite() -> Outcome {
    // exp(−200) is 0 in f32, its logarithm −∞; the right answer is −200.
    for gap in [200.0, 1000.0, 20_000.0] {
        let y = subject::log_softmax(&tensor(&[-gap, 0.0, 0.0], &[3])?, 0)?.to_vec1::<f32>()?;
        let half = -std::f64::consts::LN_2;
        let what = format!("log-softmax of [−{gap}, 0, 0]");
        expect_close(&what, &[], &y, &[half - gap, half, half], F32)?;
    }
    oracle::log_softmax_cases()?
        .iter()
        .filter(|case| is_large(&case.x))
        .try_for_each(expect_log_softmax)
}

fn log_softmax_passes_gradients() -> Outcome {
    for case in oracle::log_softmax_cases()?.iter().filter(|case| !is_large(&case.x)) {
        for (dim, want) in case.gradients.iter().enumerate() {
            let x = Var::from_tensor(&tensor(&case.x, &case.shape)?)?;
            let upstream = tensor(&case.upstream, &case.shape)?;
            let sum = (subject::log_softmax(&x, dim)? * upstream)?.sum_all()?;
            let what = format!("{}: the gradient along axis {dim}", case.name);
            expect_close(&what, &case.shape, &gradient(&sum, &x)?, want, F32)?;
        }
    }
    Ok(())
}

fn gradient(loss: &Tensor, x: &Var) -> Result<Vec<f32>, Failure> {
    let gradients = loss.backward()?;
    let gradient = gradients.get(x).ok_or_else(|| {
        Failure::wrong("no gradient reaches the logits: something on the way has no backward")
    })?;
    Ok(gradient.flatten_all()?.to_vec1::<f32>()?)
}

fn loss_of(logits: &Tensor, targets: &[u32], ignore_index: u32) -> Result<Tensor, Failure> {
    let loss = subject::cross_entropy(logits, &labels(targets)?, ignore_index)?;
    expect(loss.dims().is_empty(), || {
        format!("the loss is one number without axes, not a tensor of shape {:?}", loss.dims())
    })?;
    Ok(loss)
}

fn expect_loss(case: &LossCase) -> Outcome {
    let logits = tensor(&case.logits, &case.shape)?;
    let loss = loss_of(&logits, &case.targets, case.ignore_index)?.to_scalar::<f32>()?;
    expect_close(&what(case), &[], &[loss], &[case.loss], F32)
}

fn what(case: &LossCase) -> String {
    let LossCase { name, shape, targets, ignore_index, .. } = case;
    format!("{name}: the loss of logits {shape:?}, targets {targets:?}, ignoring {ignore_index}")
}

/// The cases in which nothing is ignored, or those in which something is.
fn cases(ignoring: bool) -> Result<Vec<LossCase>, Failure> {
    Ok(oracle::loss_cases()?.into_iter().filter(|case| case.ignores() == ignoring).collect())
}

fn loss_matches_pytorch() -> Outcome {
    cases(false)?.iter().filter(|case| !is_large(&case.logits)).try_for_each(expect_loss)
}

fn loss_stays_finite() -> Outcome {
    cases(false)?.iter().filter(|case| is_large(&case.logits)).try_for_each(expect_loss)
}

fn expect_gradient(case: &LossCase) -> Outcome {
    let logits = Var::from_tensor(&tensor(&case.logits, &case.shape)?)?;
    let loss = loss_of(&logits, &case.targets, case.ignore_index)?;
    let got = gradient(&loss, &logits)?;
    expect_close(&format!("{}, its gradient", what(case)), &case.shape, &got, &case.gradient, F32)
}

fn loss_has_the_gradient_of_pytorch() -> Outcome {
    cases(false)?.iter().try_for_each(expect_gradient)
}

fn ignored_targets_do_not_count() -> Outcome {
    for case in cases(true)? {
        expect_loss(&case)?;
        // What an ignored row holds makes no difference.
        let (rows, cols) = (case.shape[0], case.shape[1]);
        for filler in [f64::NAN, 1e30, f64::NEG_INFINITY] {
            let mut logits = case.logits.clone();
            for row in (0..rows).filter(|&row| case.targets[row] == case.ignore_index) {
                logits[row * cols..(row + 1) * cols].fill(filler);
            }
            let name = format!("{}, full of {filler}", case.name);
            let (shape, targets) = (case.shape.clone(), case.targets.clone());
            expect_loss(&LossCase { name, shape, logits, targets, gradient: Vec::new(), ..case })?;
        }
    }
    Ok(())
}

fn ignored_rows_get_no_gradient() -> Outcome {
    for case in cases(true)? {
        expect_gradient(&case)?;
        let logits = Var::from_tensor(&tensor(&case.logits, &case.shape)?)?;
        let got = gradient(&loss_of(&logits, &case.targets, case.ignore_index)?, &logits)?;
        for (row, values) in got.chunks(case.shape[1]).enumerate() {
            let ignored = case.targets[row] == case.ignore_index;
            expect(!ignored || values.iter().all(|&v| v == 0.0), || {
                format!("{}: row {row} is ignored, but its gradient is {values:?}", what(&case))
            })?;
        }
    }
    Ok(())
}

fn bad_targets_are_errors() -> Outcome {
    // An answer that always fails must not pass.
    for case in cases(true)? {
        expect_loss(&case)?;
    }
    let logits = Tensor::zeros((3, 4), DType::F32, &Device::Cpu)?;
    let bad = |what: &str, logits: &Tensor, targets: &Tensor| {
        expect_error(what, subject::cross_entropy(logits, targets, 9))
    };
    bad("target 4 of a vocabulary of 4", &logits, &labels(&[0, 4, 1])?)?;
    bad("target 10, where 9 is ignored", &logits, &labels(&[9, 2, 10])?)?;
    bad("all targets ignored", &logits, &labels(&[9, 9, 9])?)?;
    bad("two targets for three rows", &logits, &labels(&[0, 1])?)?;
    bad("four targets for three rows", &logits, &labels(&[0, 1, 2, 3])?)?;
    bad("four targets, the last ignored", &logits, &labels(&[0, 1, 2, 9])?)?;
    bad("targets in two axes", &logits, &labels(&[0, 1, 2])?.reshape((3, 1))?)?;
    bad("logits in one axis", &logits.flatten_all()?, &labels(&[0])?)?;
    let none = Tensor::zeros((0, 4), DType::F32, &Device::Cpu)?;
    bad("no rows", &none, &labels(&[])?)
}

fn bits_per_byte_counts_bytes() -> Outcome {
    let (ln_2, ln_256) = (std::f64::consts::LN_2, 256_f64.ln());
    // A uniform choice among 256 bytes is 8 bits; every third byte free makes it 16/3.
    for (loss, tokens, bytes, want) in [
        (ln_256, 5, 5, 8.0),
        (ln_256, 20, 30, 16.0 / 3.0),
        (3.0 * ln_2, 7, 28, 0.75),
        (0.5 * ln_2, 1_000_003, 500_000, 0.500_001_5 * 2.0),
        (10.0, 3, 11, 30.0 / 11.0 * std::f64::consts::LOG2_E),
    ] {
        let got = subject::bits_per_byte(loss, tokens, bytes)?;
        let what = format!("{tokens} tokens of {loss:.4} nats in {bytes} bytes");
        expect_close(&what, &[], &[got], &[want], EXACT)?;
    }
    Ok(())
}

fn no_bytes_are_an_error() -> Outcome {
    let got = subject::bits_per_byte(std::f64::consts::LN_2, 3, 2)?;
    expect_close("3 tokens of ln 2 nats in 2 bytes", &[], &[got], &[1.5], EXACT)?;
    expect_error("2 tokens in 0 bytes", subject::bits_per_byte(1.0, 2, 0))?;
    expect_error("no tokens in 0 bytes", subject::bits_per_byte(0.0, 0, 0))
}

const ODD_SIZES: [(usize, usize); 6] = [(1, 2), (3, 7), (5, 31), (300, 33), (2, 256), (7, 3)];

async fn kernel_loss_is_right(wgsl: String) -> Outcome {
    let kernel = KernelUnderTest::compile(&wgsl).await?;
    for (seed, (rows, cols)) in (30..).zip(ODD_SIZES) {
        kernel.expect_loss("random rows", &Batch::random(rows, cols, seed)).await?;
    }
    Ok(())
}

async fn kernel_gradient_is_p_minus_y(wgsl: String) -> Outcome {
    let kernel = KernelUnderTest::compile(&wgsl).await?;
    for (seed, (rows, cols)) in (40..).zip(ODD_SIZES) {
        kernel.expect_gradient("random rows", &Batch::random(rows, cols, seed)).await?;
    }
    Ok(())
}

async fn kernel_handles_long_rows(wgsl: String) -> Outcome {
    let kernel = KernelUnderTest::compile(&wgsl).await?;
    for (seed, (rows, cols)) in (50..).zip([(5, 257), (2, 1000), (3, 511), (1, 4099), (2, 10_000)])
    {
        let mut batch = Batch::random(rows, cols, seed);
        // The largest, and a target, are at the end, where a kernel that stops early does not look.
        batch.logits[rows * cols - 1] = 9.0;
        batch.targets[0] = cols as u32 - 1;
        kernel.expect_both("long rows", &batch).await?;
    }
    Ok(())
}

async fn kernel_stays_finite(wgsl: String) -> Outcome {
    let kernel = KernelUnderTest::compile(&wgsl).await?;
    let plain = Batch::random(5, 301, 60);
    // Steps of 1/64, so that f32 holds number and offset exactly.
    let steps: Vec<f32> = plain.logits.iter().map(|v| (v * 64.0).round() / 64.0).collect();
    for offset in [1e4, -1e4, 1e5, -200.0] {
        let logits = steps.iter().map(|v| v + offset).collect();
        let what = format!("logits near {offset}");
        kernel.expect_both(&what, &Batch { logits, ..plain.clone() }).await?;
    }
    let logits = steps.iter().map(|v| v * 2500.0).collect();
    kernel.expect_both("logits up to ±10,000", &Batch { logits, ..plain.clone() }).await
}

async fn kernel_writes_zeros_for_the_ignored(wgsl: String) -> Outcome {
    let kernel = KernelUnderTest::compile(&wgsl).await?;
    for (seed, (cols, ignore_index)) in (70..).zip([(7, 0), (300, u32::MAX), (5, 4), (6, 1000)]) {
        let mut batch = Batch { ignore_index, ..Batch::random(11, cols, seed) };
        for row in [0, 3, 4, 10] {
            batch.targets[row] = ignore_index;
        }
        kernel.expect_both(&format!("rows with target {ignore_index} ignored"), &batch).await?;
    }
    Ok(())
}

async fn kernel_writes_its_rows_only(wgsl: String) -> Outcome {
    let kernel = KernelUnderTest::compile(&wgsl).await?;
    for (seed, (rows, cols, grid)) in
        (80..).zip([(11, 5, [4, 3, 1]), (6, 270, [3, 2, 1]), (2, 3, [9, 1, 1])])
    {
        let what = format!("a grid of {} by {} workgroups for {rows} rows", grid[0], grid[1]);
        kernel.expect_on_grid(&what, &Batch::random(rows, cols, seed), grid).await?;
    }
    Ok(())
}
