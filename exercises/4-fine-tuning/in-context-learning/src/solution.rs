//! The reference: a prompt with examples, and what a model makes of the choices behind it.

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
    // BEGIN ANSWER
    let Template { before, between, after } = template;
    let written =
        |Example { input, output }: &Example| format!("{before}{input}{between} {output}{after}");
    let mut tokens = 0;
    for first in 0..=examples.len() {
        let shown: String = examples[first..].iter().map(written).collect();
        let text = format!("{instruction}{shown}{before}{query}{between}");
        let ids = model.encode(&text);
        if ids.len() <= limit {
            return Ok(Prompt { text, ids, shots: examples.len() - first });
        }
        tokens = ids.len();
    }
    Err(IclError::TooLong { tokens, limit })
    // END ANSWER
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
    // BEGIN ANSWER
    let (prompt, spaces) = prompt.split_at(prompt.trim_end().len());
    let whole = model.encode(&format!("{prompt}{spaces}{answer}"));
    let prompt = model.encode(prompt);
    let answer = whole.get(prompt.len()..).unwrap_or_default().to_vec();
    Pair { prompt, answer }
    // END ANSWER
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
    // BEGIN ANSWER
    let Pair { prompt, answer } = pair;
    let (vocab_size, limit) = (model.vocab_size(), model.n_positions());
    if prompt.is_empty() {
        return Err(IclError::NoPrompt);
    }
    let mut ids = [&prompt[..], answer].concat();
    if let Some(&id) = ids.iter().find(|&&id| id as usize >= vocab_size) {
        return Err(IclError::Token { id, vocab_size });
    }
    if answer.is_empty() {
        return Ok(Vec::new());
    }
    ids.pop();
    if ids.len() > limit {
        return Err(IclError::TooLong { tokens: ids.len(), limit });
    }
    let logits = model.logits(&ids);
    let rows = logits.chunks_exact(vocab_size).skip(prompt.len() - 1);
    let log_prob = |(row, &id): (&[f32], &u32)| {
        let most = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let sum: f64 = row.iter().map(|&logit| (f64::from(logit) - f64::from(most)).exp()).sum();
        f64::from(row[id as usize]) - f64::from(most) - sum.ln()
    };
    Ok(rows.zip(answer).map(log_prob).collect())
    // END ANSWER
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
    // BEGIN ANSWER
    let (found, expected) = (log_probs.len(), choices.len());
    if found != expected {
        return Err(IclError::Lengths { input: 0, found, expected });
    }
    let score = |(choice, (log_probs, text)): (usize, (&Vec<f64>, &String))| {
        let length = match normalize {
            Normalize::None => 1,
            Normalize::Tokens => log_probs.len(),
            Normalize::Bytes => text.len(),
        };
        if log_probs.is_empty() || length == 0 {
            return Err(IclError::NoAnswer { choice });
        }
        let score = log_probs.iter().sum::<f64>() / length as f64;
        if score.is_nan() { Err(IclError::NotANumber { choice }) } else { Ok(score) }
    };
    log_probs.iter().zip(choices).enumerate().map(score).collect()
    // END ANSWER
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
    // BEGIN ANSWER
    if choices.is_empty() {
        return Err(IclError::NoChoices);
    }
    let mut log_probs = Vec::with_capacity(choices.len());
    for choice in choices {
        let pair = encode_pair(model, prompt, &format!(" {choice}"));
        log_probs.push(answer_log_probs(model, &pair)?);
    }
    let scores = choice_scores(&log_probs, choices, normalize)?;
    let mut order: Vec<usize> = (0..scores.len()).collect();
    // Stable, so ties stay in order. No score is NaN; −0 and 0 are the same.
    order.sort_by(|&a, &b| scores[b].partial_cmp(&scores[a]).unwrap_or(std::cmp::Ordering::Equal));
    Ok(Ranking { scores, order })
    // END ANSWER
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
    // BEGIN ANSWER
    let expected = scores.len();
    if expected == 0 {
        return Err(IclError::NoChoices);
    }
    for (input, free) in content_free.iter().enumerate() {
        let found = free.len();
        if found != expected {
            return Err(IclError::Lengths { input, found, expected });
        }
    }
    // ln Σ exp, without leaving what an f64 can hold.
    let log_sum = |logs: &[f64]| {
        let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        most + logs.iter().map(|log| (log - most).exp()).sum::<f64>().ln()
    };
    let mut logs = scores.to_vec();
    if !content_free.is_empty() {
        let sums: Vec<f64> = content_free.iter().map(|free| log_sum(free)).collect();
        for (choice, log) in logs.iter_mut().enumerate() {
            let leaning: Vec<f64> =
                content_free.iter().zip(&sums).map(|(free, sum)| free[choice] - sum).collect();
            // The mean's division is the same for all choices.
            *log -= log_sum(&leaning);
        }
    }
    let sum = log_sum(&logs);
    Ok(logs.iter().map(|log| (log - sum).exp()).collect())
    // END ANSWER
}
