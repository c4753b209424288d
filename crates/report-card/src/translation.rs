//! Encoder-decoder Buddy translates what n-gram Buddy was asked to translate.

use anyhow::Result;
use buddy::encoder_decoder::EncoderDecoderBuddy;
use tinytown::World;
use what_llms_are_for::evaluate::{HELD_OUT_EXAMPLES, Score};
use what_llms_are_for::lower_words;
use what_llms_are_for::metrics::{accuracy, bleu};
use what_llms_are_for::town::{HELD_OUT, SEED};

/// Exact sentences and BLEU. Floor: the English words.
///
/// # Errors
/// If the model cannot be opened.
pub fn scores() -> Result<Vec<Score>> {
    let pairs: Vec<_> = World::new(SEED).translations(HELD_OUT).take(HELD_OUT_EXAMPLES).collect();
    let english: Vec<&str> = pairs.iter().map(|pair| pair.english.as_str()).collect();
    let said = EncoderDecoderBuddy::kept()?.translate(&english)?;
    let against = |said: Vec<&str>| -> Vec<(Vec<String>, Vec<String>)> {
        let right = pairs.iter().map(|pair| lower_words(&pair.tinytongue));
        said.into_iter().map(lower_words).zip(right).collect()
    };
    let [said, floor] = [against(said.iter().map(String::as_str).collect()), against(english)];
    let score = |metric, value, baseline_floor| Score {
        task: "translation",
        metric,
        value,
        baseline_floor,
        examples: said.len(),
    };
    Ok(vec![
        score("exact sentences", accuracy(&said), accuracy(&floor)),
        score("BLEU over words", bleu(&said), bleu(&floor)),
    ])
}
