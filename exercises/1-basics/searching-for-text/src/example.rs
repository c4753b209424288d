//! The small cases of the page: its numbers, its figures and its quiz come from them.

use softmax_sampling::Sampling;
use softmax_sampling::solution::filtered_probs;

use crate::solution::{beam_search, constrain, visible};
use crate::{Automaton, Beam, BeamSearch, Bigrams, PatternError, SearchError, Stops, Vocab};

/// The best that a beam of this width finds within four tokens after *to*, and its tokens, each with
/// its probability.
pub fn after_to(width: usize) -> (Beam, Vec<(String, f64)>) {
    let model = Bigrams::alice();
    let start = model.id("to").unwrap_or_default();
    let search = BeamSearch { width, max_len: 4, end: model.id(Bigrams::END), length_penalty: 1.0 };
    let mut next = |tokens: &[usize]| model.after(tokens.last().copied().unwrap_or(start)).to_vec();
    let found = beam_search(&mut next, &search).unwrap_or_default();
    let best = found.into_iter().next().unwrap_or_default();
    let mut steps = Vec::new();
    let mut last = start;
    for &token in &best.tokens {
        let probs = filtered_probs(model.after(last), &Sampling::default()).unwrap_or_default();
        let name = model.tokens.get(token).cloned().unwrap_or_default();
        steps.push((name, probs.get(token).copied().unwrap_or_default()));
        last = token;
    }
    (best, steps)
}

/// Words with how often they were written; all have the same logit.
pub const WRITTEN: [(&str, usize); 3] = [("the", 3), ("cat", 1), ("sat", 0)];
/// The logit of each.
pub const LOGIT: f32 = 2.0;
/// The penalties to compare: frequency, presence, repetition.
pub const FREQUENCY: f64 = 0.5;
/// See [`FREQUENCY`].
pub const PRESENCE: f64 = 0.5;
/// See [`FREQUENCY`].
pub const REPETITION: f64 = 1.5;

/// The words that were written, by their places in [`WRITTEN`].
pub fn history() -> Vec<usize> {
    let words = WRITTEN.iter().enumerate();
    words.flat_map(|(word, &(_, count))| vec![word; count]).collect()
}

/// A stop sequence, and the tokens that a model writes.
pub const STOP: &str = "User:";
/// See [`STOP`].
pub const PIECES: [&str; 5] = ["Seven.", " Us", "eful", "? User", ": Why"];

/// After each token: the bytes visible, those held back, and whether the text has stopped.
pub fn stream() -> Vec<(String, String, bool)> {
    let stops = Stops::new([STOP]).unwrap_or_default();
    let after = |n: usize| {
        let text = PIECES[..n].concat();
        let seen = visible(text.as_bytes(), &stops, false);
        let (shown, held) = text.split_at_checked(seen.len).unwrap_or_default();
        (shown.to_owned(), held.to_owned(), seen.stop.is_some())
    };
    (1..=PIECES.len()).map(after).collect()
}

/// A price: digits, then cents or none.
pub const PRICE: &str = r"[0-9]+(\.[0-9][0-9])?";
/// A small vocabulary; the last token ends a text.
pub const TOKENS: [&str; 10] = ["1", "20", "3.", ".", ".5", ".50", "7.5", "x", "€", "∎"];

/// The automaton of [`PRICE`].
///
/// # Errors
/// None: it is a pattern.
pub fn price() -> Result<Automaton, PatternError> {
    Automaton::compile(PRICE)
}

/// [`TOKENS`] as a vocabulary.
///
/// # Errors
/// None: the end is one of them.
pub fn vocab() -> Result<Vocab, SearchError> {
    let tokens = TOKENS.iter().map(|token| token.as_bytes().to_vec()).collect();
    Vocab::new(tokens, TOKENS.len() - 1)
}

/// The tokens that may follow a part of a price.
pub fn allowed_after(text: &str) -> Vec<&'static str> {
    let (Ok(automaton), Ok(vocab)) = (price(), vocab()) else { return Vec::new() };
    let state = automaton.walk(Automaton::START, text.as_bytes());
    let masked = constrain(&[0.0; TOKENS.len()], &vocab, &automaton, state).unwrap_or_default();
    let allowed = TOKENS.into_iter().zip(masked).filter(|(_, logit)| logit.is_finite());
    allowed.map(|(token, _)| token).collect()
}
