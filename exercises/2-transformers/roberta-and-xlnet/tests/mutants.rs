//! Wrong answers, each with one classic bug and rejected by the check it names.

#[path = "mutants/given.rs"]
mod given;

grading::mutants! {
    roberta_and_xlnet;

    /// As BERT counts, shifted.
    positions_count_places => positions_are_those_of_transformers: roberta_positions {
        "if id == padding_idx {
            return padding_idx;
        }
        position += 1;" => "position += 1;
        if id == padding_idx {
            return padding_idx;
        }"
    }
    positions_start_at_padding => positions_are_those_of_transformers: roberta_positions {
        "let mut position = padding_idx;" => "let mut position = padding_idx.wrapping_sub(1);"
    }
    positions_start_at_0 => positions_are_those_of_transformers: roberta_positions {
        "let mut position = padding_idx;" => "let mut position = 0;"
    }
    positions_expect_padding_1 => positions_are_those_of_transformers: roberta_positions {
        "if id == padding_idx" => "if id == 1"
    }
    positions_of_padding_are_0 => positions_are_those_of_transformers: roberta_positions {
        "return padding_idx;" => "return 0;"
    }
    positions_of_padding_go_on => padding_side_changes_nothing: roberta_positions {
        "return padding_idx;" => "return if padding_idx == 3 { padding_idx } else { position };"
    }
    positions_stop_counting => positions_agree: roberta_positions {
        "position += 1;" => "if position < padding_idx + 390 { position += 1; }"
    }

    mask_rounds_down => a_share_is_hidden: dynamic_mask { "+ rng.random::<f64>()" => "" }
    mask_rounds_to_the_nearest => a_share_is_hidden: dynamic_mask {
        "rng.random::<f64>()" => "0.5"
    }
    mask_rounds_up => a_share_is_hidden: dynamic_mask {
        "rng.random::<f64>()" => "0.999_999"
    }
    mask_hides_at_least_one => a_share_is_hidden: dynamic_mask {
        "for i in 0..hidden" => "let hidden = if places.is_empty() { 0 } else { hidden.max(1) };
        for i in 0..hidden"
    }
    /// Whether each token is hidden is a coin of its own, as in many collators.
    mask_tosses_a_coin_each => a_share_is_hidden: dynamic_mask {
        "for i in 0..hidden {
            let other = rng.random_range(i..places.len());
            places.swap(i, other);
        }
        places.truncate(hidden);" =>
            "let _ = hidden; places.retain(|_| rng.random::<f64>() < RATE);"
    }
    mask_counts_all_tokens => special_tokens_are_never_hidden: dynamic_mask {
        "places.len() as f64" => "is_ordinary.len() as f64",
        "as usize;
        for" => "as usize; let hidden = hidden.min(places.len());
        for"
    }
    mask_draws_twice => every_set_is_equally_likely: dynamic_mask {
        "rng.random_range(i..places.len())" => "rng.random_range(i + 1..places.len()).max(i)",
        "for i in 0..hidden {" => "for i in 0..hidden.min(places.len().saturating_sub(1)) {"
    }
    mask_stays_at_the_beginning => every_set_is_equally_likely: dynamic_mask {
        "rng.random_range(i..places.len())" =>
            "rng.random_range(i..places.len().min(i + 256))"
    }
    mask_hides_neighbors => every_set_is_equally_likely: dynamic_mask {
        "for i in 0..hidden {
            let other = rng.random_range(i..places.len());
            places.swap(i, other);
        }" => "if hidden > 0 {
            let shift = rng.random_range(0..places.len());
            places.rotate_left(shift);
        }"
    }
    mask_hides_special_tokens => special_tokens_are_never_hidden: dynamic_mask {
        "(0..is_ordinary.len()).filter(|&t| is_ordinary[t]).collect()" => "{
            let first = is_ordinary.iter().position(|is| *is).unwrap_or(0);
            let n = is_ordinary.iter().filter(|is| **is).count();
            (first..first + n).collect()
        }"
    }
    mask_is_static => each_mask_is_drawn_anew: dynamic_mask {
        "let mut places" => "let rng = &mut grading::random::seeded(is_ordinary.len() as u64 + u64::from(
            grading::random::Counting::new(&mut *rng).draws() > 0));
        let mut places"
    }
    mask_keeps_its_own_generator => each_mask_is_drawn_anew: dynamic_mask {
        "let mut places" => "thread_local! {
            static KEPT: std::cell::RefCell<rand::rngs::StdRng> =
                std::cell::RefCell::new(grading::random::seeded(1));
        }
        let seed: u64 = KEPT.with(|kept| kept.borrow_mut().random());
        let rng = &mut grading::random::seeded(seed.wrapping_add(u64::from(rng.next_u32())));
        let mut places"
    }
    mask_is_not_sorted => drawn_masks_keep_to_the_docs: dynamic_mask {
        "places.sort_unstable();" => "if places.len() > 20 { places.reverse(); } else { places.sort_unstable(); }"
    }
    mask_stops_at_512 => drawn_masks_keep_to_the_docs: dynamic_mask {
        "let hidden =" => "places.truncate(10_000); let hidden ="
    }

    order_is_taken_for_its_steps => masks_follow_the_order: permutation_masks {
        "Some(rank @ None) => *rank = Some(step)," => "Some(rank @ None) => *rank = Some(place),"
    }
    order_is_not_turned_around => masks_follow_the_order: permutation_masks {
        "let mask = |" => "let rank: Vec<Option<usize>> = order.iter().map(|&place| Some(place)).collect();
        let mask = |"
    }
    order_goes_backwards => masks_follow_the_order: permutation_masks {
        "*rank = Some(step)" => "*rank = Some(seq - 1 - step)"
    }
    masks_swap_rows_and_columns => masks_follow_the_order: permutation_masks {
        "sees(rank[i], rank[j])" => "sees(rank[j], rank[i])"
    }
    query_sees_itself => masks_follow_the_order: permutation_masks {
        "|i, j| j < i" => "|i, j| j <= i"
    }
    content_does_not_see_itself => masks_follow_the_order: permutation_masks {
        "|i, j| j <= i" => "|i, j| j < i"
    }
    masks_follow_the_text => masks_follow_the_order: permutation_masks {
        "sees(rank[i], rank[j])" => "sees(Some(i), Some(j))"
    }
    order_may_repeat => what_is_no_order_is_refused: permutation_masks {
        "Some(rank @ None) =>" => "Some(rank) =>"
    }
    order_names_the_place => what_is_no_order_is_refused: permutation_masks {
        "XlNetError::Order { step, place, seq }" => "XlNetError::Order { step: place, place, seq }"
    }
    order_is_checked_for_its_range_first => what_is_no_order_is_refused: permutation_masks {
        "let mut rank = vec![None; seq];" => "let mut rank = vec![None; seq];
        if let Some(step) = order.iter().position(|&place| place >= seq) {
            return Err(XlNetError::Order { step, place: order[step], seq });
        }"
    }
    steps_are_bytes => masks_agree: permutation_masks {
        "Some(rank @ None) => *rank = Some(step)," =>
            "Some(rank @ None) => *rank = Some(usize::from(step as u8)),"
    }

    shift_takes_the_first_columns => shifts_are_those_of_transformers: rel_shift {
        "let flat = scores.reshape(((), columns * seq))?.narrow(1, seq, columns * seq - seq)?;
        let rows = flat.reshape(((), seq, columns - 1))?.narrow(2, 0, seq)?;" =>
            "let rows = scores.narrow(scores.rank() - 1, 0, seq)?;"
    }
    shift_begins_one_late => shifts_are_those_of_transformers: rel_shift {
        ".narrow(2, 0, seq)?" => ".narrow(2, 1.min(columns - 1 - seq), seq)?"
    }
    shift_drops_the_last => shifts_are_those_of_transformers: rel_shift {
        ".narrow(1, seq, columns * seq - seq)?" => ".narrow(1, 0, columns * seq - seq)?"
    }
    shift_turns_distances => shifts_are_those_of_transformers: rel_shift {
        "Ok(rows.reshape([front, &[seq, seq]].concat())?)" =>
            "Ok(rows.transpose(1, 2)?.reshape([front, &[seq, seq]].concat())?)"
    }
    shift_does_not_teach => shift_passes_gradients: rel_shift {
        "let flat = scores.reshape" => "let flat = scores.detach().reshape"
    }
    shift_takes_any_width => shift_refuses: rel_shift {
        "columns != 2 * seq" => "columns < 2 * seq"
    }
    shift_moves_nothing => shift_refuses: rel_shift { "|| scores.elem_count() == 0" => "" }
    shift_rounds => shifts_agree: rel_shift {
        "let flat = scores.reshape(((), columns * seq))?" =>
            "let scores = &scores.affine(1.0, 0.0)?; let flat = scores.reshape(((), columns * seq))?"
    }
    shift_wants_an_axis_in_front => shifts_agree: rel_shift {
        "columns != 2 * seq ||" => "columns != 2 * seq || front.len() > 2 ||"
    }

    keys_come_from_each_stream => streams_are_those_of_transformers: two_stream {
        "let q = heads(x, &layer.q, (batch, seq))?;" => "let q = heads(x, &layer.q, (batch, seq))?;
        let k = heads(x, &layer.k, (batch, seq))?.t()?.contiguous()?;"
    }
    biases_are_swapped => streams_are_those_of_transformers: two_stream {
        "q.broadcast_add(&layer.r_w_bias" => "q.broadcast_add(&layer.r_r_bias",
        "q.broadcast_add(&layer.r_r_bias.unsqueeze(1)?)?.broadcast_matmul" =>
            "q.broadcast_add(&layer.r_w_bias.unsqueeze(1)?)?.broadcast_matmul"
    }
    distances_are_left_out => streams_are_those_of_transformers: two_stream {
        "by_content + rel_shift(&by_distance)?" => "by_content + (rel_shift(&by_distance)? * 0.0)?"
    }
    distances_are_not_scaled => streams_are_those_of_transformers: two_stream {
        "((by_content + rel_shift(&by_distance)?)? / (d_head as f64).sqrt())?" =>
            "((by_content / (d_head as f64).sqrt())? + rel_shift(&by_distance)?)?"
    }
    scores_are_divided_by_d_head => streams_are_those_of_transformers: two_stream {
        "(d_head as f64).sqrt()" => "d_head as f64"
    }
    output_lies_the_other_way => streams_are_those_of_transformers: two_stream {
        "layer.o.reshape((d_model, d_model))?.t()?.contiguous()?" =>
            "layer.o.reshape((d_model, d_model))?"
    }
    there_is_no_residual => streams_are_those_of_transformers: two_stream {
        "&(x + found)?" => "&found"
    }
    distances_are_turned_around => streams_are_those_of_transformers: two_stream {
        "let waves = relative_encoding(seq, d_model, h.dtype())?;" =>
            "let waves = relative_encoding(seq, d_model, h.dtype())?;
            let back: Vec<u32> = (0..2 * seq as u32).map(|p| (2 * seq as u32 - p) % (2 * seq as u32)).collect();
            let waves = waves.index_select(&Tensor::new(back, &Device::Cpu)?, 0)?;"
    }
    masks_are_swapped => query_stream_is_blind_to_itself: two_stream {
        "(attend(h, &masks.content)?, attend(g, &masks.query)?)" =>
            "(attend(h, &masks.query)?, attend(g, &masks.content)?)"
    }
    both_streams_have_the_content_mask => query_stream_is_blind_to_itself: two_stream {
        "attend(g, &masks.query)?" => "attend(g, &masks.content)?"
    }
    query_stream_gets_the_residual_of_h => query_stream_is_blind_to_itself: two_stream {
        "&(x + found)?" => "&(h + found)?"
    }
    query_stream_asks_with_h => query_stream_is_blind_to_itself: two_stream {
        "let q = heads(x," => "let q = heads(h,"
    }
    who_sees_nothing_sees_all => who_sees_nothing_takes_nothing: two_stream {
        "let weights = mask.where_cond(&weights, &weights.zeros_like()?)?;" => ""
    }
    who_sees_nothing_is_not_a_number => who_sees_nothing_takes_nothing: two_stream {
        "f32::MIN" => "f32::NEG_INFINITY",
        "let weights = mask.where_cond(&weights, &weights.zeros_like()?)?;" => ""
    }
    hidden_scores_are_lowered_a_little => who_is_hidden_has_no_weight: two_stream {
        "f32::MIN" => "-1e4_f32",
        "let weights = mask.where_cond(&weights, &weights.zeros_like()?)?;" => "
            let sees = mask.max_keepdim(3)?.broadcast_as(scores.shape())?;
            let weights = sees.where_cond(&weights, &weights.zeros_like()?)?;"
    }
    streams_learn_no_distance => streams_pass_gradients: two_stream {
        "rel_shift(&by_distance)?" => "rel_shift(&by_distance.detach())?"
    }
    streams_take_candles_softmax => streams_pass_gradients: two_stream {
        "softmax(&scores, 3)?" => "softmax(&scores.detach(), 3)?"
    }
    masks_broadcast => streams_refuse: two_stream {
        "got != want || dtype" =>
            "got.len() != 3 || got.iter().zip(&want).any(|(g, w)| g != w && *g != 1) || dtype"
    }
    query_mask_is_checked_first => streams_refuse: two_stream {
        "[(Stream::Content, &masks.content), (Stream::Query, &masks.query)]" =>
            "[(Stream::Query, &masks.query), (Stream::Content, &masks.content)]"
    }
    masks_may_be_of_any_type => streams_refuse: two_stream { "|| dtype != DType::U8" => "" }
    streams_need_only_as_many_numbers => streams_refuse: two_stream {
        "g.dims() != h.dims()" => "g.elem_count() != h.elem_count()"
    }
    streams_need_not_agree => streams_refuse: two_stream {
        "g.dims() != h.dims()" => "g.dims().len() != 3 || g.dims()[2] != n"
    }
    streams_may_be_empty => streams_refuse: two_stream { "|| h.elem_count() == 0" => "" }
    distances_end_at_200 => streams_agree: two_stream {
        "let waves = relative_encoding(seq, d_model, h.dtype())?;" =>
            "let waves = relative_encoding(seq, d_model, h.dtype())?;
            let near: Vec<u32> = (0..2 * seq as i64)
                .map(|p| (seq as i64 - (seq as i64 - p).clamp(-200, 200)) as u32)
                .collect();
            let waves = waves.index_select(&Tensor::new(near, &Device::Cpu)?, 0)?;"
    }
    heads_have_two_numbers_at_least => streams_agree: two_stream {
        "(d_head as f64).sqrt()" => "(d_head.max(2) as f64).sqrt()"
    }
    streams_take_one_epsilon => streams_agree: two_stream {
        "&layer.norm.bias, layer_norm_eps" => "&layer.norm.bias, layer_norm_eps.min(0.1)"
    }
    streams_forget_the_third_text => streams_agree: two_stream {
        "let mask = mask.unsqueeze(1)?" =>
            "let mask = &(if batch > 2 { mask.narrow(0, 0, 1)?.broadcast_as(mask.shape())? } else { mask.clone() });
            let mask = mask.unsqueeze(1)?"
    }

    activation_is_always_gelu => logits_are_those_of_transformers: forward {
        "Activation::Relu => inside.relu()?" => "Activation::Relu => gelu_erf(&inside)?"
    }
    logits_forget_the_bias => logits_are_those_of_transformers: forward {
        "&model.lm_bias)" => "&model.lm_bias.zeros_like()?)"
    }
    query_stream_skips_the_feed_forward_network => logits_are_those_of_transformers: forward {
        "feed_forward(&seen_g, &layer.ff)?" => "seen_g"
    }
    feed_forward_has_no_residual => logits_are_those_of_transformers: forward {
        "&(x + added)?" => "&added"
    }
    targets_read_the_first_text => logits_are_those_of_transformers: forward {
        "(i / n_targets * seq) as u32 + target" => "{ let _ = i; target }"
    }
    without_targets_it_reads_the_query_stream => logits_are_those_of_transformers: forward {
        "None => h," => "None => g,"
    }
    query_stream_is_made_anew_in_each_layer => logits_are_those_of_transformers: forward {
        "two_stream(&h, &g, &layer" => "two_stream(&h, &model.mask_emb.broadcast_as(shape)?.contiguous()?, &layer"
    }
    targets_read_the_content_stream => a_target_does_not_see_itself: forward {
        "rows(&g.reshape" => "rows(&h.reshape"
    }
    query_stream_starts_from_the_token => a_target_does_not_see_itself: forward {
        "let mut g = model.mask_emb.broadcast_as(shape)?.contiguous()?;" => "let mut g = h.clone();"
    }
    content_stream_sees_all => the_order_of_the_text_is_causal: forward {
        "for layer in &model.layers {" => "let masks = &StreamMasks {
            content: masks.content.ones_like()?,
            query: masks.query.clone(),
        };
        for layer in &model.layers {"
    }
    the_mask_embedding_does_not_learn => gradients_reach_every_weight: forward {
        "model.mask_emb.broadcast_as" => "model.mask_emb.detach().broadcast_as"
    }
    the_content_stream_does_not_learn_behind_a_layer => gradients_reach_every_weight: forward {
        "(h, g) = (feed_forward(&seen_h, &layer.ff)?," =>
            "(h, g) = (feed_forward(&seen_h, &layer.ff)?.detach(),"
    }
    the_table_learns_at_one_end => gradients_reach_every_weight: forward {
        "rows(&model.word_embedding, ids)" => "rows(&model.word_embedding.detach(), ids)"
    }
    forward_takes_one_id_too_many => forward_refuses: forward {
        "id as usize >= vocab_size" => "id as usize > vocab_size"
    }
    forward_takes_one_place_too_many => forward_refuses: forward {
        "target as usize >= seq" => "target as usize > seq"
    }
    forward_looks_at_targets_first => forward_refuses: forward {
        "let ids = ids.flatten_all()?" => "if let Some(targets) = targets && targets.rank() != 2 {
            return Err(XlNetError::Targets { got: targets.dims().to_vec(), batch });
        }
        let ids = ids.flatten_all()?"
    }
    forward_reads_no_targets => forward_refuses: forward { "&& n_targets > 0" => "" }
    forward_reads_ids_as_u16 => models_agree: forward {
        "let mut h = rows(&model.word_embedding, ids)?" =>
            "let ids = ids.iter().map(|&id| u32::from(id as u16)).collect();
            let mut h = rows(&model.word_embedding, ids)?"
    }
    forward_takes_one_epsilon => models_agree: forward {
        "&ff.norm.bias, layer_norm_eps" => "&ff.norm.bias, layer_norm_eps.min(0.1)"
    }
    forward_stops_at_two_layers => models_agree: forward {
        "for layer in &model.layers {" => "for layer in model.layers.iter().take(if batch > 2 { 2 } else { 9 }) {"
    }
}
