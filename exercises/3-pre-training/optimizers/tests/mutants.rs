//! Wrong answers, each with one classic bug and rejected by the check it names.

#[path = "mutants/given.rs"]
mod given;

grading::mutants! {
    optimizers;

    /// A running mean, as Adam has it: constant slopes never speed up.
    velocity_is_a_mean => constant_slope_has_a_closed_form: sgd_momentum {
        "*b = momentum * *b + g" => "*b = momentum * *b + (1.0 - momentum) * g"
    }
    velocity_is_forgotten => constant_slope_has_a_closed_form: sgd_momentum {
        "*b = momentum * *b + g" => "*b = momentum * g + g"
    }
    nesterov_takes_the_old_velocity => constant_slope_has_a_closed_form: sgd_momentum {
        "*b = momentum * *b + g;" => "let old = *b;
        *b = momentum * *b + g;",
        "g + momentum * *b }" => "g + momentum * old }"
    }
    nesterov_forgets_the_decay => momentum_is_that_of_pytorch: sgd_momentum {
        "let g = g + decay * *w;" => "let plain = g;
        let g = g + decay * *w;",
        "{ g + momentum" => "{ plain + momentum"
    }
    momentum_decays_apart => momentum_is_that_of_pytorch: sgd_momentum {
        "let g = g + decay * *w;" => "*w -= lr * decay * *w;"
    }
    momentum_ends_at_65536 => drawn_steps_of_momentum_follow: sgd_momentum {
        ".zip(velocity)" => ".zip(velocity).take(1 << 16)"
    }
    momentum_clips => drawn_steps_of_momentum_follow: sgd_momentum {
        "let g = g + decay * *w;" => "let g = g.clamp(-1e12, 1e12) + decay * *w;"
    }

    adam_has_no_corrections => constant_slope_is_a_step_of_lr: adamw_step {
        "1.0 - beta.powf(state.step as f64)" => "if beta < 2.0 { 1.0 } else { 0.0 }"
    }
    /// The first correction would be 0, so someone took care of it.
    adam_counts_from_0 => constant_slope_is_a_step_of_lr: adamw_step {
        "beta.powf(state.step as f64)" => "beta.powf((state.step as f64 - 1.0).max(0.5))"
    }
    adam_does_not_count => constant_slope_is_a_step_of_lr: adamw_step {
        "state.step += 1;" => "state.step = 1;"
    }
    adam_has_eps_in_the_root => constant_slope_is_a_step_of_lr: adamw_step {
        "(v.sqrt() / root + eps)" => "(*v / root / root + eps).sqrt()"
    }
    /// As in the paper's remark on speed: there ε means something else.
    adam_corrects_eps => constant_slope_is_a_step_of_lr: adamw_step {
        "(v.sqrt() / root + eps)" => "((v.sqrt() + eps) / root)"
    }
    adam_swaps_betas => adamw_is_that_of_pytorch: adamw_step {
        "let &AdamW { lr, beta1, beta2, eps } = settings;" =>
            "let &AdamW { lr, beta1: beta2, beta2: beta1, eps } = settings;"
    }
    adam_keeps_corrected_means => adamw_is_that_of_pytorch: adamw_step {
        "*w = keep" => "*m /= 1.0 - beta1.powf(state.step as f32);
            *w = keep"
    }
    adam_steps_along_the_gradient => adamw_is_that_of_pytorch: adamw_step {
        "step_size * *m" => "step_size * (1.0 - beta1.powf(state.step as f32)) * g"
    }
    /// L2: what AdamW was made to avoid.
    decay_is_in_the_gradient => decay_is_apart_from_the_gradient: adamw_step {
        "*m = beta1 * *m + rest1 * g;" => "let g = g + *weight_decay as f32 * *w;
            *m = beta1 * *m + rest1 * g;",
        "keep * *w" => "*w",
        "let keep = (1.0 - lr * weight_decay) as f32;" => ""
    }
    decay_comes_after_the_step => decay_is_apart_from_the_gradient: adamw_step {
        "*w = keep * *w - step_size * *m / (v.sqrt() / root + eps);" =>
            "*w = keep * (*w - step_size * *m / (v.sqrt() / root + eps));"
    }
    decay_is_that_of_the_first_group => decay_is_apart_from_the_gradient: adamw_step {
        "lr * weight_decay" => "lr * weight_decay.min(groups[0].weight_decay)"
    }
    /// Each group takes the gradients from the beginning.
    groups_share_gradients => drawn_steps_of_adamw_follow: adamw_step {
        ".zip(&gradients[range.clone()])" => ".zip(&gradients[..range.len()])"
    }
    means_are_kept_elsewhere => resumed_run_has_the_same_bits: adamw_step {
        "state.step += 1;" => "thread_local!(static STEPS: std::cell::Cell<u64> = const { std::cell::Cell::new(0) });
        STEPS.set(if state.step == 0 { 1 } else { STEPS.get() + 1 });
        state.step = STEPS.get();"
    }
    steps_without_a_rate_do_not_count => drawn_steps_of_adamw_follow: adamw_step {
        "state.step += 1;" => "state.step += u64::from(lr > 0.0 || state.step == 0);"
    }
    steps_are_32_bits => drawn_steps_of_adamw_follow: adamw_step {
        "beta.powf(state.step as f64)" => "beta.powi(state.step as i32)"
    }

    groups_decay_all_matrices_only => groups_are_all_numbers: decay_groups {
        "&& !name.split('.').any(is_spared)" => "&& !name.split('.').any(|part| is_spared(part) && false)"
    }
    groups_decay_vectors => groups_are_all_numbers: decay_groups { "shape.len() >= 2" => "true" }
    groups_spare_matrices => groups_are_those_of_transformers: decay_groups {
        "if decays { weight_decay } else { 0.0 }" => "if decays { 0.0 } else { weight_decay }"
    }
    groups_are_one_a_tensor => groups_are_all_numbers: decay_groups {
        "if last.weight_decay == weight_decay" => "if last.weight_decay != last.weight_decay"
    }
    groups_keep_empty_tensors => groups_are_all_numbers: decay_groups { "if end == start" => "if end < start" }
    names_have_one_case => groups_are_all_numbers: decay_groups {
        "name.to_lowercase()" => "name.to_owned()"
    }
    names_have_no_parts => groups_are_all_numbers: decay_groups {
        "name.split('.').any(is_spared)" => "[\"bias\", \"ln\", \"norm\"].iter().any(|it| name.contains(it))"
    }

    lion_takes_signum => every_step_of_lion_is_equally_long: lion {
        "if c == 0.0 { 0.0 } else { c.signum() }" => "c.signum()"
    }
    lion_has_no_past => every_step_of_lion_is_equally_long: lion {
        "beta1 * *m + rest1 * g" => "rest1 * g"
    }
    lion_has_one_beta => lion_is_that_of_its_authors: lion {
        "*m = beta2 * *m + rest2 * g" => "*m = c"
    }
    lion_swaps_betas => lion_is_that_of_its_authors: lion {
        "let &Lion { lr, beta1, beta2, weight_decay } = settings;" =>
            "let &Lion { lr, beta1: beta2, beta2: beta1, weight_decay } = settings;"
    }
    lion_moves_first => lion_is_that_of_its_authors: lion {
        "let c = beta1 * *m" => "*m = beta2 * *m + rest2 * g;
        let c = beta1 * *m",
        "- lr * sign;
        *m = beta2 * *m + rest2 * g;" => "- lr * sign;"
    }
    lion_decays_inside => lion_is_that_of_its_authors: lion {
        "let c = beta1 * *m" => "let g = g + weight_decay as f32 * *w;
        let c = beta1 * *m",
        "keep * *w" => "*w"
    }
    lion_walks_from_minus_zero => drawn_steps_of_lion_follow: lion {
        "if c == 0.0 { 0.0 }" => "if c.to_bits() == 0 { 0.0 }"
    }
    lion_compares => drawn_steps_of_lion_follow: lion {
        "if c == 0.0 { 0.0 } else { c.signum() }" => "f32::from(i8::from(c > 0.0) - i8::from(c < 0.0))"
    }

    factors_swap_rows_and_columns => squares_of_rank_one_are_exact: adafactor {
        "[rows[i / n_cols], cols[i % n_cols]]" => "[rows[i % rows.len()], cols[i / rows.len()]]"
    }
    factors_are_not_divided => squares_of_rank_one_are_exact: adafactor {
        "row / mean_row * col" => "row * col"
    }
    factors_begin_with_zero => squares_of_rank_one_are_exact: adafactor {
        "1.0 - t.powf(-0.8)" => "1.0 - (t + 1.0).powf(-0.8)"
    }
    factors_are_not_counted => squares_of_rank_one_are_exact: adafactor {
        "state.step += 1;" => "state.step = state.step.max(1);"
    }
    updates_are_not_clipped => squares_of_rank_one_are_exact: adafactor { ".max(1.0)" => ".min(1.0).max(1.0)" }
    updates_are_always_scaled => squares_of_rank_one_are_exact: adafactor { ".max(1.0)" => "" }
    updates_are_clipped_one_by_one => adafactor_is_that_of_transformers: adafactor {
        "lr / clip * update(i)" => "lr * update(i).clamp(-settings.clip_threshold, settings.clip_threshold)"
    }
    steps_are_no_share => adafactor_is_that_of_transformers: adafactor {
        "settings.eps2.max(size) * (1.0" => "(1.0"
    }
    sizes_have_no_least => adafactor_agrees: adafactor { "settings.eps2.max(size)" => "size" }
    squares_have_no_eps => adafactor_agrees: adafactor {
        "f64::from(*g).powi(2) + settings.eps1" => "f64::from(*g).powi(2) + 1e-300"
    }

    kernel_reads_the_first_weights => kernel_stays_in_its_range: adamw_wgsl {
        "let i = params.start + thread;" => "let i = thread;"
    }
    kernel_has_no_guard => kernel_is_right_thread_by_thread: adamw_wgsl {
        "if i >= params.end {" => "if i > params.end + 100000u {"
    }
    kernel_counts_workgroups => kernel_is_right_thread_by_thread: adamw_wgsl {
        "let i = params.start + thread;" => "let i = params.start + id.x;"
    }
    kernel_takes_the_old_mean => kernel_follows_the_formula: adamw_wgsl {
        "params.step_size * mean /" => "params.step_size * old /",
        "m[i] = mean;" => "let old = m[i];
    m[i] = mean;"
    }
    kernel_decays_last => kernel_follows_the_formula: adamw_wgsl {
        "let w = params.keep * weights[i];" => "let w = weights[i];",
        "weights[i] = w - params.step_size * mean / (sqrt(square) / means.root + means.eps);" =>
            "weights[i] = params.keep * (w - params.step_size * mean / (sqrt(square) / means.root + means.eps));"
    }
    kernel_has_eps_in_the_root => kernel_follows_the_formula: adamw_wgsl {
        "(sqrt(square) / means.root + means.eps)" => "(sqrt(square + means.eps) / means.root)"
    }
    kernel_swaps_betas => kernel_follows_the_formula: adamw_wgsl {
        "means.beta1 * m[i] + (1.0 - means.beta1) * g" => "means.beta2 * m[i] + (1.0 - means.beta2) * g"
    }
    kernel_goes_to_the_end_of_the_buffer => kernel_stays_in_its_range: adamw_wgsl {
        "if i >= params.end {" => "if i >= arrayLength(&weights) {"
    }
    kernel_takes_the_end_along => kernel_stays_in_its_range: adamw_wgsl {
        "if i >= params.end {" => "if i > params.end {"
    }
    kernel_counts_in_16_bits => kernel_agrees: adamw_wgsl {
        "let i = params.start + thread;" => "let i = params.start + (thread & 0xffffu);"
    }
}
