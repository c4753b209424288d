//! Your file: write what each `todo!()` asks for, in any order you like.
//!
//! - Read src/1-basics/what-an-llm-is.md, or run `cargo study serve`.
//! - Grade it with `cargo study grade what-an-llm-is`.
//! - Stuck? `cargo study hint what-an-llm-is` gives one hint at a time.

use rand::{Rng, RngExt};

use what_an_llm_is::{Draw, Ngram, NgramError};

// The methods of `Ngram` and `Followers`, the fields of `Draw` and the variants of `NgramError`
// are in ngram.rs, beside this file.

/// Counts a text: for every token, what came before it.
///
/// Each token is counted once after every context that stands before it: the
/// empty one, the last token, the last two, up to the last `order − 1`, as
/// far as the text goes back.
///
/// # Errors
/// Those of [`Ngram::new`], whatever the text; then
/// [`NgramError::UnknownToken`] at the first token that is not below
/// `vocab_size`.
pub fn fit(tokens: &[u32], order: usize, vocab_size: usize) -> Result<Ngram, NgramError> {
    todo!("fit")
}

/// The first token that the vocabulary does not have is an error.
fn check(tokens: &[u32], vocab_size: usize) -> Result<(), NgramError> {
    todo!("check")
}

/// The probability that `token` comes after `context`:
///
/// ```text
/// P(w | h) = (c(h, w) + T(h) · P(w | h′)) / (c(h) + T(h))
/// ```
///
/// `h` is the end of the context, at most `order − 1` tokens; `h′` is `h`
/// without its first token. `c(h, w)`, `c(h)` and `T(h)` are the `count`,
/// `total` and `distinct` of the followers of `h`. If nothing ever came after
/// `h`, then `P(w | h) = P(w | h′)`. In place of the `P(w | h′)` of the empty
/// context stands `1 / vocab_size`.
///
/// Sums to 1 over the vocabulary for every context, seen or not; 0 for a
/// token that the vocabulary does not have. In a context, such a token is one
/// that was never seen.
pub fn prob(model: &Ngram, context: &[u32], token: u32) -> f64 {
    todo!("prob")
}

/// How surprised the model is by a text, as a number of equally likely
/// tokens: `exp` of the mean of `−ln P(token | tokens before it)`.
///
/// The tokens before are those of this text; the first token has none. At
/// best 1; a model that knows nothing has `vocab_size`.
///
/// # Errors
/// [`NgramError::NoTokens`] if there are none; [`NgramError::UnknownToken`]
/// at the first one that the vocabulary does not have.
pub fn perplexity(model: &Ngram, tokens: &[u32]) -> Result<f64, NgramError> {
    todo!("perplexity")
}

/// Draws the token that comes after `context`, each as often as [`prob`]
/// says.
///
/// Begins with the last `order − 1` tokens of the context. If something came
/// after them, rolls a die with `c(h) + T(h)` sides. On one of the first
/// `c(h)`, the token is one of the followers, each with as many sides as its
/// count. On one of the other `T(h)`, or if nothing ever came, goes on with
/// the context one token shorter. Below the empty context, a die with
/// `vocab_size` sides decides.
///
/// Takes one random number from `rng` for each die it rolls, and no other.
pub fn draw(model: &Ngram, context: &[u32], rng: &mut dyn Rng) -> Draw {
    todo!("draw")
}

/// Writes on: `len` new tokens after the prompt, each one [`draw`] from `rng`
/// after all that is there by then.
///
/// The prompt is not part of the result.
pub fn generate(model: &Ngram, prompt: &[u32], len: usize, rng: &mut dyn Rng) -> Vec<u32> {
    todo!("generate")
}
