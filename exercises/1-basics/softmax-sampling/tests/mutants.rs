//! Wrong answers, each with one classic bug and rejected by the check it names.

#[path = "mutants/given.rs"]
mod given;

grading::mutants! {
    softmax_sampling;

    /// A mean where a sum belongs.
    divides_by_count => closed_form: softmax { "sum_keepdim" => "mean_keepdim" }
    /// Each number by itself.
    sigmoid_instead => closed_form: softmax {
        "weights.broadcast_div(&weights.sum_keepdim(dim)?)" => "(x.neg()?.exp()? + 1.0)?.recip()"
    }
    /// Right for the classifier it was copied from.
    last_axis_always => every_axis_matches_pytorch: softmax {
        "x.max_keepdim(dim)?" => "{ x.sum_keepdim(dim)?; x.max_keepdim(x.rank() - 1)? }",
        "weights.sum_keepdim(dim)?" => "weights.sum_keepdim(x.rank() - 1)?"
    }
    /// All rows share one sum.
    sums_the_whole_tensor => every_axis_matches_pytorch: softmax {
        "weights.sum_keepdim(dim)?" => "weights.sum_all()?"
    }
    /// The formula as it is printed.
    no_max_subtraction => large_logits_stay_finite: softmax {
        "x.broadcast_sub(&max)?" => "x"
    }
    /// Right values, no backward: what a fused operation does.
    gradient_is_cut => gradient_flows: softmax { "x.broadcast_sub" => "x.detach().broadcast_sub" }

    /// Whatever the numbers were before.
    softmax_in_f32 => softmax_agrees: softmax {
        "let max" => "let x = &x.to_dtype(candle_core::DType::F32)?; let max"
    }

    temperature_multiplies => temperature_divides_the_logits: filtered_probs {
        "above(i) / temperature" => "above(i) * temperature"
    }
    /// Divides first, and then subtracts infinity from infinity.
    temperature_overflows => temperature_divides_the_logits: filtered_probs {
        "(above(i) / temperature).exp()" =>
        "(f64::from(logits[i]) / temperature - f64::from(logits[best]) / temperature).exp()"
    }
    temperature_ignored => temperature_divides_the_logits: filtered_probs {
        "above(i) / temperature" => "above(i)"
    }
    greedy_takes_the_last_of_equals => temperature_zero_is_greedy: filtered_probs {
        "probs[best] = 1.0" =>
        "probs[(0..logits.len()).rfind(|&i| logits[i] == logits[best]).unwrap()] = 1.0"
    }
    zero_temperature_divides => temperature_zero_is_greedy: filtered_probs {
        "temperature == 0.0" => "temperature < 0.0"
    }
    top_k_off_by_one => top_k_keeps_exactly_k: filtered_probs {
        "kept.truncate(k)" => "kept.truncate(k + 1)"
    }
    top_k_keeps_ties => top_k_keeps_exactly_k: filtered_probs {
        "kept.truncate(k);" =>
        "let floor = kept.get(k - 1).map(|&i| logits[i]);
         kept.retain(|&i| floor.is_none_or(|floor| logits[i] >= floor));"
    }
    /// Keeps the order of equals in short lists only.
    sort_is_unstable => ties_are_cut_in_order: filtered_probs { "sort_by" => "sort_unstable_by" }
    /// At 1, rounding costs the last tokens.
    top_p_of_one_is_a_filter => top_p_keeps_the_crossing_token: filtered_probs {
        ".filter(|&p| p < 1.0)" => ""
    }
    top_p_drops_the_crossing_token => top_p_keeps_the_crossing_token: filtered_probs {
        "let needed = before < p * total;" =>
        "let needed = before + weight(i) <= p * total || before == 0.0;"
    }
    top_p_keeps_one_too_many => top_p_keeps_the_crossing_token: filtered_probs {
        "before < p * total" => "before <= p * total"
    }
    no_renormalization => top_p_keeps_the_crossing_token: filtered_probs {
        "let total: f64 = kept.iter().map(|&i| weight(i)).sum(); for" =>
        "let total: f64 = logits.iter().map(|&x| ((f64::from(x) - f64::from(logits[best]))
             / temperature).exp()).sum();
         for"
    }
    min_p_is_absolute => min_p_is_relative_to_the_best: filtered_probs {
        "kept.retain(|&i| weight(i) >= p);" =>
        "let all: f64 = (0..logits.len()).map(|i| weight(i)).sum();
         kept.retain(|&i| weight(i) / all >= p);"
    }
    min_p_of_all_logits => min_p_is_relative_to_the_best: filtered_probs {
        "weight(i) >= p" => "f64::from(logits[i]) >= p * f64::from(logits[best])"
    }
    temperature_after_the_filters => filters_combine_in_order: filtered_probs {
        "let weight = |i: usize| (above(i) / temperature).exp();" =>
        "let weight = |i: usize| above(i).exp();",
        "probs[i] = weight(i) / total;" => "probs[i] = (above(i) / temperature).exp();",
        "} Ok(probs) }" =>
        "}
         let total: f64 = probs.iter().sum();
         Ok(probs.into_iter().map(|p| p / total).collect())
         }"
    }
    top_p_before_top_k => filters_combine_in_order: filtered_probs {
        "if let Some(k) = top_k { kept.truncate(k); }" => "",
        "if let Some(p) = min_p" => "if let Some(k) = top_k { kept.truncate(k); } if let Some(p) = min_p"
    }
    /// Judges by the distribution before top-k.
    top_p_of_the_full_mass => filters_combine_in_order: filtered_probs {
        "let total: f64 = kept.iter().map(|&i| weight(i)).sum(); let mut before" =>
        "let total: f64 = (0..logits.len()).map(weight).sum(); let mut before"
    }
    /// Enough for every vocabulary that its author tried.
    keeps_a_thousand => filtered_probs_agrees: filtered_probs {
        "if let Some(k) = top_k {" => "kept.truncate(1000); if let Some(k) = top_k {"
    }
    accepts_nan => bad_input_is_an_error: filtered_probs { "x.is_nan() || " => "" }
    settings_unchecked => bad_input_is_an_error: filtered_probs { "sampling.validate()?;" => "" }

    /// Deterministic, whatever the temperature.
    always_the_best => sample_follows_the_distribution: sample {
        "if rest < p { return Ok(i); }" =>
        "if probs.iter().all(|&other| other <= p) { return Ok(i); }"
    }
    /// Draws from the unfiltered distribution.
    ignores_the_settings => sample_follows_the_distribution: sample {
        "filtered_probs(logits, sampling)?" =>
        "{ filtered_probs(logits, sampling)?; filtered_probs(logits, &Sampling::default())? }"
    }
    /// Every kept token is as likely as any other.
    uniform_over_the_kept => sample_follows_the_distribution: sample {
        "let mut rest: f64 = rng.random();" =>
        "let n = probs.iter().filter(|&&p| p > 0.0).count() as f64;
         let probs: Vec<f64> = probs.iter().map(|&p| if p > 0.0 { 1.0 / n } else { 0.0 }).collect();
         let mut rest: f64 = rng.random();"
    }
    /// The random number exceeds the total, as when probabilities are not renormalized.
    rest_goes_to_the_last => sample_follows_the_distribution: sample {
        "rng.random();" => "1.1 * rng.random::<f64>();",
        "probs.iter().rposition(|&p| p > 0.0).ok_or(SampleError::NothingToChoose)" =>
        "Ok(probs.len() - 1)"
    }
    /// The point 0 belongs to the first token, even if that was removed.
    reaches_a_removed_token => extreme_draws_stay_allowed: sample { "rest < p" => "rest <= p" }

    /// What rounding leaves belongs to nobody.
    fails_at_the_end => sample_agrees: sample {
        "probs.iter().rposition(|&p| p > 0.0).ok_or(SampleError::NothingToChoose)" =>
        "Err(SampleError::NothingToChoose)"
    }
    /// Many tokens of a large vocabulary cannot be drawn.
    draws_thousandths => every_stretch_is_as_long_as_its_share: sample {
        "rng.random();" => "(rng.random::<f64>() * 1000.0).floor() / 1000.0;"
    }

    /// Takes a number too many: whoever draws with the same generator next is out of step.
    draws_twice => sample_agrees: sample {
        "let mut rest: f64" => "let _: f64 = rng.random(); let mut rest: f64"
    }

    /// Negative logits come closer to 0: their tokens become likelier.
    penalty_always_divides => penalty_matches_transformers: penalize { "x * penalty" => "x / penalty" }
    /// Once for each occurrence.
    penalty_counts_repeats => penalty_matches_transformers: penalize {
        "let x = f64::from(*logits.get(token)" => "let x = f64::from(*penalized.get(token)"
    }
    penalty_is_subtracted => penalty_matches_transformers: penalize {
        "if x > 0.0 { x / penalty } else { x * penalty }" => "(x - penalty)"
    }
    /// Likes what was said.
    penalty_is_inverted => penalty_matches_transformers: penalize { "x > 0.0" => "x <= 0.0" }
    /// The rest of the vocabulary is penalized too.
    penalty_hits_everything => penalty_matches_transformers: penalize {
        "for &token in history" => "for token in history.iter().copied().chain(0..logits.len())"
    }
    /// Looks at the penalty only when it is needed.
    penalty_unchecked_without_history => bad_penalty_is_an_error: penalize {
        "if !(penalty > 0.0" => "if !history.is_empty() && !(penalty > 0.0"
    }
    /// `> 0` is not all: infinity is above 0 too.
    penalty_may_be_infinite => bad_penalty_is_an_error: penalize { " && penalty.is_finite()" => "" }
    /// Forgets what was said long ago.
    penalty_of_the_last_thousand => penalize_agrees: penalize {
        "in history" => "in history.iter().rev().take(1000)"
    }
    /// Skips what it does not know.
    penalty_skips_unknown_tokens => bad_penalty_is_an_error: penalize {
        "for &token in history {" => "for &token in history { if token >= logits.len() { continue; }"
    }

}
