//! Your file: write what each `todo!()` asks for, in any order you like.
//!
//! - Read src/1-basics/review.md, or run `cargo study serve`.
//! - Grade it with `cargo study grade review`.
//! - Stuck? `cargo study hint review` gives one hint at a time.

use rand::Rng;
use softmax_sampling::Sampling;
use softmax_sampling::solution::sample;
use tokenization::fast::{self, Encoder};
use what_an_llm_is::solution::{fit, prob};

use review::{Buddy, BuddyError, Choice};

// The fields of `Buddy` and `Choice` and the variants of `BuddyError` are in buddy.rs, beside this
// file. `?` turns the errors of the other lessons into a `BuddyError`.

/// Learns from a text: first a vocabulary of `vocab_size` tokens, then the
/// counts of an n-gram model of this order over the tokens of the same text.
///
/// There are no special tokens. A short text may give fewer tokens than asked
/// for.
///
/// # Errors
/// [`BuddyError::NoText`] if the text is empty; those of the tokenizer and of
/// the counts.
pub fn train(text: &str, vocab_size: usize, order: usize) -> Result<Buddy, BuddyError> {
    todo!("train")
}

/// One logit for each token of the vocabulary: `ln P(token | context)`, in
/// the order of the ids.
///
/// The softmax of these logits is the distribution of the model, since
/// `exp(ln P) = P` and the `P` sum to 1. Each is finite: the model gives
/// every token a probability above 0.
pub fn next_logits(buddy: &Buddy, context: &[u32]) -> Vec<f32> {
    todo!("next_logits")
}

/// The surprise at a text, in bits for each of its bytes:
///
/// ```text
/// −(log2 P(t_1) + log2 P(t_2 | t_1) + … + log2 P(t_N | t_1 … t_{N−1})) / bytes
/// ```
///
/// `t_1 … t_N` are the tokens of the text. The first one has no context.
///
/// # Errors
/// [`BuddyError::NoText`] if the text is empty.
pub fn bits_per_byte(buddy: &Buddy, text: &str) -> Result<f64, BuddyError> {
    todo!("bits_per_byte")
}

/// The order that predicts text held out best, of those given; of equals the
/// lowest.
///
/// Vocabulary and counts come from `training` alone, and `held_out` is only
/// judged.
///
/// # Errors
/// [`BuddyError::NoOrders`] if there are none; those of [`train`] and
/// [`bits_per_byte`].
pub fn choose_order(
    training: &str,
    held_out: &str,
    vocab_size: usize,
    orders: &[usize],
) -> Result<Choice, BuddyError> {
    todo!("choose_order")
}

/// Goes on from a prompt; returns the prompt with what was written after it.
///
/// Each token is drawn ([`sample`]) from the logits after all tokens before
/// it, those of the prompt and the new ones. Writing ends with the first line
/// end that is *written*, which is left out, with all that its token has
/// after it; or after `max_tokens` new tokens. The prompt may have line ends
/// of its own, and stays as it is.
///
/// A token takes one draw, so the same generator writes the same text.
///
/// The bytes of all tokens are joined before they are read as UTF-8: a token
/// may end inside a character. A character that is not finished when writing
/// ends becomes `U+FFFD` (�).
///
/// # Errors
/// Those of the sampler. It is not asked where no token is to be written.
pub fn complete(
    buddy: &Buddy,
    prompt: &str,
    sampling: &Sampling,
    max_tokens: usize,
    rng: &mut dyn Rng,
) -> Result<String, BuddyError> {
    todo!("complete")
}
