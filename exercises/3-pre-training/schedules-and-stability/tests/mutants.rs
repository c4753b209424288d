//! Wrong answers, each with one classic bug and rejected by the check it names.

#[path = "mutants/given.rs"]
mod given;

use schedules_and_stability::{Answers, SOLUTION};

grading::mutants! {
    schedules_and_stability;

    /// The first step has a rate of 0.
    warm_up_begins_at_0 => warm_up_rises_to_the_peak: lr_at {
        "peak * (nth / first_full)" => "peak * (step as f64 / warmup as f64)"
    }
    /// Two steps have the peak.
    warm_up_ends_a_step_early => warm_up_rises_to_the_peak: lr_at {
        "peak * (nth / first_full)" => "peak * (nth / warmup as f64)"
    }
    warm_up_begins_at_the_floor => warm_up_rises_to_the_peak: lr_at {
        "peak * (nth / first_full)" => "floor + (peak - floor) * (nth / first_full)"
    }
    warm_up_is_for_some_decays => warm_up_rises_to_the_peak: lr_at {
        "if step < warmup {" => "if step < warmup && decay != Decay::Constant {"
    }
    decay_counts_from_the_beginning => rates_are_those_of_pytorch: lr_at {
        "Decay::Linear | Decay::Cosine => warmup" => "Decay::Linear | Decay::Cosine => 0"
    }
    decay_counts_whole_numbers => rates_are_those_of_pytorch: lr_at {
        "(step - begin) as f64 / (total - begin) as f64" =>
            "((step - begin) / (total - begin)) as f64"
    }
    cosine_goes_a_whole_wave => rates_are_those_of_pytorch: lr_at {
        "(PI * t).cos()" => "(2.0 * PI * t).cos()"
    }
    cosine_goes_a_quarter => rates_are_those_of_pytorch: lr_at {
        "(1.0 + (PI * t).cos()) / 2.0" => "(PI * t / 2.0).cos()"
    }
    cosine_has_no_floor => rates_are_those_of_pytorch: lr_at {
        "floor + (peak - floor) * (1.0 + (PI * t).cos()) / 2.0" =>
            "peak * (1.0 + (PI * t).cos()) / 2.0"
    }
    /// The floor is added on top.
    cosine_starts_above_its_peak => rates_are_those_of_pytorch: lr_at {
        "floor + (peak - floor) * (1.0" => "floor + peak * (1.0"
    }
    /// It falls to 0, and is cut off on the way.
    line_is_cut_at_its_floor => rates_are_those_of_pytorch: lr_at {
        "peak - (peak - floor) * t" => "(peak - peak * t).max(floor)"
    }
    root_has_no_warm_up_in_it => rates_are_those_of_pytorch: lr_at {
        "(first_full / nth).sqrt()" => "(1.0 / nth).sqrt()"
    }
    root_counts_from_the_warm_up => rates_are_those_of_pytorch: lr_at {
        "(first_full / nth).sqrt()" => "(1.0 / (nth - warmup as f64)).sqrt()"
    }
    root_has_no_floor => rate_ends_at_its_floor: lr_at {
        "(peak * (first_full / nth).sqrt()).max(floor)" => "peak * (first_full / nth).sqrt()"
    }
    /// As PyTorch's scheduler of that name does.
    cosine_rises_again => rate_ends_at_its_floor: lr_at {
        "if step >= total {" => "if step >= total && decay != Decay::Cosine || total <= begin {"
    }
    end_is_0 => rate_ends_at_its_floor: lr_at { "return floor;" => "return 0.0;" }
    end_is_the_peak_without_a_decay => rate_ends_at_its_floor: lr_at {
        "if step >= total {" => "if step >= total && total > begin {",
        "let t = (step - begin) as f64 / (total - begin) as f64;" => "if total <= begin {
            return peak;
        }
        let t = (step - begin) as f64 / (total - begin) as f64;"
    }
    long_line_begins_before_the_warm_up_ends => warm_up_rises_to_the_peak: lr_at {
        "total.saturating_sub(decay).max(warmup)" => "total.saturating_sub(decay)",
        "peak - (peak - floor) * t" => "(peak - (peak - floor) * t).max(floor)",
        "if step >= total {" => "if step >= total || total <= begin {"
    }
    line_of_the_stable_one_begins_early => rates_are_those_of_pytorch: lr_at {
        "total.saturating_sub(decay)" => "total.saturating_sub(decay + 1)"
    }
    warm_up_ends_with_the_training => rate_ends_at_its_floor: lr_at {
        "if step < warmup {" => "if step < warmup && step < total {"
    }
    rates_are_f32 => rates_agree: lr_at {
        "let t = (step - begin) as f64 / (total - begin) as f64;" =>
            "let t = f64::from((step - begin) as f32 / (total - begin) as f32);"
    }
    floor_is_a_share_of_nothing => rates_agree: lr_at {
        "peak - (peak - floor) * t" => "peak * (1.0 - (1.0 - floor / peak) * t)"
    }

    /// Each tensor by itself: the direction changes.
    clips_each_tensor => clipped_as_by_pytorch: Answers {
        clip_grad_norm: |grads, max_norm| {
            let mut sum = 0.0_f64;
            for grad in grads {
                sum += (SOLUTION.clip_grad_norm)(&mut [grad], max_norm)?.powi(2);
            }
            Ok(sum.sqrt())
        },
        ..SOLUTION
    };
    /// By value: the direction changes as well.
    clips_each_number => clipped_as_by_pytorch: clip_grad_norm {
        "*g = (f64::from(*g) * factor) as f32;" => "*g = g.clamp(-max_norm as f32, max_norm as f32);"
    }
    clip_scales_up => one_factor_for_all: clip_grad_norm {
        "if factor < 1.0 {" => "if factor.is_finite() && norm > 0.0 {"
    }
    clip_returns_the_norm_after => clipped_as_by_pytorch: clip_grad_norm {
        "Ok(norm)" => "Ok(norm.min(max_norm))"
    }
    clip_forgets_the_root => clipped_as_by_pytorch: clip_grad_norm { "sum.sqrt()" => "sum" }
    clip_adds_norms => clipped_as_by_pytorch: clip_grad_norm {
        "sum += grad.iter().map(|&g| f64::from(g) * f64::from(g)).sum::<f64>();" =>
            "sum += grad.iter().map(|&g| f64::from(g) * f64::from(g)).sum::<f64>().sqrt();",
        "sum.sqrt()" => "sum"
    }
    clip_takes_the_mean => clipped_as_by_pytorch: clip_grad_norm {
        "let norm = sum.sqrt();" =>
            "let norm = (sum / grads.iter().map(|grad| grad.len()).sum::<usize>().max(1) as f64).sqrt();"
    }
    clip_has_no_epsilon => clipped_as_by_pytorch: clip_grad_norm {
        "max_norm / (norm + 1e-6)" => "if norm > 0.0 { max_norm / norm } else { 1.0 }"
    }
    squares_are_f32 => squares_keep_their_size: clip_grad_norm {
        "f64::from(g) * f64::from(g)" => "f64::from(g * g)",
        "if !sum.is_finite()" => "if sum.is_nan()"
    }
    sum_is_f32 => squares_keep_their_size: clip_grad_norm {
        "let mut sum = 0.0;" => "let mut sum = 0.0_f64;",
        "sum += grad.iter().map(|&g| f64::from(g) * f64::from(g)).sum::<f64>();" =>
            "sum = f64::from((sum as f32) + grad.iter().map(|&g| g * g).sum::<f32>());"
    }
    clip_stops_at_65536 => squares_keep_their_size: clip_grad_norm {
        "grad.iter().map(|&g|" => "grad.iter().take(65_536).map(|&g|"
    }
    negative_norm_turns_around => what_is_no_number_is_refused: clip_grad_norm {
        "max_norm.is_nan() || max_norm < 0.0" => "max_norm.is_nan()"
    }
    nan_is_no_bound => what_is_no_number_is_refused: clip_grad_norm {
        "max_norm.is_nan() || max_norm < 0.0" => "max_norm < 0.0"
    }
    infinite_bound_is_refused => one_factor_for_all: clip_grad_norm {
        "max_norm.is_nan() || max_norm < 0.0" => "!max_norm.is_finite() || max_norm < 0.0"
    }
    zero_bound_is_refused => clipped_as_by_pytorch: clip_grad_norm {
        "max_norm < 0.0" => "max_norm <= 0.0"
    }
    /// As PyTorch does unless told otherwise: NaN everywhere.
    nan_spreads => what_is_no_number_is_refused: clip_grad_norm {
        "if !sum.is_finite() {" => "if sum.is_nan() && sum == 0.0 {"
    }
    only_nan_is_refused => what_is_no_number_is_refused: clip_grad_norm {
        ".position(|g| !g.is_finite())" => ".position(|g| g.is_nan())"
    }

    /// The bug of many trainers until 2024.
    mean_of_means => accumulated_as_by_pytorch: accumulate {
        "asked(batch) as f64 / tokens as f64" =>
            "1.0 / micro_batches.iter().filter(|batch| asked(batch) > 0).count() as f64"
    }
    mean_counts_empty_ones => accumulated_as_by_pytorch: accumulate {
        "asked(batch) as f64 / tokens as f64" => "1.0 / micro_batches.len() as f64"
    }
    mean_counts_ignored_labels => accumulated_as_by_pytorch: accumulate {
        "batch.labels.iter().filter(|&&y| y != IGNORE).count()" => "batch.labels.len()"
    }
    sum_is_not_divided => accumulated_as_by_pytorch: accumulate {
        "asked(batch) as f64 / tokens as f64" => "asked(batch) as f64"
    }
    gradient_is_a_mean_of_means => ragged_micro_batches_are_one_batch: accumulate {
        "*sum += share * f64::from(g);" => "*sum += f64::from(g) / micro_batches.len() as f64;"
    }
    last_gradient_wins => ragged_micro_batches_are_one_batch: accumulate {
        "*sum += share * f64::from(g);" => "*sum = share * f64::from(g);"
    }
    nan_of_nothing_leaks => nothing_adds_nothing: accumulate {
        ".filter(|batch| asked(batch) > 0)" => ""
    }
    negative_labels_are_ignored => sums_agree: accumulate { "y != IGNORE" => "y >= 0" }
    labels_are_i32 => sums_agree: accumulate { "y != IGNORE" => "y as i32 != IGNORE as i32" }
    labels_are_counted_in_16_bits => ragged_micro_batches_are_one_batch: accumulate {
        "asked(batch) as f64 / tokens as f64" => "f64::from(asked(batch) as u16) / tokens as f64"
    }
    lengths_are_not_compared => nothing_adds_nothing: accumulate {
        "if parameters != expected {" => "if parameters < expected {"
    }
    tokens_come_first => nothing_adds_nothing: accumulate {
        "let expected =" => "if micro_batches.iter().all(|batch| batch.labels.iter().all(|&y| y == IGNORE)) {
            return Err(StabilityError::NoTokens);
        }
        let expected ="
    }
    no_tokens_are_no_loss => nothing_adds_nothing: accumulate {
        "return Err(StabilityError::NoTokens);" =>
            "return Ok(Accumulated { mean_loss: 0.0, gradient: vec![0.0; expected], tokens });"
    }

    /// The step would be 65,536 times too long.
    scale_is_not_undone => gradients_are_divided_and_judged: unscale {
        "*g /= scale;" => "let _ = scale;"
    }
    scale_is_multiplied => gradients_are_divided_and_judged: unscale { "*g /= scale" => "*g *= scale" }
    last_number_decides => gradients_are_divided_and_judged: unscale {
        "finite &= g.is_finite();" => "finite = g.is_finite();"
    }
    nan_is_fine => gradients_are_divided_and_judged: unscale {
        "g.is_finite()" => "!g.is_infinite()"
    }
    infinity_is_fine => gradients_are_divided_and_judged: unscale { "g.is_finite()" => "!g.is_nan()" }
    quotient_is_judged => gradients_are_divided_and_judged: unscale {
        "finite &= g.is_finite();
        *g /= scale;" => "*g /= scale;
        finite &= g.is_finite();"
    }
    first_tensor_is_enough => gradients_are_divided_and_judged: unscale {
        "grads.iter_mut().flat_map" => "grads.iter_mut().take(1).flat_map"
    }
    large_is_infinite => unscaled_agree: unscale { "g.is_finite()" => "(g.abs() < 65_504.0)" }

    scale_grows_after_a_skip => scales_are_those_of_pytorch: update_scale {
        "scaler.scale *= scaler.backoff_factor;" => "scaler.scale *= scaler.growth_factor;"
    }
    skip_keeps_the_tracker => scales_are_those_of_pytorch: update_scale {
        "scaler.scale *= scaler.backoff_factor;
        scaler.growth_tracker = 0;" => "scaler.scale *= scaler.backoff_factor;"
    }
    growth_keeps_the_tracker => scales_are_those_of_pytorch: update_scale {
        "scaler.scale = grown;
        }
        scaler.growth_tracker = 0;" => "scaler.scale = grown;
        }"
    }
    growth_is_a_step_late => scales_are_those_of_pytorch: update_scale {
        "scaler.growth_tracker >= scaler" => "scaler.growth_tracker > scaler"
    }
    scale_grows_to_infinity => scales_are_those_of_pytorch: update_scale {
        "if grown.is_finite() {" => "if !grown.is_nan() {"
    }
    scale_always_doubles => scales_are_those_of_pytorch: update_scale {
        "scaler.scale * scaler.growth_factor" => "scaler.scale * 2.0"
    }
    scale_stays_above_1 => scales_agree: update_scale {
        "scaler.scale *= scaler.backoff_factor;" =>
            "scaler.scale = (scaler.scale * scaler.backoff_factor).max(1.0);"
    }
    /// The tracker of a scale that cannot grow waits.
    full_scale_keeps_the_tracker => scales_are_those_of_pytorch: update_scale {
        "scaler.scale = grown;
        }
        scaler.growth_tracker = 0;" => "scaler.scale = grown;
            scaler.growth_tracker = 0;
        }"
    }
}
