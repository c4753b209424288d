//! Wrong answers, each with one classic bug and rejected by the check it names.

#[path = "mutants/given.rs"]
mod given;

grading::mutants! {
    multi_head_attention;

    /// The shape is right, the numbers are scrambled.
    split_without_swap => vectors_are_cut_into_heads: split_heads {
        "x.reshape((batch, t, n_heads, width / n_heads))?.transpose(1, 2)?" =>
            "x.reshape((batch, n_heads, t, width / n_heads))?"
    }
    /// Head 0 gets the numbers 0, h, 2h, …
    split_deals_out => vectors_are_cut_into_heads: split_heads {
        "x.reshape((batch, t, n_heads, width / n_heads))?.transpose(1, 2)?" =>
            "x.reshape((batch, t, width / n_heads, n_heads))?.permute((0, 3, 1, 2))?"
    }
    split_swaps_texts_and_heads => vectors_are_cut_into_heads: split_heads {
        "transpose(1, 2)?" => "transpose(0, 2)?"
    }
    split_forgets_to_swap => vectors_are_cut_into_heads: split_heads {
        ".transpose(1, 2)?" => ""
    }
    split_rounds_to_f32 => split_agrees: split_heads {
        "Ok(x.reshape" =>
            "Ok(x.to_dtype(candle_core::DType::F32)?.to_dtype(x.dtype())?.reshape"
    }
    split_cuts_the_gradient => split_takes_views_and_passes_gradients: split_heads {
        "Ok(x.reshape" => "Ok(x.detach().reshape"
    }
    split_takes_no_views => split_takes_views_and_passes_gradients: split_heads {
        "if n_heads == 0" => "if !x.is_contiguous() {
            return Err(HeadError::Axes { wanted: 3, shape: x.dims().to_vec() });
        }
        if n_heads == 0"
    }
    /// Division by zero.
    split_into_no_heads => split_refuses_what_it_cannot_cut: split_heads {
        "n_heads == 0 || " => ""
    }
    /// The last numbers are left alone.
    split_rounds_down => split_refuses_what_it_cannot_cut: split_heads {
        "n_heads == 0 || width % n_heads != 0" => "n_heads == 0",
        "x.reshape" => "x.narrow(2, 0, width / n_heads * n_heads)?.reshape"
    }
    split_takes_two_axes => split_refuses_what_it_cannot_cut: split_heads {
        "let &[batch, t, width]" =>
            "let x = &if x.rank() == 2 { x.unsqueeze(0)? } else { x.clone() };
             let &[batch, t, width]"
    }
    /// No numbers, nothing to cut, it seems.
    split_refuses_nothing => split_agrees: split_heads {
        "n_heads == 0 ||" => "width == 0 || n_heads == 0 ||"
    }

    /// As if the heads were tokens.
    merge_without_swap => heads_are_put_back: merge_heads { ".transpose(1, 2)?" => "" }
    merge_swaps_texts => heads_are_put_back: merge_heads {
        "x.transpose(1, 2)?" => "x.transpose(0, 2)?"
    }
    merge_cuts_the_gradient => merge_takes_views_and_passes_gradients: merge_heads {
        "Ok(x.transpose" => "Ok(x.detach().transpose"
    }
    merge_takes_three_axes => merge_refuses_other_axes: merge_heads {
        "let &[batch, n_heads, t, d_head]" =>
            "let x = &if x.rank() == 3 { x.unsqueeze(0)? } else { x.clone() };
             let &[batch, n_heads, t, d_head]"
    }
    merge_wants_three => merge_refuses_other_axes: merge_heads { "wanted: 4" => "wanted: 3" }
    merge_refuses_nothing => merge_agrees: merge_heads {
        "Ok(x.transpose" => "if x.elem_count() == 0 {
            return Err(HeadError::Axes { wanted: 4, shape: x.dims().to_vec() });
        }
        Ok(x.transpose"
    }

    /// `repeat` where `repeat_interleave` belongs: a, b, a, b.
    repeat_tiles => neighbors_share_keys: repeat_kv {
        "x.unsqueeze(2)?.expand((batch, n_kv_heads, group, t, d_head))?" =>
            "x.unsqueeze(1)?.expand((batch, group, n_kv_heads, t, d_head))?"
    }
    /// The first head for all.
    repeat_knows_one_head => neighbors_share_keys: repeat_kv {
        "x.unsqueeze(2)?" => "x.narrow(1, 0, 1)?.expand(x.dims())?.unsqueeze(2)?"
    }
    repeat_repeats_tokens => neighbors_share_keys: repeat_kv {
        "x.unsqueeze(2)?.expand((batch, n_kv_heads, group, t, d_head))?" =>
            "x.unsqueeze(3)?.expand((batch, n_kv_heads, t, group, d_head))?"
    }
    repeat_turns_heads_around => keys_repeat_as_in_transformers: repeat_kv {
        "x.unsqueeze(2)?" => "x.flip(&[1])?.unsqueeze(2)?"
    }
    /// Only the first of a group teaches.
    repeat_teaches_once => repeat_takes_views_and_passes_gradients: repeat_kv {
        "x.unsqueeze(2)?.expand((batch, n_kv_heads, group, t, d_head))?" =>
            "{ let x = x.unsqueeze(2)?;
               let rest = x.detach().expand((batch, n_kv_heads, group - 1, t, d_head))?;
               Tensor::cat(&[x, rest], 2)? }"
    }
    repeat_of_no_heads => repeat_refuses_uneven_groups: repeat_kv {
        "!n_heads.is_multiple_of(n_kv_heads)" => "n_heads % n_kv_heads != 0"
    }
    /// 0 is a multiple of everything.
    repeat_for_no_heads => repeat_refuses_uneven_groups: repeat_kv { "n_heads == 0 || " => "" }
    repeat_divides_either_way => repeat_refuses_uneven_groups: repeat_kv {
        "!n_heads.is_multiple_of(n_kv_heads)" =>
            "!n_heads.is_multiple_of(n_kv_heads) && !n_kv_heads.is_multiple_of(n_heads)"
    }
    repeat_refuses_nothing => repeat_agrees: repeat_kv {
        "let group" => "if batch == 0 {
            return Err(HeadError::Axes { wanted: 4, shape: x.dims().to_vec() });
        }
        let group"
    }

    layer_forgets_the_last_matrix => one_head_is_attention: forward {
        "mha.w_o.forward(&merge_heads(&heads)?)" => "merge_heads(&heads)"
    }
    layer_swaps_keys_and_values => one_head_is_attention: forward {
        "sdpa(&q, &k, &v, mask)?" => "sdpa(&q, &v, &k, mask)?"
    }
    /// Keys that are taken for values.
    layer_has_no_values => one_head_is_attention: forward {
        "sdpa(&q, &k, &v, mask)?" => "{ let _ = v; sdpa(&q, &k, &k, mask)? }"
    }
    /// Divides by the root of the whole width.
    layer_scales_by_the_width => heads_match_pytorch: forward {
        "let heads = sdpa(&q" =>
            "let q = (&q / (mha.n_heads as f64).sqrt())?; let heads = sdpa(&q"
    }
    layer_is_one_wide_head => heads_match_pytorch: forward {
        "let heads = sdpa(&q, &k, &v, mask)?;" =>
            "let heads = split_heads(&sdpa(&merge_heads(&q)?, &merge_heads(&k)?, &merge_heads(&v)?,
                mask.filter(|mask| mask.rank() < 4))?, mha.n_heads)?;"
    }
    /// An average of the heads, as often as there are heads.
    layer_averages_heads => heads_do_not_mix_before_the_end: forward {
        "let heads = sdpa(&q, &k, &v, mask)?;" =>
            "let heads = sdpa(&q, &k, &v, mask)?;
             let heads = heads.mean_keepdim(1)?.broadcast_as(heads.shape())?;"
    }
    /// A transpose is missing: heads and tokens are scrambled.
    layer_merges_without_swap => heads_do_not_mix_before_the_end: forward {
        "merge_heads(&heads)?" => "heads.reshape((x.dims()[0], x.dims()[1], ()))?"
    }
    /// Softmax does not see it in plain attention, it is said. Of values it does.
    layer_forgets_the_value_bias => heads_match_pytorch: forward {
        "mha.w_v.forward(context)" =>
            "multi_head_attention::Linear { w: mha.w_v.w.clone(), b: None }.forward(context)"
    }
    layer_forgets_the_mask => masks_match_pytorch: forward { "&v, mask)" => "&v, None)" }
    layer_turns_the_mask_around => masks_match_pytorch: forward {
        "let heads" =>
            "let mask = &mask.map(|mask| mask.eq(0_u8)).transpose()?;
             let mask = mask.as_ref();
             let heads"
    }
    layer_looks_at_itself => cross_attention_matches_pytorch: forward {
        "let context = context.unwrap_or(x);" => "let _ = context; let context = x;"
    }
    /// A context of the shape of x is taken for x.
    layer_compares_shapes => cross_attention_matches_pytorch: forward {
        "context.unwrap_or(x)" => "context.filter(|c| c.dims() != x.dims()).unwrap_or(x)"
    }
    layer_asks_the_context => cross_attention_matches_pytorch: forward {
        "mha.w_q.forward(x)" => "mha.w_q.forward(context)"
    }
    /// Keys of the one, values of the other.
    layer_takes_its_own_values => cross_attention_matches_pytorch: forward {
        "mha.w_v.forward(context)" => "mha.w_v.forward(x)"
    }
    layer_interleaves_groups => groups_match_llama: forward {
        "let (k, v) = (repeat_kv(&k, mha.n_heads)?, repeat_kv(&v, mha.n_heads)?);" =>
            "let group = (mha.n_heads / mha.n_kv_heads).max(1);
             let k = Tensor::cat(&vec![&k; group], 1)?;
             let v = Tensor::cat(&vec![&v; group], 1)?;"
    }
    /// Keys in blocks, values dealt out.
    layer_shares_in_two_ways => shared_keys_are_equal_keys: forward {
        "repeat_kv(&v, mha.n_heads)?" =>
            "Tensor::cat(&vec![&v; (mha.n_heads / mha.n_kv_heads).max(1)], 1)?"
    }
    layer_knows_no_groups => groups_match_llama: forward {
        "split_heads(&mha.w_k.forward(context)?, mha.n_kv_heads)?" =>
            "split_heads(&mha.w_k.forward(context)?, mha.n_heads)?",
        "split_heads(&mha.w_v.forward(context)?, mha.n_kv_heads)?" =>
            "split_heads(&mha.w_v.forward(context)?, mha.n_heads)?"
    }
    /// The first group answers for all.
    layer_asks_one_group => the_order_of_heads_does_not_matter: forward {
        "repeat_kv(&v, mha.n_heads)?" => "repeat_kv(&v.narrow(1, 0, 1)?, mha.n_heads)?"
    }
    layer_reads_the_first_text => texts_do_not_mix: forward {
        "let (k, v) =" => "let first = |x: &Tensor| x.narrow(0, 0, 1)?.expand(x.shape());
             let (k, v) = if x.dims()[0] > 0 { (first(&k)?, first(&v)?) } else { (k, v) };
             let (k, v) ="
    }
    /// A mask that always hides the future, asked for or not.
    layer_is_always_causal => cross_attention_matches_pytorch: forward {
        "let heads" => "let (t_q, t_k) = (x.dims()[1], context.dims()[1]);
             let causal = attention::solution::causal_mask(t_q, t_k)?;
             let mask = Some(mask.unwrap_or(&causal));
             let heads"
    }
    layer_has_one_mask_for_all_heads => every_head_may_have_a_mask: forward {
        "let heads" => "let wide = |m: &&Tensor| m.rank() > 2 && m.dims()[m.rank() - 3] > 1;
             let first = mask.filter(wide).map(|m| m.narrow(m.rank() - 3, 0, 1)).transpose()?;
             let mask = first.as_ref().or(mask);
             let heads"
    }
    layer_computes_in_f32 => layer_takes_views_of_both_types: forward {
        "sdpa(&q, &k, &v, mask)?" => "{
            let f32 = candle_core::DType::F32;
            sdpa(&q.to_dtype(f32)?, &k.to_dtype(f32)?, &v.to_dtype(f32)?, mask)?
                .to_dtype(x.dtype())?
        }"
    }
    /// As most models have it, not all.
    layer_is_as_wide_as_its_input => layer_takes_views_of_both_types: forward {
        "mha.w_o.forward(&merge_heads(&heads)?)" =>
            "mha.w_o.forward(&merge_heads(&heads)?.reshape(x.shape())?)"
    }
    layer_teaches_no_keys => every_weight_gets_its_gradient: forward {
        "sdpa(&q, &k, &v, mask)?" => "sdpa(&q, &k.detach(), &v, mask)?"
    }
    layer_teaches_no_context => every_weight_gets_its_gradient: forward {
        "context.unwrap_or(x);" => "&context.unwrap_or(x).detach();"
    }
    /// Asks nothing of a context that is too wide.
    layer_cuts_the_context => layer_refuses_what_does_not_fit: forward {
        "context.unwrap_or(x);" => "context.unwrap_or(x);
             let d_context = mha.w_k.w.dims()[0];
             let narrow = context.dims()[2] > d_context;
             let context = if narrow { context.narrow(2, 0, d_context)? } else { context.clone() };
             let context = &context;"
    }
    /// One text to look at serves all.
    layer_repeats_the_context => layer_refuses_what_does_not_fit: forward {
        "let (k, v) =" => "let batch = x.dims()[0];
             let wide = |x: &Tensor| match x.dims()[0] {
                 1 => x.expand((batch, x.dims()[1], x.dims()[2], x.dims()[3])),
                 _ => Ok(x.clone()),
             };
             let (k, v) = (wide(&k)?, wide(&v)?);
             let (k, v) ="
    }
    layer_adds_a_little => layer_agrees: forward {
        "mha.w_o.forward(&merge_heads(&heads)?)" =>
            "Ok((mha.w_o.forward(&merge_heads(&heads)?)? + 1e-12)?)"
    }
    layer_reads_64_tokens => layer_agrees: forward {
        "let context = context.unwrap_or(x);" => "let context = context.unwrap_or(x);
             let context = &context.narrow(1, 0, context.dims()[1].min(64))?;"
    }
    /// The mask of the first call serves all others.
    layer_keeps_its_mask => masks_match_pytorch: forward {
        "let heads" => "thread_local!(static KEPT: std::cell::OnceCell<Option<Tensor>>
                = const { std::cell::OnceCell::new() });
             let kept = KEPT.with(|kept| kept.get_or_init(|| mask.cloned()).clone());
             let mask = kept.as_ref();
             let heads"
    }

    /// Keys and no values.
    bytes_of_keys_alone => a_token_has_a_key_and_a_value: kv_bytes { "[2, layers" => "[1, layers" }
    /// Bits, it seems.
    bytes_of_bits => a_token_has_a_key_and_a_value: kv_bytes {
        "batch, bytes]" => "batch, bytes.div_ceil(8)]"
    }
    /// Every pair of tokens: those are the scores, and nobody keeps them.
    bytes_of_scores => a_token_has_a_key_and_a_value: kv_bytes {
        "d_head, tokens" => "tokens, tokens"
    }
    bytes_in_32_bits => bytes_may_be_many: kv_bytes {
        "let product = factors.into_iter().try_fold(1_u64, u64::checked_mul);" =>
            "let mut small = factors.into_iter().map(|x| u32::try_from(x).ok());
             let product = small.try_fold(1_u32, |a, b| a.checked_mul(b?)).map(u64::from);"
    }
    bytes_in_f64 => bytes_may_be_many: kv_bytes {
        "let product = factors.into_iter().try_fold(1_u64, u64::checked_mul);" =>
            "let product = factors.into_iter().map(|x| x as f64).product::<f64>();
             let product = (product < 2_f64.powi(64)).then_some(product as u64);"
    }
    /// What is multiplied first may be too large, and then comes a 0.
    bytes_see_the_zero_late => bytes_may_be_many: kv_bytes {
        "if factors.contains(&0) { return Ok(0); }" => ""
    }
    bytes_wrap_around => too_many_bytes_are_an_error: kv_bytes {
        "try_fold(1_u64, u64::checked_mul)" => "map(Some).fold(Some(1_u64), |a, b|
            a.zip(b).map(|(a, b)| a.wrapping_mul(b)))"
    }
    bytes_end_at_the_largest => too_many_bytes_are_an_error: kv_bytes {
        "try_fold(1_u64, u64::checked_mul)" => "map(Some).fold(Some(1_u64), |a, b|
            a.zip(b).map(|(a, b)| a.saturating_mul(b)))"
    }
    bytes_of_16_bit_batches => bytes_agree: kv_bytes {
        "batch, bytes]" => "u64::from(batch as u16), bytes]"
    }
}
