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

    /// Divides by the count of the context alone.
    prob_forgets_the_distinct => probabilities_sum_to_one: prob {
        "(total + distinct)" => "total"
    }
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

    /// Greedy: always the most frequent follower.
    draws_the_likeliest => draws_follow_the_probabilities: draw {
        "side < count" => "Some(count) == seen.iter().map(|(_, count)| count).max()",
        "side -= count;" => "side = 0;"
    }
    /// Only ever writes what was seen after the longest context.
    draws_without_backing_off => draws_follow_the_probabilities: draw {
        "+ seen.distinct()" => ""
    }
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
    fresh_1 => counting_like_reference: fit { "i.min(order - 1)" => "i.min(order - 1).min(7)" }
    fresh_2 => counting_like_reference: fit {
        "&tokens[i - length..i]" => "&tokens[i - length..i].iter().map(|t| t & 0xffff).collect::<Vec<_>>()"
    }
    fresh_2b => counting_like_reference: fit { ".add(token)" => ".add(token as f32 as u32)" }
    fresh_3 => counting_like_reference: fit { "enumerate()" => "enumerate().take(1 << 16)" }
    fresh_4 => counting_like_reference: fit {
        "let mut model = Ngram::new(order, vocab_size)?; check(tokens, vocab_size)?;"
            => "check(tokens, vocab_size)?; let mut model = Ngram::new(order, vocab_size)?;"
    }
    fresh_5 => counting_like_reference: check { "find(" => "rfind(" }
    fresh_5b => perplexity_like_reference: check { "token as usize >= vocab_size" => "token as usize > vocab_size" }
    fresh_6 => probabilities_like_reference: prob { "distinct * p)" => "distinct * p as f32 as f64)" }
    fresh_7 => probabilities_like_reference: prob {
        "let mut p" => "if context.iter().any(|&t| t as usize >= model.vocab_size()) { return 0.0; } let mut p"
    }
    fresh_8 => probabilities_like_reference: prob { "model.order()" => "model.contexts_by_length().len()" }
    fresh_8b => probabilities_like_reference: prob { "model.order() - 1" => "(model.order() - 1).min(9)" }
    fresh_8c => probabilities_like_reference: prob { "seen.total() as f64" => "seen.total() as u16 as f64" }
    fresh_9 => perplexity_like_reference: perplexity { "&tokens[..i]" => "&tokens[i.saturating_sub(8)..i]" }
    fresh_10 => perplexity_like_reference: perplexity {
        "check(" => "let tokens = &tokens[..tokens.len().min(8192)]; check("
    }
    fresh_11 => perplexity_like_reference: perplexity { "(total /" => "(total as f32 as f64 /" }
    fresh_12 => draws_like_reference: draw { "let mut side" => "rng.next_u32(); let mut side" }
    fresh_12b => draws_like_reference: draw {
        "let Some(seen)" => "let _ = rng.random_range(0..9_u64); let Some(seen)"
    }
    fresh_14 => draws_like_reference: draw { "model.vocab_size() as u32" => "model.vocab_size().min(65_536) as u32" }
    fresh_15 => draws_like_reference: draw { "model.order() - 1" => "(model.order() - 1).min(8)" }
    fresh_16 => texts_like_reference: generate {
        "draw(model, &tokens, rng)" => "draw(model, &tokens[tokens.len().saturating_sub(8)..], rng)"
    }
    fresh_17 => texts_like_reference: generate {
        "let mut tokens" => "let rng = &mut <rand::rngs::StdRng as rand::SeedableRng>::seed_from_u64(rng.next_u64()); let mut tokens"
    }
    fresh_18 => texts_like_reference: generate {
        "0..len" => "0..=len", "tokens.split_off(prompt.len())" => "tokens.pop(); tokens.split_off(prompt.len())"
    }
    fresh_18b => texts_like_reference: generate { "0..len" => "0..len.min(1024)" }
    fresh_19 => probabilities_like_reference: prob {
        "if token as usize >= model.vocab_size() { return 0.0; }" => "if token as usize >= model.vocab_size() { return 0.0; }
        thread_local! { static SEEN: std::cell::RefCell<std::collections::HashMap<(Vec<u32>, u32), f64>> = Default::default(); }
        let key = (context.to_vec(), token);
        if let Some(p) = SEEN.with(|s| s.borrow().get(&key).copied()) { return p; }",
        "p }" => "SEEN.with(|s| s.borrow_mut().insert(key, p)); p }"
    }
    fresh_20 => draws_like_reference: draw {
        "for length" => "static N: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
          let mut own = <rand::rngs::StdRng as rand::SeedableRng>::seed_from_u64(N.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
          rng.next_u64(); let rng = &mut own; for length"
    }
    fresh_21 => draws_like_reference: draw { "seen.distinct()" => "seen.distinct().min(3)" }
    fresh_22 => texts_like_reference: generate { "prompt.to_vec()" => "prompt[..prompt.len().min(64)].to_vec()", "split_off(prompt.len())" => "split_off(prompt.len().min(64))" }
    fresh_23 => draws_like_reference: draw { "side < count" => "side <= count", "side -= count" => "side = side.saturating_sub(count)" }

    more_1 => draws_like_reference: draw { "model.order()" => "model.contexts_by_length().len()" }
    more_2 => perplexity_like_reference: perplexity {
        "let surprise = |i: usize| -prob(model, &tokens[..i], tokens[i]).ln();
         let total: f64 = (0..tokens.len()).map(surprise).sum();"
        => "let ps: Vec<f64> = (0..tokens.len()).map(|i| prob(model, &tokens[..i], tokens[i])).collect();
            let total: f64 = ps.chunks(40).map(|c| -c.iter().product::<f64>().ln()).sum();"
    }
    more_3 => draws_like_reference: draw { "0..model.vocab_size() as u32" => "0..(model.vocab_size() as u32).min(i32::MAX as u32)" }
    more_4 => texts_like_reference: generate { "prompt.to_vec()" => "prompt[prompt.len().saturating_sub(32)..].to_vec()", "split_off(prompt.len())" => "split_off(prompt.len().min(32))" }
    more_5 => perplexity_like_reference: perplexity {
        "check(" => "let mut t = tokens.to_vec(); if tokens.len() > 1 { t.dedup(); } let tokens = &t; check(" }
    more_6 => counting_like_reference: fit { "for length" => "if i >= 1 << 16 { break; } for length" }
    more_7 => probabilities_like_reference: prob { "seen.count(token) as f64" => "seen.count(token) as i16 as f64" }
    more_8 => probabilities_like_reference: prob { "/ model.vocab_size() as f64" => "/ model.vocab_size() as f32 as f64" }
    more_9 => probabilities_like_reference: prob { "return 0.0" => "return 1e-12" }
    more_10 => texts_like_reference: generate { "let mut tokens" => "rng.next_u32(); let mut tokens" }
    more_11 => draws_like_reference: draw { "side < count" => "side < count.min(255)", "side -= count" => "side = side.saturating_sub(count)" }
}

mod legit {
    use rand::{Rng, RngExt};
    use what_an_llm_is::*;
    fn prob(m: &Ngram, c: &[u32], t: u32) -> f64 {
        if t as usize >= m.vocab_size() {
            return 0.0;
        }
        let c = &c[c.len().saturating_sub(m.order() - 1)..];
        rec(m, c, t)
    }
    fn rec(m: &Ngram, c: &[u32], t: u32) -> f64 {
        let below = if c.is_empty() { 1.0 / m.vocab_size() as f64 } else { rec(m, &c[1..], t) };
        match m.after(c) {
            None => below,
            Some(s) => {
                let l = s.total() as f64 / (s.total() + s.distinct()) as f64;
                l * (s.count(t) as f64 / s.total() as f64) + (1.0 - l) * below
            }
        }
    }
    fn fit(t: &[u32], order: usize, v: usize) -> Result<Ngram, NgramError> {
        let mut m = Ngram::new(order, v)?;
        if let Some(&token) = t.iter().find(|&&t| t as usize >= v) {
            return Err(NgramError::UnknownToken { token, vocab_size: v });
        }
        for n in 1..=order {
            for w in t.windows(n) {
                m.after_mut(&w[..n - 1]).add(w[n - 1]);
            }
        }
        Ok(m)
    }
    fn perplexity(m: &Ngram, t: &[u32]) -> Result<f64, NgramError> {
        if t.is_empty() {
            return Err(NgramError::NoTokens);
        }
        let mut sum = 0.0;
        for i in (0..t.len()).rev() {
            if let Some(&token) = t.iter().find(|&&t| t as usize >= m.vocab_size()) {
                return Err(NgramError::UnknownToken { token, vocab_size: m.vocab_size() });
            }
            sum -= (SOLUTION.prob)(m, &t[..i], t[i]).log2() / t.len() as f64;
        }
        Ok(sum.exp2())
    }
    fn draw(m: &Ngram, c: &[u32], rng: &mut dyn Rng) -> Draw {
        let mut c = &c[c.len().saturating_sub(m.order() - 1)..];
        loop {
            if let Some(s) = m.after(c) {
                let sides = s.total() + s.distinct();
                let mut side = (rng.random::<f64>() * sides as f64) as u64;
                if side >= s.distinct() {
                    side -= s.distinct();
                    for (token, count) in s.iter() {
                        if side < count {
                            return Draw { token, context: Some(c.len()) };
                        }
                        side -= count;
                    }
                }
            }
            if c.is_empty() {
                return Draw { token: rng.random_range(0..m.vocab_size()) as u32, context: None };
            }
            c = &c[1..];
        }
    }
    fn draw_usize(m: &Ngram, c: &[u32], rng: &mut dyn Rng) -> Draw {
        let mut c = &c[c.len().saturating_sub(m.order() - 1)..];
        loop {
            if let Some(s) = m.after(c) {
                let mut side = rng.random_range(1..=(s.total() + s.distinct()) as usize);
                for (token, count) in s.iter() {
                    if side <= count as usize {
                        return Draw { token, context: Some(c.len()) };
                    }
                    side -= count as usize;
                }
            }
            if c.is_empty() {
                return Draw {
                    token: rng.random_range(0..=(m.vocab_size() as u64 - 1)) as u32,
                    context: None,
                };
            }
            c = &c[1..];
        }
    }
    fn generate(m: &Ngram, p: &[u32], len: usize, rng: &mut dyn Rng) -> Vec<u32> {
        let mut out = Vec::new();
        let mut ctx = p.to_vec();
        for _ in 0..len {
            let d = draw(m, &ctx[ctx.len().saturating_sub(m.order() - 1)..], rng).token;
            ctx.push(d);
            out.push(d);
        }
        out
    }
    mod one {
        what_an_llm_is::as_tests!(
            what_an_llm_is::LESSON,
            what_an_llm_is::Answers {
                fit: super::fit,
                prob: super::prob,
                perplexity: super::perplexity,
                draw: super::draw,
                generate: super::generate
            }
        );
    }
    mod two {
        what_an_llm_is::as_tests!(
            what_an_llm_is::LESSON,
            what_an_llm_is::Answers { draw: super::draw_usize, ..what_an_llm_is::SOLUTION }
        );
    }
}
