//! Wrong answers, each with one classic bug and rejected by the check it names.

#[path = "mutants/given.rs"]
mod given;

grading::mutants! {
    fused_decode;

    /// Every tensor at the front.
    layout_stays_at_the_front => tensors_lie_one_behind_the_other: layout {
        "next += rows * cols.div_ceil(4);" => "next += 0 * rows;"
    }
    layout_counts_numbers => tensors_lie_one_behind_the_other: layout {
        "next += rows * cols.div_ceil(4);" => "next += rows * cols;"
    }
    layout_says_where_it_ends => tensors_lie_one_behind_the_other: layout {
        "let at = next; next += rows * cols.div_ceil(4);" =>
            "next += rows * cols.div_ceil(4); let at = next;"
    }
    layout_has_no_padding => each_row_begins_with_a_new_four: layout {
        "next += rows * cols.div_ceil(4);" => "next += (rows * cols).div_ceil(4);"
    }
    layout_cuts_rows_off => each_row_begins_with_a_new_four: layout {
        "next += rows * cols.div_ceil(4);" => "next += rows * (cols / 4).max(1);"
    }
    layout_refuses_the_limit => what_is_too_wide_is_refused: layout {
        "if size > most {" => "if size >= most {"
    }
    layout_wraps_around => what_is_too_wide_is_refused: layout {
        "config.n_head.saturating_mul(config.n_positions)" =>
            "config.n_head.wrapping_mul(config.n_positions)"
    }
    layout_expects_four_times => what_is_too_wide_is_refused: layout {
        "config.inner()" => "4 * config.n_embd.min(99_999)"
    }
    layout_asks_for_positions_only => what_is_too_wide_is_refused: layout {
        "config.n_head.saturating_mul(config.n_positions)" => "config.n_positions"
    }
    layout_names_every_block => what_no_buffer_holds_is_refused: layout {
        "if bytes > MOST_BYTES {" =>
            "if config.n_layer > 1_000_000 { panic!(\"no memory for so many names\") }
             if bytes > MOST_BYTES {"
    }
    layout_counts_in_64_bits => what_no_buffer_holds_is_refused: layout {
        "let bytes = 16 * (one + (two - one) * (config.n_layer as u128 - 1));" =>
            "let bytes = 16 * (one + (two - one) * (config.n_layer as u128 - 1));
             let bytes = u128::from(bytes as u64);"
    }
    layout_counts_four_bytes_a_four => what_no_buffer_holds_is_refused: layout {
        "let bytes = 16 *" => "let bytes = 4 *"
    }
    layout_leaves_room_for_one_more => what_no_buffer_holds_is_refused: layout {
        "if bytes > MOST_BYTES {" => "if bytes >= MOST_BYTES {"
    }
    layout_forgets_blocks_of_many => layouts_agree: layout {
        "let place = |(name" => "if config.vocab_size > 2900 { next = 1; } let place = |(name"
    }

    pack_swaps_halves => two_numbers_share_a_word: pack_f16 {
        "half(pair[0]) | half(*pair.get(1).unwrap_or(&0.0)) << 16" =>
            "half(pair[0]) << 16 | half(*pair.get(1).unwrap_or(&0.0))"
    }
    pack_drops_the_odd_one => two_numbers_share_a_word: pack_f16 {
        "x.chunks(2)" => "x.chunks_exact(2)"
    }
    pack_repeats_the_odd_one => two_numbers_share_a_word: pack_f16 {
        "pair.get(1).unwrap_or(&0.0)" => "pair.get(1).unwrap_or(&pair[0])"
    }
    pack_takes_the_first_of_two => two_numbers_share_a_word: pack_f16 {
        "half(pair[0]) | half(*pair.get(1).unwrap_or(&0.0)) << 16" => "half(pair[0])"
    }
    pack_is_bf16 => two_numbers_share_a_word: pack_f16 {
        "sign | bits" => "let _ = (sign, bits); x.to_bits() >> 16"
    }
    /// Numbers below 2⁻¹⁴ become 0.
    pack_flushes_small_numbers => what_16_bits_hold_comes_back: pack_f16 {
        "(size * 16_777_216.0).round_ties_even() as u32" => "0"
    }
    pack_loses_the_sign => what_16_bits_hold_comes_back: pack_f16 {
        "sign | bits" => "if bits == 0 { 0 } else { sign | bits }"
    }
    pack_truncates => nearest_is_taken: pack_f16 {
        "(bits + 0xfff + (bits >> 13 & 1)) >> 13" => "bits >> 13"
    }
    pack_rounds_half_up => nearest_is_taken: pack_f16 {
        "(bits + 0xfff + (bits >> 13 & 1)) >> 13" => "(bits + 0x1000) >> 13"
    }
    pack_truncates_small_numbers => nearest_is_taken: pack_f16 {
        "(size * 16_777_216.0).round_ties_even()" => "(size * 16_777_216.0)"
    }
    pack_rounds_small_ones_up => nearest_is_taken: pack_f16 {
        "(size * 16_777_216.0).round_ties_even()" => "(size * 16_777_216.0).round()"
    }
    pack_saturates => ends_are_met: pack_f16 { "0x7c00" => "0x7bff" }
    pack_ends_at_the_largest => ends_are_met: pack_f16 { "65_520.0" => "65_504.1" }
    pack_makes_nan_infinite => ends_are_met: pack_f16 { "0x7e00" => "0x7c00" }
    pack_cuts_nan => ends_are_met: pack_f16 {
        "if size.is_nan() { 0x7e00 }" =>
            "if size.is_nan() { 0x7c00 | (size.to_bits() >> 13 & 0x3ff) }"
    }
    pack_stops_at_256 => packing_agrees: pack_f16 {
        "sign | bits }" => "sign | bits } let x = &x[..x.len().min(if x.len() % 7 == 3 { 256 } else { 9999 })];"
    }

    plan_norms_once => parts_come_in_order: plan { "(Op::NormMlp, 1)," => "" }
    plan_norms_behind => parts_come_in_order: plan {
        "(Op::NormAttention, 1), (Op::Qkv, product(3 * n))," =>
            "(Op::Qkv, product(3 * n)), (Op::NormAttention, 1),"
    }
    plan_embeds_in_each_block => parts_come_in_order: plan {
        "for layer in 0..config.n_layer {" => "for layer in 0..config.n_layer {
            if layer > 0 { launches.push(Launch { op: Op::Embed, layer, workgroups: 1 }); }"
    }
    plan_forgets_the_last_norm => parts_come_in_order: plan {
        "launches.push(Launch { op: Op::NormLast, layer: 0, workgroups: 1 });" => ""
    }
    plan_counts_blocks_from_one => parts_come_in_order: plan {
        "Launch { op, layer, workgroups }" => "Launch { op, layer: layer + 1, workgroups }"
    }
    plan_has_one_column_a_thread => workgroups_cover_what_there_is: plan {
        "n_out.div_ceil(4).div_ceil(64)" => "n_out.div_ceil(64)"
    }
    plan_rounds_down => workgroups_cover_what_there_is: plan {
        "n_out.div_ceil(4).div_ceil(64)" => "(n_out / 256).max(1)"
    }
    plan_expects_four_times => workgroups_cover_what_there_is: plan {
        "product(config.inner())" => "product(4 * n)"
    }
    plan_has_a_thread_more => workgroups_cover_what_there_is: plan {
        "config.vocab_size.div_ceil(64)" => "config.vocab_size / 64 + 1"
    }
    plan_attends_once => workgroups_cover_what_there_is: plan {
        "(Op::Attend, config.n_head)" => "(Op::Attend, 1)"
    }
    plan_stops_at_64_blocks => plans_agree: plan {
        "0..config.n_layer" => "0..config.n_layer.min(64)"
    }

    /// A quick thread norms what a slow one has not embedded yet.
    kernel_norms_too_soon => kernel_is_right_thread_by_thread: decode_step_wgsl {
        "} workgroupBarrier(); for (var layer" => "} for (var layer"
    }
    kernel_overwrites_what_is_read => kernel_is_right_thread_by_thread: decode_step_wgsl {
        "// Nobody overwrites a before everybody has read it. workgroupBarrier();" => ""
    }
    kernel_reads_scores_too_soon => kernel_is_right_thread_by_thread: decode_step_wgsl {
        "workgroupBarrier(); // A thread is a column." => "// A thread is a column."
    }
    kernel_orders_the_query_only => kernel_is_right_thread_by_thread: decode_step_wgsl {
        "storageBarrier();" => ""
    }
    kernel_orders_the_cache_only => kernel_is_right_thread_by_thread: decode_step_wgsl {
        "workgroupBarrier(); storageBarrier();" => "storageBarrier();"
    }
    kernel_narrows_too_soon => kernel_is_right_thread_by_thread: decode_step_wgsl {
        "a[4u * thread + k] = inside[k]; } workgroupBarrier();" => "a[4u * thread + k] = inside[k]; }"
    }
    kernel_waits_alone => kernel_is_right_thread_by_thread: decode_step_wgsl {
        "} // Nobody overwrites a before everybody has read it. workgroupBarrier();" =>
            "workgroupBarrier(); }"
    }
    kernel_has_no_positions => kernel_embeds: decode_step_wgsl {
        "+ number(wpe + state.position * fours(n), thread)" => ""
    }
    kernel_is_a_position_late => kernel_embeds: decode_step_wgsl {
        "wpe + state.position * fours(n)" => "wpe + (state.position + 1u) * fours(n)"
    }
    kernel_does_not_norm_logits => kernel_embeds: decode_step_wgsl {
        "norm(at, thread); // A thread is a token" =>
            "if thread < 4u * fours(n) { a[thread] = x[thread]; } workgroupBarrier(); // A thread is a token"
    }
    kernel_has_256_tokens => kernel_embeds: decode_step_wgsl {
        "v < more.vocab_size; v += THREADS" => "v < min(more.vocab_size, THREADS); v += THREADS"
    }
    kernel_packs_rows => kernel_embeds: decode_step_wgsl {
        "number(state.token * fours(n), thread)" => "number(0u, state.token * n + thread)"
    }
    kernel_has_no_bias => kernel_reads_the_first_token: decode_step_wgsl {
        "sum = four(at + n_in * width + thread);" => ""
    }
    /// As PyTorch's linear layer has them.
    kernel_transposes_weights => kernel_reads_the_first_token: decode_step_wgsl {
        "sum += a[i] * four(at + i * width + thread);" =>
            "if n_in == n_out { for (var k = 0u; k < 4u; k += 1u) {
                sum[k] += a[i] * number(at + (4u * thread + k) * width, i);
            } } else { sum += a[i] * four(at + i * width + thread); }"
    }
    kernel_has_no_residual => kernel_reads_the_first_token: decode_step_wgsl {
        "add(product(c_proj, n, n, thread), thread);" =>
            "let found = product(c_proj, n, n, thread);
             if thread < n { x[thread] = 0.0; } workgroupBarrier();
             add(found, thread);"
    }
    kernel_has_no_gelu => kernel_reads_the_first_token: decode_step_wgsl {
        "gelu(product(c_fc, n, inner, thread))" => "product(c_fc, n, inner, thread)"
    }
    kernel_norms_the_stream => kernel_reads_the_first_token: decode_step_wgsl {
        "norm(ln_2, thread); let inside" =>
            "norm(ln_2, thread); if thread < n { x[thread] = a[thread]; } workgroupBarrier(); let inside"
    }
    kernel_norms_once => kernel_reads_the_first_token: decode_step_wgsl {
        "norm(ln_2, thread);" => "norm(start, thread);"
    }
    kernel_does_one_block => kernel_reads_the_first_token: decode_step_wgsl {
        "layer < sizes.n_layer; layer" => "layer < min(sizes.n_layer, 1u); layer"
    }
    kernel_sees_the_past_only => kernel_looks_at_the_cache: decode_step_wgsl {
        "let t = state.position + 1u;" => "let t = max(state.position, 1u);"
    }
    kernel_does_not_divide => kernel_looks_at_the_cache: decode_step_wgsl {
        "sum / sqrt(f32(d))" => "sum"
    }
    kernel_divides_by_the_width => kernel_looks_at_the_cache: decode_step_wgsl {
        "sum / sqrt(f32(d))" => "sum / sqrt(f32(n))"
    }
    kernel_has_one_head => kernel_looks_at_the_cache: decode_step_wgsl {
        "let first = thread / d * t;" => "let first = 0u;"
    }
    kernel_does_not_weigh => kernel_looks_at_the_cache: decode_step_wgsl {
        "let weight = exp(scores[first + j] - highest);" => "let weight = 1.0;"
    }
    kernel_shares_the_cache => kernel_looks_at_the_cache: decode_step_wgsl {
        "attend(keys, values, thread);" => "attend(0u, more.n_positions * n, thread);"
    }
    kernel_keeps_nothing => kernel_writes_its_own_row: decode_step_wgsl {
        "let row = state.position * n;" => "let row = 0u;"
    }
    kernel_keeps_a_row_late => kernel_writes_its_own_row: decode_step_wgsl {
        "let row = state.position * n;" => "let row = (state.position + 1u) % more.n_positions * n;"
    }
    kernel_keeps_keys_as_values => kernel_writes_its_own_row: decode_step_wgsl {
        "cache[values + row + c - 2u * n] = qkv[k];" => "cache[values + row + c - 2u * n] = qkv[k ^ 1u];"
    }
    kernel_keeps_after_it_looks => kernel_is_right_thread_by_thread: decode_step_wgsl {
        "workgroupBarrier(); storageBarrier(); attend(keys, values, thread);" =>
            "workgroupBarrier(); attend(keys, values, thread); storageBarrier();"
    }
    kernel_keeps_what_fills_up => kernel_writes_its_own_row: decode_step_wgsl {
        "} else if c < 3u * n {" => "} else if c < 4u * fours(3u * n) {"
    }
    kernel_rounds_rows_down => kernel_takes_odd_widths: decode_step_wgsl {
        "let width = fours(n_out);" => "let width = max(n_out / 4u, 1u);"
    }
    kernel_has_256_scores => kernel_takes_odd_widths: decode_step_wgsl {
        "i < sizes.n_head * t; i += THREADS" => "i < min(sizes.n_head * t, THREADS); i += THREADS"
    }
    kernel_is_four_times_as_wide => kernel_takes_odd_widths: decode_step_wgsl {
        "add(product(mlp_c_proj, inner, n, thread), thread);" =>
            "add(product(mlp_c_proj, min(inner, 4u * n), n, thread), thread);"
    }
    kernel_swaps_halves => kernel_takes_halves: decode_step_wgsl {
        "unpack2x16float(words.x), unpack2x16float(words.y)" =>
            "unpack2x16float(words.x).yx, unpack2x16float(words.y).yx"
    }
    kernel_swaps_pairs => kernel_takes_halves: decode_step_wgsl {
        "unpack2x16float(words.x), unpack2x16float(words.y)" =>
            "unpack2x16float(words.y), unpack2x16float(words.x)"
    }
    kernel_takes_every_other_four => kernel_takes_halves: decode_step_wgsl {
        "select(two.xy, two.zw, i % 2u == 1u)" => "two.xy"
    }
    kernel_takes_16_bits_for_32 => kernel_takes_halves: decode_step_wgsl {
        "more.is_f16 == 0u" => "more.is_f16 < 2u"
    }
    kernel_overflows => kernel_stays_with_numbers: decode_step_wgsl {
        "exp(scores[first + j] - highest)" => "exp(scores[first + j])"
    }
    kernel_begins_at_zero => kernel_stays_with_numbers: decode_step_wgsl {
        "var highest = LOWEST;" => "var highest = 0.0;"
    }
    kernel_repeats_after_20 => kernel_is_transformers: decode_step_wgsl {
        "number(wpe + state.position * fours(n), thread)" =>
            "number(wpe + min(state.position, 27u) * fours(n), thread)"
    }
    kernel_looks_back_128 => kernel_takes_odd_widths: decode_step_wgsl {
        "for (var j = 0u; j < t; j += 1u) { let weight" =>
            "for (var j = t - min(t, 128u); j < t; j += 1u) { let weight"
    }
    kernel_has_16_bit_tokens => kernel_takes_odd_widths: decode_step_wgsl {
        "number(state.token * fours(n), thread)" =>
            "number((state.token & 0xffffu) * fours(n), thread)"
    }
    kernel_has_no_eps => kernel_stays_with_numbers: decode_step_wgsl {
        "norm(start, thread);" => "if thread < 4u * fours(n) {
            var mean = 0.0; var variance = 0.0;
            for (var c = 0u; c < n; c += 1u) { mean += x[c]; }
            mean /= f32(n);
            for (var c = 0u; c < n; c += 1u) { variance += (x[c] - mean) * (x[c] - mean); }
            variance /= f32(n);
            let normed = (x[thread] - mean) / sqrt(variance + 1e-12);
            a[thread] = normed * number(start, thread) + number(start + fours(n), thread);
        } workgroupBarrier();"
    }
    kernel_has_92_columns => one_is_many: decode_step_wgsl {
        "if thread < n { let first" => "if thread < min(n, 23u) { let first"
    }
    kernel_has_six_heads => kernel_agrees: decode_step_wgsl {
        "let first = thread / d * t;" => "let first = min(thread / d, 5u) * t;"
    }
}
