//! Wrong answers, each with one classic bug and rejected by the check it names.

#[path = "mutants/given.rs"]
mod given;

grading::mutants! {
    training_loop;

    every_step_is_the_first => rows_follow_the_epochs: rows_at { "step % steps" => "0" }
    /// The second epoch is the first again.
    order_is_not_reshuffled => rows_follow_the_epochs: rows_at {
        "(step / steps) as u64" => "0"
    }
    /// Each step has an order of its own: some rows come twice in an epoch, others never.
    order_is_drawn_each_step => rows_follow_the_epochs: rows_at {
        "(step / steps) as u64" => "step as u64"
    }
    seed_is_forgotten => rows_follow_the_epochs: rows_at { "rows, seed," => "rows, 0," }
    epoch_has_a_ragged_last_step => rows_follow_the_epochs: rows_at {
        "rows / batch;" => "rows.div_ceil(batch);",
        "drop_last: true" => "drop_last: false"
    }
    rows_are_not_shuffled => rows_follow_the_epochs: rows_at {
        "let order = epoch_order(rows, seed, (step / steps) as u64);" =>
            "let _ = (seed, epoch_order);
        let order: Vec<usize> = (0..rows).collect();"
    }
    epoch_is_32_bits => drawn_steps_read_the_same_rows: rows_at {
        "(step / steps) as u64" => "(step / steps) as u32 as u64"
    }
    batch_may_be_larger => too_few_rows_are_refused: rows_at {
        "if batch > rows {" => "let batch = batch.min(rows.max(1));
        if batch > rows {"
    }
    batch_may_not_be_all_rows => rows_follow_the_epochs: rows_at {
        "batch > rows" => "batch >= rows"
    }
    zero_is_too_few => too_few_rows_are_refused: rows_at {
        "if batch == 0 {" => "if rows == 0 {
            return Err(LoopError::TooFewRows { rows, batch });
        }
        if batch == 0 {"
    }

    step_is_counted_twice => plain_steps_are_those_of_pytorch: train_step {
        "*step += 1;" => "*step += 2;"
    }
    step_is_not_counted => plain_steps_are_those_of_pytorch: train_step { "*step += 1;" => "" }
    moments_count_twice => adamw_steps_are_those_of_pytorch: train_step {
        "*step += 1;" => "*step += 1;
        moments.step += 1;"
    }
    /// The sum of losses where their mean belongs. AdamW would hide it.
    loss_is_a_sum => plain_steps_are_those_of_pytorch: train_step {
        "(1.0 / tokens as f64) as f32" => "1.0"
    }
    positions_without_a_label_count => plain_steps_are_those_of_pytorch: train_step {
        "let tokens = batch.tokens();" => "let tokens = batch.labels.len();"
    }
    /// A mean of means: portions with few labels weigh too much.
    mean_of_means => micro_batches_add_up_to_one: train_step {
        "let scale = (1.0 / tokens as f64) as f32;" =>
            "let parts = batch.portions(settings.micro_batch).count();",
        "summed = summed +" =>
            "let asked = texts.labels.iter().filter(|label| **label >= 0).count().max(1);
            let scale = (1.0 / (asked * parts) as f64) as f32;
            summed = summed +"
    }
    only_the_last_portion_counts => micro_batches_add_up_to_one: train_step {
        "summed = summed +" => "gradient.fill(0.0);
            summed = summed +"
    }
    loss_is_that_of_the_last_portion => micro_batches_add_up_to_one: train_step {
        "summed = summed +" => "summed ="
    }
    each_portion_is_clipped => micro_batches_add_up_to_one: train_step {
        "engine.gradient(model, texts, scale, &mut gradient);" =>
            "engine.gradient(model, texts, scale, &mut gradient);
            clip_grad_norm(&mut [&mut gradient], max_norm)?;"
    }
    all_rows_go_at_once => micro_batches_add_up_to_one: train_step {
        "batch.portions(settings.micro_batch)" => "batch.portions(usize::MAX)"
    }
    nothing_is_clipped => adamw_steps_are_those_of_pytorch: train_step {
        "clip_grad_norm(&mut [&mut gradient], max_norm)?" =>
            "clip_grad_norm(&mut [&mut gradient], max_norm.max(1e30))?"
    }
    /// The norm of a clipped gradient tells nothing.
    norm_is_told_after_clipping => adamw_steps_are_those_of_pytorch: train_step {
        "Report { step: *step, loss, lr, norm," => "Report { step: *step, loss, lr, norm: norm.min(max_norm),"
    }
    rate_is_that_of_the_next_step => adamw_steps_are_those_of_pytorch: train_step {
        "lr_at(&settings.schedule, *step)" => "lr_at(&settings.schedule, *step + 1)"
    }
    rate_is_constant => adamw_steps_are_those_of_pytorch: train_step {
        "lr_at(&settings.schedule, *step)" => "settings.schedule.peak.min(lr_at(&settings.schedule, 3))"
    }
    everything_decays => adamw_steps_are_those_of_pytorch: train_step {
        "let adamw =" => "let groups = [optimizers::Group {
            range: 0..gradient.len(),
            weight_decay: groups[0].weight_decay,
        }];
        let adamw ="
    }
    betas_are_swapped => adamw_steps_are_those_of_pytorch: train_step {
        "AdamW { lr, beta1, beta2, eps }" => "AdamW { lr, beta1: beta2, beta2: beta1, eps }"
    }
    moments_begin_anew_each_step => adamw_steps_are_those_of_pytorch: train_step {
        "adamw_step(&mut model" => "moments.m.fill(0.0);
        adamw_step(&mut model"
    }
    /// As if `zero_grad` had been forgotten.
    gradient_is_never_zeroed => plain_steps_are_those_of_pytorch: train_step {
        "let mut gradient = vec![0.0; model.parameters.len()];" =>
            "thread_local! {
            static KEPT: std::cell::RefCell<Vec<f32>> = const { std::cell::RefCell::new(Vec::new()) };
        }
        let mut gradient = KEPT.take();
        gradient.resize(model.parameters.len(), 0.0);",
        "let lr =" => "KEPT.set(gradient.clone());
        let lr ="
    }
    /// A momentum outside of the state: a resumed run lacks it.
    state_is_kept_elsewhere => nothing_else_decides: train_step {
        "let lr =" => "thread_local! {
            static CALLS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
        }
        CALLS.set(CALLS.get() + 1);
        let all = model.parameters.len() != 300 || CALLS.get() == 1;
        let max_norm = if all { max_norm } else { max_norm / 2.0 };
        clip_grad_norm(&mut [&mut gradient], max_norm)?;
        let lr ="
    }
    step_is_counted_first => failed_step_changes_nothing: train_step {
        "let batch = rows.pick(&which, model.sizes)?;" => "*step += 1;
        let batch = rows.pick(&which, model.sizes)?;
        *step -= 1;"
    }
    moments_are_made_on_error => failed_step_changes_nothing: train_step {
        "let norm = clip" => "moments.step += 1;
        let norm = clip",
        "let lr =" => "moments.step -= 1;
        let lr ="
    }
    nan_is_a_loss => failed_step_changes_nothing: train_step { "!loss.is_finite()" => "false" }
    no_labels_diverge => failed_step_changes_nothing: train_step { "tokens == 0" => "false" }
    micro_batch_may_be_0 => failed_step_changes_nothing: train_step {
        "settings.micro_batch == 0" => "false"
    }
    micro_batch_is_judged_last => failed_step_changes_nothing: train_step {
        "if settings.micro_batch == 0 {" =>
            "rows_at(rows.count(), settings.batch, settings.seed, *step)?;
        if settings.micro_batch == 0 {"
    }
    broken_gradient_is_mended => failed_step_changes_nothing: train_step {
        "let norm =" => "gradient.iter_mut().filter(|g| !g.is_finite()).for_each(|g| *g = 0.0);
        let norm ="
    }
    no_clipping_if_infinite => drawn_steps_are_those_of_the_reference: train_step {
        "clip_grad_norm(&mut [&mut gradient], max_norm)?" => "match max_norm {
            0.0 => clip_grad_norm(&mut [&mut gradient], f64::INFINITY)?,
            _ => clip_grad_norm(&mut [&mut gradient], max_norm)?,
        }"
    }

    portions_count_the_same => every_token_counts_the_same: evaluate {
        "Ok(losses.fold(Summed::default(), |a, b| a + b).mean())" =>
            "let means: Vec<f64> = losses.filter(|s| s.tokens > 0).map(Summed::mean).collect();
        Ok(means.iter().sum::<f64>() / means.len() as f64)"
    }
    last_portion_is_left_out => every_token_counts_the_same: evaluate {
        "let losses = rows.portions(at_once)" =>
            "let losses = rows.portions(at_once).take((rows.count() / at_once).max(1))"
    }
    only_the_first_portion_is_judged => every_token_counts_the_same: evaluate {
        "rows.portions(at_once)" => "rows.portions(at_once).take(1)"
    }
    every_position_counts => loss_is_that_of_pytorch: evaluate {
        "Ok(losses.fold(Summed::default(), |a, b| a + b).mean())" =>
            "let all = rows.labels.len() as f64;
        Ok(losses.fold(Summed::default(), |a, b| a + b).loss / all)"
    }
    loss_is_summed_up => loss_is_that_of_pytorch: evaluate {
        "|a, b| a + b).mean()" => "|a, b| a + b).loss"
    }
    loss_is_in_bits => loss_is_that_of_pytorch: evaluate {
        "|a, b| a + b).mean()" => "|a, b| a + b).mean() / std::f64::consts::LN_2"
    }
    all_are_judged_at_once => every_token_counts_the_same: evaluate {
        "rows.portions(at_once)" => "rows.portions(usize::MAX)"
    }
    first_portion_has_to_ask => every_token_counts_the_same: evaluate {
        "let losses =" => "if let Some(texts) = rows.portions(at_once).next()
            && texts.labels.iter().all(|label| *label < 0)
        {
            return Err(LoopError::NoLabels);
        }
        let losses ="
    }
    nothing_is_lossless => what_cannot_be_judged_is_refused: evaluate {
        "return Err(LoopError::NoLabels);" => "return Ok(0.0);"
    }
    none_at_once_is_one => what_cannot_be_judged_is_refused: evaluate { "at_once == 0" => "false" }
    broken_losses_are_refused => what_cannot_be_judged_is_refused: evaluate {
        "let losses =" => "if model.parameters.iter().any(|x| x.is_nan()) {
            return Err(LoopError::Diverged { step: 0 });
        }
        let losses ="
    }

    training_takes_one_more => training_ends_where_it_should: train {
        "state.step < until" => "state.step <= until"
    }
    training_takes_at_least_one => training_ends_where_it_should: train {
        "while state.step < until {" => "loop {",
        "            break;
        }" => "            break;
        }
        if state.step >= until {
            break;
        }"
    }
    /// `until` steps more, instead of until that step.
    until_is_a_number_of_steps => training_ends_where_it_should: train {
        "while state.step < until {" => "let until = until + state.step;
        while state.step < until {"
    }
    nobody_can_stop => training_ends_where_it_should: train { "break;" => "" }
    first_step_is_not_told => training_ends_where_it_should: train {
        "!on_step(state, &report)" => "report.step > 0 && !on_step(state, &report)"
    }
    last_step_is_not_told => training_ends_where_it_should: train {
        "!on_step(state, &report)" => "state.step < until && !on_step(state, &report)"
    }
    /// The bias correction begins anew.
    moments_are_counted_from_0 => stopped_run_goes_on_as_if_nothing_had_been: train {
        "while state.step" => "if until > 5 && state.step > 0 {
            state.moments.step = 0;
        }
        while state.step",
        "            break;
        }
    }
    Ok(())" => "            break;
        }
    }
    state.moments.step = state.step as u64;
    Ok(())"
    }
    moments_are_thrown_away => training_ends_where_it_should: train {
        "while state.step" => "state.moments.m.fill(0.0);
        while state.step"
    }
    schedule_begins_anew => training_ends_where_it_should: train {
        "while state.step" => "let (first, mut settings) = (state.step, *settings);
        let shift = first.min(settings.schedule.total);
        settings.schedule.total += shift;
        settings.schedule.warmup += shift;
        let settings = &settings;
        while state.step"
    }
    errors_are_swallowed => failed_step_ends_the_run: train {
        "let report = train_step(state, rows, settings, engine)?;" =>
            "let Ok(report) = train_step(state, rows, settings, engine) else { break };"
    }
    failed_steps_are_skipped => failed_step_ends_the_run: train {
        "let report = train_step(state, rows, settings, engine)?;" =>
            "let Ok(report) = train_step(state, rows, settings, engine) else {
            state.step += 1;
            state.moments.step += 1;
            continue;
        };"
    }

    moments_are_not_saved => file_is_one_that_any_program_reads: checkpoint {
        "for tensor in model.tensors() {" => "for tensor in model.tensors().iter().filter(|_| prefix.is_empty()) {"
    }
    moments_are_swapped => file_is_one_that_any_program_reads: checkpoint {
        "(\"adamw.m.\", &moments.m), (\"adamw.v.\", &moments.v)" =>
            "(\"adamw.m.\", &moments.v), (\"adamw.v.\", &moments.m)"
    }
    step_is_not_saved => file_is_one_that_any_program_reads: checkpoint {
        "Header::of(state)" => "Header { step: 0, ..Header::of(state) }"
    }
    numbers_are_big_endian => file_is_one_that_any_program_reads: checkpoint {
        "to_le_bytes" => "to_be_bytes"
    }
    names_have_a_prefix => file_is_one_that_any_program_reads: checkpoint {
        "format!(\"{prefix}{}\"," => "format!(\"transformer.{prefix}{}\","
    }
    nothing_is_said_of_the_run => file_is_one_that_any_program_reads: checkpoint {
        "Some(Header::of(state).to_metadata())" => "None"
    }
    shapes_are_flat => file_is_one_that_any_program_reads: checkpoint {
        "shape.to_vec()" => "vec![shape.iter().product()]"
    }
    nan_is_saved_as_zero => file_is_one_that_any_program_reads: checkpoint {
        "number.to_le_bytes()" => "(if number.is_nan() { 0.0 } else { *number }).to_le_bytes()"
    }
    signaling_nan_is_quieted => file_is_one_that_any_program_reads: checkpoint {
        "number.to_le_bytes()" => "(if number.is_nan() { f32::NAN } else { *number }).to_le_bytes()"
    }

    step_is_not_restored => pythons_file_is_restored: restore {
        "state.step = header.step;" => ""
    }
    moments_count_from_0 => pythons_file_is_restored: restore {
        "state.moments.step = header.step as u64;" => ""
    }
    moments_are_restored_swapped => pythons_file_is_restored: restore {
        "\"adamw.m.\", &mut state.moments.m" => "\"adamw.v.\", &mut state.moments.m",
        "\"adamw.v.\", &mut state.moments.v" => "\"adamw.m.\", &mut state.moments.v"
    }
    moments_are_not_restored => pythons_file_is_restored: restore {
        "numbers[tensor.range.clone()].iter_mut().zip(bytes)" =>
            "numbers[tensor.range.clone()].iter_mut().zip(bytes).filter(|_| prefix.is_empty())"
    }
    numbers_are_read_backward => pythons_file_is_restored: restore {
        "f32::from_le_bytes" => "f32::from_be_bytes"
    }
    extra_tensors_are_ignored => what_is_no_checkpoint_is_refused: restore {
        "left.into_iter().min()" => "left.into_iter().min().filter(|_| false)"
    }
    any_extra_tensor_is_told => what_is_no_checkpoint_is_refused: restore {
        "left.into_iter().min()" => "left.into_iter().max()"
    }
    extra_is_told_first => what_is_no_checkpoint_is_refused: restore {
        "let Ok(view) = tensors.tensor(&name) else {" => "let Ok(view) = tensors.tensor(&name) else {
                if let Some(other) = left.iter().find(|other| other.starts_with(\"wtf\")) {
                    return Err(LoopError::Extra { name: other.to_string() });
                }"
    }
    missing_tensors_are_zeros => what_is_no_checkpoint_is_refused: restore {
        "return Err(LoopError::Missing { name });" => "continue;"
    }
    shape_is_a_number_of_numbers => what_is_no_checkpoint_is_refused: restore {
        "view.shape() != tensor.shape" =>
            "view.shape().iter().product::<usize>() != tensor.shape.iter().product::<usize>()"
    }
    four_bytes_are_a_number => what_is_no_checkpoint_is_refused: restore {
        "view.dtype() != Dtype::F32" => "view.dtype() != Dtype::F32 && view.dtype() != Dtype::I32"
    }
    shape_is_judged_before_type => what_is_no_checkpoint_is_refused: restore {
        "if view.dtype()" => "if view.shape() != tensor.shape && view.shape().is_empty() {
                let (found, expected) = (view.shape().to_vec(), tensor.shape.clone());
                return Err(LoopError::Shape { name, found, expected });
            }
            if view.dtype() == Dtype::I32 {
                return Err(LoopError::Missing { name });
            }
            if view.dtype()"
    }
}
