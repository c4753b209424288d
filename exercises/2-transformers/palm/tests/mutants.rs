//! Wrong answers, each with one classic bug and rejected by the check it names.

#[path = "mutants/given.rs"]
mod given;

grading::mutants! {
    palm;

    /// The gate and what passes it change places: the sizes are the same.
    mlp_swaps_gate_and_up => mlp_opens_and_shuts: swiglu_mlp {
        "swiglu(&mlp.gate_proj.forward(x)?, &mlp.up_proj.forward(x)?)?" =>
            "swiglu(&mlp.up_proj.forward(x)?, &mlp.gate_proj.forward(x)?)?"
    }
    /// Dauphin's gate: a sigmoid alone.
    mlp_takes_sigmoid => mlp_opens_and_shuts: swiglu_mlp {
        "swiglu(&mlp.gate_proj.forward(x)?, &mlp.up_proj.forward(x)?)?" =>
            "(normalization_and_activations::sigmoid(&mlp.gate_proj.forward(x)?)?
                * mlp.up_proj.forward(x)?)?"
    }
    /// GEGLU, a sister of it.
    mlp_takes_gelu => mlp_opens_and_shuts: swiglu_mlp {
        "swiglu(&mlp.gate_proj.forward(x)?, &mlp.up_proj.forward(x)?)?" =>
            "(mlp.gate_proj.forward(x)?.gelu_erf()? * mlp.up_proj.forward(x)?)?"
    }
    mlp_has_no_gate => mlp_opens_and_shuts: swiglu_mlp {
        "swiglu(&mlp.gate_proj.forward(x)?, &mlp.up_proj.forward(x)?)?" =>
            "mlp.up_proj.forward(x)?.silu()?"
    }
    /// ∞ / ∞ where the gate is wide open.
    mlp_divides_infinities => mlp_opens_and_shuts: swiglu_mlp {
        "swiglu(&mlp.gate_proj.forward(x)?, &mlp.up_proj.forward(x)?)?" => "{
            let gate = mlp.gate_proj.forward(x)?;
            let e = gate.exp()?;
            ((gate * (&e / (&e + 1.0)?)?)? * mlp.up_proj.forward(x)?)?
        }"
    }
    mlp_cuts_the_gate_off => mlp_passes_gradients: swiglu_mlp {
        "&mlp.gate_proj.forward(x)?" => "&mlp.gate_proj.forward(x)?.detach()"
    }
    mlp_takes_nothing => mlp_refuses: swiglu_mlp {
        "let inside =" => "if x.elem_count() == 0 { return Ok(x.clone()); }
        let inside ="
    }
    mlp_rounds => mlps_agree: swiglu_mlp {
        "mlp.down_proj.forward(&inside)" =>
            "Ok(mlp.down_proj.forward(&inside)?.to_dtype(candle_core::DType::F32)?
                .to_dtype(x.dtype())?)"
    }
    mlp_bounds_its_inside => mlps_agree: swiglu_mlp {
        "mlp.down_proj.forward(&inside)" => "mlp.down_proj.forward(&inside.clamp(-400.0, 400.0)?)"
    }

    attention_turns_no_keys => attention_is_that_of_pytorch: multi_query_attention {
        "let mut keys = rope(&k, offset, config.theta)?;" => "let mut keys = k;"
    }
    attention_turns_values => attention_is_that_of_pytorch: multi_query_attention {
        "let mut values = split_heads(&attention.v_proj.forward(x)?, 1)?;" =>
            "let values = split_heads(&attention.v_proj.forward(x)?, 1)?;
            let mut values = rope(&values, offset, config.theta)?;"
    }
    /// The base of nearly everybody.
    attention_has_its_own_base => attention_is_that_of_pytorch: multi_query_attention {
        "let q = rope(&q, offset, config.theta)?;" => "let q = rope(&q, offset, 10_000.0)?;",
        "rope(&k, offset, config.theta)?" => "rope(&k, offset, 10_000.0)?"
    }
    /// GPT-J turns neighbors.
    attention_pairs_neighbors => attention_is_that_of_pytorch: multi_query_attention {
        "let q = rope(&q, offset, config.theta)?;" => "let sorted = |x: &Tensor| {
            let (half, d) = (x.dims()[3] / 2, x.dims()[3]);
            let order = (0..d).map(|i| (2 * (i % half) + i / half) as u32).collect::<Vec<_>>();
            x.index_select(&Tensor::from_vec(order, d, x.device())?, 3)
        };
        let (q, k) = (sorted(&q)?, sorted(&k)?);
        let q = rope(&q, offset, config.theta)?;"
    }
    attention_swaps_key_and_value => attention_is_that_of_pytorch: multi_query_attention {
        "let q = rope(&q, offset, config.theta)?;" =>
            "let (k, v) = (values, k); values = v; let q = rope(&q, offset, config.theta)?;"
    }
    /// A copy for each head gives away what sharing has saved.
    attention_keeps_copies => attention_is_that_of_pytorch: multi_query_attention {
        "KeysValues { keys, values }))" => "KeysValues { keys: k, values: v }))"
    }
    attention_keeps_unturned_keys => attention_is_that_of_pytorch: multi_query_attention {
        "let mut keys = rope(&k, offset, config.theta)?;" =>
            "let fresh = k.clone(); let mut keys = rope(&k, offset, config.theta)?;",
        "KeysValues { keys, values }))" => "KeysValues { keys: fresh, values }))"
    }
    attention_has_one_query => attention_is_that_of_pytorch: multi_query_attention {
        "let q = rope(&q, offset, config.theta)?;" =>
            "let q = rope(&repeat_kv(&q.narrow(1, 0, 1)?, config.n_heads)?, offset, config.theta)?;"
    }
    attention_divides_by_the_width => attention_is_that_of_pytorch: multi_query_attention {
        "let q = rope(&q, offset, config.theta)?;" =>
            "let q = (q * (config.d_head as f64 / config.d_model as f64).sqrt())?;
            let q = rope(&q, offset, config.theta)?;"
    }
    attention_starts_anew => attention_goes_on_from_its_past: multi_query_attention {
        "past.map_or(0, KeysValues::tokens)" => "past.map_or(0, |_| 0)"
    }
    attention_turns_its_past_again => attention_goes_on_from_its_past: multi_query_attention {
        "Tensor::cat(&[&past.keys, &keys], 2)?" =>
            "Tensor::cat(&[&rope(&past.keys, 0, config.theta)?, &keys], 2)?"
    }
    attention_puts_its_past_behind => attention_goes_on_from_its_past: multi_query_attention {
        "&[&past.keys, &keys]" => "&[&keys, &past.keys]",
        "&[&past.values, &values]" => "&[&values, &past.values]"
    }
    attention_keeps_only_the_new => attention_goes_on_from_its_past: multi_query_attention {
        "KeysValues { keys, values }))" => "KeysValues {
            keys: keys.narrow(2, offset, keys.dims()[2] - offset)?,
            values: values.narrow(2, offset, values.dims()[2] - offset)?,
        }))"
    }
    attention_masks_by_itself => attention_obeys_its_mask: multi_query_attention {
        "sdpa(&q, &k, &v, mask)?" =>
            "sdpa(&q, &k, &v, Some(&causal_mask(q.dims()[2], k.dims()[2])?))?"
    }
    attention_ignores_its_mask => attention_obeys_its_mask: multi_query_attention {
        "&v, mask)?" => "&v, None)?"
    }
    attention_cuts_the_gradient => attention_passes_gradients: multi_query_attention {
        "repeat_kv(&keys, config.n_heads)?" => "repeat_kv(&keys.detach(), config.n_heads)?"
    }
    attention_leaves_a_number_unturned => attention_refuses: multi_query_attention {
        "let q = rope(&q, offset, config.theta)?;" =>
            "let even = config.d_head - config.d_head % 2;
            let turn = |x: &Tensor| {
                let turned = rope(&x.narrow(3, 0, even)?, offset, config.theta)?;
                let rest = x.narrow(3, even, config.d_head - even)?;
                Ok::<_, PalmError>(if even == config.d_head {
                    turned
                } else {
                    Tensor::cat(&[turned, rest], 3)?
                })
            };
            let q = turn(&q)?;",
        "let mut keys = rope(&k, offset, config.theta)?;" => "let mut keys = turn(&k)?;"
    }
    attention_keeps_2048 => attentions_agree: multi_query_attention {
        "let found = merge_heads(" => "let (keys, values) = match keys.dims()[2] {
            0..=2048 => (keys, values),
            t => (keys.narrow(2, t - 2048, 2048)?, values.narrow(2, t - 2048, 2048)?),
        };
        let found = merge_heads("
    }
    attention_looks_at_eight => attentions_agree: multi_query_attention {
        "let found = merge_heads(" =>
            "let (q, k, v) = match k.dims()[2] {
                0..=8 => (q, k, v),
                t => (q, k, (v.narrow(2, 0, 8)?.pad_with_zeros(2, 0, t - 8))?),
            };
            let found = merge_heads("
    }

    block_is_serial => block_is_parallel: palm_block {
        "let y = ((x + found)? + swiglu_mlp(&normed, &block.mlp)?)?;" =>
            "let x = (x + found)?;
            let normed = layer_norm(&x, &block.norm, &block.norm.zeros_like()?, config.eps)?;
            let y = (&x + swiglu_mlp(&normed, &block.mlp)?)?;"
    }
    block_reads_what_attention_found => block_is_parallel: palm_block {
        "let y = ((x + found)? + swiglu_mlp(&normed, &block.mlp)?)?;" =>
            "let y = ((x + &found)? + swiglu_mlp(&(&normed + &found)?, &block.mlp)?)?;"
    }
    block_does_not_add => block_is_parallel: palm_block {
        "let y = ((x + found)? + " => "let y = (found + "
    }
    block_adds_the_normed => block_is_parallel: palm_block {
        "let y = ((x + found)?" => "let y = ((&normed + found)?"
    }
    block_adds_x_twice => block_is_parallel: palm_block {
        "let y = ((x + found)? + swiglu_mlp(&normed, &block.mlp)?)?;" =>
            "let y = ((x + found)? + (x + swiglu_mlp(&normed, &block.mlp)?)?)?;"
    }
    /// The norm of Llama.
    block_takes_rms_norm => block_is_that_of_pytorch: palm_block {
        "layer_norm(x, &block.norm, &block.norm.zeros_like()?, config.eps)?" =>
            "normalization_and_activations::solution::rms_norm(x, &block.norm, config.eps)?"
    }
    block_normalizes_one_part => block_is_that_of_pytorch: palm_block {
        "swiglu_mlp(&normed, &block.mlp)?" => "swiglu_mlp(x, &block.mlp)?"
    }
    block_takes_the_usual_epsilon => block_is_that_of_pytorch: palm_block {
        "config.eps" => "1e-5"
    }
    block_has_a_bias => block_is_that_of_pytorch: palm_block {
        "block.norm.zeros_like()?" => "block.norm"
    }
    block_forgets_the_past => block_hands_on_past_and_mask: palm_block {
        "config, past, mask)?" => "config, past.filter(|_| false), mask.as_ref())?",
        "let normed =" => "let t = x.dims()[1];
            let cut = |m: &Tensor| m.narrow(m.rank() - 1, m.dims()[m.rank() - 1] - t, t);
            let mask = mask.map(cut).transpose()?;
            let normed ="
    }
    block_masks_by_itself => block_hands_on_past_and_mask: palm_block {
        "config, past, mask)?" => "config, past, {
            let _ = mask;
            Some(&causal)
        })?",
        "let normed =" => "let t = x.dims()[1];
            let causal = causal_mask(t, past.map_or(0, KeysValues::tokens) + t)?;
            let normed ="
    }
    block_cuts_the_gradient => block_passes_gradients: palm_block {
        "swiglu_mlp(&normed, &block.mlp)?" => "swiglu_mlp(&normed.detach(), &block.mlp)?"
    }
    block_bounds_its_stream => blocks_agree: palm_block {
        "Ok((y, kept))" => "Ok((y.clamp(-25.0, 25.0)?, kept))"
    }

    /// The paper divides by the root of the width.
    forward_does_not_divide => logits_are_those_of_pytorch: palm_forward {
        "let logits = (logits / (config.d_model as f64).sqrt())?;" => ""
    }
    forward_divides_by_the_width => logits_are_those_of_pytorch: palm_forward {
        "(config.d_model as f64).sqrt()" => "config.d_model as f64"
    }
    /// T5 and Gemma do this at the other end.
    forward_scales_its_embeddings => logits_are_those_of_pytorch: palm_forward {
        "let seen = past" => "x = (x * (config.d_model as f64).sqrt())?; let seen = past"
    }
    forward_forgets_the_last_norm => logits_are_those_of_pytorch: palm_forward {
        "let x = layer_norm(&x, norm, &norm.zeros_like()?, config.eps)?;" => "let _ = norm;"
    }
    forward_leaves_out_a_block => logits_are_those_of_pytorch: palm_forward {
        "in blocks.iter().enumerate()" => "in blocks.iter().enumerate().take(2)"
    }
    forward_repeats_the_first_block => logits_are_those_of_pytorch: palm_forward {
        "palm_block(&x, block," => "palm_block(&x, { let _ = block; &blocks[0] },"
    }
    forward_sees_the_future => the_future_changes_nothing: palm_forward {
        "causal_mask(seq, seen + seq)?" => "causal_mask(seq, seen + seq)?.ones_like()?"
    }
    forward_has_one_past => parts_are_as_good_as_the_whole: palm_forward {
        "past.get(i)" => "past.get(i.min(0))"
    }
    forward_masks_from_the_start => parts_are_as_good_as_the_whole: palm_forward {
        "causal_mask(seq, seen + seq)?" =>
            "causal_mask(seen + seq, seen + seq)?.narrow(0, 0, seq)?"
    }
    forward_has_two_tables => embeddings_are_tied: palm_forward {
        "matmul(&embeddings.t()?)?" => "matmul(&embeddings.roll(1, 0)?.t()?)?"
    }
    forward_knows_65536_tokens => large_ids_and_long_texts_are_read: palm_forward {
        "let mut x = embeddings.index_select(&ids, 0)?" =>
            "let ids = Tensor::from_vec(
                read.iter().map(|id| id & 0xffff).collect(), ids.dims(), ids.device())?;
            let mut x = embeddings.index_select(&ids, 0)?"
    }
    forward_knows_256_tokens_of_past => large_ids_and_long_texts_are_read: palm_forward {
        "past.get(i), Some(&mask)" => "past.get(i).map(|past| {
                let most = past.tokens().min(256);
                let last = |x: &Tensor| x.narrow(2, x.dims()[2] - most, most);
                Ok::<_, PalmError>(KeysValues { keys: last(&past.keys)?, values: last(&past.values)? })
            }).transpose()?.as_ref(),
            Some(&mask.narrow(1, seen - seen.min(256), seen.min(256) + seq)?)"
    }
    forward_learns_at_one_end => gradients_reach_every_weight: palm_forward {
        "matmul(&embeddings.t()?)?" => "matmul(&embeddings.detach().t()?)?"
    }
    forward_takes_one_id_too_many => forward_refuses: palm_forward {
        "id as usize >= config" => "id as usize > config"
    }
    forward_takes_any_past => forward_refuses: palm_forward {
        "past.len() != blocks.len()" => "past.len() > blocks.len()"
    }
    forward_reads_ids_first => forward_refuses: palm_forward {
        "if !past.is_empty()" =>
            "for &id in &ids.flatten_all()?.to_vec1::<u32>()? {
                if id as usize >= config.vocab_size {
                    return Err(PalmError::UnknownId { id, vocab_size: config.vocab_size });
                }
            }
            if !past.is_empty()"
    }
    /// There is no table of positions that could end.
    forward_ends_at_2048 => models_agree: palm_forward {
        "let mask = causal_mask" => "if seen + seq > 2048 {
            return Err(PalmError::Ids(vec![batch, seq]));
        }
        let mask = causal_mask"
    }
    forward_keeps_too_little => models_agree: palm_forward {
        "Ok((logits.reshape((batch, seq, config.vocab_size))?, kept))" =>
            "if let (true, Some(last)) = (batch > 2, kept.last_mut()) {
                last.values = last.values.zeros_like()?;
            }
            Ok((logits.reshape((batch, seq, config.vocab_size))?, kept))"
    }

    counts_keys_of_all_heads => counts_are_the_published: parameters {
        "(2 * heads + 2) * d_head" => "4 * heads * d_head"
    }
    counts_two_matrices => counts_are_the_published: parameters {
        "layers * 3 * d_model * d_ff" => "layers * 2 * d_model * d_ff"
    }
    counts_the_table_twice => counts_are_the_published: parameters {
        "vocab * d_model" => "2 * vocab * d_model"
    }
    counts_square_queries => counts_are_the_published: parameters {
        "(2 * heads + 2) * d_head * d_model" => "(2 * d_model + 2 * d_head) * d_model"
    }
    counts_two_norms => counts_are_those_of_pytorch: parameters {
        "(layers + 1) * d_model" => "(2 * layers + 1) * d_model"
    }
    counts_four_times_the_width => counts_are_those_of_pytorch: parameters {
        "layers * 3 * d_model * d_ff" => "layers * 12 * d_model * d_model + 0 * d_ff"
    }
    counts_norms_in_32_bits => counts_agree: parameters {
        "(layers + 1) * d_model" => "u64::from(((layers + 1) * d_model) as u32)"
    }
    counts_in_40_bits => counts_agree: parameters {
        "layers * 3 * d_model * d_ff" => "(layers * 3 * d_model * d_ff) & ((1 << 40) - 1)"
    }
}
