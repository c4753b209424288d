//! What the page shows: a cross-attention whose numbers come from a dictionary that step 1 counted,
//! word by word, without a product of matrices; and a lesson without what the page does not run.

use std::sync::OnceLock;

use candle_core::Tensor;
use grading::numbers::shares;
use multi_head_attention::Mha;
use tinytown::{TranslateError, World, to_tinytongue};
use what_llms_are_for::{Pair, TranslationTable, em_round, lower_words, uniform_table};

use crate::{Answers, Bart, BartBlock, BartStack, Encoded, SeqError, Source, T5, T5Block};

/// The sentence of the page.
pub const SENTENCE: &str = "The small dogs did not see Ada near the river.";

/// So many pairs of sentences make the dictionary, in so many rounds.
pub const PAIRS: usize = 600;
const ROUNDS: usize = 6;

/// The score of two words that the dictionary does not know together: one in a million.
const LEAST: f64 = 1e-6;

/// Who looks at whom while a sentence is translated.
#[derive(Clone, Debug)]
pub struct Aligned {
    /// The words of the source, as they are typed.
    pub source: Vec<String>,
    /// The words of the output, one after the other.
    pub output: Vec<String>,
    /// `[output][source]`: the logarithm of how probable the output's word is as a translation of
    /// the source's word.
    pub scores: Vec<Vec<f64>>,
    /// `[output][source]`: the softmax of these.
    pub weights: Vec<Vec<f64>>,
}

/// IBM model 1, as step 1 has it, from pairs of Tinytown's sentences.
fn dictionary() -> &'static TranslationTable {
    static TABLE: OnceLock<TranslationTable> = OnceLock::new();
    TABLE.get_or_init(|| {
        let pair = |t: tinytown::Translation| Pair {
            source: lower_words(&t.english),
            target: lower_words(&t.tinytongue),
        };
        let pairs: Vec<Pair> = World::new(1).translations(0).take(PAIRS).map(pair).collect();
        (0..ROUNDS).fold(uniform_table(&pairs), |table, _| em_round(&pairs, &table))
    })
}

/// Translates a sentence, by rule, and aligns it with its translation, by the dictionary.
///
/// # Errors
/// If Tinytongue cannot say it.
pub fn aligned(english: &str) -> Result<Aligned, TranslateError> {
    let words = |text: &str| -> Vec<String> {
        what_llms_are_for::words(text).iter().map(|word| word.text.to_owned()).collect()
    };
    let (source, output) = (words(english), words(&to_tinytongue(english)?));
    let score = |f: &String, e: &String| {
        let row = dictionary().get(&e.to_lowercase());
        row.and_then(|row| row.get(&f.to_lowercase())).copied().unwrap_or(0.0).max(LEAST).ln()
    };
    let scores: Vec<Vec<f64>> =
        output.iter().map(|f| source.iter().map(|e| score(f, e)).collect()).collect();
    let softmax = |scores: &Vec<f64>| shares(&scores.iter().map(|s| s.exp()).collect::<Vec<_>>());
    let weights = scores.iter().map(softmax).collect();
    Ok(Aligned { source, output, scores, weights })
}

/// Why a function that the page does not run returns nothing.
fn not_here() -> SeqError {
    SeqError::Config("the page does not run this".into())
}

fn no_bias(_: &Tensor, _: bool, _: usize, _: [usize; 2], _: usize) -> Result<Tensor, SeqError> {
    Err(not_here())
}

fn no_attention(
    _: &Mha,
    _: &Tensor,
    _: Option<&Tensor>,
    _: Option<&Tensor>,
    _: Option<&Tensor>,
) -> Result<Tensor, SeqError> {
    Err(not_here())
}

fn no_t5_block(
    _: &Tensor,
    _: &T5Block,
    _: f64,
    _: &Tensor,
    _: Option<&Tensor>,
    _: Option<&Encoded>,
) -> Result<Tensor, SeqError> {
    Err(not_here())
}

fn no_bart_block(
    _: &Tensor,
    _: &BartBlock,
    _: Option<&Tensor>,
    _: Option<&Encoded>,
) -> Result<Tensor, SeqError> {
    Err(not_here())
}

fn no_t5(_: &T5, _: &Source, _: &Tensor) -> Result<(Tensor, Encoded), SeqError> {
    Err(not_here())
}

fn no_bart(_: &Bart, _: &Source, _: &Tensor) -> Result<(Tensor, Encoded), SeqError> {
    Err(not_here())
}

fn no_shift(_: &Tensor, _: u32, _: u32) -> Result<Tensor, SeqError> {
    Err(not_here())
}

fn no_embed(_: &BartStack, _: &Tensor, _: f64, _: &Tensor) -> Result<Tensor, SeqError> {
    Err(not_here())
}

/// The lesson, for a reader: candle's product of matrices is more than the page may weigh, and the
/// demos need buckets only.
pub const PUBLISHED: Answers = Answers {
    t5_bucket: crate::solution::t5_bucket,
    position_bias: no_bias,
    t5_attention: no_attention,
    t5_block: no_t5_block,
    t5_forward: no_t5,
    shift_right: no_shift,
    bart_embed: no_embed,
    bart_block: no_bart_block,
    bart_forward: no_bart,
};
