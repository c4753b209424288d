//! Wrong answers, each with one classic bug and rejected by the check it names.

grading::mutants! {
    in_context_learning;

    /// The newest examples go, and the prompt ends with old ones.
    cuts_the_newest => oldest_examples_go_first: few_shot_prompt {
        "examples[first..].iter()" => "examples[..examples.len() - first].iter()"
    }
    cuts_everything_at_once => oldest_examples_go_first: few_shot_prompt {
        "for first in 0..=examples.len() {" => "for first in [0, examples.len()] {"
    }
    limit_is_not_allowed => oldest_examples_go_first: few_shot_prompt {
        "if ids.len() <= limit" => "if ids.len() < limit"
    }
    counts_bytes => oldest_examples_go_first: few_shot_prompt {
        "if ids.len() <= limit" => "if text.len() <= limit"
    }
    /// What a model reads from its end.
    cuts_tokens => oldest_examples_go_first: few_shot_prompt {
        "if ids.len() <= limit {" => "if first == examples.len() {
            let ids = ids[ids.len().saturating_sub(limit)..].to_vec();"
    }
    query_comes_with_a_space => prompt_follows_the_template: few_shot_prompt {
        "{query}{between}\"" => "{query}{between} \""
    }
    output_has_no_space => prompt_follows_the_template: few_shot_prompt {
        "{between} {output}" => "{between}{output}"
    }
    query_has_no_frame => prompt_follows_the_template: few_shot_prompt {
        "{shown}{before}{query}{between}" => "{shown}{query}{between}"
    }
    examples_are_reversed => prompt_follows_the_template: few_shot_prompt {
        "examples[first..].iter().map" => "examples[first..].iter().rev().map"
    }

    prompt_keeps_its_space => space_belongs_to_the_answer: encode_pair {
        "prompt.trim_end().len()" => "prompt.len()"
    }
    space_is_lost => space_belongs_to_the_answer: encode_pair {
        "{prompt}{spaces}{answer}" => "{prompt}{answer}"
    }
    one_space_moves => space_belongs_to_the_answer: encode_pair {
        "prompt.trim_end().len()" => "prompt.strip_suffix(' ').unwrap_or(prompt).len()"
    }
    /// Two texts, two beginnings.
    answer_is_encoded_alone => space_belongs_to_the_answer: encode_pair {
        "whole.get(prompt.len()..).unwrap_or_default().to_vec()" => "{
            let _ = whole;
            model.encode(&format!(\"{spaces}{answer}\"))
        }"
    }
    shorter_whole_panics => space_belongs_to_the_answer: encode_pair {
        "whole.get(prompt.len()..).unwrap_or_default().to_vec()" => "whole[prompt.len()..].to_vec()"
    }

    /// The row of the token itself.
    rows_are_not_shifted => log_likelihoods_are_those_of_transformers: answer_log_probs {
        "ids.pop();" => "",
        ".skip(prompt.len() - 1)" => ".skip(prompt.len())"
    }
    prompt_is_judged => log_likelihoods_are_those_of_transformers: answer_log_probs {
        ".skip(prompt.len() - 1)" => ".skip(0)"
    }
    logits_are_no_log_probs => log_likelihoods_are_those_of_transformers: answer_log_probs {
        "- f64::from(most) - sum.ln()" => "- f64::from(most)"
    }
    probabilities => log_likelihoods_are_those_of_transformers: answer_log_probs {
        "f64::from(row[id as usize]) - f64::from(most) - sum.ln()" =>
            "(f64::from(row[id as usize]) - f64::from(most)).exp() / sum"
    }
    bits => log_likelihoods_are_those_of_transformers: answer_log_probs {
        "- f64::from(most) - sum.ln()" => "- f64::from(most) - sum.log2()"
    }
    no_max => logits_may_be_far_from_0: answer_log_probs {
        "row.iter().copied().fold(f32::NEG_INFINITY, f32::max)" => "0.0_f32"
    }
    sum_is_f32 => logits_may_be_far_from_0: answer_log_probs {
        "let sum: f64 = row.iter().map(|&logit| (f64::from(logit) - f64::from(most)).exp()).sum();" =>
            "let sum = f64::from(row.iter().map(|&logit| (logit - most).exp()).sum::<f32>());"
    }
    last_token_is_read => logits_may_be_far_from_0: answer_log_probs { "ids.pop();" => "" }
    reads_for_nothing => logits_may_be_far_from_0: answer_log_probs {
        "if answer.is_empty() {" => "if answer.is_empty() && model.logits(&ids).is_empty() {"
    }
    last_token_counts => unreadable_is_refused: answer_log_probs {
        "if ids.len() > limit {" => "if ids.len() >= limit {"
    }
    /// As lm-evaluation-harness does, which warns.
    cuts_from_the_left => unreadable_is_refused: answer_log_probs {
        "return Err(IclError::TooLong { tokens: ids.len(), limit });" =>
            "ids.drain(..ids.len() - limit);"
    }
    prompt_alone_is_checked => unreadable_is_refused: answer_log_probs {
        "ids.iter().find(" => "prompt.iter().find("
    }

    mean_always => sums_are_divided_by_lengths: choice_scores {
        "Normalize::None => 1" => "Normalize::None => log_probs.len()"
    }
    bytes_are_letters => sums_are_divided_by_lengths: choice_scores {
        "Normalize::Bytes => text.len()" => "Normalize::Bytes => text.chars().count()"
    }
    space_counts => sums_are_divided_by_lengths: choice_scores {
        "Normalize::Bytes => text.len()" => "Normalize::Bytes => text.len() + 1"
    }
    never_is_refused => sums_are_divided_by_lengths: choice_scores {
        "if score.is_nan()" => "if !score.is_finite()"
    }
    empty_is_certain => sums_are_divided_by_lengths: choice_scores {
        "log_probs.is_empty() || length == 0" => "length == 0"
    }
    lists_are_zipped => sums_are_divided_by_lengths: choice_scores {
        "if found != expected {" => "if found > expected {"
    }

    no_space_before_a_choice => best_choice_comes_first: icl_rank {
        "&format!(\" {choice}\")" => "choice"
    }
    worst_comes_first => best_choice_comes_first: icl_rank {
        "scores[b].partial_cmp(&scores[a])" => "scores[a].partial_cmp(&scores[b])"
    }
    normalizes_nothing => best_choice_comes_first: icl_rank {
        "choice_scores(&log_probs, choices, normalize)?" =>
            "{ let _ = normalize; choice_scores(&log_probs, choices, Normalize::None)? }"
    }
    last_of_ties_wins => best_choice_comes_first: icl_rank {
        "(0..scores.len()).collect()" => "(0..scores.len()).rev().collect()"
    }
    first_token_is_enough => best_choice_comes_first: icl_rank {
        "answer_log_probs(model, &pair)?" => "{
            let mut found = answer_log_probs(model, &pair)?;
            found.truncate(1);
            found
        }"
    }
    space_counts_as_a_byte => best_choice_comes_first: icl_rank {
        "choice_scores(&log_probs, choices, normalize)?" => "{
            let spaced: Vec<String> = choices.iter().map(|choice| format!(\" {choice}\")).collect();
            choice_scores(&log_probs, &spaced, normalize)?
        }"
    }
    no_choices_are_no_error => best_choice_comes_first: icl_rank {
        "if choices.is_empty() {" => "if choices.len() > 99 {"
    }

    multiplies_the_leaning => calibration_is_that_of_the_paper: calibrate {
        "*log -= log_sum(&leaning);" => "*log += log_sum(&leaning);"
    }
    leaning_is_forgotten => calibration_is_that_of_the_paper: calibrate {
        "*log -= log_sum(&leaning);" => ""
    }
    /// The mean of scores in place of the mean of probabilities.
    mean_of_logarithms => calibration_is_that_of_the_paper: calibrate {
        "*log -= log_sum(&leaning);" =>
            "*log -= leaning.iter().sum::<f64>() / leaning.len() as f64;"
    }
    first_input_is_enough => calibration_is_that_of_the_paper: calibrate {
        "*log -= log_sum(&leaning);" => "*log -= leaning[0];"
    }
    inputs_are_not_softmaxed => calibration_is_that_of_the_paper: calibrate {
        "free[choice] - sum)" => "free[choice] - 0.0 * sum)"
    }
    shares_do_not_add_up => calibration_is_that_of_the_paper: calibrate {
        "let sum = log_sum(&logs);" => "let sum = log_sum(scores);"
    }
    divides_probabilities => nothing_is_divided_by_0: calibrate {
        "most + logs.iter()" => "0.0 * most + logs.iter()",
        "(log - most).exp()" => "log.exp()"
    }
    clamps_the_leaning => nothing_is_divided_by_0: calibrate {
        "*log -= log_sum(&leaning);" => "*log -= log_sum(&leaning).max(-100.0);"
    }
}
