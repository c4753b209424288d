//! Wrong answers, each with one classic bug and rejected by the check it names.

use review::{Answers, SOLUTION};

grading::mutants! {
    review;

    /// No merges, however large the vocabulary.
    trains_on_bytes_only => training_learns_merges_and_counts: train {
        "fast::train(text, vocab_size" => "fast::train(text, vocab_size.min(256)"
    }
    /// The merges of another text.
    trains_with_a_vocabulary_of_prose => training_learns_merges_and_counts: train {
        "fast::train(text, vocab_size, &[])" => "tokenization::sample_vocab(vocab_size)"
    }
    /// Takes the order for the length of the longest context, and corrects it.
    trains_one_order_less => training_learns_merges_and_counts: train {
        "fit(&tokens, order" => "fit(&tokens, order.max(2) - 1"
    }
    /// Cleans the text first.
    trains_without_the_spaces => training_learns_merges_and_counts: train {
        "let bpe" => "let text = text.trim(); let bpe"
    }
    /// Never learns that a line ends.
    trains_line_by_line => training_learns_merges_and_counts: train {
        "let bpe" => "let text = &text.replace('\\n', \"\"); let bpe"
    }
    /// The counts have more tokens than the vocabulary.
    trains_for_the_size_asked_for => a_short_text_has_a_small_vocabulary: train {
        "bpe.vocab_size())?" => "vocab_size)?"
    }
    /// A model that has read nothing is no error.
    trains_on_nothing => training_refuses_bad_input: train { "text.is_empty()" => "false" }
    /// Repairs an order that makes no sense.
    trains_with_order_one_at_least => training_refuses_bad_input: train {
        "&tokens, order," => "&tokens, order.max(1),"
    }
    /// Repairs a vocabulary that is too small.
    trains_with_bytes_at_least => training_refuses_bad_input: train {
        "(text, vocab_size," => "(text, vocab_size.max(256),"
    }
    /// Takes spaces for nothing.
    trains_on_words_only => training_agrees: train { "text.is_empty()" => "text.trim().is_empty()" }
    trains_on_64_kilobytes => training_agrees: train {
        "let bpe" =>
        "let text = &text[..text.floor_char_boundary(65_536)]; let bpe"
    }
    trains_with_512_tokens_at_most => training_agrees: train {
        "(text, vocab_size," => "(text, vocab_size.min(512),"
    }

    /// Forgets the logarithm, so the softmax flattens everything.
    logits_are_probabilities => logits_are_log_probabilities: next_logits { ".ln()" => "" }
    /// The base 2 does not fit to exp.
    logits_are_bits => logits_are_log_probabilities: next_logits { ".ln()" => ".log2()" }
    /// Frequent tokens are likely everywhere.
    logits_without_context => logits_are_log_probabilities: next_logits { ", context, id" => ", &[], id" }
    /// Cuts the context at the wrong end.
    logits_of_the_beginning => logits_are_log_probabilities: next_logits {
        ", context, id" => ", &context[..context.len().min(buddy.ngram.order() - 1)], id"
    }
    /// A bigram model, whatever the order.
    logits_of_the_last_token => logits_are_log_probabilities: next_logits {
        ", context, id" => ", &context[context.len().saturating_sub(1)..], id"
    }
    /// Remembers as much as its author ever tried.
    logits_of_the_last_six_tokens => logits_agree: next_logits {
        ", context, id" => ", &context[context.len().saturating_sub(6)..], id"
    }
    /// What was never seen can never come.
    logits_rule_out_the_unseen => logits_are_finite_after_anything: next_logits {
        "ids.map(|id|" =>
        "let seen = |id| buddy.ngram.after(&[]).is_some_and(|seen| seen.count(id) > 0);
         ids.map(|id| if !seen(id) { f32::NEG_INFINITY } else"
        , "prob(&buddy.ngram, context, id).ln() as f32)" => "{ prob(&buddy.ngram, context, id).ln() as f32 })"
    }
    /// As many logits as there are tokens in the text.
    logits_stop_at_the_highest_seen => logits_are_finite_after_anything: next_logits {
        "buddy.ngram.vocab_size() as u32" =>
        "buddy.ngram.after(&[]).and_then(|seen| seen.iter().last()).map_or(0, |(id, _)| id + 1)"
    }

    /// Cut the text into larger tokens, and the number grows.
    bits_per_token => untrained_text_has_a_closed_form: bits_per_byte {
        "bits / text.len() as f64" => "bits / tokens.len() as f64"
    }
    /// Characters are not bytes.
    bits_per_character => untrained_text_has_a_closed_form: bits_per_byte {
        "text.len()" => "text.chars().count()"
    }
    /// The natural logarithm.
    nats_per_byte => untrained_text_has_a_closed_form: bits_per_byte { ".log2()" => ".ln()" }
    /// Forgets to divide.
    bits_of_the_whole_text => untrained_text_has_a_closed_form: bits_per_byte {
        "bits / text.len() as f64" => "bits"
    }
    /// Judges each token alone.
    bits_without_context => held_out_text_has_the_bits_of_brute_force: bits_per_byte {
        "&tokens[..i]" => "&[]"
    }
    /// The first token has no context, so it is left out.
    bits_skip_the_first_token => held_out_text_has_the_bits_of_brute_force: bits_per_byte {
        "(0..tokens.len())" => "(1..tokens.len())"
    }
    /// The logarithm of the mean is not the mean of the logarithms.
    bits_of_the_mean_probability => held_out_text_has_the_bits_of_brute_force: bits_per_byte {
        "-prob(&buddy.ngram, &tokens[..i], tokens[i]).log2();" =>
        "prob(&buddy.ngram, &tokens[..i], tokens[i]);",
        "Ok(bits" => "let n = tokens.len() as f64; let bits = -n * (bits / n).log2(); Ok(bits"
    }
    /// Forgets the line before.
    bits_of_lines => held_out_text_has_the_bits_of_brute_force: Answers {
        bits_per_byte: |buddy, text| {
            let whole = (SOLUTION.bits_per_byte)(buddy, text)?;
            let lines = text.split_inclusive('\n');
            let bits = |line| Ok((SOLUTION.bits_per_byte)(buddy, line)? * line.len() as f64);
            let bits: f64 = lines.map(bits).sum::<Result<f64, review::BuddyError>>()?;
            Ok(if whole.is_nan() { whole } else { bits / text.len() as f64 })
        },
        ..SOLUTION
    };
    bits_by_16_bits_of_bytes => bits_agree: bits_per_byte { "text.len()" => "(text.len() as u16)" }
    /// Nothing surprises nobody.
    bits_of_nothing => no_text_has_no_bits: bits_per_byte {
        "return Err(BuddyError::NoText)" => "return Ok(0.0)"
    }

    /// Judges each order on the text that it has memorized.
    chooses_by_training_loss => the_order_is_chosen_on_text_held_out: choose_order {
        "(&buddy, held_out)" => "(&buddy, training)"
    }
    /// Trains on everything there is.
    chooses_after_a_leak => the_order_is_chosen_on_text_held_out: choose_order {
        "train(training," => "train(&[training, held_out].concat(),"
    }
    /// The counts are honest, but the merges have seen the text held out.
    chooses_with_a_leaked_vocabulary => the_order_is_chosen_on_text_held_out: choose_order {
        "let mut best" =>
        "buddy.bpe = fast::train(&[training, held_out].concat(), vocab_size, &[])?;
         let tokens = Encoder::new(&buddy.bpe).encode(training);
         buddy.ngram = fit(&tokens, highest, buddy.bpe.vocab_size())?;
         let mut best"
    }
    /// More memory is better.
    chooses_the_highest => the_order_is_chosen_on_text_held_out: choose_order {
        "for &order in orders" => "for order in [highest]"
    }
    /// Tries orders that nobody asked for.
    chooses_up_to_the_highest => the_order_is_one_of_those_given: choose_order {
        "for &order in orders" => "for order in 1..=highest"
    }
    /// `<=` where `<` belongs.
    chooses_the_last_of_equals => of_equal_orders_the_lowest_is_chosen: choose_order {
        "(bits, order) < (best.bits_per_byte, best.order)" => "bits <= best.bits_per_byte"
    }
    /// Takes the list for sorted.
    chooses_the_first_of_equals => of_equal_orders_the_lowest_is_chosen: choose_order {
        "(bits, order) < (best.bits_per_byte, best.order)" => "bits < best.bits_per_byte"
    }
    /// Takes a small difference for none.
    chooses_the_lowest_of_about_equals => choices_agree: choose_order {
        "(bits, order) < (best.bits_per_byte, best.order)" =>
        "bits < best.bits_per_byte - 1e-3
         || (bits < best.bits_per_byte + 1e-3 && order < best.order)"
    }
    chooses_among_eight => of_equal_orders_the_lowest_is_chosen: choose_order {
        "for &order in orders {" => "for &order in orders.iter().take(8) {"
    }
    /// Falls back to an order that nobody asked for.
    chooses_one_of_no_orders => choosing_refuses_bad_input: choose_order {
        "let highest" => "let orders = if orders.is_empty() { &[1] } else { orders }; let highest"
    }
    /// Drops an order that makes no sense without a word.
    chooses_without_order_zero => choosing_refuses_bad_input: choose_order {
        "for &order in orders {" => "for &order in orders { if order == 0 { continue; }"
    }

    /// Returns the new text alone.
    drops_the_prompt => a_greedy_text_goes_round_the_ring: complete {
        "prompt.as_bytes().to_vec()" => "Vec::new()"
    }
    /// The line end belongs to nobody, and is kept.
    includes_the_line_end => a_greedy_text_goes_round_the_ring: complete {
        "&written[..end]" => "&written[..=end]"
    }
    /// One story after the other.
    never_stops => a_greedy_text_goes_round_the_ring: complete {
        "bytes.extend_from_slice(&written[..end]); break;" => "bytes.extend_from_slice(&written[end..end]);"
    }
    /// The new tokens never become context.
    remembers_the_prompt_only => a_greedy_text_goes_round_the_ring: complete {
        "tokens.push(next);" => ""
    }
    /// A bigram model, whatever the order.
    remembers_the_last_token => all_tokens_before_count: complete {
        "next_logits(buddy, &tokens)" =>
        "next_logits(buddy, &tokens[tokens.len().saturating_sub(1)..])"
    }
    remembers_eight_tokens => all_tokens_before_count: complete {
        "next_logits(buddy, &tokens)" =>
        "next_logits(buddy, &tokens[tokens.len().saturating_sub(8)..])"
    }
    /// Begins anew instead of going on.
    forgets_the_prompt => all_tokens_before_count: complete {
        "let mut bytes" => "let prompt_tokens = tokens.len(); let mut bytes",
        "next_logits(buddy, &tokens)" => "next_logits(buddy, &tokens[prompt_tokens..])"
    }
    /// Takes the limit for that of prompt and text together.
    counts_the_prompt => at_most_so_many_tokens_are_new: complete {
        "0..max_tokens" => "tokens.len()..max_tokens"
    }
    stops_after_256_tokens => at_most_so_many_tokens_are_new: complete {
        "0..max_tokens" => "0..max_tokens.min(256)"
    }
    /// `..=` where `..` belongs.
    counts_one_more => at_most_so_many_tokens_are_new: complete { "0..max_tokens" => "0..=max_tokens" }
    /// Throws away what stands before the line end in its token.
    stops_before_a_line_end_token => a_token_may_hold_a_line_end: complete {
        "bytes.extend_from_slice(&written[..end]);" => "let _ = end;"
    }
    /// Looks for a token that is nothing but a line end.
    keeps_a_token_with_a_line_end => a_token_may_hold_a_line_end: complete {
        "written.iter().position(|&byte| byte == b'\\n')" => "(written == b\"\\n\").then_some(0)"
    }
    /// Cuts the whole text at its first line end.
    stops_at_a_line_end_of_the_prompt => the_prompt_is_kept: complete {
        "Ok(String::from_utf8_lossy(&bytes).into_owned())" =>
        "Ok(String::from_utf8_lossy(&bytes).split('\\n').next().unwrap_or_default().to_owned())"
    }
    /// Cleans the prompt first.
    trims_the_prompt => the_prompt_is_kept: complete {
        "let mut tokens" => "let prompt = prompt.trim(); let mut tokens"
    }
    /// Half a character is no text.
    decodes_token_by_token => characters_of_several_tokens_stay_whole: complete {
        "bytes.extend_from_slice(written);" =>
        "bytes.extend_from_slice(String::from_utf8_lossy(written).as_bytes());"
    }
    /// Keeps valid text only.
    drops_what_is_unfinished => characters_of_several_tokens_stay_whole: complete {
        "Ok(String::from_utf8_lossy(&bytes).into_owned())" =>
        "let text = String::from_utf8_lossy(&bytes).into_owned();
         let end = text.trim_end_matches('\\u{FFFD}').len().max(prompt.len());
         Ok(text[..end].to_owned())"
    }
    /// Never draws.
    always_takes_the_likeliest => the_first_token_follows_the_settings: complete {
        "let mut tokens" =>
        "sampling.validate()?;
         let sampling = &Sampling { temperature: 0.0, ..*sampling };
         let mut tokens"
    }
    /// Draws as the model says, unless it shall be certain.
    ignores_the_temperature => the_first_token_follows_the_settings: complete {
        "let mut tokens" =>
        "sampling.validate()?;
         let temperature = if sampling.temperature == 0.0 { 0.0 } else { 1.0 };
         let sampling = &Sampling { temperature, ..*sampling };
         let mut tokens"
    }
    /// Knows the temperature only.
    ignores_the_filters => the_first_token_follows_the_settings: complete {
        "let mut tokens" =>
        "sampling.validate()?;
         let sampling = &Sampling { temperature: sampling.temperature, ..Sampling::default() };
         let mut tokens"
    }
    /// Returns what it has when something fails.
    swallows_the_error => writing_refuses_bad_settings: complete {
        "sample(&next_logits(buddy, &tokens), sampling, rng)? as u32;" =>
        "match sample(&next_logits(buddy, &tokens), sampling, rng) {
             Ok(next) => next as u32,
             Err(_) => return Ok(prompt.to_owned()),
         };"
    }
    /// Settings that nobody asks for may be any.
    judges_settings_for_nothing => writing_refuses_bad_settings: complete {
        "let mut tokens" => "sampling.validate()?; let mut tokens"
    }
    /// Repairs settings that make no sense.
    writes_on_with_default_settings => writing_refuses_bad_settings: complete {
        "let mut tokens" =>
        "let good = sampling.validate().is_ok();
         let sampling = &if good { *sampling } else { Sampling::default() };
         let mut tokens"
    }
}
