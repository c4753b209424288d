//! Your file: write what each `todo!()` asks for, in any order you like.
//!
//! - Read src/4-fine-tuning/in-context-learning.md, or run `cargo study serve`.
//! - Grade it with `cargo study grade in-context-learning`.
//! - Stuck? `cargo study hint in-context-learning` gives one hint at a time.

use in_context_learning::{
    Example, IclError, LanguageModel, Normalize, Pair, Prompt, Ranking, Template,
};

// The types are in parts.rs and error.rs, beside this file.

/// Writes a prompt: the instruction, examples, and the query, whose answer is missing.
///
/// ```text
/// {instruction}                                  as it is, with whatever ends it
/// {before}{input}{between} {output}{after}       for each example that fits, in their order
/// {before}{query}{between}
/// ```
///
/// The text is encoded as a whole, and may have at most `limit` tokens. Examples that do not fit are
/// left out from the beginning: `shots` is the largest number such that the *last* `shots` examples
/// fit. Instruction and query are never cut.
///
/// # Errors
/// [`IclError::TooLong`], with the tokens of the prompt without examples, if that does not fit either.
pub fn few_shot_prompt(
    model: &dyn LanguageModel,
    instruction: &str,
    template: &Template,
    examples: &[Example],
    query: &str,
    limit: usize,
) -> Result<Prompt, IclError> {
    todo!("few_shot_prompt")
}

/// The tokens of a prompt, and those of an answer behind it.
///
/// White space at the end of `prompt` (`char::is_whitespace`) moves to the beginning of `answer`. Then
/// `prompt` is encoded, and so is `prompt + answer` as one text. The answer's tokens are those of the
/// whole from the place on where the prompt, encoded alone, ends; if the whole is no longer than that,
/// there are none.
///
/// Source: EleutherAI's lm-evaluation-harness, `_encode_pair`.
pub fn encode_pair(model: &dyn LanguageModel, prompt: &str, answer: &str) -> Pair {
    todo!("encode_pair")
}

/// The log-probability, in nats, of each token of an answer, given the prompt and the tokens of the
/// answer before it.
///
/// ```text
/// log p(token) = logit of the token − ln Σ exp(logits)      in the row of the token before it
/// ```
///
/// The sum is over the whole vocabulary. Computed in f64, and finite also where logits are far from 0,
/// as long as the token's own is finite. The model reads the prompt and the answer without its last
/// token, once; an answer without tokens has no numbers, and nothing is read.
///
/// # Errors
/// The first of these. [`IclError::NoPrompt`] if the prompt has no tokens; [`IclError::Token`] with the
/// first token of prompt and answer that is not below `vocab_size`; [`IclError::TooLong`] if more is to
/// be read than `n_positions`, with the tokens to be read.
pub fn answer_log_probs(model: &mut dyn LanguageModel, pair: &Pair) -> Result<Vec<f64>, IclError> {
    todo!("answer_log_probs")
}

/// A score for each choice: the sum of its log-probabilities, divided by what `normalize` says.
///
/// `log_probs` are those of each choice's tokens, `choices` their texts without the space before them.
/// Lengths are those of these lists: `Tokens` divides by the number of log-probabilities, `Bytes` by
/// the bytes of the text.
///
/// # Errors
/// For the first choice that has one, the first of these: [`IclError::NoAnswer`] if it has no
/// log-probabilities, or no bytes while [`Normalize::Bytes`] divides by them;
/// [`IclError::NotANumber`] if the score is NaN. −∞ is a score. Before all, [`IclError::Lengths`] with
/// input 0 if there are not as many lists of log-probabilities as choices.
///
/// Source: lm-evaluation-harness, whose `acc` takes the best sum, `acc_norm` that by characters.
pub fn choice_scores(
    log_probs: &[Vec<f64>],
    choices: &[String],
    normalize: Normalize,
) -> Result<Vec<f64>, IclError> {
    todo!("choice_scores")
}

/// Lets a model answer by ranking: each choice is put behind the prompt, with a space before it, and
/// gets a score.
///
/// The tokens are those of [`encode_pair`], the log-probabilities those of [`answer_log_probs`], the
/// scores those of [`choice_scores`]. The order has the highest score first; of equal scores, the choice
/// that was given first.
///
/// # Errors
/// The first of these: [`IclError::NoChoices`]; those of [`answer_log_probs`], choice after choice;
/// those of [`choice_scores`].
pub fn icl_rank(
    model: &mut dyn LanguageModel,
    prompt: &str,
    choices: &[String],
    normalize: Normalize,
) -> Result<Ranking, IclError> {
    todo!("icl_rank")
}

/// Contextual calibration: probabilities of the choices, with the leaning taken out that the prompt has
/// even when it asks about nothing.
///
/// ```text
/// p    = softmax(scores)                           over the choices
/// p_cf = mean of softmax(content_free[i])          over the content-free inputs, such as “N/A”
/// q    = p / p_cf, divided by its sum
/// ```
///
/// `scores` are log-probabilities of the choices, those of `content_free` the same choices' behind the
/// same examples, but with an input that says nothing. All are finite. Without content-free inputs,
/// q is p. Computed so that no number is divided by 0, however far apart scores are.
///
/// # Errors
/// The first of these: [`IclError::NoChoices`] if there are no scores; [`IclError::Lengths`] with the
/// first content-free input that has another number of scores.
///
/// Source: Zhao and others, 2021, section 4.
pub fn calibrate(scores: &[f64], content_free: &[Vec<f64>]) -> Result<Vec<f64>, IclError> {
    todo!("calibrate")
}
