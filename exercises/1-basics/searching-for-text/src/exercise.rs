//! Your file: write what each `todo!()` asks for, in any order you like.
//!
//! - Read src/1-basics/searching-for-text.md, or run `cargo study serve`.
//! - Grade it with `cargo study grade searching-for-text`.
//! - Stuck? `cargo study hint searching-for-text` gives one hint at a time.

use softmax_sampling::solution::filtered_probs;
use softmax_sampling::{SampleError, Sampling};

use searching_for_text::{Automaton, Beam, BeamSearch, SearchError, Stop, Stops, Visible, Vocab};

// What is given is beside this file: beam.rs, stops.rs, automaton.rs and error.rs. `?` turns the
// errors of `filtered_probs` into a `SearchError`.

/// The best sequences that a beam search finds, best score first: `width` of
/// them, or as many as there are. `next` is the model: it takes the tokens so
/// far, none at first, and returns a logit for each token that may follow.
///
/// Each step extends every sequence by every token of a probability above 0 and
/// keeps the `width` best scores. A sequence that has ended is not extended; it
/// stays as it is and competes with the others. The search is over when all
/// have ended or have `max_len` tokens.
///
/// Of equal scores, what comes from the better sequence of the step before
/// wins, then the lower token. `next` is asked once for each sequence that is
/// extended, the best first.
///
/// # Errors
/// A [`SearchError`] if a setting is out of range ([`BeamSearch::validate`]),
/// or for logits from `next` that [`filtered_probs`] refuses.
pub fn beam_search(
    next: &mut dyn FnMut(&[usize]) -> Vec<f32>,
    search: &BeamSearch,
) -> Result<Vec<Beam>, SearchError> {
    todo!("beam_search")
}

/// The logits after a frequency and a presence penalty:
///
/// ```text
/// x_j − c_j · frequency − (presence if c_j > 0, else 0)
/// ```
///
/// where `c_j` is how often token `j` occurs in `history`, the tokens written
/// so far. The logit of a token that does not occur stays as it is, bit for
/// bit. Computed in f64 and rounded once. Negative penalties are rewards; 0 is
/// none. Source: OpenAI's API, whose penalties reach from −2 to 2.
///
/// # Errors
/// First [`SearchError::FrequencyPenalty`] and [`SearchError::PresencePenalty`]
/// if one is not finite; then `SampleError::UnknownToken`, as a
/// [`SearchError::Sample`], for the first token of `history` that is not below
/// `logits.len()`.
pub fn penalize_counts(
    logits: &[f32],
    history: &[usize],
    frequency: f64,
    presence: f64,
) -> Result<Vec<f32>, SearchError> {
    todo!("penalize_counts")
}

/// Where a text ends, all of which is known: before the stop sequence that
/// starts earliest, wherever it ends. Of those that start at the same place, it
/// is the shortest, and of equal ones the first. `None` if there is none in the
/// text.
///
/// The text is bytes, since a token may be part of a character; a stop sequence
/// matches where its bytes stand.
pub fn find_stop(text: &[u8], stops: &Stops) -> Option<Stop> {
    todo!("find_stop")
}

/// How much of a text may be shown that was written up to here, so that nothing
/// shown has to be taken back.
///
/// If `is_over`, nothing follows: all is shown up to the stop of [`find_stop`],
/// or to the end. Otherwise the text may go on in any way, and as much is shown
/// as is right for all of them. So these are held back, as soon as they begin:
///
/// - what may become a stop sequence, also where another one is complete that
///   starts later;
/// - at the end, the bytes of a character that is not complete.
///
/// The text has stopped once it is certain which stop it ends at, and then
/// `len` is where that stop starts. Bytes that are no character and cannot
/// become one are shown like any others (`String::from_utf8_lossy` makes `�` of
/// them).
pub fn visible(text: &[u8], stops: &Stops, is_over: bool) -> Visible {
    todo!("visible")
}

/// How long a text is without the incomplete character at its end, if there is
/// one: bytes that begin a character and need more.
fn whole_characters(text: &[u8]) -> usize {
    todo!("whole_characters")
}

/// For each state, whether some bytes, or none, lead from it to an accepting
/// one. Shape `(states)`.
pub fn live_states(automaton: &Automaton) -> Vec<bool> {
    todo!("live_states")
}

/// The logits for a text that must match, when the automaton is in `state`
/// after what was written so far. Those of allowed tokens stay as they are, bit
/// for bit; all others are −∞, so that none of them can be drawn.
///
/// A token is allowed if all its bytes, one after the other, lead to a live
/// state ([`live_states`]): then some match begins with it. The end token is
/// allowed in an accepting state only, whatever its bytes. A token without
/// bytes is never allowed, as it would write nothing, again and again.
///
/// # Errors
/// First [`SearchError::LogitCount`] if there is not one logit for each token;
/// then [`SearchError::UnknownState`]; then [`SearchError::DeadEnd`] with the
/// state if no token is allowed, whatever the logits.
pub fn constrain(
    logits: &[f32],
    vocab: &Vocab,
    automaton: &Automaton,
    state: usize,
) -> Result<Vec<f32>, SearchError> {
    todo!("constrain")
}
