//! Your first Buddy: a tokenizer, counts and a sampler, put together to write text.

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
    // BEGIN ANSWER
    if text.is_empty() {
        return Err(BuddyError::NoText);
    }
    let bpe = fast::train(text, vocab_size, &[])?;
    let tokens = Encoder::new(&bpe).encode(text);
    let ngram = fit(&tokens, order, bpe.vocab_size())?;
    Ok(Buddy { bpe, ngram })
    // END ANSWER
}

/// One logit for each token of the vocabulary: `ln P(token | context)`, in
/// the order of the ids.
///
/// The softmax of these logits is the distribution of the model, since
/// `exp(ln P) = P` and the `P` sum to 1. Each is finite: the model gives
/// every token a probability above 0.
pub fn next_logits(buddy: &Buddy, context: &[u32]) -> Vec<f32> {
    // BEGIN ANSWER
    let ids = 0..buddy.ngram.vocab_size() as u32;
    ids.map(|id| prob(&buddy.ngram, context, id).ln() as f32).collect()
    // END ANSWER
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
    // BEGIN ANSWER
    if text.is_empty() {
        return Err(BuddyError::NoText);
    }
    let tokens = Encoder::new(&buddy.bpe).encode(text);
    let surprise = |i: usize| -prob(&buddy.ngram, &tokens[..i], tokens[i]).log2();
    let bits: f64 = (0..tokens.len()).map(surprise).sum();
    Ok(bits / text.len() as f64)
    // END ANSWER
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
    // BEGIN ANSWER
    // Counts for the highest order hold those for all lower ones.
    let highest = orders.iter().copied().max().ok_or(BuddyError::NoOrders)?;
    let mut buddy = train(training, vocab_size, highest)?;
    let mut best = Choice { order: highest, bits_per_byte: f64::INFINITY };
    for &order in orders {
        buddy.ngram.set_order(order)?;
        let bits = bits_per_byte(&buddy, held_out)?;
        if (bits, order) < (best.bits_per_byte, best.order) {
            best = Choice { order, bits_per_byte: bits };
        }
    }
    Ok(best)
    // END ANSWER
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
    // BEGIN ANSWER
    let mut tokens = Encoder::new(&buddy.bpe).encode(prompt);
    let mut bytes = prompt.as_bytes().to_vec();
    for _ in 0..max_tokens {
        let next = sample(&next_logits(buddy, &tokens), sampling, rng)? as u32;
        tokens.push(next);
        let written = buddy.bpe.bytes(next).unwrap_or_default();
        if let Some(end) = written.iter().position(|&byte| byte == b'\n') {
            bytes.extend_from_slice(&written[..end]);
            break;
        }
        bytes.extend_from_slice(written);
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
    // END ANSWER
}
