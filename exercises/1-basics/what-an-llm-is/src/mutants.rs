//! Wrong solutions, each with one classic bug, that the checks must reject.

use rand::{Rng, RngExt};

use crate::solution::{fit, perplexity};
use crate::{Draw, Followers, Ngram, NgramError};

/// Counts each token after the contexts that these lengths give it.
fn counted(
    tokens: &[u32],
    order: usize,
    vocab_size: usize,
    lengths: impl Fn(usize) -> std::ops::RangeInclusive<usize>,
) -> Result<Ngram, NgramError> {
    // Refuses what the reference refuses.
    fit(tokens, 1, vocab_size)?;
    let mut model = Ngram::new(order, vocab_size)?;
    for (i, &token) in tokens.iter().enumerate() {
        for length in lengths(i) {
            model.after_mut(&tokens[i - length..i]).add(token);
        }
    }
    Ok(model)
}

/// The ends of a context, from the empty one to that of `order − 1` tokens.
fn ends<'c>(model: &Ngram, context: &'c [u32]) -> impl DoubleEndedIterator<Item = &'c [u32]> {
    let longest = context.len().min(model.order() - 1);
    (0..=longest).map(|length| &context[context.len() - length..])
}

/// The reference with another step from the shorter context's probability to this one's.
fn climb(
    model: &Ngram,
    context: &[u32],
    token: u32,
    step: impl Fn(Option<&Followers>, f64) -> f64,
) -> f64 {
    if token as usize >= model.vocab_size() {
        return 0.0;
    }
    let floor = 1.0 / model.vocab_size() as f64;
    ends(model, context).fold(floor, |p, end| step(model.after(end), p))
}

/// `(c(h, w), c(h), T(h))`
fn numbers(seen: &Followers, token: u32) -> (f64, f64, f64) {
    (seen.count(token) as f64, seen.total() as f64, seen.distinct() as f64)
}

/// The mean of something over the tokens of a text.
fn mean(tokens: &[u32], of: impl Fn(usize) -> f64) -> f64 {
    (0..tokens.len()).map(of).sum::<f64>() / tokens.len() as f64
}

/// Refuses what the reference refuses.
fn refuse(model: &Ngram, tokens: &[u32]) -> Result<(), NgramError> {
    perplexity(model, tokens).map(|_| ())
}

/// The reference with a choice of sides that lead to a shorter context, and of follower.
fn rolled(
    model: &Ngram,
    context: &[u32],
    rng: &mut impl Rng,
    back_off: impl Fn(&Followers) -> u64,
    weight: impl Fn(u64) -> u64,
) -> Draw {
    for end in ends(model, context).rev() {
        let Some(seen) = model.after(end) else { continue };
        let total: u64 = seen.iter().map(|(_, count)| weight(count)).sum();
        let mut side = rng.random_range(0..total + back_off(seen));
        for (token, count) in seen.iter() {
            if side < weight(count) {
                return Draw { token, context: Some(end.len()) };
            }
            side -= weight(count);
        }
    }
    Draw { token: rng.random_range(0..model.vocab_size() as u32), context: None }
}

grading::mutants! {
    /// The contexts at the start of the text, shorter than the rest, are left out.
    counts_full_contexts_only {
        pub fn fit(tokens: &[u32], order: usize, vocab_size: usize) -> Result<Ngram, NgramError> {
            counted(tokens, order, vocab_size, |i| 0..=if i + 1 < order { 0 } else { order - 1 })
        }
    }
    /// No shorter contexts, so there is nothing to fall back to.
    counts_only_full_length {
        pub fn fit(tokens: &[u32], order: usize, vocab_size: usize) -> Result<Ngram, NgramError> {
            counted(tokens, order, vocab_size, |i| i.min(order - 1)..=i.min(order - 1))
        }
    }
    /// The first token has no context, so it is not counted at all.
    counts_from_the_second_token {
        pub fn fit(tokens: &[u32], order: usize, vocab_size: usize) -> Result<Ngram, NgramError> {
            counted(tokens, order, vocab_size, |i| usize::from(i == 0)..=i.min(order - 1))
        }
    }
    /// Takes the order for the length of the context.
    counts_one_token_too_many {
        pub fn fit(tokens: &[u32], order: usize, vocab_size: usize) -> Result<Ngram, NgramError> {
            Ngram::new(order, vocab_size)?;
            counted(tokens, order, vocab_size, |i| 0..=i.min(order))
        }
    }
    /// The nearest token comes first in the context.
    counts_contexts_backwards {
        pub fn fit(tokens: &[u32], order: usize, vocab_size: usize) -> Result<Ngram, NgramError> {
            let right = crate::solution::fit(tokens, order, vocab_size)?;
            let mut model = Ngram::new(order, vocab_size)?;
            for (context, seen) in right.contexts() {
                let context: Vec<u32> = context.iter().rev().copied().collect();
                for (token, count) in seen.iter() {
                    (0..count).for_each(|_| model.after_mut(&context).add(token));
                }
            }
            Ok(model)
        }
    }
    /// Counts the token before, not the one after.
    counts_what_comes_before {
        pub fn fit(tokens: &[u32], order: usize, vocab_size: usize) -> Result<Ngram, NgramError> {
            let reversed: Vec<u32> = tokens.iter().rev().copied().collect();
            crate::solution::fit(&reversed, order, vocab_size)
        }
    }
    /// Any number is a token.
    counts_unknown_tokens {
        pub fn fit(tokens: &[u32], order: usize, vocab_size: usize) -> Result<Ngram, NgramError> {
            let mut model = Ngram::new(order, vocab_size)?;
            for (i, &token) in tokens.iter().enumerate() {
                for length in 0..=i.min(order - 1) {
                    model.after_mut(&tokens[i - length..i]).add(token);
                }
            }
            Ok(model)
        }
    }
    /// Leaves the rest of the text out, and says nothing.
    counts_up_to_the_unknown {
        pub fn fit(tokens: &[u32], order: usize, vocab_size: usize) -> Result<Ngram, NgramError> {
            let known = tokens.iter().take_while(|&&token| (token as usize) < vocab_size);
            crate::solution::fit(&known.copied().collect::<Vec<u32>>(), order, vocab_size)
        }
    }
    /// Divides by the count of the context alone.
    prob_forgets_the_distinct {
        pub fn prob(model: &Ngram, context: &[u32], token: u32) -> f64 {
            climb(model, context, token, |seen, p| seen.map_or(p, |seen| {
                let (count, total, distinct) = numbers(seen, token);
                (count + distinct * p) / total
            }))
        }
    }
    /// The share of a seen token, whole, or what the shorter context says: stupid backoff, whose
    /// scores are no probabilities.
    prob_adds_without_discount {
        pub fn prob(model: &Ngram, context: &[u32], token: u32) -> f64 {
            climb(model, context, token, |seen, p| {
                let share = seen.map(|seen| numbers(seen, token));
                share.filter(|s| s.0 > 0.0).map_or(0.4 * p, |(count, total, _)| count / total)
            })
        }
    }
    /// Relative frequencies: what was not seen is impossible.
    prob_without_smoothing {
        pub fn prob(model: &Ngram, context: &[u32], token: u32) -> f64 {
            climb(model, context, token, |seen, p| seen.map_or(p, |seen| {
                let (count, total, _) = numbers(seen, token);
                count / total
            }))
        }
    }
    /// Adds one to every count instead, as if each token had been seen once more.
    prob_adds_one {
        pub fn prob(model: &Ngram, context: &[u32], token: u32) -> f64 {
            climb(model, context, token, |seen, p| seen.map_or(p, |seen| {
                let (count, total, _) = numbers(seen, token);
                (count + 1.0) / (total + model.vocab_size() as f64)
            }))
        }
    }
    /// From the longest context straight to the uniform distribution.
    prob_skips_to_the_floor {
        pub fn prob(model: &Ngram, context: &[u32], token: u32) -> f64 {
            let floor = 1.0 / model.vocab_size() as f64;
            climb(model, context, token, |seen, p| seen.map_or(p, |seen| {
                let (count, total, distinct) = numbers(seen, token);
                (count + distinct * floor) / (total + distinct)
            }))
        }
    }
    /// Takes the size of the vocabulary for the number of different followers.
    prob_counts_the_whole_vocabulary {
        pub fn prob(model: &Ngram, context: &[u32], token: u32) -> f64 {
            let size = model.vocab_size() as f64;
            climb(model, context, token, |seen, p| seen.map_or(p, |seen| {
                let (count, total, _) = numbers(seen, token);
                (count + size * p) / (total + size)
            }))
        }
    }
    /// Shortens the context at the wrong end: drops the newest token, not the oldest.
    prob_drops_the_newest_token {
        pub fn prob(model: &Ngram, context: &[u32], token: u32) -> f64 {
            if token as usize >= model.vocab_size() {
                return 0.0;
            }
            let longest = &context[context.len() - context.len().min(model.order() - 1)..];
            let mut p = 1.0 / model.vocab_size() as f64;
            for length in 0..=longest.len() {
                let Some(seen) = model.after(&longest[..length]) else { continue };
                let (count, total, distinct) = numbers(seen, token);
                p = (count + distinct * p) / (total + distinct);
            }
            p
        }
    }
    /// Gives up where it should try a shorter context.
    prob_of_unseen_is_uniform {
        pub fn prob(model: &Ngram, context: &[u32], token: u32) -> f64 {
            let floor = 1.0 / model.vocab_size() as f64;
            climb(model, context, token, |seen, p| seen.map_or(floor, |seen| {
                let (count, total, distinct) = numbers(seen, token);
                (count + distinct * p) / (total + distinct)
            }))
        }
    }
    /// Takes an unseen context for an impossible one.
    prob_of_unseen_is_zero {
        pub fn prob(model: &Ngram, context: &[u32], token: u32) -> f64 {
            climb(model, context, token, |seen, p| seen.map_or(0.0, |seen| {
                let (count, total, distinct) = numbers(seen, token);
                (count + distinct * p) / (total + distinct)
            }))
        }
    }
    /// Cuts a long context at the wrong end.
    prob_reads_the_beginning {
        pub fn prob(model: &Ngram, context: &[u32], token: u32) -> f64 {
            crate::solution::prob(model, &context[..context.len().min(model.order() - 1)], token)
        }
    }
    /// Does not cut a long context: only the counts of short ones are there.
    prob_of_long_context_is_unseen {
        pub fn prob(model: &Ngram, context: &[u32], token: u32) -> f64 {
            let context = if context.len() < model.order() { context } else { &[] };
            crate::solution::prob(model, context, token)
        }
    }
    /// Every number gets its share of the vocabulary.
    prob_of_anything {
        pub fn prob(model: &Ngram, context: &[u32], token: u32) -> f64 {
            ends(model, context).fold(1.0 / model.vocab_size() as f64, |p, end| {
                model.after(end).map_or(p, |seen| {
                    let (count, total, distinct) = numbers(seen, token);
                    (count + distinct * p) / (total + distinct)
                })
            })
        }
    }
    /// Grows with the length of the text.
    perplexity_of_the_sum {
        pub fn perplexity(model: &Ngram, tokens: &[u32]) -> Result<f64, NgramError> {
            refuse(model, tokens)?;
            let surprise = mean(tokens, |i| -prob(model, &tokens[..i], tokens[i]).ln());
            Ok((surprise * tokens.len() as f64).exp())
        }
    }
    /// Logarithm to the base 2, exponential function to the base e.
    perplexity_in_bits {
        pub fn perplexity(model: &Ngram, tokens: &[u32]) -> Result<f64, NgramError> {
            refuse(model, tokens)?;
            Ok(mean(tokens, |i| -prob(model, &tokens[..i], tokens[i]).log2()).exp())
        }
    }
    /// Stops at the mean of the logarithms.
    perplexity_is_the_loss {
        pub fn perplexity(model: &Ngram, tokens: &[u32]) -> Result<f64, NgramError> {
            refuse(model, tokens)?;
            Ok(mean(tokens, |i| -prob(model, &tokens[..i], tokens[i]).ln()))
        }
    }
    /// One over the mean probability: a single good guess hides many bad ones.
    perplexity_averages_probabilities {
        pub fn perplexity(model: &Ngram, tokens: &[u32]) -> Result<f64, NgramError> {
            refuse(model, tokens)?;
            Ok(1.0 / mean(tokens, |i| prob(model, &tokens[..i], tokens[i])))
        }
    }
    /// Every token is judged without the ones before it.
    perplexity_without_context {
        pub fn perplexity(model: &Ngram, tokens: &[u32]) -> Result<f64, NgramError> {
            refuse(model, tokens)?;
            Ok(mean(tokens, |i| -prob(model, &[], tokens[i]).ln()).exp())
        }
    }
    /// The first token, which has no context, is left out.
    perplexity_skips_the_first {
        pub fn perplexity(model: &Ngram, tokens: &[u32]) -> Result<f64, NgramError> {
            refuse(model, tokens)?;
            let rest: Vec<f64> =
                (1..tokens.len()).map(|i| -prob(model, &tokens[..i], tokens[i]).ln()).collect();
            Ok((rest.iter().sum::<f64>() / rest.len().max(1) as f64).exp())
        }
    }
    /// The product vanishes after a few hundred tokens.
    perplexity_multiplies {
        pub fn perplexity(model: &Ngram, tokens: &[u32]) -> Result<f64, NgramError> {
            refuse(model, tokens)?;
            let all: f64 = (0..tokens.len()).map(|i| prob(model, &tokens[..i], tokens[i])).product();
            Ok(all.powf(-1.0 / tokens.len() as f64))
        }
    }
    /// No text, no surprise.
    perplexity_of_nothing_is_one {
        pub fn perplexity(model: &Ngram, tokens: &[u32]) -> Result<f64, NgramError> {
            match tokens {
                [] => Ok(1.0),
                _ => crate::solution::perplexity(model, tokens),
            }
        }
    }
    /// An unknown token makes the text infinitely surprising.
    perplexity_takes_unknown {
        pub fn perplexity(model: &Ngram, tokens: &[u32]) -> Result<f64, NgramError> {
            if tokens.is_empty() {
                return Err(NgramError::NoTokens);
            }
            Ok(mean(tokens, |i| -prob(model, &tokens[..i], tokens[i]).ln()).exp())
        }
    }
    /// Greedy: always the most frequent follower.
    draws_the_likeliest {
        pub fn draw(model: &Ngram, context: &[u32], _rng: &mut impl Rng) -> Draw {
            let best = |seen: &Followers| seen.iter().max_by_key(|&(_, count)| count);
            let found = ends(model, context).rev().find_map(|end| {
                let (token, _) = best(model.after(end)?)?;
                Some(Draw { token, context: Some(end.len()) })
            });
            found.unwrap_or(Draw { token: 0, context: None })
        }
    }
    /// Only ever writes what was seen after the longest context.
    draws_without_backing_off {
        pub fn draw(model: &Ngram, context: &[u32], rng: &mut impl Rng) -> Draw {
            rolled(model, context, rng, |_| 0, |count| count)
        }
    }
    /// A follower seen once comes as often as one seen a thousand times.
    draws_followers_alike {
        pub fn draw(model: &Ngram, context: &[u32], rng: &mut impl Rng) -> Draw {
            rolled(model, context, rng, Followers::distinct, |_| 1)
        }
    }
    /// A single side of the die leads to a shorter context, however varied the followers.
    draws_with_one_side_left {
        pub fn draw(model: &Ngram, context: &[u32], rng: &mut impl Rng) -> Draw {
            rolled(model, context, rng, |_| 1, |count| count)
        }
    }
    /// The draw from the whole vocabulary ends one token early.
    draws_never_the_last_token {
        pub fn draw(model: &Ngram, context: &[u32], rng: &mut impl Rng) -> Draw {
            let mut drawn = rolled(model, context, rng, Followers::distinct, |count| count);
            if drawn.context.is_none() {
                drawn.token = drawn.token.min(model.vocab_size() as u32 - 2);
            }
            drawn
        }
    }
    /// Says that the longest context decided, even where it did not.
    draws_say_the_longest {
        pub fn draw(model: &Ngram, context: &[u32], rng: &mut impl Rng) -> Draw {
            let drawn = rolled(model, context, rng, Followers::distinct, |count| count);
            Draw { context: Some(context.len().min(model.order() - 1)), ..drawn }
        }
    }
    /// Takes a draw from the whole vocabulary for one from the counts.
    draws_say_zero_for_none {
        pub fn draw(model: &Ngram, context: &[u32], rng: &mut impl Rng) -> Draw {
            let drawn = rolled(model, context, rng, Followers::distinct, |count| count);
            Draw { context: drawn.context.or(Some(0)), ..drawn }
        }
    }
    /// Every token follows the prompt, none follows another.
    generates_from_the_prompt_alone {
        pub fn generate(model: &Ngram, prompt: &[u32], len: usize, rng: &mut impl Rng) -> Vec<u32> {
            (0..len).map(|_| draw(model, prompt, rng).token).collect()
        }
    }
    /// Begins anew instead of going on.
    generates_without_the_prompt {
        pub fn generate(model: &Ngram, _prompt: &[u32], len: usize, rng: &mut impl Rng) -> Vec<u32> {
            crate::solution::generate(model, &[], len, rng)
        }
    }
    /// Remembers one token, whatever the order.
    generates_from_the_last_token {
        pub fn generate(model: &Ngram, prompt: &[u32], len: usize, rng: &mut impl Rng) -> Vec<u32> {
            let mut last = prompt.last().copied();
            let mut next = || {
                let token = draw(model, last.as_slice(), rng).token;
                last = Some(token);
                token
            };
            (0..len).map(|_| next()).collect()
        }
    }
    /// The prompt is in the result.
    generates_with_the_prompt {
        pub fn generate(model: &Ngram, prompt: &[u32], len: usize, rng: &mut impl Rng) -> Vec<u32> {
            [prompt, &crate::solution::generate(model, prompt, len, rng)].concat()
        }
    }
    /// Stops one token early.
    generates_one_too_few {
        pub fn generate(model: &Ngram, prompt: &[u32], len: usize, rng: &mut impl Rng) -> Vec<u32> {
            crate::solution::generate(model, prompt, len.saturating_sub(1), rng)
        }
    }
    /// Takes `len` for the length of prompt and text together.
    generates_up_to_len_in_all {
        pub fn generate(model: &Ngram, prompt: &[u32], len: usize, rng: &mut impl Rng) -> Vec<u32> {
            crate::solution::generate(model, prompt, len.saturating_sub(prompt.len()), rng)
        }
    }
}
