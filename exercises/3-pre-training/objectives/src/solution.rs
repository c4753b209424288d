//! The reference: questions that a text sets by itself.

use objectives::{
    Denoising, Example, IGNORED, Infilling, Masking, ObjectiveError, Pair, Sentence, Sentinels,
    Spans, poisson,
};
use rand::seq::SliceRandom;
use rand::{Rng, RngExt};

/// The next token: what a decoder reads, and what it must say at each place.
///
/// `is_token` says which ids are tokens; the others are padding, on either side or in between.
/// `inputs` are the ids. The label at place `t` is the id at place `t + 1` if both places hold a token,
/// and [`IGNORED`] otherwise: the model never has to predict padding, nor predict from it. So the last
/// place is always ignored.
///
/// # Errors
/// [`ObjectiveError::Lengths`] unless both lists are of one length.
///
/// Source: Radford and others, 2018, equation 1; −100 as in PyTorch.
pub fn causal(ids: &[u32], is_token: &[bool]) -> Result<Example, ObjectiveError> {
    // BEGIN ANSWER
    if ids.len() != is_token.len() {
        return Err(ObjectiveError::Lengths { ids: ids.len(), others: is_token.len() });
    }
    let label = |at: usize| match ids.get(at + 1) {
        Some(&next) if is_token[at] && is_token[at + 1] => i64::from(next),
        _ => IGNORED,
    };
    Ok(Example { inputs: ids.to_vec(), labels: (0..ids.len()).map(label).collect() })
    // END ANSWER
}

/// Masked language modeling: some tokens are chosen, most of them hidden, and the model must say what
/// stood there.
///
/// `word_ids[t]` is the number of the word that token `t` belongs to, and None for special tokens,
/// which are never chosen. A *word* is a run of neighbors with the same number.
///
/// 1. Each word is chosen with the probability `masking.rate`, whatever happens to the others.
/// 2. At each token of a chosen word, and at no other place, the label is its id; elsewhere it is
///    [`IGNORED`].
/// 3. Each of these tokens becomes `mask_id` with the probability `masking.mask`; with the probability
///    `masking.random` it becomes an id below `vocab_size`, each equally likely, so now and then the
///    same; otherwise it stays. Each token of a word draws its own fate. All others stay.
///
/// All chance comes from `rng`.
///
/// # Errors
/// [`ObjectiveError::Lengths`] unless both lists are of one length; then what `masking.check()` finds.
///
/// Source: Devlin and others, 2018, section 3.1; each word by itself as in transformers'
/// `DataCollatorForLanguageModeling`; whole words as in BERT's release of May 2019.
pub fn mlm_mask(
    ids: &[u32],
    word_ids: &[Option<usize>],
    masking: &Masking,
    rng: &mut dyn Rng,
) -> Result<Example, ObjectiveError> {
    // BEGIN ANSWER
    if ids.len() != word_ids.len() {
        return Err(ObjectiveError::Lengths { ids: ids.len(), others: word_ids.len() });
    }
    masking.check()?;
    let mut example = Example { inputs: ids.to_vec(), labels: vec![IGNORED; ids.len()] };
    let mut is_chosen = false;
    for at in 0..ids.len() {
        if at == 0 || word_ids[at] != word_ids[at - 1] {
            is_chosen = rng.random::<f64>() < masking.rate;
        }
        if !is_chosen || word_ids[at].is_none() {
            continue;
        }
        example.labels[at] = i64::from(ids[at]);
        let u = rng.random::<f64>();
        if u < masking.mask {
            example.inputs[at] = masking.mask_id;
        } else if u < masking.mask + masking.random {
            example.inputs[at] = rng.random_range(0..masking.vocab_size);
        }
    }
    Ok(example)
    // END ANSWER
}

/// Next-sentence prediction: pairs of sentences, of which the second follows the first or does not.
///
/// `sentences[d]` is how many sentences document `d` has. Each sentence that another one follows in its
/// document is the `first` of one pair, in the order of the documents and of their sentences. With the
/// probability 1/2 its `second` is the one that follows. Otherwise it comes from another document: of
/// those that have a sentence each is equally likely, and so is each of its sentences. Each pair is drawn
/// independently of the others. All chance comes from `rng`.
///
/// # Errors
/// [`ObjectiveError::NoOther`], with the document, if one has two sentences or more, and no other
/// document has any.
///
/// Source: Devlin and others, 2018, section 3.1.
pub fn nsp_pairs(sentences: &[usize], rng: &mut dyn Rng) -> Result<Vec<Pair>, ObjectiveError> {
    // BEGIN ANSWER
    let filled: Vec<usize> = (0..sentences.len()).filter(|&d| sentences[d] > 0).collect();
    let mut pairs = Vec::new();
    for (at, &document) in filled.iter().enumerate() {
        let length = sentences[document];
        if length > 1 && filled.len() == 1 {
            return Err(ObjectiveError::NoOther { document });
        }
        for place in 0..length - 1 {
            let is_next = rng.random::<f64>() < 0.5;
            let second = if is_next {
                Sentence { document, place: place + 1 }
            } else {
                // One fewer than there are: what is not before this document is behind it.
                let other = rng.random_range(0..filled.len() - 1);
                let other = filled[if other < at { other } else { other + 1 }];
                Sentence { document: other, place: rng.random_range(0..sentences[other]) }
            };
            pairs.push(Pair { first: Sentence { document, place }, second, is_next });
        }
    }
    Ok(pairs)
    // END ANSWER
}

/// Which tokens of a text T5 hides: true in the hidden spans.
///
/// Of `length` tokens, `length · density` are hidden, rounded, but at least 1 and at most
/// `length − 1`. They make `hidden / mean_length` spans, rounded, but at least 1 and at most as many as
/// there are hidden tokens, or kept ones. Rounded is to the nearest whole number, in f64, and a half to
/// the even one (`round_ties_even`).
///
/// Kept and hidden spans alternate, as many of the one as of the other. None is empty, the first one is
/// kept and the last one is hidden. Of all masks of this kind each is equally likely. All chance comes from
/// `rng`. Of a text of 0 or 1 tokens nothing is hidden.
///
/// # Errors
/// What `spans.check()` finds, for any length.
///
/// Source: Raffel and others, 2019, section 3.1.4; `random_spans_noise_mask` in T5's code.
pub fn noise_mask(
    length: usize,
    spans: &Spans,
    rng: &mut dyn Rng,
) -> Result<Vec<bool>, ObjectiveError> {
    // BEGIN ANSWER
    spans.check()?;
    if length < 2 {
        return Ok(vec![false; length]);
    }
    let round = |x: f64| x.round_ties_even() as usize;
    let hidden = round(length as f64 * spans.density).clamp(1, length - 1);
    let kept = length - hidden;
    let count = round(hidden as f64 / spans.mean_length).clamp(1, hidden.min(kept));
    // So many tokens in so many parts: draw where they are cut.
    let mut parts = |tokens: usize| -> Vec<usize> {
        let mut cuts: Vec<usize> = (1..tokens).collect();
        let mut cuts = cuts.partial_shuffle(rng, count - 1).0.to_vec();
        cuts.extend([0, tokens]);
        cuts.sort_unstable();
        cuts.windows(2).map(|part| part[1] - part[0]).collect()
    };
    let (kept, hidden) = (parts(kept), parts(hidden));
    let mut mask = Vec::with_capacity(length);
    for (kept, hidden) in kept.into_iter().zip(hidden) {
        mask.extend(vec![false; kept]);
        mask.extend(vec![true; hidden]);
    }
    Ok(mask)
    // END ANSWER
}

/// What T5's encoder reads, and what its decoder must write, if these tokens are hidden.
///
/// A *span* is a run of neighbors for which `is_hidden` is true. In `input`, each span is replaced by one
/// sentinel: the first span by `sentinels.ids[0]`, the next one by `sentinels.ids[1]`, and so on. `target`
/// has the sentinels in the same order, each followed by the tokens of its span. If the text ends with a
/// kept token, the next sentinel stands there as well, and marks the end. Both end with `eos`; of an empty
/// text they are nothing else.
///
/// # Errors
/// [`ObjectiveError::Lengths`] unless both lists are of one length; then
/// [`ObjectiveError::Sentinels`] if `target` needs more of them than there are.
///
/// Source: Raffel and others, 2019, section 3.1.4 and figure 2; `span_corruption` in T5's code.
pub fn span_corrupt(
    ids: &[u32],
    is_hidden: &[bool],
    sentinels: &Sentinels,
) -> Result<Denoising, ObjectiveError> {
    // BEGIN ANSWER
    if ids.len() != is_hidden.len() {
        return Err(ObjectiveError::Lengths { ids: ids.len(), others: is_hidden.len() });
    }
    let (mut input, mut target) = (Vec::new(), Vec::new());
    let mut used = 0;
    // A sentinel that is not there is counted all the same.
    let mut next = || {
        used += 1;
        sentinels.ids.get(used - 1).copied().unwrap_or_default()
    };
    for (at, &id) in ids.iter().enumerate() {
        if !is_hidden[at] {
            input.push(id);
            continue;
        }
        if at == 0 || !is_hidden[at - 1] {
            let sentinel = next();
            input.push(sentinel);
            target.push(sentinel);
        }
        target.push(id);
    }
    if is_hidden.last() == Some(&false) {
        target.push(next());
    }
    if used > sentinels.ids.len() {
        return Err(ObjectiveError::Sentinels { need: used, have: sentinels.ids.len() });
    }
    input.push(sentinels.eos);
    target.push(sentinels.eos);
    Ok(Denoising { input, target })
    // END ANSWER
}

/// Text infilling: spans are replaced by one mask each, and BART must write the whole text anew.
///
/// Of `n` tokens, `⌈rate · n⌉` are hidden, computed in f64 (`(rate * n as f64).ceil()`). Lengths of
/// spans are drawn one after the other from the Poisson distribution of mean `lambda` (`poisson`, which
/// is given), until all together have at least so many tokens; the last one is cut to what is missing.
/// A length may be 0.
///
/// Spans and kept tokens are then put into one list and shuffled: every order is equally likely, even
/// when two spans have the same length. The list divides the text, from its beginning to its end: a
/// kept token takes one token, a span takes as many as its length. `input` follows the list: a kept
/// token is its id, and each span is one `mask_id`, so that one of length 0 is a mask for nothing.
/// `target` are the ids. All chance comes from `rng`.
///
/// # Errors
/// What `infilling.check()` finds.
///
/// Source: Lewis and others, 2019, section 2.2; rounding and the last span as in fairseq.
pub fn bart_infill(
    ids: &[u32],
    infilling: &Infilling,
    rng: &mut dyn Rng,
) -> Result<Denoising, ObjectiveError> {
    // BEGIN ANSWER
    infilling.check()?;
    let hidden = (infilling.rate * ids.len() as f64).ceil() as usize;
    // A token that is kept, or a span of so many.
    let mut pieces: Vec<Option<usize>> = vec![None; ids.len() - hidden];
    let mut missing = hidden;
    while missing > 0 {
        let length = poisson(infilling.lambda, rng).min(missing);
        missing -= length;
        pieces.push(Some(length));
    }
    pieces.shuffle(rng);
    let mut input = Vec::with_capacity(pieces.len());
    let mut at = 0;
    for piece in pieces {
        input.push(if piece.is_none() { ids[at] } else { infilling.mask_id });
        at += piece.unwrap_or(1);
    }
    Ok(Denoising { input, target: ids.to_vec() })
    // END ANSWER
}
