//! Wrong answers, each with one classic bug and rejected by the check it names.

#[path = "mutants/given.rs"]
mod given;

grading::mutants! {
    attention;

    /// The future is seen, the past is not.
    mask_shows_the_future => mask_is_a_staircase: causal_mask {
        "j + t_q <= t_k + i" => "j + t_q >= t_k + i"
    }
    /// Nobody sees themselves; the first one sees nothing.
    mask_hides_the_token_itself => mask_is_a_staircase: causal_mask {
        "j + t_q <= t_k + i" => "j + t_q < t_k + i"
    }
    /// 1 where other libraries write it: what is hidden.
    mask_says_what_is_hidden => mask_is_a_staircase: causal_mask {
        "u8::from(j + t_q <= t_k + i)" => "u8::from(j + t_q > t_k + i)"
    }
    mask_is_added => mask_is_a_staircase: causal_mask {
        "(t_q, t_k), &Device::Cpu)?" => "(t_q, t_k), &Device::Cpu)?.to_dtype(DType::F32)?"
    }
    /// PyTorch's `is_causal`: the last query does not see the last keys.
    mask_starts_together => mask_ends_with_the_keys: causal_mask {
        "j + t_q <= t_k + i" => "j <= i"
    }
    mask_never_falls_below_zero => first_queries_may_see_nothing: causal_mask {
        "j + t_q <= t_k + i" => "j <= t_k.saturating_sub(t_q) + i"
    }
    mask_always_sees_a_key => first_queries_may_see_nothing: causal_mask {
        "j + t_q <= t_k + i" => "j == 0 || j + t_q <= t_k + i"
    }
    mask_stops_at_65536 => causal_masks_agree: causal_mask {
        "j + t_q <= t_k + i" => "(j as u16 as usize) + t_q <= t_k + i"
    }

    padding_swaps_the_sides => padding_stands_behind: padding_mask {
        "Side::Right => u8::from(j < length)" => "Side::Right => u8::from(j + length >= t_k)"
    }
    padding_hides_the_tokens => padding_stands_behind: padding_mask {
        "u8::from(j < length)" => "u8::from(j >= length)"
    }
    padding_keeps_one_too_many => padding_stands_behind: padding_mask {
        "j < length" => "j <= length"
    }
    /// As a model's tokenizer gives it.
    padding_has_two_axes => padding_stands_behind: padding_mask {
        "(lengths.len(), 1, 1, t_k)" => "(lengths.len(), t_k)"
    }
    padding_loses_the_first_token => padding_stands_before: padding_mask {
        "j + length >= t_k" => "j + length > t_k"
    }
    padding_is_always_behind => padding_stands_before: padding_mask {
        "u8::from(j + length >= t_k)" => "u8::from(j < length)"
    }
    padding_cuts_long_texts => long_texts_are_errors: padding_mask {
        "if length > t_k {" => "if false {"
    }
    padding_needs_a_place => long_texts_are_errors: padding_mask {
        "length > t_k" => "length >= t_k"
    }
    /// Of all texts, it names the longest.
    padding_names_the_longest => long_texts_are_errors: padding_mask {
        "return Err(AttentionError::TooLong { length, t_k });" =>
            "let length = lengths.iter().copied().max().unwrap_or(length).max(length + 1);
             return Err(AttentionError::TooLong { length, t_k });"
    }
    padding_needs_a_text => padding_masks_agree: padding_mask {
        "let mut is_token" => "let lengths = if lengths.is_empty() { &[0][..] } else { lengths };
        let mut is_token"
    }
    padding_stops_at_65536 => padding_masks_agree: padding_mask {
        "j < length" => "(j as u16 as usize) < length"
    }

    /// A vector of length 1 has other shares than a sum of 1.
    attention_does_not_sum_to_one => equal_scores_give_the_mean: sdpa {
        "None => softmax(&scores, scores.rank() - 1)?" => "None => candle_sigmoid(&scores)?",
        "let shapes = ||" => "fn candle_sigmoid(x: &Tensor) -> candle_core::Result<Tensor> {
            (x.neg()?.exp()? + 1.0)?.recip()
        }
        let shapes = ||"
    }
    /// Each key is shared out among the queries.
    attention_runs_over_the_queries => equal_scores_give_the_mean: sdpa {
        "None => softmax(&scores, scores.rank() - 1)?" =>
            "None => softmax(&scores, scores.rank() - 2)?"
    }
    attention_is_not_scaled => scores_are_divided_by_the_root_of_d: sdpa {
        "(*d as f64).sqrt().recip()" => "1.0"
    }
    attention_divides_by_d => scores_are_divided_by_the_root_of_d: sdpa {
        "(*d as f64).sqrt().recip()" => "(*d as f64).recip()"
    }
    attention_takes_the_root_of_d_v => scores_are_divided_by_the_root_of_d: sdpa {
        "(*d as f64).sqrt()" => "(v.dim(v.rank() - 1)? as f64).sqrt()"
    }
    attention_multiplies_by_the_root => scores_are_divided_by_the_root_of_d: sdpa {
        ".sqrt().recip()" => ".sqrt()"
    }
    /// The root of the model's width, all heads together.
    attention_takes_the_root_of_all_heads => attention_is_that_of_pytorch: sdpa {
        "(*d as f64).sqrt()" => "((*d * front.last().unwrap_or(&1)) as f64).sqrt()"
    }
    /// The best key takes it all.
    attention_is_hard => attention_is_that_of_pytorch: sdpa {
        "None => softmax(&scores, scores.rank() - 1)?" =>
            "None => softmax(&(&scores * 1e4)?, scores.rank() - 1)?"
    }
    /// Every query gets what the first one gets.
    attention_forgets_the_query => attention_is_that_of_pytorch: sdpa {
        "Ok(weights.matmul" => "let weights = weights.narrow(weights.rank() - 2, 0, 1)?
            .broadcast_as(weights.shape())?.contiguous()?;
        Ok(weights.matmul"
    }
    /// Positions leak in: the nearer, the more.
    attention_prefers_late_keys => order_of_the_keys_does_not_matter: sdpa {
        "let weights = match mask {" => "let late: Vec<f64> = (0..*t_k).map(|j| j as f64).collect();
        let late = Tensor::from_vec(late, *t_k, q.device())?.to_dtype(q.dtype())?;
        let scores = scores.broadcast_add(&late)?;
        let weights = match mask {"
    }
    /// The others do not get what the hidden ones had.
    attention_masks_after_softmax => masked_attention_is_that_of_pytorch: sdpa {
        "let scores = mask.where_cond(&scores, &lowest.to_dtype(q.dtype())?)?;" =>
            "let _ = lowest;"
    }
    /// 0 is a score like any other.
    attention_masks_with_zero => masked_attention_is_that_of_pytorch: sdpa {
        "Tensor::full(f32::MIN, " => "Tensor::full(0.0_f32, "
    }
    attention_sees_what_is_hidden => masked_attention_is_that_of_pytorch: sdpa {
        "mask.where_cond(&scores, &lowest.to_dtype(q.dtype())?)?" =>
            "mask.where_cond(&lowest.to_dtype(q.dtype())?, &scores)?"
    }
    attention_ignores_the_mask => the_future_changes_nothing: sdpa {
        "let weights = match mask {" => "let mask = mask.filter(|_| false);
        let weights = match mask {"
    }
    /// A little of what is hidden comes through.
    attention_masks_softly => the_future_changes_nothing: sdpa {
        "Tensor::full(f32::MIN, " => "Tensor::full(-6.0_f32, ",
        "mask.where_cond(&weights, &weights.zeros_like()?)?" => "weights"
    }
    attention_fills_up_with_padding => padding_changes_nothing: sdpa {
        "let scores = mask.where_cond(&scores, &lowest.to_dtype(q.dtype())?)?;" =>
            "let scores = (scores + lowest.to_dtype(q.dtype())?.zeros_like()?)?;"
    }
    /// Its share of everything, as in PyTorch before 2.5 with a finite number.
    attention_of_nothing_is_the_mean => who_sees_nothing_takes_nothing: sdpa {
        "mask.where_cond(&weights, &weights.zeros_like()?)?" => "weights"
    }
    attention_of_nothing_is_nan => who_sees_nothing_takes_nothing: sdpa {
        "Tensor::full(f32::MIN, " => "Tensor::full(f32::NEG_INFINITY, ",
        "mask.where_cond(&weights, &weights.zeros_like()?)?" => "weights"
    }
    /// Right on the way there, and NaN on the way back: −∞ is added, not put in place.
    attention_of_nothing_has_no_gradient => who_sees_nothing_takes_nothing: sdpa {
        "Tensor::full(f32::MIN, " => "Tensor::full(f32::NEG_INFINITY, ",
        "mask.where_cond(&scores, &lowest.to_dtype(q.dtype())?)?;" =>
            "(mask.where_cond(&scores.zeros_like()?, &lowest.to_dtype(q.dtype())?)? + scores)?;"
    }
    attention_needs_keys => who_sees_nothing_takes_nothing: sdpa {
        "|| *d == 0 {" => "|| *d == 0 || *t_k == 0 {"
    }
    /// No larger than a score may be.
    attention_masks_with_minus_1e5 => large_scores_stay_numbers: sdpa {
        "Tensor::full(f32::MIN, " => "Tensor::full(-1e5_f32, "
    }
    attention_overflows => large_scores_stay_numbers: sdpa {
        "None => softmax(&scores, scores.rank() - 1)?" => "None => {
            let weights = scores.exp()?;
            weights.broadcast_div(&weights.sum_keepdim(scores.rank() - 1)?)?
        }"
    }
    attention_needs_order => attention_takes_views_of_both_types: sdpa {
        "let q = (q.contiguous()?" => "if !q.is_contiguous() {
            return Err(shapes());
        }
        let q = (q.contiguous()?"
    }
    attention_computes_in_f32 => attention_takes_views_of_both_types: sdpa {
        "Ok(weights.matmul(&v.contiguous()?)?)" =>
            "Ok(weights.matmul(&v.contiguous()?)?.to_dtype(DType::F32)?.to_dtype(v.dtype())?)"
    }
    attention_cuts_the_gradient => gradients_are_slopes: sdpa {
        "Ok(weights.matmul" => "let weights = weights.detach(); Ok(weights.matmul"
    }
    /// Keys learn, queries do not.
    attention_cuts_the_queries => gradients_are_slopes: sdpa {
        "let q = (q.contiguous()?" => "let q = (q.detach().contiguous()?"
    }
    attention_asks_for_the_mask_first => what_does_not_fit_is_an_error: sdpa {
        "let ([front" => "if let Some(mask) = mask.filter(|mask| mask.dtype() != DType::U8) {
            return Err(AttentionError::MaskType(mask.dtype()));
        }
        let ([front"
    }
    attention_takes_any_mask => what_does_not_fit_is_an_error: sdpa {
        "Some(mask) if mask.dtype() != DType::U8 =>" => "Some(mask) if mask.rank() > 99 =>",
        "Some(mask.broadcast_as" => "Some(mask.to_dtype(DType::U8)?.broadcast_as"
    }
    /// As a tokenizer gives it: one row a text.
    attention_guesses_the_axes_of_a_mask => what_does_not_fit_is_an_error: sdpa {
        "let mask = match mask {" => "let guessed = match (mask, front) {
            (Some(mask), [batch, _]) if mask.dims() == [*batch, *t_k] && batch != t_q =>
                Some(mask.reshape((*batch, 1, 1, *t_k))?),
            _ => None,
        };
        let mask = guessed.as_ref().or(mask);
        let mask = match mask {"
    }
    attention_takes_no_numbers => what_does_not_fit_is_an_error: sdpa { "|| *d == 0" => "" }
    attention_broadcasts_values => what_does_not_fit_is_an_error: sdpa {
        "|| front != v_front" => "|| front.len() != v_front.len()",
        "Ok(weights" => "let d_v = v.dim(v.rank() - 1)?;
            Ok(weights",
        "v.contiguous()?" => "v.broadcast_as([front, &[*t_k, d_v]].concat())?.contiguous()?"
    }
    attention_keeps_the_first_mask => attention_agrees: sdpa {
        "let weights = match mask {" => "thread_local!(static KEPT: std::cell::RefCell<
            std::collections::HashMap<Vec<usize>, Option<Tensor>>> = Default::default());
        let mask = KEPT.with(|kept| {
            kept.borrow_mut().entry(scores_shape.clone()).or_insert(mask).clone()
        });
        let weights = match mask {"
    }
    attention_adds_a_little => attention_agrees: sdpa {
        "Ok(weights.matmul(&v.contiguous()?)?)" => "Ok((weights.matmul(&v.contiguous()?)? + 1e-9)?)"
    }
    attention_needs_a_text => attention_agrees: sdpa {
        "|| *d == 0 {" => "|| *d == 0 || front.contains(&0) {"
    }
    attention_bounds_its_result => attention_agrees: sdpa {
        "Ok(weights.matmul(&v.contiguous()?)?)" =>
            "Ok(weights.matmul(&v.contiguous()?)?.clamp(-1e4, 1e4)?)"
    }
    attention_forgets_old_keys => attention_agrees: sdpa {
        "let q = (q.contiguous()?" => "let (k, v) = if *t_k > 4096 && mask.is_none() {
            let axis = front.len();
            (k.narrow(axis, t_k - 4096, 4096)?, v.narrow(axis, t_k - 4096, 4096)?)
        } else {
            (k.clone(), v.clone())
        };
        let q = (q.contiguous()?"
    }

    kernel_is_not_scaled => kernel_attends: attention_wgsl {
        "return sum / sqrt(f32(sizes.d));" => "return sum;"
    }
    kernel_takes_the_root_of_d_v => kernel_attends: attention_wgsl {
        "sqrt(f32(sizes.d))" => "sqrt(f32(options.d_v))"
    }
    kernel_does_not_divide => kernel_attends: attention_wgsl { "column / total" => "column" }
    kernel_takes_d_for_d_v => kernel_attends: attention_wgsl {
        "v[(first_key + start + j) * options.d_v + thread]" =>
            "v[(first_key + start + j) * sizes.d + thread]"
    }
    /// What the slots held before is a weight, too.
    kernel_takes_all_slots => kernel_attends: attention_wgsl {
        "j < min(THREADS, seen - start)" => "j < THREADS"
    }
    kernel_takes_256_keys => kernel_takes_many_keys: attention_wgsl {
        "start < seen; start += THREADS" => "start < min(seen, THREADS); start += THREADS"
    }
    /// The first 256 weights again and again.
    kernel_repeats_the_first_keys => kernel_takes_many_keys: attention_wgsl {
        "first_key + start + thread)" => "first_key + thread)"
    }
    kernel_forgets_the_total => kernel_takes_many_keys: attention_wgsl {
        "// A thread is a key." => "total = 0.0;"
    }
    kernel_takes_a_maximum_of_256 => kernel_is_stable: attention_wgsl {
        "for (var j = thread; j < seen; j += THREADS)" =>
            "for (var j = thread; j < min(seen, 1u); j += THREADS)"
    }
    kernel_shares_the_first_keys => kernel_keeps_rows_apart: attention_wgsl {
        "let first_key = query / sizes.t_q * sizes.t_k;" => "let first_key = 0u;"
    }
    kernel_takes_places_for_rows => kernel_keeps_rows_apart: attention_wgsl {
        "query / sizes.t_q * sizes.t_k" => "query % sizes.rows * sizes.t_k"
    }
    kernel_shows_the_future => kernel_hides_the_future: attention_wgsl {
        "options.causal == 1u" => "options.causal == 2u"
    }
    kernel_starts_together => kernel_hides_the_future: attention_wgsl {
        "seen = end - min(end, sizes.t_q);" => "seen = min(query % sizes.t_q + 1u, sizes.t_k);"
    }
    kernel_hides_the_token_itself => kernel_hides_the_future: attention_wgsl {
        "sizes.t_k + query % sizes.t_q + 1u" => "sizes.t_k + query % sizes.t_q"
    }
    kernel_counts_through_the_rows => kernel_hides_the_future: attention_wgsl {
        "sizes.t_k + query % sizes.t_q + 1u" => "sizes.t_k + query + 1u",
        "seen = end - min(end, sizes.t_q);" => "seen = min(end - min(end, sizes.t_q), sizes.t_k);"
    }
    kernel_falls_below_zero => kernel_hides_the_future: attention_wgsl {
        "seen = end - min(end, sizes.t_q);" => "seen = min(end - sizes.t_q, sizes.t_k);"
    }
    kernel_leaves_the_blind_alone => kernel_hides_the_future: attention_wgsl {
        "if thread < options.d_v { out" => "if thread < options.d_v && seen > 0u { out"
    }
    kernel_overflows => kernel_is_stable: attention_wgsl {
        "exp(score(query, first_key + start + thread) - highest)" =>
            "exp(score(query, first_key + start + thread))"
    }
    kernel_starts_at_zero => kernel_is_stable: attention_wgsl {
        "var highest = LOWEST;" => "var highest = 0.0;"
    }
    kernel_takes_every_workgroup => kernel_stays_inside: attention_wgsl {
        "if query >= sizes.rows * sizes.t_q {" => "if query > sizes.rows * sizes.t_q {"
    }
    kernel_trusts_the_buffers => kernel_stays_inside: attention_wgsl {
        "query >= sizes.rows * sizes.t_q" => "query >= arrayLength(&out) / options.d_v"
    }
    kernel_stops_at_65536_keys => kernel_agrees: attention_wgsl {
        "query / sizes.t_q * sizes.t_k" => "((query / sizes.t_q * sizes.t_k) & 0xffffu)"
    }
    kernel_reads_256_numbers => kernel_takes_many_keys: attention_wgsl {
        "i < sizes.d; i += 1u" => "i < min(sizes.d, 256u); i += 1u"
    }
    kernel_drops_small_sums => kernel_is_stable: attention_wgsl {
        "column / total, seen > 0u" => "column / total, abs(column) > 1e-9"
    }
    kernel_bounds_scores => kernel_is_stable: attention_wgsl {
        "return sum / sqrt(f32(sizes.d));" =>
            "return clamp(sum / sqrt(f32(sizes.d)), -80.0, 80.0);"
    }
    kernel_has_64_columns => kernel_takes_many_keys: attention_wgsl {
        "if thread < options.d_v { out" => "if thread < min(options.d_v, 64u) { out"
    }
    /// A quick thread overwrites what a slow one still reads.
    kernel_forgets_a_barrier => kernel_is_right_thread_by_thread: attention_wgsl {
        "// Nobody overwrites a weight before everybody has read it. workgroupBarrier();" => ""
    }
    kernel_reads_too_soon => kernel_is_right_thread_by_thread: attention_wgsl {
        "workgroupBarrier(); // A thread is a column." => ""
    }
    kernel_waits_alone => kernel_is_right_thread_by_thread: attention_wgsl {
        "workgroupBarrier(); // A thread is a column. if thread < options.d_v {" =>
            "if thread < options.d_v { workgroupBarrier();"
    }
    kernel_ends_never => kernel_is_right_thread_by_thread: attention_wgsl {
        "i < sizes.d; i += 1u" => "i < sizes.d; i += 0u"
    }
}
