//! Wrong answers, each with one classic bug and rejected by the check it names.

#[path = "mutants/given.rs"]
mod given;

grading::mutants! {
    positions;

    /// Forgets that a pair has two numbers: the slowest hand turns as if there were half as many.
    frequencies_of_every_number => frequencies_fall_by_equal_factors: frequencies {
        "-2.0 * i" => "-1.0 * i"
    }
    /// Faster and faster.
    frequencies_grow => frequencies_fall_by_equal_factors: frequencies { "-2.0 * i" => "2.0 * i" }
    /// The first pair would turn by less than a radian.
    frequencies_start_at_one => frequencies_fall_by_equal_factors: frequencies {
        "-2.0 * i as f64" => "-2.0 * (i + 1) as f64"
    }
    /// So that the last one turns at 1 / θ, as in the code that came with the paper of 2017.
    frequencies_end_at_the_base => frequencies_fall_by_equal_factors: frequencies {
        "-2.0 * i as f64 / dim as f64" => "-(i as f64) / (dim as f64 / 2.0 - 1.0).max(1.0)"
    }
    frequencies_know_one_base => frequencies_fall_by_equal_factors: frequencies {
        "theta.powf" => "BASE.powf"
    }
    /// One for each number, not for each pair.
    frequencies_come_twice => frequencies_match_llama: frequencies {
        "(0..dim / 2).map" => "(0..dim / 2).chain(0..dim / 2).map"
    }
    frequencies_in_f32 => frequencies_match_llama: frequencies {
        "theta.powf(-2.0 * i as f64 / dim as f64)" =>
            "f64::from((theta as f32).powf(-2.0 * i as f32 / dim as f32))"
    }
    frequencies_of_nothing => bad_sizes_and_bases_are_errors: frequencies { "dim == 0 || " => "" }
    /// The last number is left alone.
    frequencies_round_down => bad_sizes_and_bases_are_errors: frequencies {
        "|| dim % 2 == 1" => ""
    }
    /// No comparison with NaN holds.
    frequencies_take_nan => bad_sizes_and_bases_are_errors: frequencies {
        "!(theta >= 1.0 && theta.is_finite())" => "theta < 1.0 || theta.is_infinite()"
    }
    frequencies_take_infinity => bad_sizes_and_bases_are_errors: frequencies {
        "&& theta.is_finite()" => ""
    }
    frequencies_refuse_one => frequencies_fall_by_equal_factors: frequencies {
        "theta >= 1.0" => "theta > 1.0"
    }
    frequencies_ask_for_the_base_first => bad_sizes_and_bases_are_errors: frequencies {
        "if dim == 0" => "if !(theta >= 1.0 && theta.is_finite()) {
            return Err(PositionError::Base(theta));
        }
        if dim == 0"
    }

    waves_start_with_the_cosine => waves_match_the_paper: sinusoidal {
        "[sin as f32, cos as f32]" => "[cos as f32, sin as f32]"
    }
    /// All sines, then all cosines: the layout of the authors' first code.
    waves_come_in_halves => waves_match_the_paper: sinusoidal {
        "for w in &omega { let (sin, cos) = (p as f64 * w).sin_cos();
            waves.extend([sin as f32, cos as f32]); }" =>
            "waves.extend(omega.iter().map(|w| (p as f64 * w).sin() as f32));
             waves.extend(omega.iter().map(|w| (p as f64 * w).cos() as f32));"
    }
    /// Each column has a frequency of its own.
    waves_have_no_pairs => waves_know_distances: sinusoidal {
        "let omega = frequencies(d_model, BASE)?;" =>
            "let omega = frequencies(d_model, BASE)?;
             let slow = frequencies(2 * d_model, BASE)?;",
        "for w in &omega {" => "for (i, w) in omega.iter().enumerate() {",
        "(p as f64 * w).sin_cos();" =>
            "((p as f64 * w).sin(), (p as f64 * slow[2 * i + 1]).cos());"
    }
    waves_count_from_one => waves_match_the_paper: sinusoidal { "p as f64" => "(p + 1) as f64" }
    waves_in_degrees => waves_match_the_paper: sinusoidal {
        "(p as f64 * w)" => "(p as f64 * w).to_radians()"
    }
    /// A wave comes back after one position.
    waves_in_turns => waves_match_the_paper: sinusoidal {
        "(p as f64 * w)" => "(p as f64 * w * std::f64::consts::TAU)"
    }
    waves_in_f32 => waves_keep_their_digits: sinusoidal {
        "(p as f64 * w).sin_cos()" => "(p as f32 * *w as f32).sin_cos()"
    }
    waves_of_rounded_angles => waves_keep_their_digits: sinusoidal {
        "(p as f64 * w)" => "f64::from((p as f64 * w) as f32)"
    }
    /// No position, nothing to be wrong.
    waves_of_no_positions_are_fine => waves_refuse_odd_sizes: sinusoidal {
        "let omega" => "if len == 0 {
            return Ok(Tensor::zeros((0, d_model), candle_core::DType::F32, &Device::Cpu)?);
        }
        let omega"
    }
    waves_come_in_f64 => sinusoidal_agrees: sinusoidal {
        "(len, d_model), &Device::Cpu)?" =>
            "(len, d_model), &Device::Cpu)?.to_dtype(candle_core::DType::F64)?"
    }
    waves_stop_at_65536 => sinusoidal_agrees: sinusoidal { "p as f64" => "p as u16 as f64" }

    /// The layout of the paper, and of other models.
    rope_pairs_neighbors => rope_pairs_halves: rope {
        "let (a, b) =" => "let x = x.reshape((x.dims()[0], x.dims()[1], seq, half, 2))?
            .transpose(3, 4)?.reshape(x.shape())?;
        let (a, b) =",
        "Ok(Tensor::cat(&[first, second], 3)?)" => "Ok(Tensor::stack(&[first, second], 4)?
            .reshape(x.shape())?)"
    }
    /// The numbers of a pair come back as neighbors.
    rope_leaves_neighbors => rope_pairs_halves: rope {
        "Ok(Tensor::cat(&[first, second], 3)?)" => "Ok(Tensor::stack(&[first, second], 4)?
            .reshape(x.shape())?)"
    }
    rope_turns_the_other_way => rope_matches_llama: rope {
        "a.broadcast_mul(&cos)? - b" => "a.broadcast_mul(&cos)? + b",
        "a.broadcast_mul(&sin)? + b.broadcast_mul(&cos)?" =>
            "b.broadcast_mul(&cos)? - a.broadcast_mul(&sin)?"
    }
    rope_mirrors => rope_matches_llama: rope {
        "a.broadcast_mul(&sin)? + b.broadcast_mul(&cos)?" =>
            "a.broadcast_mul(&sin)? - b.broadcast_mul(&cos)?"
    }
    rope_stretches => rope_starts_at_zero_and_keeps_lengths: rope {
        "a.broadcast_mul(&cos)? - b" => "a.broadcast_mul(&cos)? + b"
    }
    /// Added where it should be turned.
    rope_adds => scores_know_only_the_distance: rope {
        "(a.broadcast_mul(&cos)? - b.broadcast_mul(&sin)?)?" => "a.broadcast_add(&cos)?",
        "(a.broadcast_mul(&sin)? + b.broadcast_mul(&cos)?)?" => "b.broadcast_add(&sin)?"
    }
    /// Position 0 turns.
    rope_counts_from_one => rope_starts_at_zero_and_keeps_lengths: rope {
        "p as f64" => "(p + 1) as f64"
    }
    rope_forgets_the_offset => rope_counts_from_the_offset: rope {
        "(offset..offset + seq)" => "(0..seq)"
    }
    /// Every place of what is new stands at the offset.
    rope_stays_at_the_offset => rope_counts_from_the_offset: rope {
        "p as f64 * w" => "{ let _ = p; offset as f64 * w }"
    }
    rope_knows_one_base => rope_matches_llama: rope {
        "frequencies(head_dim, theta)" => "frequencies(head_dim, BASE)"
    }
    /// The frequencies of half as many numbers.
    rope_halves_too_soon => rope_matches_llama: rope {
        "p as f64 * w" => "p as f64 * w * w"
    }
    rope_in_f32 => rope_keeps_its_digits: rope {
        "p as f64 * w" => "f64::from(p as f32 * *w as f32)"
    }
    /// Right angles, rounded before the sine.
    rope_rounds_angles => rope_keeps_its_digits: rope {
        "x.device())?;" => "x.device())?.to_dtype(candle_core::DType::F32)?;"
    }
    rope_gives_f32 => rope_takes_views_of_both_types: rope {
        "x.dims() else" => "x.to_dtype(candle_core::DType::F32)?.dims() else",
        "let (a, b) =" => "let x = &x.to_dtype(candle_core::DType::F32)?; let (a, b) ="
    }
    rope_cuts_the_gradient => rope_passes_gradients: rope {
        "let (a, b) =" => "let x = x.detach(); let (a, b) ="
    }
    /// Half of each vector learns nothing.
    rope_cuts_half_of_the_gradient => rope_passes_gradients: rope {
        "x.narrow(3, half, half)?)" => "x.narrow(3, half, half)?.detach())"
    }
    rope_takes_three_axes => rope_refuses_what_it_cannot_turn: rope {
        "let &[_, _, seq, head_dim] = x.dims() else" =>
            "let x = &if x.rank() == 3 { x.unsqueeze(0)? } else { x.clone() };
             let &[_, _, seq, head_dim] = x.dims() else"
    }
    /// Looks at the last axis before it knows how many there are.
    rope_asks_for_pairs_first => rope_refuses_what_it_cannot_turn: rope {
        "let &[_" => "if let Some(&last) = x.dims().last().filter(|&last| last % 2 == 1) {
            return Err(PositionError::Odd(last));
        }
        let &[_"
    }
    rope_adds_a_little => rope_agrees: rope {
        "Ok(Tensor::cat(&[first, second], 3)?)" => "Ok((Tensor::cat(&[first, second], 3)? + 1e-9)?)"
    }
    rope_needs_order => rope_takes_views_of_both_types: rope {
        "let omega" => "if !x.is_contiguous() {
            return Err(PositionError::Shape(x.dims().to_vec()));
        }
        let omega"
    }
    /// 0 · NaN is NaN: one spoils them all.
    rope_spreads_nan => rope_agrees: rope {
        "let (a, b) =" => "let zero = x.sum_all()?.affine(0.0, 0.0)?;
        let x = &x.broadcast_add(&zero)?; let (a, b) ="
    }
    /// The tables of the first call serve all others of that size.
    rope_keeps_its_tables => rope_agrees: rope {
        "let angles: Vec<f64> =" =>
            "thread_local!(static KEPT: std::cell::RefCell<std::collections::HashMap<
                (usize, usize), Vec<f64>>> = Default::default());
            let angles: Vec<f64> =",
        "let angles = Tensor" => "let angles = KEPT.with(|kept| {
            kept.borrow_mut().entry((seq, head_dim)).or_insert(angles).clone()
        });
        let angles = Tensor"
    }
    /// A length squared underflows, or overflows.
    rope_goes_through_lengths => rope_agrees: rope {
        "let first =" => "let n = (a.sqr()? + b.sqr()?)?.sqrt()?;
        let (a, b) = (a.div(&n)?, b.div(&n)?);
        let first =",
        "Ok(Tensor::cat(&[first, second], 3)?)" =>
            "Ok(Tensor::cat(&[first.mul(&n)?, second.mul(&n)?], 3)?)"
    }
    rope_stops_at_16_million => rope_agrees: rope {
        "p as f64 * w" => "f64::from(p as f32) * w"
    }

    slopes_start_at_one => slopes_of_powers_of_two: alibi_slopes {
        "slope(h, c))" => "slope(h - 1, c))"
    }
    slopes_are_eighths => slopes_of_powers_of_two: alibi_slopes {
        "(-8.0 * h as f64 / n as f64).exp2()" => "{ let _ = n; (-(h as f64)).exp2() }"
    }
    slopes_of_e => slopes_of_powers_of_two: alibi_slopes { ".exp2()" => ".exp()" }
    slopes_fall_in_a_line => slopes_of_powers_of_two: alibi_slopes {
        "(-8.0 * h as f64 / n as f64).exp2()" => "1.0 - h as f64 / (n as f64 + 1.0)"
    }
    /// The formula of powers of two, whatever n is.
    slopes_know_no_powers => slopes_match_bloom_and_mpt: alibi_slopes {
        "let c = 1 << n_heads.ilog2();" => "let c = n_heads;"
    }
    /// The first ones of 2c, half of which are there already.
    slopes_come_twice => slopes_match_bloom_and_mpt: alibi_slopes {
        "(1..).step_by(2)" => "(1..)"
    }
    slopes_take_the_even_ones => slopes_match_bloom_and_mpt: alibi_slopes {
        "(1..).step_by(2)" => "(2..).step_by(2)"
    }
    slopes_round_up => slopes_match_bloom_and_mpt: alibi_slopes {
        "1 << n_heads.ilog2()" => "n_heads.next_power_of_two()"
    }
    slopes_in_order => slopes_match_bloom_and_mpt: alibi_slopes {
        "Ok(own.chain(between).take(n_heads).collect())" =>
            "let mut all: Vec<f64> = own.chain(between).take(n_heads).collect();
             all.sort_by(|a, b| b.total_cmp(a));
             Ok(all)"
    }
    slopes_of_no_heads => no_heads_are_an_error: alibi_slopes {
        "return Err(PositionError::NoHeads);" => "return Ok(Vec::new());"
    }
    slopes_in_f32 => slopes_agree: alibi_slopes {
        "(-8.0 * h as f64 / n as f64).exp2()" => "f64::from((-8.0 * h as f32 / n as f32).exp2())"
    }

    /// The farther, the better.
    bias_rewards_distance => bias_falls_with_distance: alibi_bias { "-m *" => "m *" }
    bias_is_squared => bias_falls_with_distance: alibi_bias {
        "p.abs_diff(j) as f64" => "p.abs_diff(j).pow(2) as f64"
    }
    /// Softmax does not see it, the contract does.
    bias_is_shifted => bias_falls_with_distance: alibi_bias {
        "-m * p.abs_diff(j) as f64" => "{ let _ = p; m * j as f64 }"
    }
    /// Above the diagonal it grows.
    bias_has_a_sign => bias_falls_with_distance: alibi_bias {
        "p.abs_diff(j) as f64" => "(p as f64 - j as f64)"
    }
    bias_counts_itself => bias_falls_with_distance: alibi_bias {
        "p.abs_diff(j) as f64" => "(p.abs_diff(j) + 1) as f64"
    }
    bias_swaps_queries_and_keys => bias_counts_from_the_offset: alibi_bias {
        "for p in offset..keys { bias.extend((0..keys)" =>
            "for p in 0..keys { bias.extend((offset..keys)"
    }
    bias_forgets_the_offset => bias_counts_from_the_offset: alibi_bias {
        "for p in offset..keys" => "for p in 0..seq"
    }
    bias_has_one_slope => bias_matches_bloom_and_mpt: alibi_bias {
        "for m in alibi_slopes(n_heads)?" => "for m in [alibi_slopes(n_heads)?[0]].repeat(n_heads)"
    }
    bias_of_no_heads => a_bias_without_heads_is_an_error: alibi_bias {
        "let keys = offset + seq;" => "let keys = offset + seq;
        if n_heads == 0 {
            return Ok(Tensor::zeros((0, seq, keys), candle_core::DType::F32, &Device::Cpu)?);
        }"
    }
    bias_stops_at_65536 => bias_agrees: alibi_bias {
        "p.abs_diff(j) as f64" => "p.abs_diff(j) as u16 as f64"
    }
    /// As a mask would be bounded.
    bias_has_a_floor => bias_agrees: alibi_bias {
        "(-m * p.abs_diff(j) as f64) as f32" => "((-m * p.abs_diff(j) as f64) as f32).max(-1e4)"
    }
    bias_hides_the_future => bias_falls_with_distance: alibi_bias {
        "(-m * p.abs_diff(j) as f64) as f32" =>
            "if j > p { f32::NEG_INFINITY } else { (-m * p.abs_diff(j) as f64) as f32 }"
    }

    /// The layout of the paper, and of other models.
    kernel_pairs_neighbors => kernel_turns_pairs: rope_wgsl {
        "dims.head_dim + pair;" => "dims.head_dim + 2u * pair;", "first + half" => "first + 1u"
    }
    kernel_turns_the_other_way => kernel_turns_pairs: rope_wgsl {
        "a * c - b * s" => "a * c + b * s", "a * s + b * c" => "b * c - a * s"
    }
    kernel_stretches => kernel_turns_pairs: rope_wgsl { "a * c - b * s" => "a * c + b * s" }
    kernel_swaps_the_tables => kernel_turns_pairs: rope_wgsl {
        "let c = cosines[at_angle];" => "let c = sines[at_angle];",
        "let s = sines[at_angle];" => "let s = cosines[at_angle];"
    }
    /// Right for one row, in which it only takes the pairs in another order.
    kernel_counts_along_seq => kernel_counts_positions: rope_wgsl {
        "thread / half" => "thread % dims.seq", "thread % half" => "thread / dims.seq"
    }
    /// A table has half as many columns as a vector has numbers.
    kernel_takes_wide_tables => kernel_turns_pairs: rope_wgsl {
        "position * half" => "position * dims.head_dim"
    }
    /// The vectors of the second head go on where the first ended.
    kernel_counts_through_the_rows => kernel_counts_positions: rope_wgsl {
        "vector % dims.seq" => "vector"
    }
    kernel_takes_rows_for_places => kernel_counts_positions: rope_wgsl {
        "vector % dims.seq" => "vector / dims.seq"
    }
    kernel_forgets_the_offset => kernel_counts_positions: rope_wgsl {
        "dims.offset + vector" => "vector"
    }
    kernel_counts_from_one => kernel_counts_positions: rope_wgsl {
        "dims.offset + vector" => "dims.offset + 1u + vector"
    }
    kernel_writes_behind_the_end => kernel_stays_inside: rope_wgsl {
        "thread >= dims.rows * dims.seq * half" => "thread >= arrayLength(&y) / 2u"
    }
    /// As many threads as numbers.
    kernel_takes_numbers_for_pairs => kernel_stays_inside: rope_wgsl {
        "dims.rows * dims.seq * half" => "dims.rows * dims.seq * dims.head_dim"
    }
    kernel_stops_at_65536 => kernel_agrees: rope_wgsl {
        "position * half + pair" => "(position & 0xffffu) * half + pair"
    }
    /// What is 0 stays 0, it seems.
    kernel_skips_zeros => kernel_turns_pairs: rope_wgsl {
        "let b = x[second];" => "let b = x[second]; if a == 0.0 { y[second] = b * c; return; }"
    }
    kernel_skips_small_numbers => kernel_agrees: rope_wgsl {
        "let b = x[second];" => "let b = x[second]; if abs(a) + abs(b) < 1e-12 {
            y[first] = 0.0; y[second] = 0.0; return;
        }"
    }
    kernel_reads_behind_the_end => kernel_is_right_thread_by_thread: rope_wgsl {
        "if thread >= dims.rows * dims.seq * half { return; }" =>
            "if thread >= dims.rows * dims.seq * half && x[2u * thread] != 1e9 { return; }"
    }
    /// Two threads write each number: the driver may let either win.
    kernel_writes_twice => kernel_is_right_thread_by_thread: rope_wgsl {
        "y[first] = a * c - b * s;" => "y[first] = a * c - b * s;
        if pair + 1u < half { y[first + 1u] = 0.0; }"
    }
    kernel_ends_never => kernel_is_right_thread_by_thread: rope_wgsl {
        "y[first] = a * c - b * s;" =>
            "for (var k = 0u; k < 1u; k += 0u) { y[first] = a * c - b * s; }"
    }
}
