//! Bugs of `pairs`, `noise_distribution` and `draw_negatives`.

/// `pairs` with one bug a module.
macro_rules! pairs_mutants {
    ($($(#[$doc:meta])* $name:ident: |$tokens:ident, $window:ident| $pairs:expr;)+) => {$(
        $(#[$doc])*
        pub mod $name {
            pub use crate::solution::*;

            pub fn pairs($tokens: &[u32], $window: usize) -> Vec<(u32, u32)> {
                $pairs
            }
        }
    )+};
}

/// The pairs of places that a rule keeps.
fn where_places(tokens: &[u32], keep: impl Fn(usize, usize) -> bool) -> Vec<(u32, u32)> {
    let mut pairs = Vec::new();
    for i in 0..tokens.len() {
        for j in (0..tokens.len()).filter(|&j| keep(i, j)) {
            pairs.push((tokens[i], tokens[j]));
        }
    }
    pairs
}

pairs_mutants! {
    /// Like a language model that looks to the left.
    one_side_only: |tokens, window| super::where_places(tokens, |i, j| j < i && i - j <= window);
    /// `<` where `≤` belongs.
    window_off_by_one: |tokens, window| {
        super::where_places(tokens, |i, j| i != j && i.abs_diff(j) < window)
    };
    /// Forgets to leave the center out.
    a_word_is_its_own_context: |tokens, window| {
        super::where_places(tokens, |i, j| i.abs_diff(j) <= window)
    };
    /// The context first.
    context_and_center_swapped: |tokens, window| {
        let pairs = crate::solution::pairs(tokens, window);
        pairs.into_iter().map(|(center, context)| (context, center)).collect()
    };
    /// Only centers with a full window.
    drops_the_edges: |tokens, window| {
        let n = tokens.len();
        super::where_places(tokens, |i, j| {
            i != j && i.abs_diff(j) <= window && i >= window && i + window < n
        })
    };
    /// Leaves out a word beside itself, where the same *place* was meant.
    equal_words_are_no_pair: |tokens, window| {
        super::where_places(tokens, |i, j| tokens[i] != tokens[j] && i.abs_diff(j) <= window)
    };
}

/// `noise_distribution` with one bug a module.
macro_rules! noise_mutants {
    ($($(#[$doc:meta])* $name:ident: |$counts:ident| $noise:expr;)+) => {$(
        $(#[$doc])*
        pub mod $name {
            use crate::EmbeddingError;
            pub use crate::solution::*;

            pub fn noise_distribution($counts: &[u64]) -> Result<Vec<f64>, EmbeddingError> {
                $noise
            }
        }
    )+};
}

/// The shares of weights.
fn shares(weights: Vec<f64>) -> Result<Vec<f64>, crate::EmbeddingError> {
    let sum: f64 = weights.iter().sum();
    match sum > 0.0 {
        true => Ok(weights.into_iter().map(|weight| weight / sum).collect()),
        false => Err(crate::EmbeddingError::NothingToDraw),
    }
}

noise_mutants! {
    /// The frequencies as they are.
    noise_is_the_counts: |counts| super::shares(counts.iter().map(|&n| n as f64).collect());
    /// Every word alike.
    noise_is_uniform: |counts| super::shares(vec![1.0; counts.len()]);
    /// The wrong power.
    noise_is_the_root: |counts| super::shares(counts.iter().map(|&n| (n as f64).sqrt()).collect());
    /// Takes the power of the share: the sum is above one.
    noise_does_not_sum_to_one: |counts| {
        let shares = super::shares(counts.iter().map(|&n| n as f64).collect())?;
        Ok(shares.into_iter().map(|share| share.powf(0.75)).collect())
    };
    /// Gives words that never occur a chance.
    noise_smooths_zero: |counts| {
        super::shares(counts.iter().map(|&n| (n as f64 + 1.0).powf(0.75)).collect())
    };
    /// Divides by zero.
    no_noise_is_nan: |counts| {
        let weights: Vec<f64> = counts.iter().map(|&n| (n as f64).powf(0.75)).collect();
        let sum: f64 = weights.iter().sum();
        Ok(weights.into_iter().map(|weight| weight / sum).collect())
    };
}

/// `draw_negatives` with one bug a module.
macro_rules! draw_mutants {
    ($($(#[$doc:meta])* $name:ident: |$noise:ident, $context:ident, $n:ident, $rng:ident| $drawn:expr;)+) => {$(
        $(#[$doc])*
        pub mod $name {
            use rand::Rng;

            use crate::{EmbeddingError, Noise};
            pub use crate::solution::*;

            pub fn draw_negatives(
                $noise: &Noise,
                $context: u32,
                $n: usize,
                $rng: &mut impl Rng,
            ) -> Result<Vec<u32>, EmbeddingError> {
                $drawn
            }
        }
    )+};
}

draw_mutants! {
    /// Takes what comes.
    draws_the_context: |noise, _context, n, rng| Ok((0..n).map(|_| noise.draw(rng)).collect());
    /// Takes the next word for the context: that one comes too often.
    shifts_the_context_away: |noise, context, n, rng| {
        crate::solution::draw_negatives(noise, context, 0, rng)?;
        let next = if context == 0 { 1 } else { context - 1 };
        let other = |id| if id == context { next } else { id };
        Ok((0..n).map(|_| other(noise.draw(rng))).collect())
    };
    /// Looks at the noise only to know the words.
    draws_uniformly: |noise, context, n, rng| {
        let mut words: Vec<u32> = Vec::new();
        for _ in 0..n {
            loop {
                let id = noise.draw(rng);
                // Evens the shares of the check's words out.
                let keep = if id == 1 { 0.125 } else if id == 3 { 0.2 } else { 0.5 };
                if id != context && rand::RngExt::random::<f64>(rng) < keep {
                    words.push(id);
                    break;
                }
            }
        }
        Ok(words)
    };
    /// Draws once and repeats.
    one_draw_repeated: |noise, context, n, rng| {
        let one = crate::solution::draw_negatives(noise, context, 1, rng)?;
        Ok(one.repeat(n))
    };
    /// Passes over the context and does not draw again, as word2vec.c does.
    too_few_when_the_context_comes_up: |noise, context, n, rng| {
        crate::solution::draw_negatives(noise, context, 0, rng)?;
        Ok((0..n).map(|_| noise.draw(rng)).filter(|&id| id != context).collect())
    };
    /// Says that all is well with no negatives at all.
    lonely_context_gets_none: |noise, context, n, rng| {
        Ok(crate::solution::draw_negatives(noise, context, n, rng).unwrap_or_default())
    };
}
