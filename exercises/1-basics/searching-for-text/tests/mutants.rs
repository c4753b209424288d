//! Wrong answers, each with one classic bug and rejected by the check it names.

grading::mutants! {
    searching_for_text;

    beam_keeps_one_more => width_one_is_greedy: beam_search {
        "truncate(search.width)" => "truncate(search.width + 1)"
    }
    beam_sees_the_last_token_only => width_one_is_greedy: beam_search {
        "next(&beam.tokens)" => "next(&beam.tokens[beam.tokens.len().saturating_sub(1)..])"
    }
    beam_adds_logits => wide_beam_is_exact: beam_search {
        "filtered_probs(&next(&beam.tokens), &Sampling::default())?" =>
        "{ let logits = next(&beam.tokens); filtered_probs(&logits, &Sampling::default())?;
           logits.into_iter().map(|x| f64::from(x).exp()).collect::<Vec<f64>>() }"
    }
    beam_multiplies_log_probs => wide_beam_is_exact: beam_search {
        "beam.log_prob + p.ln()" =>
        "if beam.tokens.is_empty() { p.ln() } else { beam.log_prob * p.ln() }"
    }
    beam_forgets_the_sum => wide_beam_is_exact: beam_search {
        "beam.log_prob + p.ln()" => "p.ln()"
    }
    beam_stops_early => wide_beam_is_exact: beam_search {
        "1..=search.max_len" => "1..search.max_len.max(2)"
    }
    /// Of each branch only the likeliest token.
    beam_takes_one_of_each_branch => narrow_beam_keeps_the_best: beam_search {
        "for (token, p) in probs.into_iter().enumerate().filter(|&(_, p)| p > 0.0) {" =>
        "let top = probs.iter().copied().fold(0.0, f64::max);
         for (token, p) in probs.into_iter().enumerate().filter(|&(_, p)| p == top || len == 1) {"
    }
    beam_keeps_the_worst => narrow_beam_keeps_the_best: beam_search {
        "b.score.total_cmp(&a.score)" => "a.score.total_cmp(&b.score)"
    }
    beam_cuts_before_comparing => narrow_beam_keeps_the_best: beam_search {
        "candidates.push(Beam { tokens, log_prob, score }); }" =>
        "candidates.push(Beam { tokens, log_prob, score }); }
         candidates.truncate(2 * search.width);"
    }
    score_ignores_length => scores_divide_by_length: beam_search {
        "log_prob / (len as f64).powf(search.length_penalty)" => "log_prob"
    }
    score_multiplies_by_length => scores_divide_by_length: beam_search {
        "log_prob / (len" => "log_prob * (len"
    }
    score_leaves_out_the_end => scores_divide_by_length: beam_search {
        "log_prob / (len as f64)" =>
        "log_prob / ((len - usize::from(search.end == Some(token))).max(1) as f64)"
    }
    score_is_mean_over_penalty => scores_divide_by_length: beam_search {
        "log_prob / (len as f64).powf(search.length_penalty)" =>
        "log_prob / (len as f64 * search.length_penalty.max(0.1))"
    }
    beam_extends_past_the_end => ended_sequences_rest: beam_search {
        "candidates.push(beam); continue;" => "candidates.push(beam.clone());"
    }
    beam_drops_ended => ended_sequences_rest: beam_search {
        "candidates.push(beam); continue;" =>
        "if len == search.max_len { candidates.push(beam); } continue;"
    }
    ended_scores_drift => ended_sequences_rest: beam_search {
        "candidates.push(beam); continue;" =>
        "let score = beam.log_prob / (len as f64).powf(search.length_penalty);
         candidates.push(Beam { score, ..beam });
         continue;"
    }
    beam_ignores_the_end => ended_sequences_rest: beam_search {
        "search.end.is_some()" => "false"
    }
    beam_ties_take_the_later => beam_ties_are_stable: beam_search {
        "candidates.sort_by" => "candidates.reverse(); candidates.sort_by"
    }
    /// Keeps the order of equals in short lists only.
    beam_sort_is_unstable => beam_ties_are_stable: beam_search { "sort_by" => "sort_unstable_by" }
    beam_keeps_the_impossible => beam_ties_are_stable: beam_search {
        ".filter(|&(_, p)| p > 0.0)" => ""
    }
    /// The product of many probabilities is 0.
    beam_multiplies_probabilities => beam_search_agrees: beam_search {
        "beam.log_prob + p.ln()" => "(beam.log_prob.exp() * p).ln()"
    }
    beam_settings_unchecked => bad_search_is_an_error: beam_search { "search.validate()?;" => "" }
    beam_skips_bad_logits => bad_search_is_an_error: beam_search {
        "filtered_probs(&next(&beam.tokens), &Sampling::default())?" =>
        "filtered_probs(&next(&beam.tokens), &Sampling::default()).unwrap_or_default()"
    }

    /// Three times costs as much as once.
    frequency_counts_once => counts_and_presence: penalize_counts {
        "f64::from(count) * frequency" => "frequency"
    }
    presence_counts_each_time => counts_and_presence: penalize_counts {
        "- presence)" => "- f64::from(count) * presence)"
    }
    penalties_are_swapped => counts_and_presence: penalize_counts {
        "f64::from(count) * frequency - presence" => "f64::from(count) * presence - frequency"
    }
    /// Likes what was written.
    penalties_reward => counts_and_presence: penalize_counts {
        "- f64::from(count) * frequency - presence" => "+ f64::from(count) * frequency + presence"
    }
    /// As the repetition penalty does it.
    penalties_divide => counts_and_presence: penalize_counts {
        "(f64::from(x) - f64::from(count) * frequency - presence) as f32" =>
        "{ let divisor = 1.0 + f64::from(count) * frequency + presence;
           if x > 0.0 { (f64::from(x) / divisor) as f32 } else { (f64::from(x) * divisor) as f32 } }"
    }
    /// Some take a negative penalty for a mistake.
    rewards_are_refused => counts_and_presence: penalize_counts {
        "!frequency.is_finite()" => "!(0.0..=2.0).contains(&frequency)"
    }
    presence_for_everyone => the_unsaid_stays: penalize_counts { "0 => x, _ =>" => "_ =>" }
    /// What was not written loses the sign of its zero.
    unsaid_is_computed => the_unsaid_stays: penalize_counts { "0 => x," => "0 => x + 0.0," }
    /// Right until somebody writes a long text.
    counts_in_a_byte => long_histories_count: penalize_counts {
        "f64::from(count)" => "f64::from(count as u8)"
    }
    subtracts_in_f32 => long_histories_count: penalize_counts {
        "(f64::from(x) - f64::from(count) * frequency - presence) as f32" =>
        "(0..count).fold(x, |x, _| x - frequency as f32) - presence as f32"
    }
    /// Looks back a little only, as some repetition penalties do.
    history_is_cut => long_histories_count: penalize_counts {
        "in history {" => "in history.iter().rev().take(256) {"
    }
    frequency_may_be_infinite => bad_counts_are_errors: penalize_counts {
        "!frequency.is_finite()" => "frequency.is_nan()"
    }
    presence_unchecked_without_history => bad_counts_are_errors: penalize_counts {
        "!presence.is_finite()" => "!history.is_empty() && !presence.is_finite()"
    }
    unknown_tokens_are_skipped => bad_counts_are_errors: penalize_counts {
        "in history {" => "in history { if token >= logits.len() { continue; }"
    }

    /// Of all stop sequences the first in the list.
    first_in_the_list => the_earliest_stop_ends: find_stop {
        "(0..text.len()).find_map(starting)" =>
        "stops.iter().enumerate().find_map(|(index, stop)| {
             let start = (0..text.len()).find(|&i| text[i..].starts_with(stop.as_bytes()))?;
             Some(Stop { start, index })
         })"
    }
    /// The one that is complete first.
    first_to_end => the_earliest_stop_ends: find_stop {
        "(0..text.len()).find_map(starting)" =>
        "(0..text.len()).filter_map(starting)
             .min_by_key(|stop| stop.start + stops.iter().nth(stop.index).map_or(0, str::len))"
    }
    last_stop_ends => the_earliest_stop_ends: find_stop {
        "(0..text.len())" => "(0..text.len()).rev()"
    }
    longest_of_ties => the_earliest_stop_ends: find_stop { "min_by_key" => "max_by_key" }
    last_of_equals => the_earliest_stop_ends: find_stop {
        "|(_, stop)| stop.len())" => "|&(index, stop)| (stop.len(), usize::MAX - index))"
    }
    /// The stop sequence is part of the text.
    text_ends_behind_the_stop => the_earliest_stop_ends: find_stop {
        "Stop { start, index })" =>
        "Stop { start: start + stops.iter().nth(index).map_or(0, str::len), index })"
    }
    /// As many as a well-known API takes.
    knows_four_stops => find_stop_agrees: find_stop {
        "stops.iter().enumerate()" => "stops.iter().take(4).enumerate()"
    }
    never_at_the_beginning => the_earliest_stop_ends: find_stop { "(0..text" => "(1..text" }
    case_does_not_matter => the_earliest_stop_ends: find_stop {
        "rest.starts_with(stop.as_bytes())" =>
        "rest.get(..stop.len()).is_some_and(|r| r.eq_ignore_ascii_case(stop.as_bytes()))"
    }
    /// Makes text of the bytes first, and so moves the places.
    searches_repaired_text => the_earliest_stop_ends: find_stop {
        "let rest = &text[start..];" =>
        "let text = String::from_utf8_lossy(text).into_owned().into_bytes();
         let rest = text.get(start..).unwrap_or_default();"
    }

    /// Shows the beginning of a stop sequence.
    nothing_is_held_back => a_stop_may_begin: visible { "(0..text.len())" => "(0..0)" }
    complete_wins => a_stop_may_begin: visible {
        "open.is_none_or(|open| start <= open)" => "open.is_none_or(|_| true)"
    }
    /// Waits for a longer one that starts at the same place.
    longer_may_come => a_stop_may_begin: visible { "start <= open" => "start < open" }
    /// As many bytes as the longest stop sequence may need, whatever they are.
    always_holds_back => a_stop_may_begin: visible {
        "Visible { len: open.map_or(whole, |open| whole.min(open)), stop: None }" =>
        "let most = stops.iter().map(str::len).max().unwrap_or(1);
         let len = if is_over { whole } else { whole.min(text.len().saturating_sub(most - 1)) };
         Visible { len, stop: None }"
    }
    /// The last place that is open.
    shortest_rest_is_held => a_stop_may_begin: visible {
        "(0..text.len())" => "(0..text.len()).rev()"
    }
    stop_is_not_told => a_stop_may_begin: visible { "Some(index) }" => "None }" }
    cuts_characters => characters_arrive_whole: visible {
        "if is_over { text.len() } else { whole_characters(text) }" => "text.len()"
    }
    /// Waits for ever behind a byte that is no character.
    invalid_blocks => characters_arrive_whole: whole_characters {
        "if is_incomplete { text.len() - last.len() } else { text.len() }" =>
        "std::str::from_utf8(text).map_or_else(|error| error.valid_up_to(), str::len)"
    }
    holds_one_byte => characters_arrive_whole: whole_characters {
        "text.len() - last.len()" => "text.len() - 1"
    }
    any_last_error_is_held => characters_arrive_whole: whole_characters {
        "error.error_len().is_none()" => "true"
    }
    end_holds_back => at_the_end_all_is_shown: visible { "!is_over && stops" => "stops" }
    end_drops_a_character => at_the_end_all_is_shown: visible {
        "if is_over { text.len() } else { whole_characters(text) }" => "whole_characters(text)"
    }
    /// A line break may still follow: whoever waits for it shows too little.
    lone_cr_waits => visible_agrees: visible {
        "let whole = if is_over" =>
        "let text = text.strip_suffix(b\"\\r\").filter(|_| !is_over).unwrap_or(text);
         let whole = if is_over"
    }
    /// Looks at the last bytes only, and forgets that the text has stopped.
    stop_is_forgotten => any_chunking_shows_the_same: visible {
        "find_stop(text, stops)" =>
        "find_stop(&text[text.len().saturating_sub(6)..], stops)
             .map(|stop| Stop { start: stop.start + text.len().saturating_sub(6), ..stop })"
    }

    accepting_only => live_leads_to_a_match: live_states {
        "live[state] |= (0..=u8::MAX).any(|byte| live[automaton.step(state, byte)]);" => ""
    }
    /// A state from which one can only go round in circles is no better than the last one.
    traps_are_live => live_leads_to_a_match: live_states {
        "live[automaton.step(state, byte)]" =>
        "automaton.step(state, byte) + 1 != automaton.states()"
    }
    ascii_only => live_leads_to_a_match: live_states { "(0..=u8::MAX)" => "(0..=127_u8)" }
    byte_zero_is_left_out => live_leads_to_a_match: live_states { "(0..=u8::MAX)" => "(1..=u8::MAX)" }
    one_round => long_ways_count: live_states { "if live == before { return live; }" => "return live;" }

    first_byte_decides => tokens_begin_a_match: constrain {
        "walk(state, &tokens[token])" => "walk(state, &tokens[token][..1])"
    }
    /// Each token a match by itself.
    token_must_complete => tokens_begin_a_match: constrain {
        "live[automaton.walk(state, &tokens[token])]" =>
        "automaton.accepts(automaton.walk(state, &tokens[token]))"
    }
    starts_anew => tokens_begin_a_match: constrain {
        "walk(state, &tokens[token])" => "walk(Automaton::START, &tokens[token])"
    }
    may_always_end => tokens_begin_a_match: constrain {
        "true => automaton.accepts(state)" => "true => true"
    }
    ends_wherever_it_lives => tokens_begin_a_match: constrain {
        "true => automaton.accepts(state)" => "true => live[state]"
    }
    end_is_any_token => tokens_begin_a_match: constrain { "token == vocab.end()" => "false" }
    end_is_the_last_token => tokens_begin_a_match: constrain {
        "token == vocab.end()" => "token + 1 == tokens.len()"
    }
    /// An ordinary logit, which some tokens exceed.
    mask_is_zero => tokens_begin_a_match: constrain { "f32::NEG_INFINITY" => "0.0" }
    mask_is_large => tokens_begin_a_match: constrain { "f32::NEG_INFINITY" => "f32::MIN" }
    /// What does not match is made less likely.
    mask_is_soft => tokens_begin_a_match: constrain { "f32::NEG_INFINITY" => "x - 100.0" }
    nothing_may_be_written => tokens_are_bytes: constrain { "!tokens[token].is_empty() &&" => "" }
    /// Half a character becomes another.
    tokens_are_text => tokens_are_bytes: constrain {
        "walk(state, &tokens[token])" =>
        "walk(state, String::from_utf8_lossy(&tokens[token]).as_bytes())"
    }
    dead_end_goes_on => dead_ends_are_named: constrain {
        "return Err(SearchError::DeadEnd(state));" => ""
    }
    dead_end_by_logits => dead_ends_are_named: constrain {
        "any(is_allowed)" => "any(|token| is_allowed(token) && logits[token] != f32::NEG_INFINITY)"
    }
    counts_unchecked => dead_ends_are_named: constrain {
        "logits.len() != tokens.len()" => "logits.len() < tokens.len()"
    }
    state_before_count => dead_ends_are_named: constrain {
        "let tokens = vocab.tokens();" =>
        "let tokens = vocab.tokens();
         if state >= automaton.states() { return Err(SearchError::UnknownState(state)); }"
    }
}
