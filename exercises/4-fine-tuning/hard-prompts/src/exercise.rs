//! Your file: write what each `todo!()` asks for, in any order you like.
//!
//! - Read src/4-fine-tuning/hard-prompts.md, or run `cargo study serve`.
//! - Grade it with `cargo study grade hard-prompts`.
//! - Stuck? `cargo study hint hard-prompts` gives one hint at a time.

use hard_prompts::{Found, Loss, SearchError, Settings, Swap, Table};

// The types are in parts.rs and error.rs, beside this file.

/// For each place of a prompt and each token: by how much the loss should change if that token stood
/// there instead, to first order.
///
/// ```text
/// score[place, id] = (e_id − e_old) · g_place
/// ```
///
/// `e` are rows of the table, `e_old` that of the token at the place now, `g_place` the `width` slopes
/// along its embedding. Shape `(places, vocab_size)`, row by row, computed in f64. Negative is good, and
/// the score of the token that is there is 0.
///
/// # Errors
/// The first of these: [`SearchError::NoPlaces`] without tokens; [`SearchError::Token`] at the first
/// place whose token has no row; [`SearchError::Slopes`] if there are not `width` for each place;
/// [`SearchError::NotFinite`] at the first place with a slope that is ∞ or NaN.
///
/// Source: Ebrahimi and others, 2018 (HotFlip), section 3; Shin and others, 2020 (AutoPrompt), whose
/// −score leaves out e_old, which is the same for all tokens of a place.
pub fn linear_scores(
    table: &Table<'_>,
    ids: &[u32],
    slopes: &[f32],
) -> Result<Vec<f64>, SearchError> {
    todo!("linear_scores")
}

/// The `k` most promising swaps: those with the lowest scores, the lowest first.
///
/// `scores` are those of [`linear_scores`], a row of `vocab_size` for each of the `ids`. A swap puts
/// another token than is there now, and none that is forbidden. Equal scores come in the order of
/// places, and at a place in the order of tokens; −0 equals 0, and a score that is NaN comes never.
/// If there are fewer swaps than `k`, all come; also those with scores of 0 or more.
pub fn top_swaps(scores: &[f64], ids: &[u32], forbidden: &[u32], k: usize) -> Vec<Swap> {
    todo!("top_swaps")
}

/// Searches a prompt with a low loss by swapping one token after the other.
///
/// First the loss of `start` is taken. Then step after step:
///
/// ```text
/// g     = slopes of the prompt
/// swaps = top_swaps(linear_scores(g), forbidden, candidates)
/// try each of them in the prompt, in this order: its true loss
/// keep the one with the lowest loss, if that is below the prompt's; the first of equal ones
/// ```
///
/// The search ends when a step finds no lower loss; then the prompt is a local minimum as far as the
/// candidates tell. A loss that is NaN is never lower. Each call of `loss` and of `slopes` is an
/// evaluation, and there are never more than `budget`. A step begins only if two more are allowed; if
/// the budget ends while its swaps are tried, the best one tried so far counts. Slopes are asked for
/// once a step, and nothing is asked twice in a step.
///
/// `start` may have forbidden tokens, which may stay. `history` has the start and each swap kept, with
/// the number of evaluations at the end of its step.
///
/// # Errors
/// The first of these: [`SearchError::NoPlaces`]; [`SearchError::Budget`] if that is 0;
/// [`SearchError::Token`] for `start`, before anything is evaluated; [`SearchError::Start`] if its loss
/// is ∞ or NaN; then those of [`linear_scores`].
///
/// Sources: Ebrahimi and others, 2018; Shin and others, 2020; Zou and others, 2023 (algorithm 1).
pub fn hard_prompt_search(
    loss: &mut dyn Loss,
    table: &Table<'_>,
    start: &[u32],
    settings: &Settings<'_>,
) -> Result<Found, SearchError> {
    todo!("hard_prompt_search")
}
