//! Judges answers: the reference, the learner's, a mutant.

mod beams;
mod differential;
mod patterns;
mod penalties;
mod stopping;

use beams::*;
use differential::*;
use patterns::*;
use penalties::*;
use stopping::*;

grading::checks! {
    "A beam of width 1 is greedy" => width_one_is_greedy {
        function: beam_search, points: 2, section: "beam-search", hints: [
            "With one sequence to keep, each step takes the likeliest token.",
            "Start from one sequence without tokens, extend it by every token, keep the best. `next` gets all tokens so far.",
            "`filtered_probs(&next(&beam.tokens), &Sampling::default())?` gives the probabilities; add the logarithm to the sequence's `log_prob`, sort, `truncate(search.width)`.",
        ]
    }
    "A beam as wide as the tree finds everything" => wide_beam_is_exact {
        function: beam_search, points: 3, section: "beam-search", hints: [
            "If nothing is cut, every sequence must come out, with the right log-probability.",
            "The probability of a sequence is the *product* of its tokens' probabilities, so logarithms add up. Logits are no log-probabilities until they are normalized.",
            "Put the extensions of all sequences into one list, sort it by score, best first, keep `width` of it, and do that `max_len` times.",
        ]
    }
    "A narrow beam keeps the best of all branches" => narrow_beam_keeps_the_best {
        function: beam_search, points: 3, section: "beam-search", hints: [
            "Who competes with whom for a place?",
            "All extensions of all sequences compete together: two may come from one sequence, none from another.",
            "Collect first, for all sequences; sort and truncate once per step, after the loop over them.",
        ]
    }
    "Scores are normalized by length" => scores_divide_by_length {
        function: beam_search, points: 2, section: "beam-search", hints: [
            "The score is the log-probability divided by something that grows with the length.",
            "len is the number of tokens of the sequence itself, the end token included; the penalty is its exponent.",
            "`log_prob / (tokens.len() as f64).powf(search.length_penalty)`.",
        ]
    }
    "A sequence that ended keeps its place and is not continued" => ended_sequences_rest {
        function: beam_search, points: 2, section: "beam-search", hints: [
            "What follows the end token? Nothing. What becomes of the sequence?",
            "An ended sequence goes into the next round as it is, with its score, and may still be crowded out.",
            "If the last token is `search.end`, push the sequence itself into the candidates and `continue`, without calling `next`.",
        ]
    }
    "Ties go to the earlier, and what is impossible stays out" => beam_ties_are_stable {
        function: beam_search, points: 1, section: "beam-search", hints: [
            "In which order do you collect candidates, and does your sort keep it?",
            "`sort_by` is stable, `sort_unstable_by` is not. A token of probability 0 makes no candidate.",
            "Go through the sequences in order, through the tokens in order, skip p = 0, and sort by `b.score.total_cmp(&a.score)`.",
        ]
    }
    "A bad search is an error" => bad_search_is_an_error {
        function: beam_search, points: 1, section: "beam-search", hints: [
            "What can be wrong with the settings, and what with the model's logits?",
            "`search.validate()?` judges the settings, `filtered_probs` the logits, at every step.",
            "Pass both errors on with `?`.",
        ]
    }
    "Beam search is the reference's on drawn models" => beam_search_agrees {
        function: beam_search, points: 2, section: "beam-search", hints: [
            "The failure shows the smallest model that went wrong: follow it step by step.",
            "Equals, tokens that cannot follow, sequences that end early, wider beams than there are sequences, lengths of 1.",
            "Collect in order, sort stably by score, truncate; errors of settings come before the first call of `next`.",
        ]
    }
    "Counts and presence lower the logits" => counts_and_presence {
        function: penalize_counts, points: 2, section: "penalties-that-count", hints: [
            "What does a token cost that was written three times, and what one that was written once?",
            "Count the history first. The frequency penalty is multiplied by the count; the presence penalty is taken once, from every count above 0.",
            "`x − count · frequency − presence` if the count is above 0, otherwise `x`. Nothing depends on the sign of `x`.",
        ]
    }
    "What was not written keeps its logit" => the_unsaid_stays {
        function: penalize_counts, points: 1, section: "penalties-that-count", hints: [
            "Which logits does your function touch?",
            "A token with the count 0 keeps its logit bit for bit, even if it is NaN or −0.",
            "Return the logit itself where the count is 0; there is nothing to check about the logits.",
        ]
    }
    "A long history counts exactly" => long_histories_count {
        function: penalize_counts, points: 1, section: "penalties-that-count", hints: [
            "A hundred thousand small subtractions: what does each one round to?",
            "Count first, in an integer that is large enough, and multiply once.",
            "Counts as `u32` or larger, the arithmetic in f64, `as f32` at the end.",
        ]
    }
    "Bad penalties and unknown tokens are errors" => bad_counts_are_errors {
        function: penalize_counts, points: 1, section: "penalties-that-count", hints: [
            "Which penalties make no sense, and which tokens have no logit?",
            "Both penalties must be finite, also where the history is empty; negative ones and large ones are fine.",
            "Frequency first, then presence, then the history from its beginning: `SampleError::UnknownToken(token)` with `?` becomes a `SearchError`.",
        ]
    }
    "The penalties are the reference's on drawn histories" => penalize_counts_agrees {
        function: penalize_counts, points: 1, section: "penalties-that-count", hints: [
            "Take the smallest input that the failure shows and do it by hand.",
            "Tokens that occur again, logits of −∞, penalties below 0, histories with a token too many: which of them is it?",
            "Penalties are checked before the history; the result has one logit for each that came in.",
        ]
    }
    "The earliest stop sequence ends the text" => the_earliest_stop_ends {
        function: find_stop, points: 3, section: "where-a-text-ends", hints: [
            "Several stop sequences may stand in the text: which of them did the reader come to first?",
            "Go through the places of the text, not through the list. At each place ask whether any stop sequence starts there.",
            "`text[start..].starts_with(stop.as_bytes())`; of those that start there take the shortest with `min_by_key`, which keeps the first of equals.",
        ]
    }
    "The stop is the reference's in drawn texts" => find_stop_agrees {
        function: find_stop, points: 1, section: "where-a-text-ends", hints: [
            "Take the smallest text that the failure shows and mark every place where a stop sequence stands.",
            "Stop sequences that begin alike, that overlap, that are equal; bytes that are no character.",
            "Compare bytes with bytes; a text need not be UTF-8, so it cannot be searched as a `str`.",
        ]
    }
    "What may become a stop sequence is held back" => a_stop_may_begin {
        function: visible, points: 3, section: "while-it-is-being-written", hints: [
            "The text ends with `Us`, and `User:` is a stop sequence. What may be shown?",
            "A place is open if the rest of the text from there is the beginning of a stop sequence, and shorter. Nothing from the first open place on may be shown.",
            "If a stop is complete, it counts only when no earlier place is open: `open.is_none_or(|open| stop.start <= open)`.",
        ]
    }
    "Characters arrive whole" => characters_arrive_whole {
        function: visible, points: 2, section: "while-it-is-being-written", hints: [
            "A token may end in the middle of a character. What does a screen show of half an é?",
            "Bytes at the end that begin a character and need more are held back; bytes that can never become one are not.",
            "The last of `text.utf8_chunks()` has what is not valid; `str::from_utf8` of it tells with `error_len()`: `None` means that more bytes could complete it.",
        ]
    }
    "When it is over, nothing is held back" => at_the_end_all_is_shown {
        function: visible, points: 1, section: "while-it-is-being-written", hints: [
            "Nothing follows any more: what can still become a stop sequence?",
            "With `is_over` no place is open and no character will be completed; a stop that is complete still ends the text.",
            "The length is that of `find_stop`, or the whole text.",
        ]
    }
    "However it arrives, the same is shown" => any_chunking_shows_the_same {
        function: visible, points: 2, section: "while-it-is-being-written", hints: [
            "Call it after every byte and write down what is visible: does it ever shrink?",
            "What was shown stays shown, and once a stop has ended the text it has ended.",
            "Everything follows from two numbers: where the first stop starts, and the first place that is open.",
        ]
    }
    "What is visible is the reference's in drawn texts" => visible_agrees {
        function: visible, points: 1, section: "while-it-is-being-written", hints: [
            "Take the smallest text that the failure shows: which ways to go on does it have?",
            "Too much shown may have to be taken back; too little keeps a reader waiting.",
            "The length is the smaller of two: the first open place, and the length of the whole characters.",
        ]
    }
    "A state is live if a match can be reached" => live_leads_to_a_match {
        function: live_states, points: 3, section: "a-pattern-to-keep-to", hints: [
            "Begin with the states about which you are sure.",
            "Accepting states are live; a state is live if one of the 256 bytes leads to a live state.",
            "Repeat that over all states until a whole round changes nothing.",
        ]
    }
    "Long ways count" => long_ways_count {
        function: live_states, points: 1, section: "a-pattern-to-keep-to", hints: [
            "How many steps may it take to an accepting state?",
            "As many as there are states. One round, or a fixed number of rounds, is not enough; a circle of states that leads nowhere must not go on for ever.",
            "Keep a copy of the vector, go once through the states, stop when it equals the copy.",
        ]
    }
    "The live states are the reference's in drawn automata" => live_states_agrees {
        function: live_states, points: 1, section: "a-pattern-to-keep-to", hints: [
            "Draw the smallest automaton that the failure shows: circles for states, arrows for edges.",
            "Bytes 0 and 255 count; so do states that nothing reaches, and the last one, which every other byte leads to.",
            "`(0..=u8::MAX)` are all bytes, `0..automaton.states()` all states.",
        ]
    }
    "A token is allowed if a match begins with it" => tokens_begin_a_match {
        function: constrain, points: 3, section: "a-pattern-to-keep-to", hints: [
            "A token may be several characters. Which of them decide?",
            "All: feed them to the automaton one after the other and look at the state behind the last. The end token is allowed where the text may end.",
            "`live[automaton.walk(state, bytes)]` for a token, `automaton.accepts(state)` for the end token; the others get `f32::NEG_INFINITY`, the allowed ones keep their logit.",
        ]
    }
    "Tokens are bytes, and some write none" => tokens_are_bytes {
        function: constrain, points: 1, section: "a-pattern-to-keep-to", hints: [
            "A token may hold half a character, or nothing at all.",
            "The automaton reads bytes, so halves are no problem. A token without bytes leaves the state as it is: could a model write it for ever?",
            "No `str` anywhere; a token with `is_empty()` bytes is never allowed, unless it is the end token.",
        ]
    }
    "A dead end is an error that names its state" => dead_ends_are_named {
        function: constrain, points: 2, section: "a-pattern-to-keep-to", hints: [
            "What if the vocabulary has no token that goes on?",
            "Lengths first, then the state, then the tokens. A dead end is where no token is allowed, whatever the logits are.",
            "`SearchError::LogitCount { logits, tokens }`, `SearchError::UnknownState(state)`, `SearchError::DeadEnd(state)`.",
        ]
    }
    "The masked logits are the reference's on drawn patterns" => constrain_agrees {
        function: constrain, points: 1, section: "a-pattern-to-keep-to", hints: [
            "Draw the smallest automaton that the failure shows and walk over each token.",
            "Is the state after the token live, or only not the last one? Is the end token treated by itself?",
            "Errors in their order, then each token by its bytes; allowed logits stay bit for bit.",
        ]
    }
}
