//! Wrong answers, each with one classic bug and rejected by the check it names.

#[path = "mutants/given.rs"]
mod given;

grading::mutants! {
    flash_attention;

    /// As if no other tile came.
    part_divides => equal_scores_are_counted: part {
        "Ok(part)" => "part.o.iter_mut().for_each(|o| *o /= part.l.max(1e-30)); Ok(part)"
    }
    part_counts_no_weights => equal_scores_are_counted: part {
        "part.l += weight;" => "part.l = weight;"
    }
    part_forgets_the_root => part_sums_weighted_values: part {
        "/ (d as f32).sqrt()" => "/ 1.0"
    }
    part_divides_by_d => part_sums_weighted_values: part {
        "(d as f32).sqrt()" => "(d as f32)"
    }
    part_takes_the_root_of_the_values => part_sums_weighted_values: part {
        "(d as f32).sqrt()" => "(d_v as f32).sqrt()"
    }
    part_takes_the_last_score => part_sums_weighted_values: part {
        "part.m = scores.iter().copied().fold(part.m, f32::max);" =>
            "part.m = scores.last().copied().unwrap_or(part.m);"
    }
    part_starts_at_zero => part_sums_weighted_values: part {
        "fold(part.m, f32::max)" => "fold(0.0, f32::max)"
    }
    part_overflows => part_takes_high_and_low_scores: part {
        "(score - part.m).exp()" => "score.exp() / part.m.exp()"
    }
    part_is_low_but_finite => part_of_no_keys_is_empty: part {
        "let mut part = Part::empty(d_v);" =>
            "let mut part = Part { m: f32::MIN, ..Part::empty(d_v) };"
    }
    part_of_nothing_has_no_columns => part_of_no_keys_is_empty: part {
        "let scores: Vec<f32>" => "if keys == 0 { return Ok(Part::empty(0)); } let scores: Vec<f32>"
    }
    part_takes_what_there_is => part_refuses_what_does_not_fit: part {
        ".of([q, k, v])?;" => ".checked()?;"
    }
    part_counts_keys_by_itself => part_refuses_what_does_not_fit: part {
        "t_k: keys, d, d_v }.of([q, k, v])?;" =>
            "t_k: k.len().checked_div(d).unwrap_or(keys), d, d_v }.of([q, k, v])?;"
    }
    part_drops_what_is_small => parts_agree: part {
        "*o += weight * v;" => "*o += if v.abs() < 1e-12 { 0.0 } else { weight * v };"
    }
    part_stops_at_65536 => parts_agree: part {
        "scores.iter().zip(v.chunks(d_v))" => "scores.iter().zip(v.chunks(d_v)).take(65_536)"
    }

    merge_does_not_shrink => halves_make_the_whole: merge {
        "((a.m - m).exp(), (b.m - m).exp())" => "(1.0, 1.0)"
    }
    /// The second always has the higher maximum, it seems.
    merge_shrinks_the_first_only => halves_make_the_whole: merge {
        "((a.m - m).exp(), (b.m - m).exp())" => "((a.m - m).exp(), 1.0)"
    }
    merge_shrinks_by_the_inverse => halves_make_the_whole: merge {
        "((a.m - m).exp(), (b.m - m).exp())" => "((m - a.m).exp(), (m - b.m).exp())"
    }
    merge_swaps_the_factors => halves_make_the_whole: merge {
        "((a.m - m).exp(), (b.m - m).exp())" => "((b.m - m).exp(), (a.m - m).exp())"
    }
    merge_shrinks_the_sum_only => halves_make_the_whole: merge {
        "a.o.iter().zip(&b.o).map(sum).collect()" =>
            "a.o.iter().zip(&b.o).map(|(x, y)| x + y).collect()"
    }
    merge_shrinks_the_values_only => halves_make_the_whole: merge {
        "l: sum((&a.l, &b.l))" => "l: a.l + b.l"
    }
    merge_keeps_the_old_maximum => halves_make_the_whole: merge { "Part { m, l" => "Part { m: a.m, l" }
    /// exp(−∞ − (−∞)).
    merge_of_nothing_is_nan => no_keys_change_nothing: merge {
        "m == f32::NEG_INFINITY" => "m == f32::MIN"
    }
    merge_returns_the_first => no_keys_change_nothing: merge {
        "if m == f32::NEG_INFINITY {" => "if b.m == f32::NEG_INFINITY || a.m == f32::NEG_INFINITY {"
    }
    merge_cuts_the_longer => merge_refuses_other_widths: merge { "a.o.len() != b.o.len()" => "false" }
    merge_swaps_the_widths => merge_refuses_other_widths: merge {
        "a: a.o.len(), b: b.o.len() }" => "a: b.o.len(), b: a.o.len() }"
    }
    merge_forgives_empty_parts => merge_refuses_other_widths: merge {
        "a.o.len() != b.o.len()" => "a.l > 0.0 && b.l > 0.0 && a.o.len() != b.o.len()"
    }
    merge_drops_what_is_far_below => merges_agree: merge {
        "(a.m - m).exp()" => "if a.m - m < -5.0 { 0.0 } else { (a.m - m).exp() }"
    }
    merge_adds_before_it_shrinks => any_order_gives_the_same: merge {
        "x * of_a + y * of_b" => "if a.m > b.m && b.l > a.l { x + y } else { x * of_a + y * of_b }"
    }

    flash_takes_whole_tiles_only => every_tile_gives_attention: flash {
        "let len = keys.min(t_k - start);" =>
            "let len = keys.min(t_k - start); if len < keys { continue; }"
    }
    flash_takes_whole_blocks_only => every_tile_gives_attention: flash {
        "let q = hbm.fetch(Matrix::Q, block.clone())?;" =>
            "let q = hbm.fetch(Matrix::Q, block.clone())?; if block.len() < queries { continue; }"
    }
    flash_forgets_what_it_knew => every_tile_gives_attention: flash {
        "*known = merge(known, &part(q, &k[..seen * d], &v[..seen * d_v], seen, d_v)?)?;" =>
            "*known = part(q, &k[..seen * d], &v[..seen * d_v], seen, d_v)?;"
    }
    flash_does_not_divide => every_tile_gives_attention: flash { "o / l" => "o * 1.0_f32.max(l / l)" }
    /// A softmax a tile, and the sum of all.
    flash_divides_each_tile => every_tile_gives_attention: flash {
        "*known = merge(known, &part(q, &k[..seen * d], &v[..seen * d_v], seen, d_v)?)?;" =>
            "let mut tile = part(q, &k[..seen * d], &v[..seen * d_v], seen, d_v)?;
             let l = tile.l.max(1e-30);
             tile.o.iter_mut().for_each(|o| *o /= l);
             tile.l = tile.l.min(1.0);
             *known = merge(known, &tile)?;"
    }
    flash_repeats_the_first_values => every_tile_gives_attention: flash {
        "hbm.fetch(Matrix::V, start..start + len)?" => "hbm.fetch(Matrix::V, 0..len)?"
    }
    flash_sees_all => flash_hides_the_future: flash {
        "shape.seen(i, causal).saturating_sub(start).min(len)" => "len"
    }
    flash_counts_queries_in_the_block => flash_hides_the_future: flash {
        "shape.seen(i, causal).saturating_sub" => "shape.seen(i - first, causal).saturating_sub"
    }
    flash_looks_at_the_first_query => flash_hides_the_future: flash {
        "shape.seen(block.end - 1, causal)" => "shape.seen(block.start, causal)"
    }
    /// PyTorch's `is_causal`.
    flash_starts_together => flash_hides_the_future: flash {
        "shape.seen(i, causal).saturating_sub" =>
            "(if causal { i + 1 } else { t_k }).saturating_sub"
    }
    flash_divides_by_nothing => queries_without_keys_get_zeros: flash {
        "if part.l == 0.0 { 1.0 } else { part.l }" => "part.l"
    }
    flash_leaves_blind_blocks => queries_without_keys_get_zeros: flash {
        "let row = |part: &Part|" =>
            "if shape.seen(block.end - 1, causal) == 0 { continue; } let row = |part: &Part|"
    }
    flash_overflows => flash_takes_high_and_low_scores: flash {
        "o / l" => "if part.m > 88.0 { f32::INFINITY } else { o / l }"
    }
    /// The queries' loop is inside.
    flash_fetches_for_each_query => moves_are_counted: flash {
        "let seen = shape.seen(i, causal).saturating_sub(start).min(len);" =>
            "let seen = shape.seen(i, causal).saturating_sub(start).min(len);
             let k = hbm.fetch(Matrix::K, start..start + len)?;"
    }
    flash_fetches_what_is_hidden => moves_are_counted: flash {
        "(0..shape.seen(block.end - 1, causal))" => "(0..t_k)"
    }
    flash_fetches_values_twice => moves_are_counted: flash {
        "let v = hbm.fetch(Matrix::V, start..start + len)?;" =>
            "hbm.fetch(Matrix::V, start..start + len)?;
             let v = hbm.fetch(Matrix::V, start..start + len)?;"
    }
    flash_keeps_the_result_in_memory => moves_are_counted: flash {
        "let row = |part: &Part|" =>
            "hbm.store(block.clone(), &vec![0.0; block.len() * d_v])?; let row = |part: &Part|"
    }
    flash_panics_at_tiles_of_nothing => flash_refuses_tiles_of_nothing: flash {
        "queries == 0 || keys == 0" => "queries == 0"
    }
    flash_forgives_if_nothing_is_there => flash_refuses_tiles_of_nothing: flash {
        "queries == 0 || keys == 0" => "(queries == 0 || keys == 0) && hbm.shape().t_q > 0"
    }
    /// The queries of the last call, if there are as many.
    flash_remembers => flash_agrees: flash {
        "let q = hbm.fetch(Matrix::Q, block.clone())?;" => "thread_local!(
            static LAST: std::cell::RefCell<Vec<f32>> = Default::default()
        );
        let new = hbm.fetch(Matrix::Q, block.clone())?;
        let q = LAST.with(|last| {
            let mut last = last.borrow_mut();
            if first > 0 || last.len() != new.len() { *last = new; }
            last.clone()
        });"
    }

    unfused_reads_scores_once => three_kernels_move_the_scores: unfused_bytes {
        "scores + scores, scores + t_k" => "scores + scores, t_k"
    }
    unfused_counts_numbers => three_kernels_move_the_scores: unfused_bytes { "Ok(4 * (" => "Ok((" }
    unfused_forgets_the_result => three_kernels_move_the_scores: unfused_bytes {
        "+ t_q * d_v)" => ")"
    }
    unfused_knows_one_width => three_kernels_move_the_scores: unfused_bytes {
        "t_k * d_v + t_q * d_v" => "t_k * d + t_q * d"
    }
    unfused_takes_any_size => unfused_refuses_other_sizes: unfused_bytes {
        "shape.checked()?" => "shape"
    }
    unfused_in_32_bits => unfused_bytes_agree: unfused_bytes {
        "let scores = t_q * t_k;" =>
            "let scores = if t_q == 1 << 20 { t_q * t_k } else { u64::from((t_q * t_k) as u32) };"
    }

    bytes_read_keys_once => every_block_reads_all_keys: flash_bytes {
        "fetched += shape.seen(last, causal).next_multiple_of(keys).min(t_k) as u64;" =>
            "fetched = fetched.max(shape.seen(last, causal).next_multiple_of(keys).min(t_k) as u64);"
    }
    bytes_read_keys_for_each_query => every_block_reads_all_keys: flash_bytes {
        ".min(t_k) as u64;" => ".min(t_k) as u64 * (last - first + 1) as u64;"
    }
    bytes_count_the_tiles => every_block_reads_all_keys: flash_bytes {
        ".next_multiple_of(keys).min(t_k) as u64" => ".div_ceil(keys) as u64"
    }
    bytes_forget_the_result => every_block_reads_all_keys: flash_bytes {
        "Ok(4 * (t_q as u64 + fetched) * (d + d_v) as u64)" =>
            "Ok(4 * (t_q as u64 * d as u64 + fetched * (d + d_v) as u64))"
    }
    bytes_fill_the_last_tile => short_tiles_move_less: flash_bytes {
        "next_multiple_of(keys).min(t_k)" =>
            "next_multiple_of(keys.min(1 << 30))"
    }
    bytes_round_blocks_down => short_tiles_move_less: flash_bytes {
        "for first in (0..t_q).step_by(queries) {" =>
            "for first in (0..t_q / queries).map(|block| block * queries) {"
    }
    bytes_know_no_mask => unseen_tiles_are_not_moved: flash_bytes {
        "shape.seen(last, causal)" => "shape.seen(last, false)"
    }
    bytes_look_at_the_first_query => unseen_tiles_are_not_moved: flash_bytes {
        "shape.seen(last, causal)" => "shape.seen(first, causal)"
    }
    bytes_cut_tiles => unseen_tiles_are_not_moved: flash_bytes {
        ".next_multiple_of(keys).min(t_k)" => ""
    }
    bytes_take_tiles_of_nothing => bytes_refuse_other_sizes: flash_bytes {
        "queries == 0 || keys == 0" => "false"
    }
    bytes_look_at_the_shape_first => bytes_refuse_other_sizes: flash_bytes {
        "let Tile { queries, keys } = tile;" => "shape.checked()?; let Tile { queries, keys } = tile;"
    }
    bytes_in_32_bits => flash_bytes_agree: flash_bytes {
        "Ok(4 * (t_q as u64 + fetched)" => "Ok(4 * (t_q as u64 + u64::from(fetched as u32))"
    }

    /// Both numbers in their tiles are used before they are there.
    kernel_forgets_the_first_barrier => kernel_is_right_thread_by_thread: flash_attention_wgsl {
        "workgroupBarrier(); // Of this tile" => "// Of this tile"
    }
    kernel_forgets_the_second_barrier => kernel_is_right_thread_by_thread: flash_attention_wgsl {
        "// Nobody fetches the next tile before everybody is done with this one. workgroupBarrier();"
            => ""
    }
    /// Threads without a query go home, and the others wait for them.
    kernel_returns_early => kernel_is_right_thread_by_thread: flash_attention_wgsl {
        "var seen = 0u;" => "if i >= sizes.t_q { return; } var seen = 0u;"
    }
    /// As many tiles as the thread's own query sees.
    kernel_waits_for_its_own_tiles => kernel_is_right_thread_by_thread: flash_attention_wgsl {
        "start < seen_by_block; start" => "start < seen; start"
    }
    kernel_forgets_the_root => kernel_attends: flash_attention_wgsl {
        "1.0 / sqrt(f32(sizes.d))" => "1.0"
    }
    kernel_fetches_one_four_each => kernel_attends: flash_attention_wgsl {
        "at < keys * fours_v; at" => "at < min(keys * fours_v, THREADS); at"
    }
    kernel_takes_the_width_of_keys => kernel_attends: flash_attention_wgsl {
        "let fours_v = (options.d_v + 3u) / 4u;" => "let fours_v = fours;"
    }
    kernel_rounds_fours_down => kernel_attends: flash_attention_wgsl {
        "(sizes.d + 3u) / 4u" => "max(sizes.d / 4u, 1u)"
    }
    kernel_does_not_shrink => kernel_joins_tiles: flash_attention_wgsl {
        "let shrink = exp(m - highest);" => "let shrink = 1.0;"
    }
    kernel_shrinks_the_values_only => kernel_joins_tiles: flash_attention_wgsl {
        "l *= shrink;" => ""
    }
    kernel_shrinks_the_sum_only => kernel_joins_tiles: flash_attention_wgsl {
        "o[f] *= shrink;" => "o[f] *= 1.0;"
    }
    kernel_forgets_the_highest => kernel_joins_tiles: flash_attention_wgsl {
        "var highest = m;" => "var highest = LOWEST;",
        "exp(m - highest)" => "min(exp(m - highest), 1.0)"
    }
    kernel_takes_whole_tiles => kernel_joins_tiles: flash_attention_wgsl {
        "start < seen_by_block; start" => "start + KEYS <= seen_by_block; start"
    }
    kernel_counts_stale_keys => kernel_hides_the_future: flash_attention_wgsl {
        "let count = min(keys, seen - min(seen, start));" => "let count = keys;"
    }
    kernel_mixes_rows_of_keys => kernel_keeps_rows_apart: flash_attention_wgsl {
        "let first_key = row * sizes.t_k;" => "let first_key = 0u;"
    }
    kernel_counts_blocks_through_all_rows => kernel_keeps_rows_apart: flash_attention_wgsl {
        "query[f] = four_of_q(row * sizes.t_q + i, f);" =>
            "query[f] = four_of_q(block * THREADS + thread, f);"
    }
    kernel_starts_together => kernel_hides_the_future: flash_attention_wgsl {
        "return end - min(end, sizes.t_q);" => "return min(i + 1u, sizes.t_k);"
    }
    kernel_wraps_below_zero => kernel_hides_the_future: flash_attention_wgsl {
        "return end - min(end, sizes.t_q);" => "return min(end - sizes.t_q, sizes.t_k);"
    }
    kernel_looks_at_a_query_behind => kernel_hides_the_future: flash_attention_wgsl {
        "seen_by(min(first + THREADS, sizes.t_q) - 1u)" => "seen_by(first)"
    }
    kernel_starts_at_zero => kernel_is_stable: flash_attention_wgsl {
        "var highest = m;" => "var highest = max(m, 0.0);"
    }
    kernel_overflows => kernel_is_stable: flash_attention_wgsl {
        "exp(scores[j] - m)" => "exp(scores[j])", "exp(m - highest)" => "1.0"
    }
    kernel_divides_by_nothing => kernel_stays_inside: flash_attention_wgsl {
        "select(vec4f(), o[f] / l, seen > 0u)" =>
            "select(vec4f(1.0), o[f] / l, seen > 0u || sizes.t_k > 0u)"
    }
    /// Right, and fetched as often as without a tile.
    kernel_shares_nothing => kernel_reads_are_counted: flash_attention_wgsl {
        "dot(query[f], tile_k[j * FOURS + f])" =>
            "dot(query[f], four_of_k(first_key + start + j, f))"
    }
    /// First for the maxima, then for the sums: not online.
    kernel_goes_through_values_twice => kernel_reads_are_counted: flash_attention_wgsl {
        "tile_v[j * FOURS + f] = four_of_v(first_key + start + j, f);" =>
            "tile_v[j * FOURS + f] = four_of_v(first_key + start + j, f)
                + 0.0 * four_of_v(first_key + start + j, f);"
    }
    kernel_fetches_what_is_hidden => kernel_reads_are_counted: flash_attention_wgsl {
        "let seen_by_block = seen_by(min(first + THREADS, sizes.t_q) - 1u);" =>
            "let seen_by_block = sizes.t_k;"
    }
    kernel_stops_at_65536 => kernel_agrees: flash_attention_wgsl {
        "four_of_v(first_key + start + j, f)" => "four_of_v((first_key + start + j) & 0xffffu, f)"
    }
    kernel_stops_at_4096 => kernel_agrees: flash_attention_wgsl {
        "start < seen_by_block; start" => "start < min(seen_by_block, 4096u); start"
    }
}
