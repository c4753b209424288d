//! Filling a gap: n-gram Buddy tries every word, encoder Buddy sees both sides at once.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use buddy::encoder::{EncoderBuddy, Gap, gaps};
use tinytown::World;
use what_llms_are_for::Buddy;
use what_llms_are_for::evaluate::{HELD_OUT_EXAMPLES, STORY_BYTES, Score};
use what_llms_are_for::metrics::accuracy;
use what_llms_are_for::town::{HELD_OUT, SEED, TRAINING};

/// A gap is among so many words at the beginning of its story, which is what encoder Buddy reads.
const MOST: usize = 62;
/// An n-gram of five tokens looks at four, so a word changes what is said of the four after it.
const NEIGHBORS: usize = 4;

/// Of n-gram Buddy and of encoder Buddy. Floor: the most frequent word.
///
/// # Errors
/// If a model cannot be trained or opened.
pub fn scores() -> Result<[Score; 2]> {
    let world = World::new(SEED);
    let gaps: Vec<Gap> = gaps(&world, HELD_OUT, MOST).take(HELD_OUT_EXAMPLES).collect();
    let text = world.text(TRAINING, STORY_BYTES);
    let words = Words::of(&text);
    let floor = words.score(&gaps, |_| Ok(words.frequent.clone()))?;
    let counts = Buddy::fit(&world, STORY_BYTES)?;
    let tokens = words.tokens(&counts);
    let by_counts = words.score(&gaps, |gap| words.likeliest(&counts, &tokens, gap))?;

    let encoder = EncoderBuddy::kept()?;
    let guesses = encoder.guess(&gaps, 1)?;
    let right = |(guess, gap): (&Vec<(String, f32)>, &Gap)| {
        (guess.first().map(|(word, _)| word.clone()), Some(gap.answer()))
    };
    let by_encoder = accuracy(&guesses.iter().zip(&gaps).map(right).collect::<Vec<_>>());
    Ok([by_counts, by_encoder].map(|value| Score {
        task: "fill-the-mask",
        metric: "accuracy",
        value,
        baseline_floor: floor,
        examples: gaps.len(),
    }))
}

/// The words of the training text that may stand in a gap, as they are written within a sentence
/// and at its beginning.
struct Words {
    all: Vec<String>,
    frequent: String,
}

impl Words {
    fn of(text: &str) -> Self {
        let mut counts = BTreeMap::<&str, usize>::new();
        for word in other_tokenizers::words(text).filter(|w| w.chars().all(char::is_alphabetic)) {
            *counts.entry(word).or_default() += 1;
        }
        let frequent = counts.iter().max_by_key(|(_, count)| **count);
        let frequent = frequent.map(|(word, _)| word.to_lowercase()).unwrap_or_default();
        Self { all: counts.keys().map(|&word| word.to_owned()).collect(), frequent }
    }

    fn score(&self, gaps: &[Gap], guess: impl Fn(&Gap) -> Result<String>) -> Result<f64> {
        let pairs: Result<Vec<(String, String)>> =
            gaps.iter().map(|gap| Ok((guess(gap)?, gap.answer()))).collect();
        Ok(accuracy(&pairs?))
    }

    /// The tokens of each word; the space before it is part of its token.
    fn tokens(&self, counts: &Buddy) -> Vec<Vec<u32>> {
        self.all.iter().map(|word| counts.tokens(&format!(" {word}"))).collect()
    }

    /// The word with which the whole text is most probable, in lower case.
    fn likeliest(&self, counts: &Buddy, tokens: &[Vec<u32>], gap: &Gap) -> Result<String> {
        let before = gap.before().strip_suffix(' ').context("a gap has a space before it")?;
        let (before, after) = (counts.tokens(before), counts.tokens(gap.after()));
        let before = &before[before.len().saturating_sub(NEIGHBORS)..];
        let after = &after[..after.len().min(NEIGHBORS)];
        let probable = |word: &[u32]| counts.ln_prob(&[before, word, after].concat(), before.len());
        let scored = self.all.iter().zip(tokens).map(|(word, tokens)| (word, probable(tokens)));
        let best = scored.max_by(|a, b| a.1.total_cmp(&b.1)).context("there are no words")?;
        Ok(best.0.to_lowercase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tokens_of_a_text_are_those_of_its_parts() {
        let world = World::new(SEED);
        let counts = Buddy::fit(&world, 20_000).unwrap();
        for gap in gaps(&world, HELD_OUT, MOST).take(20) {
            let before = gap.before().strip_suffix(' ').unwrap();
            let word = &gap.text[gap.word[0] - 1..gap.word[1]];
            let parts = [before, word, gap.after()].map(|part| counts.tokens(part)).concat();
            assert_eq!(parts, counts.tokens(&gap.text));
        }
    }
}
