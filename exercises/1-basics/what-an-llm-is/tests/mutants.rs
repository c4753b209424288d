//! Wrong answers, each with one classic bug and rejected by the check it names.

#[path = "mutants/copies.rs"]
mod copies;

grading::mutants! {
    what_an_llm_is;

    /// The contexts at the start of the text, shorter than the rest, are left out.
    counts_full_contexts_only => every_token_is_counted: fit {
        "0..=i.min(order - 1)" => "0..=if i + 1 < order { 0 } else { order - 1 }"
    }
    /// No shorter contexts, so there is nothing to fall back to.
    counts_only_full_length => every_token_is_counted: fit {
        "0..=i.min(order - 1)" => "[i.min(order - 1)]"
    }
    /// The first token has no context, so it is not counted at all.
    counts_from_the_second_token => every_token_is_counted: fit {
        "length in 0..=" => "length in usize::from(i == 0)..="
    }
    /// Takes the order for the length of the context.
    counts_one_token_too_many => every_token_is_counted: fit { "order - 1" => "order" }
    /// The nearest token comes first in the context.
    counts_contexts_backwards => every_token_is_counted: fit {
        "&tokens[i - length..i]"
            => "&tokens[i - length..i].iter().rev().copied().collect::<Vec<_>>()"
    }
    /// Counts the token before, not the one after.
    counts_what_comes_before => every_token_is_counted: fit {
        "check(tokens, vocab_size)?;" => "check(tokens, vocab_size)?;
            let tokens: Vec<u32> = tokens.iter().rev().copied().collect();"
    }
    /// Any number is a token.
    counts_unknown_tokens => counting_refuses_bad_input: fit { "check(tokens, vocab_size)?;" => "" }
    /// Leaves the rest of the text out, and says nothing.
    counts_up_to_the_unknown => counting_refuses_bad_input: fit {
        "check(tokens, vocab_size)?;" => "",
        "tokens.iter()" => "tokens.iter().take_while(|&&token| (token as usize) < vocab_size)"
    }
    /// Long contexts are taken for short ones.
    counts_seven_tokens_back => counting_like_reference: fit {
        "i.min(order - 1)" => "i.min(order - 1).min(7)"
    }

    /// Divides by the count of the context alone.
    prob_forgets_the_distinct => probabilities_sum_to_one: prob { "(total + distinct)" => "total" }
    /// The share of a seen token, whole, or what the shorter context says: stupid backoff, whose
    /// scores are no probabilities.
    prob_adds_without_discount => probabilities_sum_to_one: prob {
        "(seen.count(token) as f64 + distinct * p) / (total + distinct)"
            => "match seen.count(token) { 0 => 0.4 * p, count => count as f64 / total }"
    }
    /// Relative frequencies alone.
    prob_without_smoothing => probabilities_sum_to_one: prob {
        "+ distinct * p) / (total + distinct)" => ") / total"
    }
    /// Adds one to every count instead, as if each token had been seen once more.
    prob_adds_one => probabilities_match_nltk: prob {
        "distinct * p) / (total + distinct)" => "1.0) / (total + model.vocab_size() as f64)"
    }
    /// From the longest context straight to the uniform distribution.
    prob_skips_to_the_floor => probabilities_match_nltk: prob {
        "distinct * p" => "distinct / model.vocab_size() as f64"
    }
    /// Takes the size of the vocabulary for the number of different followers.
    prob_counts_the_whole_vocabulary => probabilities_match_nltk: prob {
        "seen.distinct()" => "model.vocab_size()"
    }
    /// Shortens the context at the wrong end: drops the newest token, not the oldest.
    prob_drops_the_newest_token => probabilities_match_nltk: prob {
        "&context[context.len() - length..]"
            => "&context[context.len() - context.len().min(model.order() - 1)..][..length]"
    }
    /// Gives up where it should try a shorter context.
    prob_of_unseen_is_uniform => unseen_contexts_back_off: prob {
        "continue" => "p = 1.0 / model.vocab_size() as f64; continue"
    }
    /// Takes an unseen context for an impossible one.
    prob_of_unseen_is_zero => unseen_contexts_back_off: prob { "continue" => "p = 0.0; continue" }
    /// Cuts a long context at the wrong end.
    prob_reads_the_beginning => only_the_end_of_a_context_counts: prob {
        "let mut p" => "let context = &context[..context.len().min(model.order() - 1)]; let mut p"
    }
    /// Does not cut a long context: only the counts of short ones are there.
    prob_of_long_context_is_unseen => only_the_end_of_a_context_counts: prob {
        "let mut p" => "let context = if context.len() < model.order() { context } else { &[] };
            let mut p"
    }
    /// Every number gets its share of the vocabulary.
    prob_of_anything => unknown_tokens_have_no_probability: prob { "return 0.0;" => "" }
    /// Reads all that was counted, whatever `set_order` says.
    prob_of_all_counts => probabilities_like_reference: prob {
        "model.order()" => "model.contexts_by_length().len()"
    }
    /// Single precision on the way up.
    prob_in_f32 => probabilities_like_reference: prob {
        "distinct * p" => "distinct * f64::from(p as f32)"
    }

    /// Grows with the length of the text.
    perplexity_of_the_sum => perplexity_has_a_closed_form: perplexity {
        "total / tokens.len() as f64" => "total"
    }
    /// Logarithm to the base 2, exponential function to the base e.
    perplexity_in_bits => perplexity_has_a_closed_form: perplexity { "ln()" => "log2()" }
    /// Stops at the mean of the logarithms.
    perplexity_is_the_loss => perplexity_has_a_closed_form: perplexity { ".exp()" => "" }
    /// One over the mean probability: a single good guess hides many bad ones.
    perplexity_averages_probabilities => perplexity_matches_nltk: perplexity {
        "-prob(model, &tokens[..i], tokens[i]).ln()" => "prob(model, &tokens[..i], tokens[i])",
        "(total / tokens.len() as f64).exp()" => "tokens.len() as f64 / total"
    }
    /// Every token is judged without the ones before it.
    perplexity_without_context => perplexity_matches_nltk: perplexity { "&tokens[..i]" => "&[]" }
    /// The first token, which has no context, is left out.
    perplexity_skips_the_first => perplexity_matches_nltk: perplexity {
        "(0..tokens.len())" => "(1..tokens.len())",
        "tokens.len() as f64" => "(tokens.len() - 1).max(1) as f64"
    }
    /// The product vanishes after a few hundred tokens.
    perplexity_multiplies => perplexity_of_a_long_text: perplexity {
        "-prob(model, &tokens[..i], tokens[i]).ln()" => "prob(model, &tokens[..i], tokens[i])",
        "sum()" => "product()",
        "(total / tokens.len() as f64).exp()" => "total.powf(-1.0 / tokens.len() as f64)"
    }
    /// No text, no surprise.
    perplexity_of_nothing_is_one => perplexity_refuses_bad_input: perplexity {
        "Err(NgramError::NoTokens)" => "Ok(1.0)"
    }
    /// An unknown token makes the text infinitely surprising.
    perplexity_takes_unknown => perplexity_refuses_bad_input: perplexity {
        "check(tokens, model.vocab_size())?;" => ""
    }
    /// Shows the model a window of the text.
    perplexity_in_a_window => perplexity_like_reference: perplexity {
        "&tokens[..i]" => "&tokens[i.saturating_sub(8)..i]"
    }
    /// The same for a window that is wider than most orders.
    perplexity_in_a_wide_window => perplexity_like_reference: perplexity {
        "&tokens[..i]" => "&tokens[i.saturating_sub(64)..i]"
    }

    /// Greedy: always the most frequent follower.
    draws_the_likeliest => draws_follow_the_probabilities: draw {
        "side < count" => "Some(count) == seen.iter().map(|(_, count)| count).max()",
        "side -= count;" => "side = 0;"
    }
    /// Only ever writes what was seen after the longest context.
    draws_without_backing_off => draws_follow_the_probabilities: draw { "+ seen.distinct()" => "" }
    /// A follower seen once comes as often as one seen a thousand times.
    draws_followers_alike => draws_follow_the_probabilities: draw {
        "seen.total()" => "seen.distinct()", "side < count" => "side < 1", "-= count" => "-= 1"
    }
    /// A single side of the die leads to a shorter context, however varied the followers.
    draws_with_one_side_left => draws_follow_the_probabilities: draw { "seen.distinct()" => "1" }
    /// The draw from the whole vocabulary ends one token early.
    draws_never_the_last_token => draws_follow_the_probabilities: draw {
        "model.vocab_size() as u32" => "model.vocab_size() as u32 - 1"
    }
    /// Says that the longest context decided, even where it did not.
    draws_say_the_longest => draws_say_their_context: draw {
        "Some(length)" => "Some(context.len().min(model.order() - 1))"
    }
    /// Takes a draw from the whole vocabulary for one from the counts.
    draws_say_zero_for_none => draws_say_their_context: draw { "None" => "Some(0)" }
    /// Rolls a die for a context that nothing ever came after.
    draws_roll_for_the_unseen => draws_like_reference: draw {
        "continue" => "rng.next_u64(); continue"
    }

    /// Every token follows the prompt, none follows another.
    generates_from_the_prompt_alone => a_text_goes_on_from_its_prompt: generate {
        "draw(model, &tokens, rng)" => "draw(model, prompt, rng)"
    }
    /// Begins anew instead of going on.
    generates_without_the_prompt => a_text_goes_on_from_its_prompt: generate {
        "draw(model, &tokens, rng)" => "draw(model, &tokens[prompt.len()..], rng)"
    }
    /// Remembers one token, whatever the order.
    generates_from_the_last_token => a_text_goes_on_from_its_prompt: generate {
        "draw(model, &tokens, rng)" => "draw(model, &tokens[tokens.len().saturating_sub(1)..], rng)"
    }
    /// What the vocabulary lacks is left out of the prompt: what stood before it comes closer.
    generates_from_known_tokens => a_text_goes_on_from_its_prompt: generate {
        "prompt.to_vec()" =>
        "prompt.iter().copied().filter(|&t| (t as usize) < model.vocab_size()).collect::<Vec<_>>()",
        "tokens.split_off(prompt.len())" => "tokens.split_off(tokens.len() - len)"
    }
    /// The prompt is in the result.
    generates_with_the_prompt => exactly_the_new_tokens_are_returned: generate {
        "tokens.split_off(prompt.len())" => "tokens"
    }
    /// Stops one token early.
    generates_one_too_few => exactly_the_new_tokens_are_returned: generate { "0..len" => "1..len" }
    /// Takes `len` for the length of prompt and text together.
    generates_up_to_len_in_all => exactly_the_new_tokens_are_returned: generate {
        "0..len" => "prompt.len()..len"
    }
    /// Shows the model a window of the text.
    generates_in_a_window => texts_like_reference: generate {
        "draw(model, &tokens, rng)" => "draw(model, &tokens[tokens.len().saturating_sub(8)..], rng)"
    }
}
