//! Wrong answers, each with one classic bug and rejected by the check it names.

grading::mutants! {
    savings;

    output_layer_counts_again => whole_models_are_counted: trainable {
        "(vocab_size + n_positions)" => "(2 * vocab_size + n_positions)"
    }
    biases_are_forgotten => whole_models_are_counted: trainable {
        "(inputs + 1) * outputs" => "inputs * outputs"
    }
    last_norm_is_forgotten => whole_models_are_counted: trainable { "+ 2 * n_embd" => "" }
    one_norm_a_block => whole_models_are_counted: trainable { "4 * n_embd)" => "2 * n_embd)" }
    head_has_no_bias => small_files_are_counted: trainable { "classes * (n_embd + 1)" => "classes * n_embd" }
    head_has_one_bias => small_files_are_counted: trainable {
        "classes * (n_embd + 1)" => "(classes * n_embd + classes.min(&1))"
    }
    prefix_has_no_values => small_files_are_counted: trainable { "tokens * 2 * n_layer" => "tokens * n_layer" }
    prefix_is_in_one_block => small_files_are_counted: trainable {
        "tokens * 2 * n_layer" => "tokens * 2 * n_layer.min(1)"
    }
    lora_is_one_matrix => small_files_are_counted: trainable { "inputs + outputs).sum" => "inputs.max(outputs)).sum" }
    lora_is_square => small_files_are_counted: trainable { "inputs + outputs).sum" => "2 * inputs).sum" }
    lora_is_everywhere => small_files_are_counted: trainable { "targets.iter()" => "Target::ALL.iter().take(targets.len() * 4)" }
    counts_are_32_bits => counts_agree: trainable {
        "embeddings + n_layer" => "u64::from(embeddings as u32) + n_layer"
    }

    one_moment => bytes_are_those_by_hand: training_bytes { "2.0 * moment_bits" => "moment_bits" }
    frozen_has_moments => bytes_are_those_by_hand: training_bytes {
        "frozen as f64 * frozen_bits" => "frozen as f64 * (frozen_bits + 2.0 * moment_bits)"
    }
    no_slopes => bytes_are_those_by_hand: training_bytes { "learned_bits + slope_bits" => "learned_bits" }
    whole_bits => bytes_are_those_by_hand: training_bytes { "frozen as f64 * frozen_bits" => "frozen as f64 * frozen_bits.ceil()" }
    bits_are_bytes => bytes_are_those_by_hand: training_bytes { "/ 8.0" => "" }
    whole_bytes => bytes_are_those_by_hand: training_bytes { "/ 8.0)" => "/ 8.0).map(f64::ceil)" }
    nan_bits => senseless_bits_are_refused: training_bytes { "!bits.is_finite()" => "bits.is_infinite()" }
    no_bits_are_refused => bytes_are_those_by_hand: training_bytes { "bits < 0.0" => "bits <= 0.0" }
    names_are_mixed_up => senseless_bits_are_refused: training_bytes {
        "(\"slope_bits\", slope_bits)" => "(\"slope_bits\", moment_bits)",
        "(\"moment_bits\", moment_bits)" => "(\"moment_bits\", slope_bits)"
    }
    counts_are_cut => bytes_agree: training_bytes { "frozen as f64" => "f64::from(frozen as u32)" }

    loss_is_the_rise => perplexity_rises: forgotten { "(after - before).exp_m1()" => "after / before - 1.0" }
    rise_is_turned => perplexity_rises: forgotten { "(after - before)" => "(before - after)" }
    rise_is_a_factor => perplexity_rises: forgotten { ".exp_m1()" => ".exp()" }
    losses_are_bits => perplexity_rises: forgotten {
        "(after - before).exp_m1()" => "((after - before) * std::f64::consts::LN_2).exp_m1()"
    }
    small_rises_are_lost => perplexity_rises: forgotten { ".exp_m1()" => ".exp() - 1.0" }
    large_losses_overflow => perplexity_rises: forgotten {
        "(after - before).exp_m1()" => "after.exp() / before.exp() - 1.0"
    }
    nothing_gets_better => perplexity_rises: forgotten { "(after - before)" => "(after - before).max(0.0)" }
    no_loss_is_refused => perplexity_rises: forgotten { "loss < 0.0" => "loss <= 0.0" }
    nan_is_a_loss => senseless_losses_are_refused: forgotten { "!loss.is_finite()" => "loss.is_infinite()" }
    after_comes_first => senseless_losses_are_refused: forgotten {
        "[(\"before\", before), (\"after\", after)]" => "[(\"after\", after), (\"before\", before)]"
    }

    dear_is_good => nothing_beats_the_front: pareto_front {
        "a.cost <= b.cost" => "a.cost >= b.cost", "a.cost < b.cost" => "a.cost > b.cost"
    }
    both_must_be_better => nothing_beats_the_front: pareto_front {
        "a.cost <= b.cost && a.score >= b.score" => "a.cost < b.cost && a.score > b.score"
    }
    order_of_the_list => nothing_beats_the_front: pareto_front { "front.sort_by" => "[0; 0].sort_by" }
    dearest_comes_first => nothing_beats_the_front: pareto_front {
        "(points[a].cost + 0.0).total_cmp(&(points[b].cost + 0.0))" =>
            "(points[b].cost + 0.0).total_cmp(&(points[a].cost + 0.0))"
    }
    /// Fresh ones, planted after the first round.
    counts_are_f32 => bytes_agree: training_bytes { "learned as f64" => "f64::from(learned as f32)" }
    rank_is_limited => counts_agree: trainable { "n_layer * rank * sides" => "n_layer * rank.min(&n_embd) * sides" }
    minus_zero_is_refused => bytes_are_those_by_hand: training_bytes { "bits < 0.0" => "bits.is_sign_negative()" }
    rise_has_a_limit => perplexity_rises: forgotten { ".exp_m1()" => ".exp_m1().min(f64::MAX)" }
    twins_are_left_out => ties_have_an_order: pareto_front {
        "Ok(front)" => "front.dedup_by(|a, b| points[*a] == points[*b]);
    Ok(front)"
    }
    score_alone => nothing_beats_the_front: pareto_front { "a.cost <= b.cost && a.score >= b.score" => "a.score >= b.score" }
    saved_is_turned => fewer_tasks_are_not_enough: break_even { "whole.checked_sub(file)" => "Some(whole.abs_diff(file))" }
    no_base_no_task => fewer_tasks_are_not_enough: break_even { "base / saved + 1" => "if base == 0 { 0 } else { base / saved + 1 }" }
    sizes_are_32_bits => break_even_agrees: break_even { "base / saved + 1" => "u64::from(base as u32) / saved + 1" }
    wide_heads => small_files_are_counted: trainable { "classes * (n_embd + 1)" => "classes.saturating_sub(u64::from(*classes == 2)) * (n_embd + 1)" }
    twins_beat_each_other => ties_have_an_order: pareto_front {
        "(a.cost < b.cost || a.score > b.score)" => "!std::ptr::eq(a, b)"
    }
    minus_zero_is_less => ties_have_an_order: pareto_front {
        "(points[a].cost + 0.0).total_cmp(&(points[b].cost + 0.0))" =>
            "points[a].cost.total_cmp(&points[b].cost)"
    }
    order_of_ties_is_lost => ties_have_an_order: pareto_front {
        "front.sort_by" => "front.reverse();
    front.sort_by"
    }
    nan_of_scores_goes_through => ties_have_an_order: pareto_front { "|| point.score.is_nan()" => "" }
    infinity_is_refused => ties_have_an_order: pareto_front { "point.cost.is_nan()" => "!point.cost.is_finite()" }

    equal_is_less => fewer_tasks_are_not_enough: break_even { "base / saved + 1" => "base.div_ceil(saved).max(1)" }
    base_is_free => fewer_tasks_are_not_enough: break_even { "base / saved + 1" => "saved / saved" }
    file_is_free => fewer_tasks_are_not_enough: break_even { "base / saved + 1" => "base / whole + 1" }
    never_is_zero => fewer_tasks_are_not_enough: break_even { "(|&saved| saved > 0)?" => "(|&saved| saved > 0).unwrap_or(u64::MAX)" }
    digits_are_lost => break_even_agrees: break_even {
        "base / saved + 1" => "(base as f64 / saved as f64) as u64 + 1"
    }
}
