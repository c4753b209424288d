//! The reference: beam search, penalties that count, stop sequences, and patterns.

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
    // BEGIN ANSWER
    search.validate()?;
    let mut beams = vec![Beam::default()];
    for len in 1..=search.max_len {
        let mut candidates = Vec::new();
        for beam in beams {
            if search.end.is_some() && beam.tokens.last() == search.end.as_ref() {
                candidates.push(beam);
                continue;
            }
            let probs = filtered_probs(&next(&beam.tokens), &Sampling::default())?;
            for (token, p) in probs.into_iter().enumerate().filter(|&(_, p)| p > 0.0) {
                let mut tokens = beam.tokens.clone();
                tokens.push(token);
                let log_prob = beam.log_prob + p.ln();
                let score = log_prob / (len as f64).powf(search.length_penalty);
                candidates.push(Beam { tokens, log_prob, score });
            }
        }
        // The sort is stable: equals stay in the order in which they were found.
        candidates.sort_by(|a, b| b.score.total_cmp(&a.score));
        candidates.truncate(search.width);
        beams = candidates;
    }
    Ok(beams)
    // END ANSWER
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
    // BEGIN ANSWER
    if !frequency.is_finite() {
        return Err(SearchError::FrequencyPenalty(frequency));
    }
    if !presence.is_finite() {
        return Err(SearchError::PresencePenalty(presence));
    }
    let mut counts = vec![0_u32; logits.len()];
    for &token in history {
        *counts.get_mut(token).ok_or(SampleError::UnknownToken(token))? += 1;
    }
    let penalize = |(&x, count): (&f32, u32)| match count {
        0 => x,
        _ => (f64::from(x) - f64::from(count) * frequency - presence) as f32,
    };
    Ok(logits.iter().zip(counts).map(penalize).collect())
    // END ANSWER
}

/// Where a text ends, all of which is known: before the stop sequence that
/// starts earliest, wherever it ends. Of those that start at the same place, it
/// is the shortest, and of equal ones the first. `None` if there is none in the
/// text.
///
/// The text is bytes, since a token may be part of a character; a stop sequence
/// matches where its bytes stand.
pub fn find_stop(text: &[u8], stops: &Stops) -> Option<Stop> {
    // BEGIN ANSWER
    let starting = |start: usize| {
        let rest = &text[start..];
        let here = stops.iter().enumerate().filter(|(_, stop)| rest.starts_with(stop.as_bytes()));
        // Of equal lengths this takes the first.
        here.min_by_key(|(_, stop)| stop.len()).map(|(index, _)| Stop { start, index })
    };
    (0..text.len()).find_map(starting)
    // END ANSWER
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
    // BEGIN ANSWER
    let may_become_a_stop = |start: &usize| {
        let rest = &text[*start..];
        let is_open = |stop: &[u8]| stop.len() > rest.len() && stop.starts_with(rest);
        !is_over && stops.iter().any(|stop| is_open(stop.as_bytes()))
    };
    let open = (0..text.len()).find(may_become_a_stop);
    if let Some(Stop { start, index }) = find_stop(text, stops)
        && open.is_none_or(|open| start <= open)
    {
        return Visible { len: start, stop: Some(index) };
    }
    let whole = if is_over { text.len() } else { whole_characters(text) };
    Visible { len: open.map_or(whole, |open| whole.min(open)), stop: None }
    // END ANSWER
}

/// How long a text is without the incomplete character at its end, if there is
/// one: bytes that begin a character and need more.
fn whole_characters(text: &[u8]) -> usize {
    // BEGIN ANSWER
    let last = text.utf8_chunks().last().map_or(&[][..], |chunk| chunk.invalid());
    let is_incomplete = std::str::from_utf8(last).is_err_and(|error| error.error_len().is_none());
    if is_incomplete { text.len() - last.len() } else { text.len() }
    // END ANSWER
}

/// For each state, whether some bytes, or none, lead from it to an accepting
/// one. Shape `(states)`.
pub fn live_states(automaton: &Automaton) -> Vec<bool> {
    // BEGIN ANSWER
    let mut live: Vec<bool> = (0..automaton.states()).map(|s| automaton.accepts(s)).collect();
    loop {
        let before = live.clone();
        for state in (0..live.len()).rev() {
            live[state] |= (0..=u8::MAX).any(|byte| live[automaton.step(state, byte)]);
        }
        if live == before {
            return live;
        }
    }
    // END ANSWER
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
    // BEGIN ANSWER
    let tokens = vocab.tokens();
    if logits.len() != tokens.len() {
        return Err(SearchError::LogitCount { logits: logits.len(), tokens: tokens.len() });
    }
    if state >= automaton.states() {
        return Err(SearchError::UnknownState(state));
    }
    let live = live_states(automaton);
    let is_allowed = |token: usize| match token == vocab.end() {
        true => automaton.accepts(state),
        false => !tokens[token].is_empty() && live[automaton.walk(state, &tokens[token])],
    };
    if !(0..tokens.len()).any(is_allowed) {
        return Err(SearchError::DeadEnd(state));
    }
    let mask = |(token, &x)| if is_allowed(token) { x } else { f32::NEG_INFINITY };
    Ok(logits.iter().enumerate().map(mask).collect())
    // END ANSWER
}
