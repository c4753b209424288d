//! Wrong answers, each with one classic bug and rejected by the check it names.

#[path = "mutants/given.rs"]
mod given;

grading::mutants! {
    kv_cache;

    /// The first rows are overwritten again and again.
    append_writes_at_the_front => tokens_come_back_in_order: append {
        "&k.force_contiguous()?, 2, len" => "&k.force_contiguous()?, 2, 0"
    }
    append_forgets_the_length => tokens_come_back_in_order: append {
        "cache.len += new;" => ""
    }
    append_counts_one => tokens_come_back_in_order: append {
        "cache.len += new;" => "cache.len += 1;"
    }
    append_returns_the_new_ones => tokens_come_back_in_order: append {
        "cache.k.narrow(2, 0, cache.len)?" => "k.clone()"
    }
    /// The whole room, zeros and all.
    append_returns_the_room => tokens_come_back_in_order: append {
        "cache.v.narrow(2, 0, cache.len)?" => "cache.v.clone()"
    }
    append_stores_keys_as_values => tokens_come_back_in_order: append {
        "cache.v.slice_set(&v.force" => "cache.v.slice_set(&v.neg()?.force"
    }
    append_copies_all => nothing_is_moved: append {
        "cache.k.slice_set(&k.force_contiguous()?, 2, len)?;" =>
            "let rest = cache.k.narrow(2, len + new, capacity - len - new)?;
             cache.k = Tensor::cat(&[&cache.k.narrow(2, 0, len)?, k, &rest], 2)?.contiguous()?;"
    }
    append_needs_order => append_takes_views_of_both_types: append {
        "&k.force_contiguous()?" => "k"
    }
    append_fills_all_but_the_last => full_cache_refuses: append {
        "new > capacity - len" => "new >= capacity - len && new > 0"
    }
    append_writes_what_has_room => full_cache_refuses: append {
        "if new > capacity - len {" => "if new > capacity - len {
            let room = capacity - len;
            cache.k.slice_set(&k.narrow(2, 0, room)?.force_contiguous()?, 2, len)?;
            cache.len = capacity;"
    }
    /// As a ring: the oldest give way.
    append_starts_over => full_cache_refuses: append {
        "return Err(CacheError::Full { len, new, capacity });" =>
            "return kv_cache::solution::append({
            cache.len = 0; cache
        }, k, v);"
    }
    append_writes_before_it_asks => append_refuses_what_does_not_fit: append {
        "let new = cache.new_tokens(k, v)?;" => "if k.dims().get(2) == Some(&1) { cache.len += 1; }
            let asked = cache.new_tokens(k, v);
            if asked.is_ok() && k.dims()[2] == 1 { cache.len -= 1; }
            let new = asked?;"
    }
    append_stops_at_65536 => append_agrees: append {
        "let (len, capacity) = (cache.len, cache.capacity());" =>
            "let (len, capacity) = (cache.len & 0xffff, cache.capacity());"
    }
    append_flushes_odd_numbers => append_agrees: append {
        "&v.force_contiguous()?" => "&v.clamp(-1e38, 1e38)?.force_contiguous()?"
    }

    truncate_does_nothing => going_back_forgets: truncate { "cache.len = len;" => "" }
    truncate_drops_so_many => going_back_forgets: truncate {
        "cache.len = len;" => "cache.len -= len;"
    }
    truncate_keeps_the_last => going_back_forgets: truncate {
        "cache.len = len;" => "kv_cache::solution::slide(cache, len.max(1))?; cache.len = len;"
    }
    truncate_cuts_the_room => going_back_forgets: truncate {
        "cache.len = len;" => "cache.len = len; cache.k = cache.k.narrow(2, 0, len)?.contiguous()?;"
    }
    truncate_goes_ahead => nobody_goes_back_to_the_future: truncate {
        "if len > cache.len {" => "if len > cache.capacity() {"
    }
    truncate_is_lenient => nobody_goes_back_to_the_future: truncate {
        "return Err(CacheError::Ahead { wanted: len, len: cache.len });" => "return Ok(());"
    }
    truncate_starts_over => truncate_agrees: truncate {
        "cache.len = len;" => "cache.len = len; if len == 0 { cache.start = 0; }"
    }

    /// Another name for the same memory.
    fork_clones => forks_go_their_own_ways: fork {
        "(cache.k.copy()?, cache.v.copy()?)" => "(cache.k.clone(), cache.v.clone())"
    }
    fork_shares_the_values => forks_go_their_own_ways: fork {
        "cache.v.copy()?" => "cache.v.clone()"
    }
    fork_has_no_room => forks_go_their_own_ways: fork {
        "cache.k.copy()?" => "cache.k.narrow(2, 0, cache.len)?.force_contiguous()?"
    }
    fork_is_empty => forks_go_their_own_ways: fork { "len: cache.len" => "len: 0" }
    fork_starts_at_zero => forks_know_where_they_start: fork {
        "start: cache.start" => "start: 0"
    }
    /// What is full cannot grow, but it can go back.
    fork_of_a_full_cache_shares => forks_go_their_own_ways: fork {
        "cache.k.copy()?" =>
            "if cache.len == cache.capacity() { cache.k.clone() } else { cache.k.copy()? }"
    }
    fork_of_a_fork_shares => fork_agrees: fork {
        "cache.k.copy()?" => "if cache.len == 1 { cache.k.clone() } else { cache.k.copy()? }"
    }

    slide_keeps_the_first => sliding_keeps_the_last: slide {
        "room.narrow(2, dropped, window)?" => "room.narrow(2, 0, window)?"
    }
    slide_keeps_one_too_many => sliding_keeps_the_last: slide {
        "cache.len.saturating_sub(window)" => "cache.len.saturating_sub(window + 1)",
        "narrow(2, dropped, window)" => "narrow(2, dropped, cache.len - dropped)",
        "cache.len = window;" => "cache.len -= dropped;"
    }
    slide_leaves_the_values => sliding_keeps_the_last: slide {
        "[&cache.k, &cache.v]" => "[&cache.k]"
    }
    slide_forgets_what_it_dropped => sliding_keeps_the_last: slide {
        "cache.start += dropped;" => ""
    }
    slide_sets_the_start => sliding_keeps_the_last: slide {
        "cache.start += dropped;" => "cache.start = dropped;"
    }
    slide_cuts_the_room => sliding_keeps_the_last: slide {
        "cache.len = window;" => "cache.len = window;
            cache.k = cache.k.narrow(2, 0, window)?.contiguous()?;"
    }
    slide_grows_short_texts => short_texts_do_not_slide: slide {
        "if dropped > 0 {" => "if dropped == 0 { cache.len = window.min(cache.capacity()); }
            if dropped > 0 {"
    }
    slide_to_nothing => short_texts_do_not_slide: slide {
        "return Err(CacheError::NoWindow);" => "cache.start += cache.len; cache.len = 0;
            return Ok(());"
    }
    slide_once => slide_agrees: slide {
        "if dropped > 0 {" => "if dropped > 0 && cache.start == 0 || dropped > 1 {"
    }

    window_has_no_end => window_is_a_band: window_mask {
        "&& t_k + i - (j + t_q) < window" => "&& window > 0"
    }
    window_is_one_wider => window_is_a_band: window_mask {
        "(j + t_q) < window" => "(j + t_q) <= window"
    }
    window_sees_the_future => window_is_a_band: window_mask {
        "j + t_q <= t_k + i && t_k + i - (j + t_q) < window" =>
            "(t_k + i).abs_diff(j + t_q) < window"
    }
    window_says_what_is_hidden => window_is_a_band: window_mask {
        "u8::from(sees(i, j))" => "u8::from(!sees(i, j))"
    }
    window_starts_together => window_ends_with_the_keys: window_mask {
        "j + t_q <= t_k + i && t_k + i - (j + t_q) < window" => "j <= i && i - j < window"
    }
    window_never_falls_below_zero => window_ends_with_the_keys: window_mask {
        "j + t_q <= t_k + i && t_k + i - (j + t_q) < window" => "{
            let p = t_k.saturating_sub(t_q) + i;
            j <= p && p - j < window
        }"
    }
    window_overflows => windows_may_be_of_any_size: window_mask {
        "t_k + i - (j + t_q) < window" => "t_k + i < (j + t_q).wrapping_add(window)"
    }
    window_of_nothing => windows_may_be_of_any_size: window_mask {
        "return Err(CacheError::NoWindow);" =>
            "return Ok(Tensor::zeros((t_q, t_k), candle_core::DType::U8, &Device::Cpu)?);"
    }
    window_of_32_bits => windows_may_be_of_any_size: window_mask {
        "let sees = |i: usize, j: usize| j + t_q <= t_k + i && t_k + i - (j + t_q) < window;" =>
            "let window = window as u32 as usize;
             let sees = |i: usize, j: usize| j + t_q <= t_k + i && t_k + i - (j + t_q) < window;"
    }
    window_stops_at_65536 => window_masks_agree: window_mask {
        "(j + t_q) < window" => "(j + t_q) < (window & 0xffff)"
    }

    step_sees_only_itself => token_by_token_is_all_at_once: decode_step {
        "sdpa(&q, &keys, &values, Some(&mask))" =>
            "sdpa(&q, &k, v, Some(&causal_mask(new, new)?))"
    }
    step_does_not_turn => first_step_is_attention: decode_step {
        "(rope(q, position, BASE)?, rope(k, position, BASE)?)" => "(q.clone(), k.clone())"
    }
    step_turns_queries_only => first_step_is_attention: decode_step {
        "rope(k, position, BASE)?)" => "k.clone())"
    }
    /// As if each step began the text.
    step_starts_at_zero => token_by_token_is_all_at_once: decode_step {
        "let position = cache.start + cache.len;" => "let position = 0;"
    }
    /// The keys were turned when they came.
    step_turns_the_cache => token_by_token_is_all_at_once: decode_step {
        "let (keys, values) = append(cache, &k, v)?;" =>
            "let (keys, values) = append(cache, &k, v)?;
             let keys = if new == 1 { rope(&keys, 0, BASE)? } else { keys };"
    }
    step_comes_one_late => token_by_token_is_all_at_once: decode_step {
        "(rope(q, position, BASE)?" => "(rope(q, position + 1, BASE)?"
    }
    /// A step of several sees its own future.
    step_has_no_mask => first_step_is_attention: decode_step {
        "Some(&mask)" => "None.filter(|_: &&Tensor| mask.rank() > 9)"
    }
    /// PyTorch's `is_causal`, before there was a cache.
    step_masks_from_the_start => token_by_token_is_all_at_once: decode_step {
        "None => causal_mask(new, cache.len + new)?" =>
            "None => causal_mask(cache.len + new, cache.len + new)?.narrow(0, 0, new)?"
    }
    step_masks_only_the_first => any_steps_are_all_at_once: decode_step {
        "None => causal_mask(new, cache.len + new)?" =>
            "None if cache.len == 0 => causal_mask(new, new)?,
             None => Tensor::ones((new, cache.len + new), candle_core::DType::U8, q.device())?"
    }
    step_turns_the_values => steps_are_those_of_llama: decode_step {
        "append(cache, &k, v)?" => "append(cache, &k, &if v.dims()[3] % 2 == 0 {
            rope(v, position, BASE)?
        } else {
            v.clone()
        })?"
    }
    step_keeps_what_is_not_turned => positions_go_on: decode_step {
        "let position" => "let raw = k; let position",
        "let (keys, values) = append(cache, &k, v)?;" =>
            "let _ = &k;
             let (keys, values) = append(cache, raw, v)?;
             let keys = rope(&keys, cache.start, BASE)?;"
    }
    step_forgets_what_was_dropped => positions_go_on: decode_step {
        "cache.start + cache.len" => "cache.len"
    }
    step_has_no_window => windows_slide_along: decode_step {
        "window_mask(new, cache.len + new, window)?" => "{
            window_mask(new, new, window)?;
            causal_mask(new, cache.len + new)?
        }"
    }
    step_slides_too_soon => windows_slide_along: decode_step {
        "let mask = match window" => "if let Some(window) = window.filter(|&w| new <= w && w > 0) {
            slide(cache, window + 1 - new.min(window))?;
        }
        let mask = match window"
    }
    step_never_slides => windows_slide_along: decode_step {
        "slide(cache, window)?;" => "let _ = window;"
    }
    step_counts_the_calls => other_words_after_going_back: decode_step {
        "let position = cache.start + cache.len;" =>
            "thread_local!(static READ: std::cell::RefCell<std::collections::HashMap<
                candle_core::TensorId, usize>> = Default::default());
            let position = READ.with(|read| {
                let mut read = read.borrow_mut();
                let at = read.entry(cache.k.id()).or_insert(cache.start + cache.len);
                *at += new;
                *at - new
            });"
    }
    step_asks_for_queries_late => failed_steps_change_nothing: decode_step {
        "if q.dims() != k.dims() || q.dtype() != k.dtype()" =>
            "if q.dims() != k.dims() || q.dtype() != k.dtype() {
                append(cache, &rope(k, 0, BASE)?, v)?;
            }
            if q.dims() != k.dims() || q.dtype() != k.dtype()"
    }
    step_makes_room => failed_steps_change_nothing: decode_step {
        "let position" => "let is_full = new + cache.len > cache.capacity();
        if let Some(window) = window.filter(|_| is_full) {
            slide(cache, window)?;
        }
        let position"
    }
    step_takes_any_queries => failed_steps_change_nothing: decode_step {
        "q.dims() != k.dims() || q.dtype() != k.dtype()" => "q.rank() != k.rank()"
    }
    step_adds_a_little => decode_agrees: decode_step { "Ok(out)" => "Ok((out + 1e-9)?)" }
    step_bounds_its_result => decode_agrees: decode_step {
        "Ok(out)" => "Ok(out.clamp(-1e4, 1e4)?)"
    }

    kernel_is_not_divided => kernel_looks: decode_attention_wgsl { "column / total" => "column" }
    kernel_takes_all_slots => kernel_looks: decode_attention_wgsl {
        "j < min(THREADS, sizes.t - start)" => "j < THREADS"
    }
    kernel_takes_d_for_d_v => kernel_looks: decode_attention_wgsl {
        "v[(first_key + start + j) * widths.d_v + thread]" =>
            "v[(first_key + start + j) * widths.d + thread]"
    }
    /// Rooms lie a capacity apart, not a text.
    kernel_packs_rooms => kernel_stops_at_the_last_token: decode_attention_wgsl {
        "kv_head) * sizes.capacity" => "kv_head) * sizes.t"
    }
    kernel_reads_the_whole_room => kernel_stops_at_the_last_token: decode_attention_wgsl {
        "start < sizes.t; start" => "start < sizes.capacity; start",
        "start + thread < sizes.t" => "start + thread < sizes.capacity",
        "sizes.t - start" => "sizes.capacity - start"
    }
    kernel_misses_the_last => kernel_looks: decode_attention_wgsl {
        "start + thread < sizes.t" => "start + thread + 1u < sizes.t",
        "min(THREADS, sizes.t - start)" => "min(THREADS, sizes.t - 1u - start)"
    }
    kernel_deals_heads_out => kernel_shares_heads: decode_attention_wgsl {
        "query % sizes.n_heads / (sizes.n_heads / sizes.n_kv_heads)" =>
            "query % sizes.n_heads % sizes.n_kv_heads"
    }
    kernel_has_one_group => kernel_shares_heads: decode_attention_wgsl {
        "query % sizes.n_heads / (sizes.n_heads / sizes.n_kv_heads)" =>
            "query % sizes.n_heads / sizes.n_kv_heads"
    }
    kernel_shares_one_text => kernel_shares_heads: decode_attention_wgsl {
        "let text = query / sizes.n_heads;" => "let text = 0u;"
    }
    kernel_does_not_shrink => kernel_takes_long_texts: decode_attention_wgsl {
        "let shrink = exp(before - highest);" => "let shrink = 1.0;"
    }
    kernel_shrinks_the_column_only => kernel_takes_long_texts: decode_attention_wgsl {
        "total *= shrink;" => ""
    }
    kernel_shrinks_by_the_inverse => kernel_takes_long_texts: decode_attention_wgsl {
        "exp(before - highest)" => "select(exp(highest - before), 0.0, start == 0u)"
    }
    kernel_forgets_the_highest => kernel_takes_long_texts: decode_attention_wgsl {
        "max(before, max_of_all(thread, own))" => "max_of_all(thread, own)",
        "let shrink = exp(before - highest);" => "let shrink = min(exp(before - highest), 1.0);"
    }
    kernel_takes_256_keys => kernel_takes_long_texts: decode_attention_wgsl {
        "start < sizes.t; start" => "start < min(sizes.t, THREADS); start"
    }
    kernel_repeats_the_first_values => kernel_takes_long_texts: decode_attention_wgsl {
        "v[(first_key + start + j)" => "v[(first_key + j)"
    }
    kernel_overflows => kernel_is_stable: decode_attention_wgsl {
        "exp(own - highest)" => "exp(own)",
        "exp(before - highest)" => "1.0"
    }
    kernel_starts_at_zero => kernel_is_stable: decode_attention_wgsl {
        "var highest = LOWEST;" => "var highest = 0.0;"
    }
    kernel_takes_every_workgroup => kernel_stays_inside: decode_attention_wgsl {
        "query >= widths.batch * sizes.n_heads" => "query > widths.batch * sizes.n_heads"
    }
    kernel_trusts_the_buffers => kernel_stays_inside: decode_attention_wgsl {
        "query >= widths.batch * sizes.n_heads" => "query >= arrayLength(&out) / widths.d_v"
    }
    kernel_divides_nothing => kernel_stays_inside: decode_attention_wgsl {
        "select(0.0, column / total, sizes.t > 0u)" => "(column + 1.0 - 1.0) / max(total, 1e-30)
            + select(1.0, 0.0, sizes.t > 0u)"
    }
    kernel_stops_at_65536 => kernel_agrees: decode_attention_wgsl {
        "(text * sizes.n_kv_heads + kv_head) * sizes.capacity" =>
            "(((text * sizes.n_kv_heads + kv_head) * sizes.capacity) & 0xffffu)"
    }
    kernel_has_64_columns => kernel_takes_long_texts: decode_attention_wgsl {
        "if thread < widths.d_v { out" => "if thread < min(widths.d_v, 64u) { out"
    }
    /// A quick thread overwrites what a slow one still reads.
    kernel_forgets_a_barrier => kernel_is_right_thread_by_thread: decode_attention_wgsl {
        "// Nobody overwrites a weight before everybody has read it. workgroupBarrier();" => ""
    }
    kernel_reads_too_soon => kernel_is_right_thread_by_thread: decode_attention_wgsl {
        "workgroupBarrier(); // A thread is a column." => ""
    }
    kernel_waits_alone => kernel_is_right_thread_by_thread: decode_attention_wgsl {
        "workgroupBarrier(); // A thread is a column. if thread < widths.d_v {" =>
            "if thread < widths.d_v { workgroupBarrier();"
    }
}
