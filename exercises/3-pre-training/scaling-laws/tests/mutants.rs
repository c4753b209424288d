//! Wrong answers, each with one classic bug and rejected by the check it names.

#[path = "mutants/given.rs"]
mod given;

grading::mutants! {
    scaling_laws;

    /// What reading takes.
    flops_are_those_of_reading => a_parameter_takes_six_flops: training_flops { "6.0" => "2.0" }
    flops_in_whole_parameters => flops_agree: training_flops {
        "parameters * tokens" => "(parameters as u64) as f64 * tokens"
    }
    flops_have_a_limit => flops_agree: training_flops {
        "6.0 * parameters * tokens" => "(6.0 * parameters * tokens).min(1e30)"
    }

    optimum_exchanges_the_exponents => no_model_is_better: optimal {
        "product.powf(beta / (alpha + beta))" => "product.powf(alpha / (alpha + beta))"
    }
    optimum_lacks_g => no_model_is_better: optimal { "g * product" => "g / g * product" }
    optimum_has_g_upside_down => no_model_is_better: optimal {
        "alpha * law.A / (beta * law.B)" => "beta * law.B / (alpha * law.A)"
    }
    optimum_has_g_without_slopes => no_model_is_better: optimal {
        "alpha * law.A / (beta * law.B)" => "law.A / law.B"
    }
    /// One exponent for model and text, as if 20 tokens a parameter were a law of nature.
    optimum_is_twenty_tokens_a_parameter => no_model_is_better: optimal {
        "let parameters = g * product.powf(beta / (alpha + beta));" =>
            "let parameters = (product / 20.0).sqrt() + 0.0 * g;"
    }
    optimum_forgets_the_six => the_optimum_costs_the_budget: optimal {
        "compute / 6.0" => "compute"
    }
    optimum_has_tokens_of_their_own => the_optimum_costs_the_budget: optimal {
        "product / parameters" => "product.powf(alpha / (alpha + beta))"
    }
    optimum_takes_laws_without_slope => senseless_laws_are_refused: optimal {
        "positive(\"beta\", law.beta)?;" => ""
    }
    optimum_judges_the_budget_first => senseless_laws_are_refused: optimal {
        "positive(\"A\", law.A)?;" => "positive(\"compute\", compute)?;
        positive(\"A\", law.A)?;"
    }
    optimum_judges_e => senseless_laws_are_refused: optimal {
        "positive(\"A\", law.A)?;" => "positive(\"A\", law.A)?;
        positive(\"E\", law.E)?;"
    }
    optimum_is_a_whole_number => optima_agree: optimal {
        "let parameters = g * product.powf(beta / (alpha + beta));" =>
            "let parameters = (g * product.powf(beta / (alpha + beta))).ceil();"
    }

    /// Lopsided: the parabola of N is no parabola of ln N.
    parabola_is_in_n => the_lowest_point_is_numpys: isoflop_minimum {
        "point.0.ln()" => "point.0 / 1e9",
        "parameters.ln() - middle" => "parameters / 1e9 - middle",
        "(middle - c1 / (2.0 * c2)).exp()" => "(middle - c1 / (2.0 * c2)) * 1e9"
    }
    parabola_stays_a_logarithm => the_lowest_point_is_numpys: isoflop_minimum {
        "(middle - c1 / (2.0 * c2)).exp()" => "middle - c1 / (2.0 * c2)"
    }
    parabola_is_the_best_run => a_parabola_is_found_again: isoflop_minimum {
        "(middle - c1 / (2.0 * c2)).exp()" =>
            "points.iter().min_by(|a, b| a.1.total_cmp(&b.1)).map_or(0.0, |point| point.0)"
    }
    parabola_stays_among_its_points => a_parabola_is_found_again: isoflop_minimum {
        "(middle - c1 / (2.0 * c2)).exp()" => "(middle - c1 / (2.0 * c2)).exp()
            .clamp(different[0], different[different.len() - 1])"
    }
    parabola_goes_the_wrong_way => a_parabola_is_found_again: isoflop_minimum {
        "middle - c1 / (2.0 * c2)" => "middle + c1 / (2.0 * c2)"
    }
    parabola_has_the_mean_for_its_lowest => a_parabola_is_found_again: isoflop_minimum {
        "mean - c2 * x2 / n - c1 * c1 / (4.0 * c2)" => "mean - c1 * c1 / (4.0 * c2)"
    }
    parabola_opens_either_way => what_has_no_minimum_is_refused: isoflop_minimum {
        "c2.is_nan() || c2 <= 0.0" => "c2.is_nan() || c2 == 0.0"
    }
    parabola_counts_points => what_has_no_minimum_is_refused: isoflop_minimum {
        "different.dedup();" => ""
    }
    parabola_needs_positive_losses => what_has_no_minimum_is_refused: isoflop_minimum {
        "!loss.is_finite()" => "!is_positive(loss)"
    }
    parabola_takes_each_n_once => minima_agree: isoflop_minimum {
        "let n = points.len() as f64;" => "let mut kept = std::collections::HashSet::new();
        let points: Vec<(f64, f64)> =
            points.iter().copied().filter(|point| kept.insert(point.0.to_bits())).collect();
        let n = points.len() as f64;",
        "for (parameters, loss) in points {" => "for (parameters, loss) in &points {"
    }

    objective_compares_losses => the_objective_is_pytorchs: objective {
        "max + sum.ln() - run.loss.ln()" => "(max + sum.ln()).exp() - run.loss"
    }
    objective_is_a_mean => the_objective_is_pytorchs: objective {
        "    (value, gradient)" => "    (value / runs.len().max(1) as f64, gradient)"
    }
    objective_is_least_squares => the_objective_is_pytorchs: objective {
        "r.abs() <= DELTA" => "r.abs() <= DELTA * 1e9"
    }
    /// Has a step where the line begins.
    huber_lacks_its_offset => the_objective_is_pytorchs: objective {
        "DELTA * (r.abs() - DELTA / 2.0)" => "DELTA * r.abs()"
    }
    huber_is_not_halved => the_objective_is_pytorchs: objective {
        "value += r * r / 2.0;" => "value += r * r;"
    }
    huber_is_of_pytorchs_smooth_l1 => the_objective_is_pytorchs: objective {
        "value += r * r / 2.0;" => "value += r * r / 2.0 / DELTA;",
        "DELTA * (r.abs() - DELTA / 2.0)" => "r.abs() - DELTA / 2.0"
    }
    lse_overflows => the_objective_is_pytorchs: objective {
        "terms.into_iter().fold(f64::NEG_INFINITY, f64::max)" => "0.0"
    }
    /// Large terms are safe then, small ones are not.
    lse_never_rises => the_objective_is_pytorchs: objective {
        "fold(f64::NEG_INFINITY, f64::max)" => "fold(0.0, f64::max)"
    }
    exponents_are_exchanged => the_objective_is_pytorchs: objective {
        "[a, b, e, alpha, beta] = *point" => "[a, b, e, beta, alpha] = *point"
    }
    tokens_are_parameters => the_objective_is_pytorchs: objective {
        "run.tokens.ln()" => "run.parameters.ln()"
    }
    gradient_has_no_limit => the_gradient_is_pytorchs: objective {
        "DELTA.copysign(r)" => "r"
    }
    gradient_has_no_sign => the_gradient_is_pytorchs: objective {
        "DELTA.copysign(r)" => "DELTA"
    }
    gradient_lacks_the_shares => the_gradient_is_pytorchs: objective {
        "slope * power / sum" => "slope * power"
    }
    gradient_forgets_the_minus => the_gradient_is_pytorchs: objective {
        "-to_a * ln_n, -to_b * ln_d" => "to_a * ln_n, to_b * ln_d"
    }
    gradient_is_of_the_last_run => the_gradient_is_pytorchs: objective {
        "*sum += slope" => "*sum = slope"
    }
    objective_of_nothing_is_nan => objectives_agree: objective {
        "    (value, gradient)" => "    (value * (runs.len() as f64 / runs.len() as f64), gradient)"
    }

    fit_returns_logarithms => a_law_is_found_again: fit_chinchilla {
        "Law::at(&point)" =>
            "Law { E: point[2], A: point[0], B: point[1], alpha: point[3], beta: point[4] }"
    }
    fit_does_not_move => a_law_is_found_again: fit_chinchilla {
        "minimize(|point| objective(point, runs), *from)" =>
            "(*from, minimize(|point| objective(point, runs), *from).1)"
    }
    fit_is_least_squares => noisy_runs_give_scipys_law: fit_chinchilla {
        "minimize(|point| objective(point, runs), *from)" => "minimize(|point| {
                let (mut value, mut gradient) = (0.0, [0.0; 5]);
                for run in runs {
                    let (huber, slopes) = objective(point, &[*run]);
                    let r = if huber <= DELTA * DELTA / 2.0 { (2.0 * huber).sqrt() } else { huber / DELTA + DELTA / 2.0 };
                    value += r * r / 2.0;
                    let more = r.max(DELTA) / DELTA;
                    gradient.iter_mut().zip(slopes).for_each(|(sum, slope)| *sum += more * slope);
                }
                (value, gradient)
            }, *from)"
    }
    fit_leaves_out_the_worst_run => noisy_runs_give_scipys_law: fit_chinchilla {
        "let mut best: Option<Fit> = None;" => "let worst = runs.iter().map(|run| run.loss).fold(0.0, f64::max);
        let kept: Vec<Run> = runs.iter().copied().filter(|run| run.loss < worst || runs.len() < 6).collect();
        let runs = &kept[..];
        let mut best: Option<Fit> = None;"
    }
    fit_takes_the_first_start => the_best_start_wins: fit_chinchilla {
        "best.is_none_or(|best| value < best.objective)" => "best.is_none()"
    }
    fit_takes_the_last_start => the_best_start_wins: fit_chinchilla {
        "best.is_none_or(|best| value < best.objective)" => "true"
    }
    fit_takes_the_last_of_equals => the_best_start_wins: fit_chinchilla {
        "value < best.objective" => "value <= best.objective"
    }
    fit_gives_up_at_nan => the_best_start_wins: fit_chinchilla {
        "if value.is_finite() &&" => "if !value.is_finite() {
            return Err(ScalingError::NoFit);
        }
        if"
    }
    fit_counts_good_starts_only => the_best_start_wins: fit_chinchilla {
        "starts.iter().enumerate()" =>
            "starts.iter().filter(|start| start.iter().all(|x| x.is_finite())).enumerate()"
    }
    fit_takes_four_runs => senseless_runs_are_refused: fit_chinchilla {
        "runs.len() < 5" => "runs.len() < 4"
    }
    fit_needs_six_runs => senseless_runs_are_refused: fit_chinchilla {
        "runs.len() < 5" => "runs.len() < 6"
    }
    fit_counts_runs_first => senseless_runs_are_refused: fit_chinchilla {
        "for (at, run) in runs" => "if runs.len() < 5 {
            return Err(ScalingError::TooFew { given: runs.len(), needed: 5 });
        }
        for (at, run) in runs"
    }
    fit_judges_losses_first => senseless_runs_are_refused: fit_chinchilla {
        "[run.parameters, run.tokens, run.loss]" => "[run.loss, run.parameters, run.tokens]"
    }
    fit_takes_the_first_sixteen_starts => the_best_start_wins: fit_chinchilla {
        "starts.iter().enumerate()" => "starts.iter().enumerate().take(16)"
    }
    fit_stops_where_it_is_good_enough => the_best_start_wins: fit_chinchilla {
        "if value.is_finite()" => "if best.is_some_and(|best| best.objective < 1e-6) {
            break;
        }
        if value.is_finite()"
    }
    fit_takes_each_run_once => fits_agree: fit_chinchilla {
        "let mut best: Option<Fit> = None;" => "let mut kept: Vec<Run> = Vec::new();
        for run in runs {
            if !kept.contains(run) {
                kept.push(*run);
            }
        }
        let runs = &kept[..];
        let mut best: Option<Fit> = None;"
    }

    noise_mixes_up_the_sizes => true_lengths_give_the_true_noise: noise_scale {
        "(one.batch as f64, other.batch as f64)" => "(other.batch as f64, one.batch as f64)"
    }
    noise_takes_the_first_for_the_smaller => true_lengths_give_the_true_noise: noise_scale {
        "(one.batch as f64, other.batch as f64)" => "{
            let sizes = [one.batch, other.batch];
            (sizes[0].min(sizes[1]) as f64, sizes[0].max(sizes[1]) as f64)
        }"
    }
    /// The large batch's length is taken for the true one.
    noise_has_a_biased_length => true_lengths_give_the_true_noise: noise_scale {
        "(b2 * other.mean - b1 * one.mean) / (b2 - b1)" => "one.mean.min(other.mean)"
    }
    noise_forgets_the_smaller_size => true_lengths_give_the_true_noise: noise_scale {
        "1.0 / b1 - 1.0 / b2" => "1.0 - 1.0 / b2.max(b1)"
    }
    noise_is_never_negative => drawn_batches_are_right_on_average: noise_scale {
        "/ (b2 - b1)," => "/ (b2 - b1)).max(0.0),",
        "(b2 * other.mean" => "((b2 * other.mean"
    }
    noise_trace_is_never_negative => drawn_batches_are_right_on_average: noise_scale {
        "(one.mean - other.mean) / (1.0 / b1 - 1.0 / b2)" =>
            "((one.mean - other.mean) / (1.0 / b1 - 1.0 / b2)).max(0.0)"
    }
    noise_of_equal_batches => silent_batches_are_refused: noise_scale {
        "one.batch == other.batch" => "one.batch == usize::MAX"
    }
    noise_of_no_examples => silent_batches_are_refused: noise_scale {
        "one.batch.min(other.batch)" => "one.batch.max(other.batch)"
    }
    noise_refuses_a_length_of_0 => silent_batches_are_refused: noise_scale {
        "value < 0.0 || !value.is_finite()" => "!is_positive(value)"
    }
    noise_judges_means_first => silent_batches_are_refused: noise_scale {
        "if one.batch == other.batch {" => "if one.mean < 0.0 || other.mean < 0.0 {
            let at = usize::from(one.mean >= 0.0);
            return Err(ScalingError::Bad { at, value: [one, other][at].mean });
        }
        if one.batch == other.batch {"
    }
    noise_counts_in_32_bits => noises_agree: noise_scale {
        "(one.batch as f64, other.batch as f64)" =>
            "(f64::from(one.batch as u16), f64::from(other.batch as u16))"
    }

    examples_divide_by_n => single_examples_are_right_on_average: noise_of_examples {
        "trace /= n - 1.0;" => "trace /= n;"
    }
    /// The mean's own noise counts as signal.
    examples_have_a_biased_length => single_examples_are_right_on_average: noise_of_examples {
        "squared_mean - trace / n" => "squared_mean"
    }
    examples_take_off_all_noise => single_examples_are_right_on_average: noise_of_examples {
        "squared_mean - trace / n" => "squared_mean - trace"
    }
    examples_are_never_negative => single_examples_are_right_on_average: noise_of_examples {
        "squared_mean - trace / n" => "(squared_mean - trace / n).max(0.0)"
    }
    examples_average_over_numbers => single_examples_are_right_on_average: noise_of_examples {
        "trace /= n - 1.0;" => "trace /= (n - 1.0) * first.len().max(1) as f64;"
    }
    examples_square_first => small_noise_is_not_lost: noise_of_examples {
        "gradients.iter().map(|gradient| (gradient[i] - mean).powi(2)).sum::<f64>()" =>
            "gradients.iter().map(|gradient| gradient[i].powi(2)).sum::<f64>() - n * mean * mean"
    }
    equal_examples_count_once => example_noises_agree: noise_of_examples {
        "let n = gradients.len() as f64;" => "let mut kept = gradients.to_vec();
        kept.dedup();
        let gradients = &kept[..];
        let n = (gradients.len() as f64).max(2.0);"
    }
    one_example_is_enough => ragged_gradients_are_refused: noise_of_examples {
        "let [first, _, ..] = gradients" => "let [first, ..] = gradients"
    }
    examples_may_be_longer => ragged_gradients_are_refused: noise_of_examples {
        "numbers != expected" => "numbers < expected"
    }
    examples_judge_all_lengths_first => ragged_gradients_are_refused: noise_of_examples {
        "for (example, gradient) in gradients" =>
            "if let Some(example) = gradients.iter().position(|g| g.len() != first.len()) {
            let (numbers, expected) = (gradients[example].len(), first.len());
            return Err(ScalingError::Ragged { example, numbers, expected });
        }
        for (example, gradient) in gradients"
    }
    examples_have_at_most_eight_numbers => example_noises_agree: noise_of_examples {
        "0..first.len()" => "0..first.len().min(8)"
    }

    steps_forget_the_least => costs_lie_on_the_hyperbola: steps_and_examples {
        "least.steps + least.examples / batch" => "least.examples / batch"
    }
    steps_grow_with_the_batch => costs_lie_on_the_hyperbola: steps_and_examples {
        "least.examples / batch" => "least.examples * batch"
    }
    examples_stay_the_same => costs_lie_on_the_hyperbola: steps_and_examples {
        "examples: batch * steps" => "examples: least.examples"
    }
    steps_are_whole => costs_agree: steps_and_examples {
        "least.examples / batch;" => "(least.examples / batch).ceil();"
    }
    batch_is_at_least_1 => senseless_costs_are_refused: steps_and_examples {
        "positive(\"batch\", batch)?;" => "positive(\"batch\", batch)?;
        let batch = batch.max(1.0);"
    }
    batch_is_judged_first => senseless_costs_are_refused: steps_and_examples {
        "positive(\"steps\", least.steps)?;" => "positive(\"batch\", batch)?;
        positive(\"steps\", least.steps)?;"
    }
    endless_batches_pass => senseless_costs_are_refused: steps_and_examples {
        "positive(\"batch\", batch)?;" => "if batch != f64::INFINITY {
            positive(\"batch\", batch)?;
        }"
    }
}
