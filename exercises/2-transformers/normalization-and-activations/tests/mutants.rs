//! Wrong answers, each with one classic bug and rejected by the check it names.

#[path = "mutants/given.rs"]
mod given;

grading::mutants! {
    normalization_and_activations;

    /// What batch norm does.
    layer_norm_along_the_first_axis => layer_norm_matches_pytorch: layer_norm {
        "&x.mean_keepdim(D::Minus1)?" => "&x.mean_keepdim(0)?"
    }
    /// One mean for the whole tensor.
    layer_norm_of_the_whole_tensor => layer_norm_matches_pytorch: layer_norm {
        "&x.mean_keepdim(D::Minus1)?" => "&x.mean_all()?"
    }
    layer_norm_divides_by_n_minus_1 => layer_norm_matches_pytorch: layer_norm {
        "centered.sqr()?.mean_keepdim(D::Minus1)?" =>
            "(centered.sqr()?.sum_keepdim(D::Minus1)? / (x.dims()[x.rank() - 1] as f64 - 1.0))?"
    }
    layer_norm_takes_the_sum => layer_norm_matches_pytorch: layer_norm {
        "centered.sqr()?.mean_keepdim" => "centered.sqr()?.sum_keepdim"
    }
    layer_norm_forgets_the_root => layer_norm_matches_pytorch: layer_norm {
        "(variance + eps)?.sqrt()?" => "(variance + eps)?"
    }
    layer_norm_divides_x => layer_norm_matches_pytorch: layer_norm {
        "centered.broadcast_div" => "x.broadcast_div"
    }
    layer_norm_forgets_beta => layer_norm_matches_pytorch: layer_norm {
        ".broadcast_add(beta)?" => ""
    }
    layer_norm_adds_beta_first => layer_norm_matches_pytorch: layer_norm {
        "normalized.broadcast_mul(gamma)?.broadcast_add(beta)?" =>
            "normalized.broadcast_add(beta)?.broadcast_mul(gamma)?"
    }
    /// As some models store it.
    layer_norm_adds_1_to_gamma => layer_norm_matches_pytorch: layer_norm {
        "broadcast_mul(gamma)" => "broadcast_mul(&(gamma + 1.0)?)"
    }
    layer_norm_has_eps_outside => layer_norm_has_eps_inside_the_root: layer_norm {
        "(variance + eps)?.sqrt()?" => "(variance.sqrt()? + eps)?"
    }
    layer_norm_has_its_own_eps => layer_norm_has_eps_inside_the_root: layer_norm {
        "variance + eps" => "variance + 1e-5"
    }
    layer_norm_without_eps => layer_norm_has_eps_inside_the_root: layer_norm {
        "variance + eps" => "variance + 0.0 * eps"
    }
    layer_norm_squares_eps => layer_norm_has_eps_inside_the_root: layer_norm {
        "variance + eps" => "variance + eps * eps"
    }
    /// E[x²] − E[x]²: nothing is left of it in f32.
    layer_norm_in_one_pass => layer_norm_stands_an_offset: layer_norm {
        "centered.sqr()?.mean_keepdim(D::Minus1)?" =>
            "(x.sqr()?.mean_keepdim(D::Minus1)? - x.mean_keepdim(D::Minus1)?.sqr()?)?"
    }
    /// A bound keeps the root real, and the result wrong.
    layer_norm_in_one_pass_bounded => layer_norm_stands_an_offset: layer_norm {
        "centered.sqr()?.mean_keepdim(D::Minus1)?" =>
            "(x.sqr()?.mean_keepdim(D::Minus1)? - x.mean_keepdim(D::Minus1)?.sqr()?)?.maximum(0.0)?"
    }
    /// What a fused operation does.
    layer_norm_cuts_the_gradient => layer_norm_passes_gradients: layer_norm {
        "x.broadcast_sub" => "x.detach().broadcast_sub"
    }
    layer_norm_detaches_the_mean => layer_norm_passes_gradients: layer_norm {
        "&x.mean_keepdim(D::Minus1)?" => "&x.mean_keepdim(D::Minus1)?.detach()"
    }
    layer_norm_detaches_the_root => layer_norm_passes_gradients: layer_norm {
        "variance + eps)?.sqrt()?" => "variance + eps)?.sqrt()?.detach()"
    }
    layer_norm_detaches_gamma => layer_norm_passes_gradients: layer_norm {
        "broadcast_mul(gamma)" => "broadcast_mul(&gamma.detach())"
    }
    layer_norm_computes_in_f32 => layer_norm_matches_pytorch: layer_norm {
        "let centered = x." =>
            "let dtype = x.dtype();
             let [x, gamma, beta] = [x, gamma, beta].map(|t| t.to_dtype(candle_core::DType::F32));
             let (x, gamma, beta) = (&x?, &gamma?, &beta?);
             let centered = x.",
        ".broadcast_add(beta)?" => ".broadcast_add(beta)?.to_dtype(dtype)?"
    }
    /// A gamma of one number is taken for many.
    layer_norm_takes_any_shape => layer_norm_like_reference: layer_norm {
        "expect_fits(x, &[(\"gamma\", gamma), (\"beta\", beta)], eps)?;" => ""
    }
    layer_norm_names_beta_gamma => layer_norm_like_reference: layer_norm {
        "(\"beta\", beta)" => "(\"gamma\", beta)"
    }
    layer_norm_needs_rows_in_order => layer_norm_like_reference: layer_norm {
        "let centered =" =>
            "if !x.is_contiguous() { return Err(NormError::Eps(eps)); } let centered ="
    }

    /// LayerNorm without gamma's companion.
    rms_norm_subtracts_the_mean => rms_norm_matches_pytorch: rms_norm {
        "let mean_square =" =>
            "let x = &x.broadcast_sub(&x.mean_keepdim(D::Minus1)?)?; let mean_square ="
    }
    rms_norm_takes_the_sum => rms_norm_matches_pytorch: rms_norm {
        "x.sqr()?.mean_keepdim" => "x.sqr()?.sum_keepdim"
    }
    rms_norm_forgets_the_root => rms_norm_matches_pytorch: rms_norm {
        "(mean_square + eps)?.sqrt()?" => "(mean_square + eps)?"
    }
    rms_norm_squares_the_mean => rms_norm_matches_pytorch: rms_norm {
        "x.sqr()?.mean_keepdim(D::Minus1)?" => "x.mean_keepdim(D::Minus1)?.sqr()?"
    }
    rms_norm_takes_the_mean_size => rms_norm_matches_pytorch: rms_norm {
        "x.sqr()?.mean_keepdim(D::Minus1)?" => "x.abs()?.mean_keepdim(D::Minus1)?.sqr()?"
    }
    rms_norm_forgets_gamma => rms_norm_matches_pytorch: rms_norm {
        "normalized.broadcast_mul(gamma)?" => "normalized"
    }
    rms_norm_along_the_first_axis => rms_norm_matches_pytorch: rms_norm {
        "mean_keepdim(D::Minus1)" => "mean_keepdim(0)"
    }
    rms_norm_has_eps_outside => rms_norm_has_eps_inside_the_root: rms_norm {
        "(mean_square + eps)?.sqrt()?" => "(mean_square.sqrt()? + eps)?"
    }
    rms_norm_bounds_the_root => rms_norm_has_eps_inside_the_root: rms_norm {
        "(mean_square + eps)?.sqrt()?" => "mean_square.maximum(eps)?.sqrt()?"
    }
    rms_norm_has_its_own_eps => rms_norm_has_eps_inside_the_root: rms_norm {
        "mean_square + eps" => "mean_square + 1e-6"
    }
    rms_norm_cuts_the_gradient => rms_norm_passes_gradients: rms_norm {
        "x.broadcast_div" => "x.detach().broadcast_div"
    }
    rms_norm_detaches_the_root => rms_norm_passes_gradients: rms_norm {
        "mean_square + eps)?.sqrt()?" => "mean_square + eps)?.sqrt()?.detach()"
    }
    rms_norm_takes_any_shape => rms_norm_like_reference: rms_norm {
        "expect_fits(x, &[(\"gamma\", gamma)], eps)?;" => ""
    }

    /// The sign inside is forgotten: x · (1 − Φ(x)).
    gelu_erf_mirrored => gelu_erf_matches_pytorch: gelu_erf { "-SQRT_2" => "SQRT_2" }
    gelu_erf_forgets_the_half => gelu_erf_matches_pytorch: gelu_erf { "* 0.5" => "* 1.0" }
    gelu_erf_forgets_the_root => gelu_erf_matches_pytorch: gelu_erf { "-SQRT_2" => "-1.0" }
    gelu_erf_is_the_share => gelu_erf_matches_pytorch: gelu_erf { "x * share" => "Ok(share)" }
    /// The other one.
    gelu_erf_is_that_of_gpt_2 => gelu_erf_matches_pytorch: gelu_erf {
        "x * share" => "let _ = share; gelu_tanh(x)"
    }
    /// QuickGELU.
    gelu_erf_is_quick => gelu_erf_matches_pytorch: gelu_erf {
        "x * share" => "let _ = share; x * sigmoid(&(x * 1.702)?)?"
    }
    gelu_erf_is_silu => gelu_erf_matches_pytorch: gelu_erf {
        "x * share" => "let _ = share; x * sigmoid(x)?"
    }
    gelu_erf_subtracts => gelu_erf_keeps_its_tail: gelu_erf {
        "(erfc(&(x / -SQRT_2)?)? * 0.5)?" => "(((x / SQRT_2)?.erf()? + 1.0)? * 0.5)?"
    }
    gelu_erf_is_candles => gelu_erf_keeps_its_tail: gelu_erf {
        "x * share" => "let _ = share; x.gelu_erf()"
    }
    gelu_erf_is_cut_off => gelu_erf_keeps_its_tail: gelu_erf {
        "x * share" => "x.maximum(-6.0)? * share"
    }
    gelu_erf_detaches_the_share => gelu_erf_passes_gradients: gelu_erf {
        "x * share" => "x * share.detach()"
    }
    gelu_erf_detaches_x => gelu_erf_passes_gradients: gelu_erf {
        "x * share" => "x.detach() * share"
    }
    gelu_erf_computes_in_f32 => gelu_erf_matches_pytorch: gelu_erf {
        "let share = (erfc(&(x / -SQRT_2)?)? * 0.5)?;" =>
            "let x32 = x.to_dtype(candle_core::DType::F32)?;
             let share = (erfc(&(x32 / -SQRT_2)?)? * 0.5)?.to_dtype(x.dtype())?;"
    }

    gelu_tanh_is_the_exact_one => gelu_tanh_matches_pytorch: gelu_tanh {
        "x * sigmoid(&(u * 2.0)?)?" => "let _ = u; gelu_erf(x)"
    }
    gelu_tanh_forgets_the_2 => gelu_tanh_matches_pytorch: gelu_tanh { "(u * 2.0)" => "(u * 1.0)" }
    gelu_tanh_has_the_root_inside => gelu_tanh_matches_pytorch: gelu_tanh {
        "((x + (cubed * 0.044715)?)? * (2.0 / PI).sqrt())?" =>
            "((x * (2.0 / PI).sqrt())? + (cubed * 0.044715)?)?"
    }
    gelu_tanh_squares => gelu_tanh_matches_pytorch: gelu_tanh { "(x.sqr()? * x)?" => "x.sqr()?" }
    gelu_tanh_has_another_constant => gelu_tanh_matches_pytorch: gelu_tanh {
        "0.044715" => "0.04715"
    }
    /// Typed with four digits.
    gelu_tanh_has_a_short_root => gelu_tanh_matches_pytorch: gelu_tanh {
        "(2.0 / PI).sqrt()" => "0.7979"
    }
    gelu_tanh_subtracts => gelu_tanh_keeps_its_tail: gelu_tanh {
        "x * sigmoid(&(u * 2.0)?)?" => "(x * (u.tanh()? + 1.0)?)? * 0.5"
    }
    gelu_tanh_is_candles => gelu_tanh_keeps_its_tail: gelu_tanh {
        "x * sigmoid(&(u * 2.0)?)?" => "let _ = u; x.gelu()"
    }
    /// Right values; where exp overflows, 0 times infinity goes back.
    gelu_tanh_builds_its_sigmoid => gelu_tanh_passes_gradients: gelu_tanh {
        "x * sigmoid(&(u * 2.0)?)?" => "x * ((u * -2.0)?.exp()? + 1.0)?.recip()?"
    }
    gelu_tanh_detaches_u => gelu_tanh_passes_gradients: gelu_tanh {
        "sigmoid(&(u * 2.0)?)" => "sigmoid(&(u * 2.0)?.detach())"
    }

    swiglu_gates_with_the_other => swiglu_matches_pytorch: swiglu {
        "(gate * sigmoid(gate)?)? * up" => "(up * sigmoid(up)?)? * gate"
    }
    /// GLU.
    swiglu_forgets_to_multiply => swiglu_matches_pytorch: swiglu {
        "(gate * sigmoid(gate)?)?" => "sigmoid(gate)?"
    }
    /// GEGLU.
    swiglu_takes_gelu => swiglu_matches_pytorch: swiglu {
        "(gate * sigmoid(gate)?)?" => "gelu_erf(gate)?"
    }
    swiglu_forgets_up => swiglu_matches_pytorch: swiglu {
        "(gate * sigmoid(gate)?)? * up" => "let _ = up; gate * sigmoid(gate)?"
    }
    swiglu_is_bilinear => swiglu_matches_pytorch: swiglu {
        "(gate * sigmoid(gate)?)?" => "gate"
    }
    swiglu_stretches_shapes => swiglu_matches_pytorch: swiglu {
        "(gate * sigmoid(gate)?)? * up" => "(gate * sigmoid(gate)?)?.broadcast_mul(up)"
    }
    swiglu_is_cut_off => swiglu_keeps_its_tail: swiglu {
        "sigmoid(gate)?" => "sigmoid(&gate.maximum(-20.0)?)?"
    }
    swiglu_subtracts => swiglu_keeps_its_tail: swiglu {
        "sigmoid(gate)?" => "(((gate * 0.5)?.tanh()? + 1.0)? * 0.5)?"
    }
    swiglu_builds_its_sigmoid => swiglu_passes_gradients: swiglu {
        "sigmoid(gate)?" => "(gate.neg()?.exp()? + 1.0)?.recip()?"
    }
    swiglu_detaches_the_gate => swiglu_passes_gradients: swiglu {
        "sigmoid(gate)?" => "sigmoid(&gate.detach())?"
    }

    rms_kernel_takes_the_sum => rms_kernel_is_right_at_odd_sizes: rms_norm_wgsl {
        "squares / f32(dims.cols)" => "squares"
    }
    rms_kernel_divides_by_256 => rms_kernel_is_right_at_odd_sizes: rms_norm_wgsl {
        "f32(dims.cols)" => "f32(THREADS)"
    }
    rms_kernel_forgets_to_square => rms_kernel_is_right_at_odd_sizes: rms_norm_wgsl {
        "x[start + col] * x[start + col];" => "abs(x[start + col]);"
    }
    rms_kernel_forgets_the_root => rms_kernel_is_right_at_odd_sizes: rms_norm_wgsl {
        "inverseSqrt(squares / f32(dims.cols) + dims.eps)" =>
            "1.0 / (squares / f32(dims.cols) + dims.eps)"
    }
    rms_kernel_forgets_gamma => rms_kernel_is_right_at_odd_sizes: rms_norm_wgsl {
        "gamma[col] * " => ""
    }
    rms_kernel_has_a_gamma_a_row => rms_kernel_is_right_at_odd_sizes: rms_norm_wgsl {
        "gamma[col]" => "gamma[row % dims.cols]"
    }
    /// Column-major where the matrix is row-major.
    rms_kernel_mixes_up_the_stride => rms_kernel_is_right_at_odd_sizes: rms_norm_wgsl {
        "row * dims.cols" => "row * dims.rows"
    }
    rms_kernel_keeps_its_own_part => rms_kernel_is_right_at_odd_sizes: rms_norm_wgsl {
        "squares = sum_of_all(thread, squares);" => "sum_of_all(thread, squares);"
    }
    rms_kernel_has_eps_outside => rms_kernel_has_eps_inside_the_root: rms_norm_wgsl {
        "inverseSqrt(squares / f32(dims.cols) + dims.eps)" =>
            "1.0 / (sqrt(squares / f32(dims.cols)) + dims.eps)"
    }
    rms_kernel_has_eps_in_the_sum => rms_kernel_has_eps_inside_the_root: rms_norm_wgsl {
        "squares / f32(dims.cols) + dims.eps" => "(squares + dims.eps) / f32(dims.cols)"
    }
    rms_kernel_has_its_own_eps => rms_kernel_has_eps_inside_the_root: rms_norm_wgsl {
        "+ dims.eps" => "+ 1e-5"
    }
    rms_kernel_bounds_the_root => rms_kernel_has_eps_inside_the_root: rms_norm_wgsl {
        "squares / f32(dims.cols) + dims.eps" => "max(squares / f32(dims.cols), dims.eps)"
    }
    rms_kernel_sums_256_columns => rms_kernel_handles_long_rows: rms_norm_wgsl {
        "{ squares += x" => "{ if col >= THREADS { break; } squares += x"
    }
    rms_kernel_writes_256_columns => rms_kernel_handles_long_rows: rms_norm_wgsl {
        "{ y[start + col]" => "{ if col >= THREADS { break; } y[start + col]"
    }
    rms_kernel_takes_the_last_of_each_thread => rms_kernel_handles_long_rows: rms_norm_wgsl {
        "squares += x" => "squares = x"
    }
    rms_kernel_forgets_the_second_axis => rms_kernel_writes_its_rows_only: rms_norm_wgsl {
        "group.x + group.y * groups.x" => "group.x"
    }
    rms_kernel_writes_past_the_end => rms_kernel_writes_its_rows_only: rms_norm_wgsl {
        "row >= dims.rows" => "row > 1000000u"
    }
    rms_kernel_stops_at_16384_columns => rms_kernel_agrees: rms_norm_wgsl {
        "squares = 0.0; for (var col = thread; col < dims.cols;" =>
            "squares = 0.0; for (var col = thread; col < min(dims.cols, 16384u);"
    }
    rms_kernel_barrier_for_some => rms_kernel_is_right_thread_by_thread: rms_norm_wgsl {
        "squares = sum_of_all(thread, squares);" =>
            "if thread < dims.cols { squares = sum_of_all(thread, squares); }"
    }
    rms_kernel_shares_without_a_barrier => rms_kernel_is_right_thread_by_thread: rms_norm_wgsl {
        "let scale =" => "slots[0] = squares; let total = slots[0]; let scale ="
    }
    rms_kernel_reads_behind_the_end => rms_kernel_is_right_thread_by_thread: rms_norm_wgsl {
        "x[start + col] * x[start + col];" =>
            "x[start + col] * x[start + col] + 0.0 * x[start + col + 1u];"
    }
    rms_kernel_ends_never => rms_kernel_is_right_thread_by_thread: rms_norm_wgsl {
        "{ y[start + col]" => "{ col -= THREADS; y[start + col + THREADS]"
    }

    swiglu_kernel_forgets_up => swiglu_kernel_is_right_at_odd_sizes: swiglu_wgsl {
        "g * sigmoid * up[i]" => "g * sigmoid"
    }
    swiglu_kernel_gates_with_the_other => swiglu_kernel_is_right_at_odd_sizes: swiglu_wgsl {
        "let g = gate[i]" => "let g = up[i]", "* up[i]" => "* gate[i]"
    }
    swiglu_kernel_is_glu => swiglu_kernel_is_right_at_odd_sizes: swiglu_wgsl {
        "g * sigmoid * up[i]" => "sigmoid * up[i]"
    }
    /// Right for gates above 0.
    swiglu_kernel_forgets_the_sign => swiglu_kernel_is_right_at_odd_sizes: swiglu_wgsl {
        "select(e, 1.0, g >= 0.0)" => "1.0"
    }
    swiglu_kernel_mixes_up_the_cases => swiglu_kernel_is_right_at_odd_sizes: swiglu_wgsl {
        "g >= 0.0" => "g < 0.0"
    }
    swiglu_kernel_misses_the_last => swiglu_kernel_is_right_at_odd_sizes: swiglu_wgsl {
        "i >= params.n" => "i + 1u >= params.n"
    }
    swiglu_kernel_knows_one_line => swiglu_kernel_counts_through_the_lines: swiglu_wgsl {
        "id.x + id.y * groups.x * THREADS" => "id.x"
    }
    swiglu_kernel_writes_past_the_end => swiglu_kernel_counts_through_the_lines: swiglu_wgsl {
        "i >= params.n" => "i >= 1000000u"
    }
    swiglu_kernel_fills_the_buffer => swiglu_kernel_counts_through_the_lines: swiglu_wgsl {
        "i >= params.n" => "i >= arrayLength(&y)"
    }
    /// exp(200) is no f32: what comes of infinity over infinity?
    swiglu_kernel_overflows => swiglu_kernel_stays_finite: swiglu_wgsl {
        "select(e, 1.0, g >= 0.0) / (1.0 + e)" => "exp(g) / (1.0 + exp(g))"
    }
    swiglu_kernel_is_cut_off => swiglu_kernel_stays_finite: swiglu_wgsl {
        "exp(-abs(g))" => "exp(-min(abs(g), 20.0))"
    }
    swiglu_kernel_subtracts => swiglu_kernel_stays_finite: swiglu_wgsl {
        "select(e, 1.0, g >= 0.0) / (1.0 + e)" => "0.5 + 0.5 * tanh(0.5 * g)"
    }
    swiglu_kernel_counts_in_16_bits => swiglu_kernel_agrees: swiglu_wgsl {
        "let i = id.x +" => "let i = 0xffffu & (id.x +", "* THREADS;" => "* THREADS);"
    }
    swiglu_kernel_reads_behind_the_end => swiglu_kernel_is_right_thread_by_thread: swiglu_wgsl {
        "if i >= params.n { return; } let g = gate[i];" =>
            "let g = gate[i]; if i >= params.n { return; }"
    }
    swiglu_kernel_races => swiglu_kernel_is_right_thread_by_thread: swiglu_wgsl {
        "y[i] = g * sigmoid * up[i];" => "y[i] = g * sigmoid * up[i]; y[0] = y[0];"
    }
}
