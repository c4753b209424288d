//! Your file: write what each `todo!()` asks for, in any order you like.
//!
//! - Read src/1-basics/embeddings.md, or run `cargo study serve`.
//! - Grade it with `cargo study grade embeddings`.
//! - Stuck? `cargo study hint embeddings` gives one hint at a time.

use rand::Rng;

use embeddings::{EmbeddingError, Gradients, Model, Noise, Schedule, Vectors, dot, sigmoid};

// The types are in model.rs, noise.rs, schedule.rs and error.rs, beside this file.

/// All pairs `(center, context)` of a text: each token with each other token at
/// most `window` places away. By place of the center, and for each center by
/// place of the context. No tokens, or a window of 0, give no pairs.
pub fn pairs(tokens: &[u32], window: usize) -> Vec<(u32, u32)> {
    todo!("pairs")
}

/// The distribution of negatives: `P(w) = count(w)^0.75 / Σ_v count(v)^0.75`,
/// in f64, for counts of any size. Shape `(vocab)`, like `counts` (Mikolov and
/// others, 2013, arXiv:1310.4546, section 2.2).
///
/// # Errors
/// [`EmbeddingError::NothingToDraw`] if no count is above zero.
pub fn noise_distribution(counts: &[u64]) -> Result<Vec<f64>, EmbeddingError> {
    todo!("noise_distribution")
}

/// `n` words drawn from the noise in this order, none of them the context: a
/// draw that hits it is drawn again. Calls `noise.draw(rng)` for each draw and
/// takes nothing else from the generator, so the same generator gives the same
/// words.
///
/// # Errors
/// [`EmbeddingError::NothingToDraw`] if the noise has no other word, whatever
/// `n` is.
pub fn draw_negatives(
    noise: &Noise,
    context: u32,
    n: usize,
    rng: &mut dyn Rng,
) -> Result<Vec<u32>, EmbeddingError> {
    todo!("draw_negatives")
}

/// The loss `L = −ln σ(u·v) − Σ_k ln σ(−u_k·v)` and its gradients, for the
/// vector `v` of the center, `u` of the context and `u_k` of each negative; all
/// have the shape `(dim)`. Each term of the loss is right in its leading digits
/// for every finite score: finite where σ is 0 in f32, and above 0 where σ is 1
/// in f32, as long as f32 holds it (Goldberg and Levy, 2014, arXiv:1402.3722,
/// section 2).
pub fn loss_and_gradients(center: &[f32], context: &[f32], negatives: &[&[f32]]) -> Gradients {
    todo!("loss_and_gradients")
}

/// One step of gradient descent, `θ ← θ − rate · ∂L/∂θ`, for `v` of the center
/// (in `model.input`), `u` of the context and `u_k` of the negatives (in
/// `model.output`). All gradients are those before the step; a row that takes
/// part twice moves by the sum, and no other row changes. Returns the loss
/// before the step.
///
/// # Errors
/// [`EmbeddingError::NoSuchRow`] if an id is not in its table; the model is
/// unchanged then.
pub fn train_step(
    model: &mut Model,
    center: u32,
    context: u32,
    negatives: &[u32],
    rate: f32,
) -> Result<f32, EmbeddingError> {
    todo!("train_step")
}

/// One step for each pair, in order: `schedule.negatives` fresh negatives,
/// drawn as [`draw_negatives`] does right before the step, and the learning
/// rate of that step, `schedule.rate(i)`. Returns the mean loss, added up in
/// f64; 0 if there are no pairs.
///
/// # Errors
/// As [`draw_negatives`] and [`train_step`].
pub fn train(
    model: &mut Model,
    pairs: &[(u32, u32)],
    noise: &Noise,
    schedule: &Schedule,
    rng: &mut dyn Rng,
) -> Result<f32, EmbeddingError> {
    todo!("train")
}

/// The cosine of the angle between two vectors of equal shape `(dim)`, `a·b /
/// (‖a‖ ‖b‖)`; NaN if one of them holds NaN, else 0 if one of them is zero.
/// Lengths may be anywhere from 1e-15 to 1e15: the square of their product is
/// more, or less, than f32 holds.
pub fn cosine(a: &[f32], b: &[f32]) -> f32 {
    todo!("cosine")
}

/// The `k` words whose vectors have the largest cosine with the query, largest
/// first, with these cosines; of equals (−0 is 0), the lower id first. Words in
/// `exclude` are passed over; it may name words that the table has not. `query`
/// has the shape `(dim)`. There are fewer than `k` where the table has no more.
/// A cosine that is NaN may stand at any place; the others are in order.
///
/// # Errors
/// [`EmbeddingError::Lengths`], of the query and of a row, if they differ,
/// whatever `k` is.
pub fn nearest(
    vectors: &Vectors,
    query: &[f32],
    k: usize,
    exclude: &[u32],
) -> Result<Vec<(u32, f32)>, EmbeddingError> {
    todo!("nearest")
}

/// `a` is to `b` as `c` is to what? The `k` words nearest to `b/‖b‖ − a/‖a‖ +
/// c/‖c‖`, the three themselves passed over (Mikolov and others, 2013; Levy and
/// Goldberg, 2014, call it 3CosAdd). A vector that is zero has no direction: it
/// adds nothing to the query. One that holds NaN makes all cosines NaN. Lengths
/// are those of [`cosine`].
///
/// # Errors
/// [`EmbeddingError::NoSuchRow`] if a word is not in the table, whatever `k`
/// is.
pub fn analogy(
    vectors: &Vectors,
    [a, b, c]: [u32; 3],
    k: usize,
) -> Result<Vec<(u32, f32)>, EmbeddingError> {
    todo!("analogy")
}
