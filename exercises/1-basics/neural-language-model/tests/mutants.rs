//! Wrong answers, each with one classic bug and rejected by the check it names.

#[path = "mutants/given.rs"]
mod given;

grading::mutants! {
    neural_language_model;

    /// The classic: inputs and targets are the same, and nothing is left to guess.
    not_shifted => targets_are_shifted_by_one: shift {
        "&padded[i..i + context]" => "&padded[i + 1..i + 1 + context]"
    }
    shifted_by_two => targets_are_shifted_by_one: shift { "pad; context]" => "pad; context + 1]" }
    newest_token_first => targets_are_shifted_by_one: shift {
        "contexts.extend_from_slice(&padded[i..i + context]);" =>
        "contexts.extend(padded[i..i + context].iter().rev());"
    }
    /// Only targets with a full context.
    drops_the_beginning => before_the_text_stands_padding: shift {
        "0..tokens.len()" => "context.min(tokens.len())..tokens.len()",
        "targets: tokens.to_vec()" => "targets: tokens[context.min(tokens.len())..].to_vec()"
    }
    pads_with_zero => before_the_text_stands_padding: shift { "pad; context]" => "0; context]" }
    /// A short context at its beginning, as if the text stood first.
    pads_behind => before_the_text_stands_padding: shift {
        "contexts.extend_from_slice(&padded[i..i + context]);" =>
        "let own = context.min(i);
         contexts.extend_from_slice(&tokens[i - own..i]);
         contexts.extend(vec![pad; context - own]);"
    }
    /// Looks for the token, and finds the first of its kind.
    looks_tokens_up => shift_like_reference: shift {
        "for i in 0..tokens.len() {" =>
        "for i in 0..tokens.len() {
             let i = tokens.iter().position(|token| *token == tokens[i]).unwrap_or(i);"
    }
    looks_back_128_tokens => shift_like_reference: shift {
        "let padded" => "let context = context.min(128); let padded"
    }
    keeps_sixteen_bits_of_padding => shift_like_reference: shift {
        "vec![pad; context]" => "vec![u32::from(pad as u16); context]"
    }

    loss_is_a_sum => loss_matches_pytorch: softmax_loss { "loss / batch as f64" => "loss" }
    loss_in_bits => loss_matches_pytorch: softmax_loss {
        "loss / batch as f64" => "loss / batch as f64 / std::f64::consts::LN_2"
    }
    gradient_is_a_sum => loss_matches_pytorch: softmax_loss {
        "(1.0 / (sum * batch as f64)) as f32" => "(1.0 / sum) as f32",
        "1.0 / batch as f32" => "1.0"
    }
    gradient_without_the_target => loss_matches_pytorch: softmax_loss {
        "row[target] -= 1.0 / batch as f32;" => ""
    }
    gradient_pushes_the_target_away => loss_matches_pytorch: softmax_loss {
        "row[target] -= 1.0" => "row[target] += 1.0"
    }
    softmax_overflows => loss_survives_large_logits: softmax_loss {
        "exp(*x - max)" => "exp(*x)", "ln(sum) - below" => "ln(sum) - below - f64::from(max)"
    }
    logarithm_of_a_probability => loss_survives_large_logits: softmax_loss {
        "ln(sum) - below" => "-ln(f64::from(exp(below as f32)) / sum)"
    }
    /// Keeps the probability away from 0, as some code does against infinite losses.
    loss_clamped => loss_survives_large_logits: softmax_loss {
        "ln(sum) - below" => "-ln((f64::from(exp(below as f32)) / sum).max(1e-9))"
    }
    one_maximum_for_all_rows => loss_survives_large_logits: softmax_loss {
        "row.iter().copied().fold" => "logits.data().iter().copied().fold"
    }
    loss_added_up_in_f32 => loss_like_reference: softmax_loss {
        "let mut loss = 0.0;" => "let mut loss = 0.0_f32;",
        "ln(sum) - below" => "(ln(sum) - below) as f32",
        "loss / batch as f64" => "f64::from(loss / batch as f32)"
    }
    nothing_has_loss_zero => loss_like_reference: softmax_loss {
        "return Err(NetError::NoExamples);" => "return Ok((0.0, logits.clone()));"
    }
    ignores_minus_100 => loss_like_reference: softmax_loss {
        "token as usize >= vocab" => "token as usize >= vocab && token != u32::MAX - 99",
        "let (row, target) =" =>
        "if target == u32::MAX - 99 { gradient.row_mut(i).fill(0.0); continue; }
         let (row, target) ="
    }
    last_target_wins => loss_like_reference: softmax_loss { ".find(" => ".rev().find(" }

    table_rows_of_targets => table_learns_the_counts: bigram_gradient {
        "select(tokens)" => "select(targets)"
    }
    table_learns_backward => table_learns_the_counts: bigram_gradient {
        "add_rows(&mut gradient, tokens" => "add_rows(&mut gradient, targets"
    }
    table_turned => table_learns_the_counts: bigram_gradient {
        "Ok((loss, gradient))" => "Ok((loss, gradient.transpose()))"
    }
    /// Every token learns as if it were as frequent as any other: no mean over pairs.
    table_averages_each_row => table_matches_differences: bigram_gradient {
        "Ok((loss, gradient))" =>
        "for token in 0..table.shape().0 {
             let times = tokens.iter().filter(|&&t| t as usize == token).count().max(1) as f32;
             gradient.row_mut(token).iter_mut().for_each(|x| *x /= times);
         }
         Ok((loss, gradient))"
    }
    /// The last use of a row wins.
    table_assigns => table_matches_differences: add_rows { "*sum += x" => "*sum = *x" }
    table_counts_targets_first => bigram_like_reference: bigram_gradient {
        "let (loss, d_logits)" =>
        "if tokens.len() != targets.len() {
             return Err(NetError::Targets { rows: tokens.len(), targets: targets.len() });
         }
         let (loss, d_logits)"
    }
    table_leaves_surplus_targets_out => bigram_like_reference: bigram_gradient {
        "targets)?" => "&targets[..targets.len().min(tokens.len())])?"
    }

    forward_is_linear => logits_match_pytorch: forward { "tanh(*sum)" => "*sum" }
    forward_with_relu => logits_match_pytorch: forward { "tanh(*sum)" => "sum.max(0.0)" }
    forward_without_first_bias => logits_match_pytorch: forward {
        "hidden.add_to_rows(&model.b1);" => ""
    }
    forward_without_second_bias => logits_match_pytorch: forward {
        "logits.add_to_rows(&model.b2);" => ""
    }
    bias_behind_tanh => logits_match_pytorch: forward {
        "hidden.add_to_rows(&model.b1);" => "",
        "let mut logits" => "hidden.add_to_rows(&model.b1); let mut logits"
    }
    squeezes_the_logits => logits_match_pytorch: forward {
        "Ok(Activations" =>
        "logits.data_mut().iter_mut().for_each(|x| *x = tanh(*x)); Ok(Activations"
    }
    reads_contexts_backward => logits_match_pytorch: forward {
        "let x" =>
        "let turned = contexts.chunks(model.sizes().context.max(1));
         let contexts = &turned.flat_map(|c| c.iter().rev().copied()).collect::<Vec<u32>>();
         let x"
    }
    hidden_before_tanh => forward_like_reference: forward {
        "hidden.data_mut()" => "let before = hidden.clone(); hidden.data_mut()",
        "{ x, hidden, logits }" => "{ x, hidden: before, logits }"
    }
    takes_unknown_tokens_for_padding => forward_like_reference: forward {
        "select(contexts)" =>
        "select(&contexts.iter().map(|&t| t.min(model.pad())).collect::<Vec<u32>>())"
    }
    counts_numbers_before_it_looks_tokens_up => forward_like_reference: forward {
        "let x =" =>
        "let (numbers, cols) = (contexts.len() * model.c.shape().1, model.h.shape().0);
         if numbers % cols.max(1) > 0 { return Err(NetError::Rows { numbers, cols }); }
         let x ="
    }
    leaves_out_a_short_context => forward_like_reference: forward {
        "let x" =>
        "let whole = contexts.len() - contexts.len() % model.sizes().context.max(1);
         let contexts = &contexts[..whole];
         let x"
    }

    backward_forgets_tanh => gradients_match_pytorch: backward { "*d *= 1.0 - t * t" => "" }
    slope_of_a_sigmoid => gradients_match_pytorch: backward { "1.0 - t * t" => "t * (1.0 - t)" }
    tanh_twice => gradients_match_pytorch: backward {
        "1.0 - t * t" => "1.0 - tanh(*t) * tanh(*t)"
    }
    divides_by_the_batch_again => gradients_match_pytorch: backward {
        "let u =" =>
        "let mut d_logits = d_logits;
         d_logits.data_mut().iter_mut().for_each(|d| *d /= batch.len() as f32);
         let u ="
    }
    bias_takes_the_mean => gradients_match_pytorch: sum_of_rows {
        "*sum += x" => "*sum += x / rows.shape().0 as f32"
    }
    vectors_do_not_learn => gradients_match_pytorch: backward {
        "add_rows(&mut c, &batch.contexts, &d_x.reshape(model.c.shape().1)?);" => ""
    }
    last_place_wins => gradients_match_differences: add_rows { "*sum += x" => "*sum = *x" }
    padding_does_not_learn => gradients_match_differences: backward {
        "Ok((loss, Model" => "c.row_mut(model.pad() as usize).fill(0.0); Ok((loss, Model"
    }
    /// Right unless there are as many neurons as tokens.
    turns_only_what_does_not_fit => backward_like_reference: backward {
        "d_logits.matmul(&model.u.transpose())?" =>
        "match d_logits.matmul(&model.u) {
             Ok(fits) if fits.shape() == hidden.shape() => fits,
             _ => d_logits.matmul(&model.u.transpose())?,
         }"
    }

    goes_uphill => a_round_follows_its_settings: train_round {
        "step(&gradients, settings" => "step(&gradients, -settings"
    }
    rate_starts_again_in_each_round => a_round_follows_its_settings: train_round {
        "settings.rate(run.step)" => "settings.rate(run.step % settings.steps)"
    }
    one_batch_a_round => a_round_follows_its_settings: train_round {
        "for _ in 0..settings.steps {" =>
        "let batch = training.draw(settings.batch, rng); for _ in 0..settings.steps {",
        "let batch = training.draw(settings.batch, rng); let (loss" => "let (loss"
    }
    losses_are_summed => a_round_follows_its_settings: train_round {
        "sum / settings.steps as f64" => "sum"
    }
    judged_on_what_was_learned => a_round_follows_its_settings: train_round {
        "&held_out.contexts" => "&training.contexts", "&held_out.targets" => "&training.targets"
    }
    keeps_the_last_model => the_best_model_is_kept: train_round {
        "if loss <" => "run.best = run.model.clone(); if loss <"
    }
    keeps_no_copy => the_best_model_is_kept: train_round {
        "(run.best, run.best_loss, run.waited) = (run.model.clone(), loss, 0)" =>
        "(run.best_loss, run.waited) = (loss, 0)"
    }
    patience_is_not_renewed => the_best_model_is_kept: train_round {
        "(run.model.clone(), loss, 0)" => "(run.model.clone(), loss, run.waited)"
    }
    waits_one_round_more => the_best_model_is_kept: train_round {
        "run.waited < settings" => "run.waited <= settings"
    }
    /// NaN is not above anything.
    nan_goes_through => an_explosion_is_an_error: train_round {
        "loss <= settings.most" => "!(loss > settings.most)"
    }
    steps_before_it_looks => an_explosion_is_an_error: train_round {
        "sum += seen(run.step, loss)?; run.model.step(&gradients, settings.rate(run.step));" =>
        "run.model.step(&gradients, settings.rate(run.step)); sum += seen(run.step, loss)?;"
    }
    held_out_may_explode => an_explosion_is_an_error: train_round {
        "seen(run.step, softmax_loss(&logits, &held_out.targets)?.0)?" =>
        "softmax_loss(&logits, &held_out.targets)?.0"
    }
    the_most_is_too_much => an_explosion_is_an_error: train_round {
        "loss <= settings" => "loss < settings"
    }
    counts_the_steps_of_the_round => an_explosion_is_an_error: train_round {
        "Diverged { step, loss }" => "Diverged { step: step % settings.steps, loss }"
    }
    judges_by_64_examples_at_a_time => round_like_reference: train_round {
        "softmax_loss(&logits, &held_out.targets)?.0" =>
        "{
             let whole = softmax_loss(&logits, &held_out.targets)?.0;
             let parts = held_out.targets.chunks(64).zip(logits.data().chunks(64 * logits.shape().1));
             let loss = |(targets, data): (&[u32], &[f32])| -> Result<f64, NetError> {
                 let part = Matrix::new(targets.len(), logits.shape().1, data.to_vec())?;
                 Ok(softmax_loss(&part, targets)?.0)
             };
             let losses = parts.map(loss).collect::<Result<Vec<f64>, NetError>>()?;
             if losses.len() < 2 { whole } else { losses.iter().sum::<f64>() / losses.len() as f64 }
         }"
    }
    an_equal_loss_is_a_new_best => round_like_reference: train_round {
        "loss < run" => "loss <= run"
    }
    contexts_hold_their_targets => tinytown_is_learned: shift {
        "&padded[i..i + context]" => "&padded[i + 1..i + 1 + context]"
    }
    hardly_moves => tinytown_is_learned: train_round {
        "settings.rate(run.step)" => "0.01 * settings.rate(run.step)"
    }
}
