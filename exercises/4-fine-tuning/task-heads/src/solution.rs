//! The reference: three heads on one model.

use std::ops::Range;

use task_heads::{AnswerSpan, Bio, Following, Head, HeadError, IGNORE, Name, Slopes};

// The types are in parts.rs and error.rs, beside this file.

/// For each text of a batch the place of its last token that is no padding, counted from the
/// beginning of its row.
///
/// `mask` is `(batch, seq)`, row by row: `true` where a token stands, `false` where padding does.
/// Padding may stand on either side, and between tokens.
///
/// # Errors
/// [`HeadError::Ragged`] if `seq` is 0 or the mask is no whole number of rows;
/// [`HeadError::NoTokens`] with the first text that is padding alone.
///
/// Source: `GPT2ForSequenceClassification` of transformers.
pub fn last_token(mask: &[bool], seq: usize) -> Result<Vec<usize>, HeadError> {
    // BEGIN ANSWER
    if seq == 0 || !mask.len().is_multiple_of(seq) {
        return Err(HeadError::Ragged { places: mask.len(), seq });
    }
    let rows = mask.chunks_exact(seq).enumerate();
    let last = |(text, row): (usize, &[bool])| {
        row.iter().rposition(|is_token| *is_token).ok_or(HeadError::NoTokens { text })
    };
    rows.map(last).collect()
    // END ANSWER
}

/// The logits of texts, `(batch, n_classes)`: those of the last token of each text,
/// `z = h Wᵀ + b`.
///
/// `hidden` is `(batch, seq, n_embd)`, what the model says behind its last norm; `mask` is that of
/// [`last_token`]. Whatever the other hidden states hold, NaN included, changes nothing.
///
/// # Errors
/// The first of these: those of [`Head::check`]; those of [`last_token`]; [`HeadError::Hidden`] if
/// there are not `batch · seq · n_embd` hidden numbers.
///
/// Source: Radford and others, 2018, section 3.2.
pub fn cls_head(
    hidden: &[f32],
    mask: &[bool],
    seq: usize,
    head: &Head,
) -> Result<Vec<f32>, HeadError> {
    // BEGIN ANSWER
    head.check()?;
    let last = last_token(mask, seq)?;
    let n_embd = head.n_embd;
    if hidden.len() != mask.len() * n_embd {
        let (found, expected) = (hidden.len(), mask.len() * n_embd);
        return Err(HeadError::Hidden { found, expected });
    }
    let logits = last.iter().enumerate().flat_map(|(text, at)| {
        let token = text * seq + at;
        head.logits(&hidden[token * n_embd..][..n_embd])
    });
    Ok(logits.collect())
    // END ANSWER
}

/// The mean loss of tokens with a label, and its slopes.
///
/// `hidden` is `(tokens, n_embd)`, and `labels` has a class for each token, or a number below 0 where
/// nothing is asked. With `N` tokens that are asked:
///
/// ```text
/// z = h Wᵀ + b            p = softmax(z)
/// L = 1/N · Σ −ln p[label]
/// δ = (p − y) / N         y is 1 at the label, 0 elsewhere
/// ∂L/∂W = Σ δᵀ h          ∂L/∂b = Σ δ          ∂L/∂h = δ W
/// ```
///
/// The slope along the hidden state of a token that is not asked is 0, and whatever this state holds,
/// NaN included, changes nothing. Logits may be large: `exp` of them is ∞.
///
/// # Errors
/// The first of these: those of [`Head::check`]; [`HeadError::Hidden`] if there are not `n_embd`
/// numbers for each label; [`HeadError::Label`] with the first label that is no class of the head;
/// [`HeadError::NoLabels`] if `N` is 0.
pub fn head_backward(hidden: &[f32], labels: &[i64], head: &Head) -> Result<Slopes, HeadError> {
    // BEGIN ANSWER
    head.check()?;
    let (n_embd, n_classes) = (head.n_embd, head.n_classes());
    if hidden.len() != labels.len() * n_embd {
        let (found, expected) = (hidden.len(), labels.len() * n_embd);
        return Err(HeadError::Hidden { found, expected });
    }
    if let Some(at) = labels.iter().position(|label| *label >= n_classes as i64) {
        return Err(HeadError::Label { at, label: labels[at], n_classes });
    }
    let asked = labels.iter().filter(|label| **label >= 0).count();
    if asked == 0 {
        return Err(HeadError::NoLabels);
    }
    let mut loss = 0.0;
    let mut weight = vec![0.0; head.weight.len()];
    let mut bias = vec![0.0; n_classes];
    let mut slopes = vec![0.0; hidden.len()];
    for (i, &label) in labels.iter().enumerate().filter(|(_, label)| **label >= 0) {
        let h = &hidden[i * n_embd..][..n_embd];
        let dh = &mut slopes[i * n_embd..][..n_embd];
        let logits = head.logits(h);
        let largest = logits.iter().fold(f32::NEG_INFINITY, |a, &b| a.max(b));
        let e: Vec<f64> = logits.iter().map(|z| f64::from(z - largest).exp()).collect();
        let sum: f64 = e.iter().sum();
        loss += sum.ln() + f64::from(largest) - f64::from(logits[label as usize]);
        for (class, e) in e.iter().enumerate() {
            let y = if class == label as usize { 1.0 } else { 0.0 };
            let delta = ((e / sum - y) / asked as f64) as f32;
            let row = class * n_embd..(class + 1) * n_embd;
            bias[class] += delta;
            for (dw, h) in weight[row.clone()].iter_mut().zip(h) {
                *dw += delta * h;
            }
            for (dh, w) in dh.iter_mut().zip(&head.weight[row]) {
                *dh += delta * w;
            }
        }
    }
    Ok(Slopes { loss: loss / asked as f64, weight, bias, hidden: slopes })
    // END ANSWER
}

/// The labels of the pieces of a text whose words have tags.
///
/// `word_ids` has for each piece the word that it belongs to, and `None` for a special token.
///
/// - A special token gets [`IGNORE`].
/// - A piece whose word is not that of the piece directly before it is a first one, and gets the
///   [class](Bio::class) of its word's tag.
/// - Any other piece gets what [`Following`] says.
///
/// # Errors
/// [`HeadError::Word`] with the first piece of a word that has no tag.
///
/// Source: `examples/pytorch/token-classification/run_ner.py` of transformers, where
/// [`Following::Inside`] is called `label_all_tokens`.
pub fn align_labels(
    tags: &[Bio],
    word_ids: &[Option<usize>],
    following: Following,
) -> Result<Vec<i64>, HeadError> {
    // BEGIN ANSWER
    let mut labels = Vec::with_capacity(word_ids.len());
    let mut before = None;
    for (at, &id) in word_ids.iter().enumerate() {
        labels.push(match id {
            None => IGNORE,
            Some(word) => {
                let tag = *tags.get(word).ok_or(HeadError::Word { at, word, words: tags.len() })?;
                match (id == before, following, tag) {
                    (false, ..) => tag.class(),
                    (true, Following::Ignored, _) => IGNORE,
                    (true, Following::Inside, Bio::B(kind)) => Bio::I(kind).class(),
                    (true, Following::Inside, tag) => tag.class(),
                }
            }
        });
        before = id;
    }
    Ok(labels)
    // END ANSWER
}

/// The names that the tags of words say, from left to right.
///
/// A name begins at each `B`, and at each `I` that goes on nothing: the word before it is `O`, has
/// another kind, or is not there. It goes on as long as an `I` of its kind follows.
///
/// Source: the script `conlleval` of the CoNLL shared tasks; seqeval without its strict mode.
pub fn spans_from_bio(tags: &[Bio]) -> Vec<Name> {
    // BEGIN ANSWER
    let mut names: Vec<Name> = Vec::new();
    for (i, &tag) in tags.iter().enumerate() {
        let Some(kind) = tag.kind() else { continue };
        match names.last_mut() {
            Some(name) if tag == Bio::I(kind) && name.end == i && name.kind == kind => {
                name.end = i + 1;
            }
            _ => names.push(Name { start: i, end: i + 1, kind }),
        }
    }
    names
    // END ANSWER
}

/// Where the answer stands: of all spans of the context the one with the largest
/// `start_logits[start] + end_logits[end]`, added in f64.
///
/// A span has its first token at `start` and its last at `end`, both in `context`, with
/// `start ≤ end` and at most `max_len` tokens. Of equal sums the one with the first `start` counts,
/// then the one with the first `end`. Logits outside of the context are not looked at.
///
/// # Errors
/// The first of these: [`HeadError::Lengths`] if there are not as many start logits as end logits;
/// [`HeadError::Context`] if the context has no tokens, or ends behind the text;
/// [`HeadError::MaxLen`] if `max_len` is 0; [`HeadError::NotFinite`] with the first start logit of
/// the context that is ∞ or NaN, or else the first such end logit.
///
/// Source: Devlin and others, 2019, section 4.2.
pub fn best_span(
    start_logits: &[f32],
    end_logits: &[f32],
    context: Range<usize>,
    max_len: usize,
) -> Result<AnswerSpan, HeadError> {
    // BEGIN ANSWER
    let tokens = start_logits.len();
    if end_logits.len() != tokens {
        return Err(HeadError::Lengths { start: tokens, end: end_logits.len() });
    }
    if context.is_empty() || context.end > tokens {
        return Err(HeadError::Context { context, tokens });
    }
    if max_len == 0 {
        return Err(HeadError::MaxLen);
    }
    for (name, logits) in [("start_logits", start_logits), ("end_logits", end_logits)] {
        if let Some(at) = context.clone().find(|&at| !logits[at].is_finite()) {
            return Err(HeadError::NotFinite { name, at });
        }
    }
    let score =
        |start: usize, end: usize| f64::from(start_logits[start]) + f64::from(end_logits[end]);
    let first = context.start;
    let mut best = AnswerSpan { start: first, end: first, score: score(first, first) };
    for start in context.clone() {
        for end in start..context.end.min(start.saturating_add(max_len)) {
            if score(start, end) > best.score {
                best = AnswerSpan { start, end, score: score(start, end) };
            }
        }
    }
    Ok(best)
    // END ANSWER
}
