//! The reference: what a method costs, what it loses, and which methods nothing beats.

use savings::{Method, Point, SavingsError, Shape, Target, Training};

/// How many numbers learn.
///
/// ```text
/// Head        classes · (n_embd + 1)
/// SoftPrompt  tokens · n_embd
/// Prefix      tokens · 2 · n_layer · n_embd
/// Lora        n_layer · rank · (sum of inputs + outputs over the targets)
/// Full        (vocab_size + n_positions) · n_embd
///             + n_layer · (weights and biases of the four layers + 4 · n_embd) + 2 · n_embd
/// ```
///
/// A linear layer has `inputs · outputs` weights and `outputs` biases, see [`Target::sizes`]. A norm
/// has `2 · n_embd` numbers: there are two in a block and one behind the last. The output layer shares
/// the numbers of the token embeddings and is not counted again. Any size may be 0. Results fit into
/// a u64.
///
/// Sources: Radford and others, 2019 (GPT-2); Hu and others, 2021, section 4.2; Lester and others,
/// 2021; Li and Liang, 2021.
pub fn trainable(shape: &Shape, method: &Method) -> u64 {
    // BEGIN ANSWER
    let &Shape { n_layer, n_embd, n_positions, vocab_size } = shape;
    match method {
        Method::Head { classes } => classes * (n_embd + 1),
        Method::SoftPrompt { tokens } => tokens * n_embd,
        Method::Prefix { tokens } => tokens * 2 * n_layer * n_embd,
        Method::Lora { rank, targets } => {
            let sides = targets.iter().map(|target| target.sizes(n_embd));
            n_layer * rank * sides.map(|[inputs, outputs]| inputs + outputs).sum::<u64>()
        }
        Method::Full => {
            let layers = Target::ALL.iter().map(|target| target.sizes(n_embd));
            let linear: u64 = layers.map(|[inputs, outputs]| (inputs + 1) * outputs).sum();
            let embeddings = (vocab_size + n_positions) * n_embd;
            embeddings + n_layer * (linear + 4 * n_embd) + 2 * n_embd
        }
    }
    // END ANSWER
}

/// Bytes of weights, slopes and AdamW's moments:
///
/// ```text
/// (frozen · frozen_bits + learned · (learned_bits + slope_bits + 2 · moment_bits)) / 8
/// ```
///
/// Not rounded: 4.127 bits are an average. What is frozen has no slopes and no moments. What the
/// layers keep of a text for the way back is not counted.
///
/// # Errors
/// [`SavingsError::Bits`] for the first of `frozen_bits`, `learned_bits`, `slope_bits` and
/// `moment_bits`, by these names and in this order, that is below 0, infinite or NaN. −0 is 0.
///
/// Sources: Rajbhandari and others, 2020, section 3.1; Dettmers and others, 2023, section 3 (4.127).
pub fn training_bytes(training: &Training) -> Result<f64, SavingsError> {
    // BEGIN ANSWER
    let &Training { frozen, learned, frozen_bits, learned_bits, slope_bits, moment_bits } =
        training;
    for (what, bits) in [
        ("frozen_bits", frozen_bits),
        ("learned_bits", learned_bits),
        ("slope_bits", slope_bits),
        ("moment_bits", moment_bits),
    ] {
        if !bits.is_finite() || bits < 0.0 {
            return Err(SavingsError::Bits { what, bits });
        }
    }
    let learns = learned_bits + slope_bits + 2.0 * moment_bits;
    Ok((frozen as f64 * frozen_bits + learned as f64 * learns) / 8.0)
    // END ANSWER
}

/// By which share the perplexity of old texts rose, from losses in nats a token before and after.
///
/// ```text
/// exp(after) / exp(before) − 1  =  exp(after − before) − 1
/// ```
///
/// 0.25 means a quarter more; below 0 the model got better. Exact to about 1e-12 of the result also
/// where the losses are nearly equal (`exp_m1`), or so large that their perplexities overflow. If the
/// result is too large for an f64, it is ∞.
///
/// # Errors
/// [`SavingsError::Loss`] for `before`, then for `after`, if it is below 0, infinite or NaN.
///
/// Source: the definition of perplexity; Biderman and others, 2024, for losses of old texts as a
/// measure of forgetting.
pub fn forgotten(before: f64, after: f64) -> Result<f64, SavingsError> {
    // BEGIN ANSWER
    for (what, loss) in [("before", before), ("after", after)] {
        if !loss.is_finite() || loss < 0.0 {
            return Err(SavingsError::Loss { what, loss });
        }
    }
    Ok((after - before).exp_m1())
    // END ANSWER
}

/// The **Pareto front**: places of all points that no other point beats, by rising cost.
///
/// Another point beats one if it costs no more and scores no less, and is better in at least one of
/// the two. Points that are equal in both don't beat each other. −0 equals 0; ±∞ are costs and scores
/// like any other. Places of equal cost come in the order of the list.
///
/// # Errors
/// [`SavingsError::NotANumber`] at the first point with a NaN.
pub fn pareto_front(points: &[Point]) -> Result<Vec<usize>, SavingsError> {
    // BEGIN ANSWER
    if let Some(at) = points.iter().position(|point| point.cost.is_nan() || point.score.is_nan()) {
        return Err(SavingsError::NotANumber { at });
    }
    let beats = |a: &Point, b: &Point| {
        a.cost <= b.cost && a.score >= b.score && (a.cost < b.cost || a.score > b.score)
    };
    let is_beaten = |&at: &usize| points.iter().any(|other| beats(other, &points[at]));
    let mut front: Vec<usize> = (0..points.len()).filter(|at| !is_beaten(at)).collect();
    // Stable; `+ 0.0` makes −0 a 0.
    front.sort_by(|&a, &b| (points[a].cost + 0.0).total_cmp(&(points[b].cost + 0.0)));
    Ok(front)
    // END ANSWER
}

/// From how many tasks on it takes less room to keep one base and a small file for each task than to
/// keep a whole model for each: the least `tasks` from 1 on with
///
/// ```text
/// base + tasks · file < tasks · whole
/// ```
///
/// All are bytes, below 2⁶². Equal is not less. [`None`] if a file is as large as a whole model or
/// larger: then no number of tasks is enough.
pub fn break_even(base: u64, file: u64, whole: u64) -> Option<u64> {
    // BEGIN ANSWER
    let saved = whole.checked_sub(file).filter(|&saved| saved > 0)?;
    Some(base / saved + 1)
    // END ANSWER
}
