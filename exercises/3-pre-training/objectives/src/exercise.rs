//! Your file: write what each `todo!()` asks for, in any order you like.
//!
//! - Read src/3-pre-training/objectives.md, or run `cargo study serve`.
//! - Grade it with `cargo study grade objectives`.
//! - Stuck? `cargo study hint objectives` gives one hint at a time.

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
    todo!("causal")
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
    todo!("mlm_mask")
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
    todo!("nsp_pairs")
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
    todo!("noise_mask")
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
    todo!("span_corrupt")
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
    todo!("bart_infill")
}
