//! Summarization: the most typical sentences of a text.

use std::collections::{BTreeSet, HashMap};

use crate::{STOP_WORDS, TaskError, lower_words, sentences};

// ANCHOR: summarize
/// The most typical sentences of a text ([`sentences`]), at most `n_sentences`, in
/// the order of the text.
///
/// Words are compared in lower case, and [`STOP_WORDS`] are left out everywhere.
/// The probability of a word is its count in the text, divided by the count of
/// all words. A sentence scores the mean probability of its words (0 if it has
/// none). Of the sentences not taken yet, the one with the highest score is
/// taken, the first one among equals; the probability of each of its distinct
/// words is squared, so that the next sentence tells something else; and so on.
///
/// Source: SumBasic, in A. Nenkova and L. Vanderwende, The Impact of Frequency on
/// Summarization, 2005 (without its condition that a sentence has the most
/// probable word).
///
/// # Errors
/// [`TaskError::NoWords`] if there is no sentence with a word, whatever
/// `n_sentences` is.
pub fn summarize(text: &str, n_sentences: usize) -> Result<Vec<&str>, TaskError> {
    let places = sentences(text);
    if places.is_empty() {
        return Err(TaskError::NoWords);
    }
    let content = |sentence: &str| -> Vec<String> {
        let words = lower_words(sentence).into_iter();
        words.filter(|word| !STOP_WORDS.contains(&word.as_str())).collect()
    };
    let contents: Vec<Vec<String>> = places.iter().map(|s| content(&text[s.clone()])).collect();
    let all = contents.iter().map(Vec::len).sum::<usize>() as f64;
    let mut p: HashMap<&str, f64> = HashMap::new();
    for word in contents.iter().flatten() {
        *p.entry(word).or_default() += 1.0 / all;
    }
    let mut chosen: Vec<usize> = Vec::new();
    while chosen.len() < n_sentences.min(places.len()) {
        let score = |words: &[String]| {
            words.iter().map(|word| p[word.as_str()]).sum::<f64>() / words.len().max(1) as f64
        };
        let rest = (0..places.len()).rev().filter(|i| !chosen.contains(i));
        let best = rest.max_by(|&i, &j| score(&contents[i]).total_cmp(&score(&contents[j])));
        let Some(best) = best else { break };
        let distinct: BTreeSet<&String> = contents[best].iter().collect();
        for word in distinct {
            p.entry(word.as_str()).and_modify(|p| *p *= *p);
        }
        chosen.push(best);
    }
    chosen.sort_unstable();
    Ok(chosen.into_iter().map(|i| &text[places[i].clone()]).collect())
}
// ANCHOR_END: summarize
