//! The reference: LoRA forward, back and merged, its size, and the adapter that came before it.

use lora::{Adapter, LoraError, LoraLinear, Slopes, dot, scaled};
use rand::{Rng, RngExt};
use small_gpt::{Matrix, Portable, Products};

/// What the product of a pair is multiplied with: `alpha / rank`, or `alpha / √rank` if
/// `rank_stabilized`, in f32 or f64.
///
/// # Errors
/// [`LoraError::Zero`] with the name `rank` if that is 0; then [`LoraError::Setting`] with the name
/// `alpha` if that is not finite.
///
/// Source: Hu and others, 2021, section 4.1; rank-stabilized: Kalajdzievski, 2023.
pub fn lora_scale(alpha: f64, rank: usize, rank_stabilized: bool) -> Result<f32, LoraError> {
    // BEGIN ANSWER
    if rank == 0 {
        return Err(LoraError::Zero { name: "rank" });
    }
    if !alpha.is_finite() {
        return Err(LoraError::Setting { name: "alpha", value: alpha });
    }
    let below = if rank_stabilized { (rank as f64).sqrt() } else { rank as f64 };
    Ok((alpha / below) as f32)
    // END ANSWER
}

/// A new pair, A and B, that changes nothing yet: the numbers of A, of the shape `(rank, inputs)`, are
/// drawn evenly between `−1/√inputs` and `1/√inputs`, each by itself; those of B, of the shape
/// `(outputs, rank)`, are all 0. All that is drawn comes from `rng`.
///
/// # Errors
/// [`LoraError::Zero`] with the name of the first of `inputs`, `outputs`, `rank` that is 0.
///
/// Source: PEFT draws A as `torch.nn.Linear` draws its weight, Kaiming-uniform with `a = √5`, which
/// are these bounds.
pub fn lora_init(
    inputs: usize,
    outputs: usize,
    rank: usize,
    rng: &mut dyn Rng,
) -> Result<(Vec<f32>, Vec<f32>), LoraError> {
    // BEGIN ANSWER
    for (name, size) in [("inputs", inputs), ("outputs", outputs), ("rank", rank)] {
        if size == 0 {
            return Err(LoraError::Zero { name });
        }
    }
    let bound = 1.0 / (inputs as f32).sqrt();
    let a = (0..rank * inputs).map(|_| rng.random_range(-bound..bound)).collect();
    Ok((a, vec![0.0; outputs * rank]))
    // END ANSWER
}

/// The way forward of a pair, for each row of `x`, of the shape `(rows, inputs)`:
///
/// ```text
/// y ← y + scale · (x Aᵀ) Bᵀ
/// ```
///
/// `y`, of the shape `(rows, outputs)`, holds what the frozen layer has made of `x`. Returns `x Aᵀ`, of
/// the shape `(rows, rank)` and without the scale, which the way back needs. Sums may be f32 or f64.
///
/// # Errors
/// Those of [`LoraLinear::rows`], before anything is changed.
///
/// Source: Hu and others, 2021, equation 3.
pub fn lora_forward(
    lora: &LoraLinear<'_>,
    x: &[f32],
    y: &mut [f32],
) -> Result<Vec<f32>, LoraError> {
    let rows = lora.rows(x, y)?;
    // BEGIN ANSWER
    let &LoraLinear { inputs, outputs, rank, scale, a, b } = lora;
    let mut products = Portable::default();
    let (x, a) = (Matrix::rows(x, inputs), Matrix::rows(a, inputs));
    let mut xa = vec![0.0; rows * rank];
    products.product((rows, inputs, rank), x, a.transposed(), &mut xa, rank, false);
    let low = scaled(&xa, scale);
    let (low, b) = (Matrix::rows(&low, rank), Matrix::rows(b, rank));
    products.product((rows, rank, outputs), low, b.transposed(), y, outputs, true);
    Ok(xa)
    // END ANSWER
}

/// The way back. From `dy`, the slopes of the loss along `y`, and what [`lora_forward`] read and
/// returned, `x` and `xa`, the slopes along B, A and x, summed over rows and added to what is there:
///
/// ```text
/// dB ← dB + scale · dyᵀ (x Aᵀ)
/// dA ← dA + scale · (dy B)ᵀ x
/// dx ← dx + scale · (dy B) A
/// ```
///
/// What the frozen layer hands back is in `dx` already; its own weight gets no slopes. Sums may be f32
/// or f64.
///
/// # Errors
/// Those of [`LoraLinear::rows_back`], before anything is changed.
pub fn lora_backward(
    lora: &LoraLinear<'_>,
    x: &[f32],
    xa: &[f32],
    dy: &[f32],
    slopes: Slopes<'_>,
) -> Result<(), LoraError> {
    let rows = lora.rows_back(x, xa, dy, &slopes)?;
    // BEGIN ANSWER
    let &LoraLinear { inputs, outputs, rank, scale, a, b } = lora;
    let Slopes { da, db, dx } = slopes;
    let mut products = Portable::default();
    let [x, a] = [x, a].map(|of| Matrix::rows(of, inputs));
    let [xa, b] = [xa, b].map(|of| Matrix::rows(of, rank));
    let dy = scaled(dy, scale);
    let dy = Matrix::rows(&dy, outputs);
    products.product((outputs, rows, rank), dy.transposed(), xa, db, rank, true);
    // dy B, of which dA and dx are made.
    let mut low = vec![0.0; rows * rank];
    products.product((rows, outputs, rank), dy, b, &mut low, rank, false);
    let low = Matrix::rows(&low, rank);
    products.product((rank, rows, inputs), low.transposed(), x, da, inputs, true);
    products.product((rows, rank, inputs), low, a, dx, inputs, true);
    Ok(())
    // END ANSWER
}

/// Adds a pair to the frozen weight itself, so that the layer alone does what both did:
///
/// ```text
/// W ← W + scale · (B A)ᵀ
/// ```
///
/// `weight` is that of GPT-2's layers, which compute `x W`: its shape is `(inputs, outputs)`.
///
/// # Errors
/// Those of [`LoraLinear::expect_weight`], before anything is changed.
///
/// Source: Hu and others, 2021, section 4.1, "No Additional Inference Latency".
pub fn merge(lora: &LoraLinear<'_>, weight: &mut [f32]) -> Result<(), LoraError> {
    lora.expect_weight(weight)?;
    // BEGIN ANSWER
    let &LoraLinear { inputs, outputs, rank, scale, a, b } = lora;
    let a = scaled(a, scale);
    let (a, b) = (Matrix::rows(&a, inputs), Matrix::rows(b, rank));
    let sizes = (inputs, rank, outputs);
    Portable::default().product(sizes, a.transposed(), b.transposed(), weight, outputs, true);
    Ok(())
    // END ANSWER
}

/// Takes a pair out of a weight again: `W ← W − scale · (B A)ᵀ`. But for rounding, this undoes
/// [`merge`].
///
/// # Errors
/// As [`merge`].
pub fn unmerge(lora: &LoraLinear<'_>, weight: &mut [f32]) -> Result<(), LoraError> {
    lora.expect_weight(weight)?;
    // BEGIN ANSWER
    merge(&LoraLinear { scale: -lora.scale, ..*lora }, weight)
    // END ANSWER
}

/// How many numbers learn if each of these layers gets a pair of this rank. A layer is given as
/// `[inputs, outputs]`. What is counted fits into a usize.
///
/// Source: Hu and others, 2021, section 4.2.
pub fn lora_parameters(layers: &[[usize; 2]], rank: usize) -> usize {
    // BEGIN ANSWER
    layers.iter().map(|[inputs, outputs]| rank * (inputs + outputs)).sum()
    // END ANSWER
}

/// A bottleneck adapter, for each row h of `x`, of the shape `(rows, width)`:
///
/// ```text
/// h + (ReLU(h downᵀ + down_bias) upᵀ + up_bias)          ReLU(z) = max(z, 0)
/// ```
///
/// Returns as many rows. Numbers are finite; sums may be f32 or f64.
///
/// # Errors
/// Those of [`Adapter::rows`].
///
/// Source: Houlsby and others, 2019, section 2.1 and figure 2; ReLU as in AdapterFusion (Pfeiffer and
/// others, 2020).
pub fn adapter_forward(adapter: &Adapter<'_>, x: &[f32]) -> Result<Vec<f32>, LoraError> {
    let rows = adapter.rows(x)?;
    // BEGIN ANSWER
    let &Adapter { width, bottleneck, down, down_bias, up, up_bias } = adapter;
    let mut out = Vec::with_capacity(rows * width);
    for h in x.chunks_exact(width) {
        let rows_down = down.chunks_exact(width).zip(down_bias);
        let inside: Vec<f32> = rows_down.map(|(w, bias)| (dot(w, h) + bias).max(0.0)).collect();
        let rows_up = up.chunks_exact(bottleneck).zip(up_bias);
        out.extend(h.iter().zip(rows_up).map(|(h, (w, bias))| h + (dot(w, &inside) + bias)));
    }
    Ok(out)
    // END ANSWER
}

/// The source of a kernel for [`lora_forward`]'s addition; what it binds is
/// said in the file.
pub fn lora_wgsl() -> &'static str {
    include_str!("../kernels/solution/lora.wgsl")
}
