//! Wrong answers, each with one classic bug and rejected by the check it names.

#[path = "mutants/given.rs"]
mod given;

grading::mutants! {
    loss_and_surprise;

    surprise_in_nats => surprise_counts_bits: surprise_bits { "p.log2()" => "p.ln()" }
    /// How far from certain, a straight line.
    surprise_is_the_complement => surprise_counts_bits: surprise_bits {
        "0.0 - p.log2()" => "1.0 - p"
    }
    surprise_is_the_inverse => surprise_counts_bits: surprise_bits { "0.0 - p.log2()" => "1.0 / p" }
    surprise_without_minus => surprise_counts_bits: surprise_bits { "0.0 - p" => "p" }
    surprise_is_expected => surprise_counts_bits: surprise_bits { "0.0 - p" => "-p * p" }
    /// An epsilon keeps the logarithm finite, and is added to every p.
    surprise_has_a_floor => surprise_counts_bits: surprise_bits { "p.log2" => "(p + 1e-9).log2" }
    surprise_refuses_zero => surprise_counts_bits: surprise_bits {
        "!(0.0..=1.0).contains(&p)" => "!(p > 0.0 && p <= 1.0)"
    }
    surprise_takes_anything => surprise_refuses_what_is_no_probability: surprise_bits {
        "!(0.0..=1.0).contains(&p)" => "p.is_nan()"
    }
    /// NaN is neither below 0 nor above 1.
    surprise_takes_nan => surprise_refuses_what_is_no_probability: surprise_bits {
        "!(0.0..=1.0).contains(&p)" => "p < 0.0 || p > 1.0"
    }
    surprise_is_minus_zero => surprise_like_reference: surprise_bits { "0.0 - p" => "-p" }

    log_softmax_last_axis => log_softmax_matches_pytorch: log_softmax {
        "let max = " => "let dim = x.rank() - 1; let max = "
    }
    /// All rows share one sum.
    log_softmax_whole_tensor => log_softmax_matches_pytorch: log_softmax {
        "sum_keepdim(dim)?" => "sum_all()?"
    }
    log_softmax_in_bits => log_softmax_matches_pytorch: log_softmax {
        "(&log_sum)" => "(&log_sum)? * std::f64::consts::LOG2_E"
    }
    log_softmax_forgets_the_log => log_softmax_matches_pytorch: log_softmax {
        "(&log_sum)" => "(&log_sum)?.exp()"
    }
    log_softmax_as_printed => log_softmax_stays_finite: log_softmax {
        "x.max_keepdim(dim)?.detach()" => "x.zeros_like()?"
    }
    log_of_softmax => log_softmax_stays_finite: log_softmax {
        "(&log_sum)" => "(&log_sum)?.exp()?.log()"
    }
    /// Finite, but as if nothing were rarer than one in a billion.
    log_softmax_with_epsilon => log_softmax_stays_finite: log_softmax {
        "(&log_sum)" => "(&log_sum)?.exp()?.affine(1.0, 1e-9)?.log()"
    }
    /// What a fused operation does.
    log_softmax_cuts_the_gradient => log_softmax_passes_gradients: log_softmax {
        "x.broadcast_sub" => "x.detach().broadcast_sub"
    }
    log_softmax_detaches_the_sum => log_softmax_passes_gradients: log_softmax {
        ".log()?" => ".log()?.detach()"
    }
    /// Seven digits where there were sixteen.
    log_softmax_computes_in_f32 => log_softmax_like_reference: log_softmax {
        "let max = x." => "let max = x.to_dtype(candle_core::DType::F32)?.",
        "x.broadcast_sub" => "x.to_dtype(candle_core::DType::F32)?.broadcast_sub",
        "shifted.broadcast_sub(&log_sum)" => "shifted.broadcast_sub(&log_sum)?.to_dtype(x.dtype())"
    }
    log_softmax_of_a_number_is_zero => log_softmax_like_reference: log_softmax {
        "let max =" => "if x.rank() == 0 { return x.zeros_like(); } let max ="
    }

    loss_without_minus => loss_matches_pytorch: cross_entropy { "* -1.0" => "* 1.0" }
    loss_is_the_sum => loss_matches_pytorch: cross_entropy { "mean_all" => "sum_all" }
    /// The mean of the whole matrix, not of the targets' numbers.
    loss_is_the_mean_of_all => loss_matches_pytorch: cross_entropy { ".gather(&labels, 1)?" => "" }
    /// The logarithm of a mean is not the mean of logarithms.
    loss_is_of_the_mean_probability => loss_matches_pytorch: cross_entropy {
        ".gather(&labels, 1)?.mean_all()?" => ".exp()?.gather(&labels, 1)?.mean_all()?.log()?"
    }
    loss_takes_the_last_token => loss_matches_pytorch: cross_entropy {
        "push(target)" => "push(vocab as u32 - 1)"
    }
    loss_in_bits => loss_matches_pytorch: cross_entropy {
        "* -1.0" => "* -std::f64::consts::LOG2_E"
    }
    /// Softmax before a loss that applies it again.
    loss_of_probabilities => loss_matches_pytorch: cross_entropy {
        "log_softmax(&logits, 1)?" => "log_softmax(&log_softmax(&logits, 1)?.exp()?, 1)?"
    }
    /// Along the batch, where it should run along the vocabulary.
    loss_normalizes_columns => loss_matches_pytorch: cross_entropy {
        "log_softmax(&logits, 1)" => "log_softmax(&logits, 0)"
    }
    loss_takes_log_of_softmax => loss_stays_finite: cross_entropy {
        "log_softmax(&logits, 1)?" => "log_softmax(&logits, 1)?.exp()?.log()?"
    }
    /// Right, from plain numbers.
    loss_cuts_the_gradient => loss_has_the_gradient_of_pytorch: cross_entropy {
        "logits.contiguous()?.index_select" => "logits.detach().contiguous()?.index_select"
    }
    /// A gradient for the target's logit alone.
    loss_detaches_the_normalizer => loss_has_the_gradient_of_pytorch: cross_entropy {
        "log_softmax(&logits, 1)?" => "(&logits - (&logits - log_softmax(&logits, 1)?)?.detach())?"
    }
    /// Ignored rows are 0 in the sum, and still in the count.
    loss_divides_by_all_rows => ignored_targets_do_not_count: cross_entropy {
        "mean_all()? * -1.0" => "sum_all()? * (-1.0 / n as f64)"
    }
    /// An ignored target is token 0.
    loss_counts_the_ignored => ignored_targets_do_not_count: cross_entropy {
        "if target == ignore_index { continue; }" =>
            "let target = if target == ignore_index { 0 } else { target };"
    }
    loss_knows_one_ignore_index => ignored_targets_do_not_count: cross_entropy {
        "target == ignore_index" => "target == u32::MAX"
    }
    /// 0 · NaN is NaN.
    loss_multiplies_by_a_mask => ignored_targets_do_not_count: cross_entropy {
        "let logits = logits" => "let masked = log_softmax(logits, 1)?.sum_all()?.affine(0.0, 0.0)?;
            let logits = logits",
        "mean_all()? *" => "mean_all()?.sub(&masked)? *"
    }
    /// The right value; but the model learns wherever nothing is to be learned.
    loss_gives_the_ignored_a_gradient => ignored_rows_get_no_gradient: cross_entropy {
        "let logits = logits" => "let all = log_softmax(logits, 1)?.mean_all()?;
            let logits = logits",
        "* -1.0)?" => "* -1.0)?.add(&(&all - all.detach())?)?"
    }
    loss_clamps_the_target => bad_targets_are_errors: cross_entropy {
        "if target as usize >= vocab { return Err(LossError::Target { row, target, vocab }); }" =>
            "let target = target.min(vocab as u32 - 1);"
    }
    /// No error: a batch without targets looks perfect.
    loss_of_nothing_is_zero => bad_targets_are_errors: cross_entropy {
        "Err(LossError::NothingLeft)" => "Ok(Tensor::new(0.0_f32, logits.device())?)"
    }
    /// What is not in the vocabulary is ignored, too.
    loss_skips_bad_targets => bad_targets_are_errors: cross_entropy {
        "target == ignore_index" => "target == ignore_index || target as usize >= vocab"
    }
    loss_skips_rows_without_target => bad_targets_are_errors: cross_entropy {
        "n != count" => "n < count"
    }
    /// −100 is PyTorch's default.
    loss_ignores_minus_100_always => cross_entropy_like_reference: cross_entropy {
        "target == ignore_index" => "target == ignore_index || target == u32::MAX - 99"
    }
    loss_needs_rows_in_order => cross_entropy_like_reference: cross_entropy {
        "n != count" => "n != count || !logits.is_contiguous()"
    }
    /// Counts the rows before that count.
    loss_names_another_row => cross_entropy_like_reference: cross_entropy {
        "Target { row, target" => "Target { row: rows.len(), target"
    }

    bytes_in_nats => bits_per_byte_counts_bytes: bits_per_byte { "/ std::f64::consts::LN_2" => "" }
    bytes_per_token => bits_per_byte_counts_bytes: bits_per_byte {
        "bits / bytes as f64" => "bits / tokens as f64", "loss * tokens" => "loss * bytes"
    }
    /// As if every token were a byte.
    bytes_are_tokens => bits_per_byte_counts_bytes: bits_per_byte {
        "bits / bytes as f64" => "bits / tokens as f64"
    }
    bytes_multiplied_by_ln_2 => bits_per_byte_counts_bytes: bits_per_byte {
        "/ std::f64::consts::LN_2" => "* std::f64::consts::LN_2"
    }
    /// NaN or +∞ instead of an error.
    bytes_may_be_none => no_bytes_are_an_error: bits_per_byte { "bytes == 0" => "false" }
    bytes_of_few_tokens => bits_per_byte_like_reference: bits_per_byte {
        "tokens as f64" => "tokens as u32 as f64"
    }

    /// The sum was taken relative to the maximum, the target's logit was not.
    kernel_forgets_the_max => kernel_loss_is_right: cross_entropy_wgsl {
        "(logits[start + label] - row_max);" => "logits[start + label];"
    }
    kernel_takes_the_first_column => kernel_loss_is_right: cross_entropy_wgsl {
        "logits[start + label]" => "logits[start]"
    }
    kernel_loss_has_no_log => kernel_loss_is_right: cross_entropy_wgsl {
        "log(row_sum)" => "row_sum"
    }
    kernel_loss_has_the_wrong_sign => kernel_loss_is_right: cross_entropy_wgsl {
        "= log(row_sum) - (logits[start + label] - row_max)" =>
            "= logits[start + label] - row_max - log(row_sum)"
    }
    /// Column-major where the matrix is row-major.
    kernel_mixes_up_the_stride => kernel_loss_is_right: cross_entropy_wgsl {
        "row * dims.cols" => "row * dims.rows"
    }
    kernel_gradient_is_softmax => kernel_gradient_is_p_minus_y: cross_entropy_wgsl {
        "p - select(0.0, 1.0, col == label)" => "p"
    }
    kernel_gradient_is_y_minus_p => kernel_gradient_is_p_minus_y: cross_entropy_wgsl {
        "p - select(0.0, 1.0, col == label)" => "select(0.0, 1.0, col == label) - p"
    }
    kernel_gradient_is_unnormalized => kernel_gradient_is_p_minus_y: cross_entropy_wgsl {
        "/ row_sum" => ""
    }
    /// The 1 in the column of the row's number.
    kernel_gradient_marks_the_row => kernel_gradient_is_p_minus_y: cross_entropy_wgsl {
        "col == label" => "col == row"
    }
    /// The gradient of the other columns stays what it was.
    kernel_stops_at_256_columns => kernel_handles_long_rows: cross_entropy_wgsl {
        "{ let p =" => "{ if col >= THREADS { break; } let p ="
    }
    /// One column a thread, for the maximum and the sum.
    kernel_sums_one_column_a_thread => kernel_handles_long_rows: cross_entropy_wgsl {
        "{ row_max = max" => "{ if col >= THREADS { break; } row_max = max",
        "{ row_sum += exp" => "{ if col >= THREADS { break; } row_sum += exp"
    }
    kernel_has_no_max => kernel_stays_finite: cross_entropy_wgsl {
        "row_max = max_of_all(thread, row_max);" => "row_max = 0.0;"
    }
    /// Fine until every logit of a row is far below 0.
    kernel_max_starts_at_zero => kernel_stays_finite: cross_entropy_wgsl {
        "row_max = LOWEST;" => "row_max = 0.0;"
    }
    /// A large and a small number are added first: the small one loses its digits.
    kernel_subtracts_too_late => kernel_stays_finite: cross_entropy_wgsl {
        "log(row_sum) - (logits[start + label] - row_max)" =>
            "(log(row_sum) + row_max) - logits[start + label]"
    }
    kernel_ignores_nothing => kernel_writes_zeros_for_the_ignored: cross_entropy_wgsl {
        "label == dims.ignore_index" => "label == dims.ignore_index && row > 1000000u"
    }
    /// Right if the buffers were zero before.
    kernel_leaves_the_ignored => kernel_writes_zeros_for_the_ignored: cross_entropy_wgsl {
        "loss[row] = 0.0;" => ""
    }
    kernel_leaves_the_ignored_gradient => kernel_writes_zeros_for_the_ignored: cross_entropy_wgsl {
        "gradient[start + col] = 0.0;" => ""
    }
    kernel_knows_one_ignore_index => kernel_writes_zeros_for_the_ignored: cross_entropy_wgsl {
        "label == dims.ignore_index" => "label == 4294967295u"
    }
    kernel_forgets_the_second_axis => kernel_writes_its_rows_only: cross_entropy_wgsl {
        "group.x + group.y * groups.x" => "group.x"
    }
    /// No test of the row: the rest of the grid writes behind the outputs.
    kernel_writes_past_the_end => kernel_writes_its_rows_only: cross_entropy_wgsl {
        "row >= dims.rows" => "row > 1000000u"
    }
    /// As many columns as registers of a fast kernel hold.
    kernel_stops_at_16384_columns => kernel_is_right_on_drawn_rows: cross_entropy_wgsl {
        "row_sum = 0.0; for (var col = thread; col < dims.cols;" =>
            "row_sum = 0.0; for (var col = thread; col < min(dims.cols, 16384u);"
    }

    /// All threads of the row return but one, which waits.
    kernel_barrier_for_one_thread => kernel_is_right_thread_by_thread: cross_entropy_wgsl {
        "row_max = max_of_all(thread, row_max);" =>
            "if thread < 255u { row_max = max_of_all(thread, row_max); }"
    }
    /// Software drivers run the threads of a workgroup in step, so the numbers are right.
    kernel_shares_without_barriers => kernel_is_right_thread_by_thread: cross_entropy_wgsl {
        "row_sum = sum_of_all(thread, row_sum);" =>
            "slots[thread] = row_sum;
             workgroupBarrier();
             row_sum = 0.0;
             for (var i = 0u; i < THREADS; i += 1u) { row_sum += slots[i]; }
             slots[thread] = row_sum;"
    }
    kernel_ends_never => kernel_is_right_thread_by_thread: cross_entropy_wgsl {
        "{ gradient[start + col] = 0.0; }" => "{ gradient[start + col] = 0.0; col -= THREADS; }"
    }
    /// The target of a row that is ignored is no column.
    kernel_reads_the_ignored_logit => kernel_is_right_thread_by_thread: cross_entropy_wgsl {
        "if label == dims.ignore_index {" =>
            "let picked = logits[start + label]; if label == dims.ignore_index && picked == picked {"
    }
}
