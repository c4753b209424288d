//! How the loss of a language model falls with its size, as two papers measured it.

/// The exponent and the size of Kaplan and others, 2020 (<https://arxiv.org/abs/2001.08361>),
/// equation 1.1.
const KAPLAN: (f64, f64) = (0.076, 8.8e13);

/// The sizes that they trained, from where figures begin to the largest.
pub const KAPLAN_SIZES: (f64, f64) = (1e6, 1.5e9);

/// E, A, α, B and β of the law of Hoffmann and others, 2022 (<https://arxiv.org/abs/2203.15556>),
/// section 3.3, as Besiroglu and others, 2024 (<https://arxiv.org/abs/2404.10102>), fitted them
/// again, to the runs as they read them off a figure: the published ones do not fit.
const HOFFMANN: (f64, [(f64, f64); 2]) = (1.8172, [(482.01, 0.3478), (2085.43, 0.3658)]);

/// The sizes that they trained for which [`TOKENS_PER_PARAMETER`] are among the 5 to 500 billion
/// tokens tried.
pub const HOFFMANN_SIZES: (f64, f64) = (250e6, 16e9);

/// The loss that no size gets below: E of Hoffmann and others.
pub const HOFFMANN_FLOOR: f64 = HOFFMANN.0;

/// Tokens for each parameter as both fits find them best.
pub const TOKENS_PER_PARAMETER: f64 = 20.0;

/// The loss, in nats per token, of a model with `n` parameters, embeddings not counted, that has
/// read enough text: `(N_c / n)^α_N`.
pub fn kaplan(n: f64) -> f64 {
    let (exponent, scale) = KAPLAN;
    (scale / n).powf(exponent)
}

/// By which factor ten times the size multiplies [`kaplan`].
pub fn kaplan_factor() -> f64 {
    10_f64.powf(-KAPLAN.0)
}

/// The loss, in nats per token, of a model with `n` parameters that has read
/// [`TOKENS_PER_PARAMETER`] tokens for each: `E + A / n^α + B / D^β`.
pub fn hoffmann(n: f64) -> f64 {
    let (floor, [(a, alpha), (b, beta)]) = HOFFMANN;
    floor + a / n.powf(alpha) + b / (TOKENS_PER_PARAMETER * n).powf(beta)
}

/// So many points of a law over sizes from one to another, at even steps of the logarithm:
/// `(log₁₀ n, loss)`.
pub fn curve((from, to): (f64, f64), loss: fn(f64) -> f64) -> impl Iterator<Item = (f64, f64)> {
    let at = move |i: i32| from * (to / from).powf(f64::from(i) / 60.0);
    (0..=60).map(at).map(move |n| (n.log10(), loss(n)))
}

/// A number of parameters as it is spoken of.
pub fn large(n: f64) -> String {
    if n < 1e9 { format!("{} million", n / 1e6) } else { format!("{} billion", n / 1e9) }
}
