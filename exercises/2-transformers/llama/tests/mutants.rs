//! Wrong answers, each with one classic bug and rejected by the check it names.

#[path = "mutants/given.rs"]
mod given;

grading::mutants! {
    llama;

    /// Pairs of neighbors, as in Meta's own files.
    rope_pairs_neighbors => rope_turns_each_text_by_its_own: rope_at {
        "let (a, b) = (x.narrow(3, 0, half)?, x.narrow(3, half, half)?);" =>
            "let pairs = x.reshape((batch, x.dims()[1], seq, half, 2))?;
            let (a, b) = (pairs.narrow(4, 0, 1)?.squeeze(4)?, pairs.narrow(4, 1, 1)?.squeeze(4)?);"
    }
    /// Places instead of the positions it was given.
    rope_counts_by_itself => rope_turns_each_text_by_its_own: rope_at {
        "let positions = positions.to_dtype(DType::F64)?" =>
            "let positions = Tensor::arange(0_u32, seq as u32, x.device())?
                .broadcast_as((batch, seq))?.to_dtype(DType::F64)?"
    }
    /// The positions of the first text for all.
    rope_takes_the_first_text => rope_turns_each_text_by_its_own: rope_at {
        "let positions = positions.to_dtype(DType::F64)?" =>
            "let positions = positions.narrow(0, 0, 1)?.broadcast_as((batch, seq))?
                .to_dtype(DType::F64)?"
    }
    rope_turns_backwards => rope_turns_each_text_by_its_own: rope_at {
        "(a.broadcast_mul(&cos)? - b.broadcast_mul(&sin)?)?" =>
            "(a.broadcast_mul(&cos)? + b.broadcast_mul(&sin)?)?",
        "(a.broadcast_mul(&sin)? + b.broadcast_mul(&cos)?)?" =>
            "(b.broadcast_mul(&cos)? - a.broadcast_mul(&sin)?)?"
    }
    /// Not a turn any more: a mirror.
    rope_mirrors => rope_sees_distances_only: rope_at {
        "(a.broadcast_mul(&sin)? + b.broadcast_mul(&cos)?)?" =>
            "(a.broadcast_mul(&sin)? - b.broadcast_mul(&cos)?)?"
    }
    /// Angles in f32 lose their digits far out.
    rope_rounds_its_angles => rope_turns_each_text_by_its_own: rope_at {
        "let angles = positions.broadcast_mul(&omega)?;" =>
            "let angles = positions.to_dtype(DType::F32)?.broadcast_mul(&omega.to_dtype(DType::F32)?)?;"
    }
    rope_cuts_the_gradient => rope_passes_gradients: rope_at {
        "x.narrow(3, half, half)?)" => "x.narrow(3, half, half)?.detach())"
    }
    rope_takes_positions_for_all => rope_refuses: rope_at {
        "if positions.dims() != [batch, seq] {" =>
            "let all = positions.broadcast_as((batch, seq)).ok();
            let positions = all.as_ref().unwrap_or(positions);
            if positions.dims() != [batch, seq] {"
    }
    rope_looks_at_numbers_first => rope_refuses: rope_at {
        "let &[batch, _, seq, d_head] = x.dims()" =>
            "frequencies(x.dims().last().copied().unwrap_or(0), theta)?;
            let &[batch, _, seq, d_head] = x.dims()"
    }
    rope_ends_at_65536 => ropes_agree: rope_at {
        "let positions = positions.to_dtype(DType::F64)?" =>
            "let positions = if x.dtype() == DType::F32 && positions.elem_count() > 6 {
                positions.clamp(0_u32, 65_535_u32)?
            } else {
                positions.clone()
            };
            let positions = positions.to_dtype(DType::F64)?"
    }

    attention_turns_no_keys => attention_is_that_of_pytorch: llama_attention {
        "let mut keys = rope_at(&k, positions, config.theta)?;" => "let mut keys = k;"
    }
    attention_turns_values => attention_is_that_of_pytorch: llama_attention {
        "let mut values = split_heads(&attention.v_proj.forward(x)?, config.n_kv_heads)?;" =>
            "let values = split_heads(&attention.v_proj.forward(x)?, config.n_kv_heads)?;
            let mut values = rope_at(&values, positions, config.theta)?;"
    }
    attention_has_its_own_base => attention_is_that_of_pytorch: llama_attention {
        "let q = rope_at(&q, positions, config.theta)?;" =>
            "let q = rope_at(&q, positions, 10_000.0)?;",
        "rope_at(&k, positions, config.theta)?" => "rope_at(&k, positions, 10_000.0)?"
    }
    /// Heads 0, 1, 0, 1, … instead of 0, 0, 1, 1, …
    attention_tiles_its_groups => attention_is_that_of_pytorch: llama_attention {
        "(repeat_kv(&keys, config.n_heads)?, repeat_kv(&values, config.n_heads)?)" =>
            "{
                let group = config.n_heads / config.n_kv_heads;
                let tiled = |x: &Tensor| Tensor::cat(&vec![x; group], 1);
                (tiled(&keys)?, tiled(&values)?)
            }"
    }
    /// A copy for each head gives away what sharing has saved.
    attention_keeps_copies => attention_is_that_of_pytorch: llama_attention {
        "KeysValues { keys, values }))" => "KeysValues { keys: k, values: v }))"
    }
    attention_keeps_unturned_keys => attention_is_that_of_pytorch: llama_attention {
        "let mut keys = rope_at(&k, positions, config.theta)?;" =>
            "let fresh = k.clone(); let mut keys = rope_at(&k, positions, config.theta)?;",
        "KeysValues { keys, values }))" => "KeysValues { keys: fresh, values }))"
    }
    /// The root of the width, not of the head.
    attention_divides_by_the_width => attention_is_that_of_pytorch: llama_attention {
        "let q = rope_at(&q, positions, config.theta)?;" =>
            "let q = (q * (config.d_head as f64 / config.d_model as f64).sqrt())?;
            let q = rope_at(&q, positions, config.theta)?;"
    }
    /// `d_model / n_heads`, which `d_head` need not be.
    attention_divides_by_its_share => attention_is_that_of_pytorch: llama_attention {
        "let q = rope_at(&q, positions, config.theta)?;" =>
            "let share = (config.d_model / config.n_heads).max(1);
            let q = (q * (config.d_head as f64 / share as f64).sqrt())?;
            let q = rope_at(&q, positions, config.theta)?;"
    }
    attention_starts_anew => attention_goes_on_from_its_past: llama_attention {
        "let q = rope_at(" => "let fresh: Vec<u32> = (0..x.dims()[1] as u32).collect();
            let fresh = Tensor::new(fresh, x.device())?.broadcast_as(positions.shape())?;
            let positions = if past.is_some() { &fresh } else { positions };
            let q = rope_at("
    }
    attention_turns_its_past_again => attention_goes_on_from_its_past: llama_attention {
        "keys = Tensor::cat(&[&past.keys, &keys], 2)?;" =>
            "let (batch, seen) = (keys.dims()[0], past.tokens());
            let old = Tensor::arange(0_u32, seen as u32, x.device())?.broadcast_as((batch, seen))?;
            keys = Tensor::cat(&[&rope_at(&past.keys, &old, config.theta)?, &keys], 2)?;"
    }
    attention_puts_its_past_behind => attention_goes_on_from_its_past: llama_attention {
        "&[&past.keys, &keys]" => "&[&keys, &past.keys]",
        "&[&past.values, &values]" => "&[&values, &past.values]"
    }
    attention_keeps_only_the_new => attention_goes_on_from_its_past: llama_attention {
        "KeysValues { keys, values }))" => "KeysValues {
            keys: keys.narrow(2, keys.dims()[2] - x.dims()[1], x.dims()[1])?,
            values: values.narrow(2, values.dims()[2] - x.dims()[1], x.dims()[1])?,
        }))"
    }
    attention_masks_by_itself => attention_obeys_its_mask: llama_attention {
        "sdpa(&q, &k, &v, mask)?" =>
            "sdpa(&q, &k, &v, Some(mask.unwrap_or(&causal_mask(q.dims()[2], k.dims()[2])?)))?"
    }
    attention_takes_the_first_mask => attention_obeys_its_mask: llama_attention {
        "sdpa(&q, &k, &v, mask)?" =>
            "sdpa(&q, &k, &v, mask.map(|m| match m.rank() {
                4 => m.narrow(1, 0, 1),
                _ => Ok(m.clone()),
            }).transpose()?.as_ref())?"
    }
    attention_cuts_the_gradient => attention_passes_gradients: llama_attention {
        "repeat_kv(&values, config.n_heads)?)" => "repeat_kv(&values.detach(), config.n_heads)?)"
    }
    attention_drops_a_mask_that_does_not_fit => attention_refuses: llama_attention {
        "sdpa(&q, &k, &v, mask)?" =>
            "sdpa(&q, &k, &v, mask.filter(|m| m.dims().last() == Some(&k.dims()[2])))?"
    }
    attention_keeps_2048 => attentions_agree: llama_attention {
        "let found = merge_heads(" => "let (keys, values) = match keys.dims()[2] {
            0..=2048 => (keys, values),
            t => (keys.narrow(2, t - 2048, 2048)?, values.narrow(2, t - 2048, 2048)?),
        };
        let found = merge_heads("
    }

    /// The norm of GPT.
    block_takes_layer_norm => block_is_that_of_pytorch: llama_block {
        "let normed = rms_norm(x, &block.input_layernorm, config.eps)?;" =>
            "let normed = normalization_and_activations::solution::layer_norm(
                x, &block.input_layernorm, &block.input_layernorm.zeros_like()?, config.eps)?;"
    }
    /// ε beside the root.
    block_adds_epsilon_to_the_root => block_is_that_of_pytorch: llama_block {
        "let normed = rms_norm(&x, &block.post_attention_layernorm, config.eps)?;" =>
            "let root = x.sqr()?.mean_keepdim(2)?.sqrt()?;
            let normed = x.broadcast_div(&(root + config.eps)?)?
                .broadcast_mul(&block.post_attention_layernorm)?;"
    }
    block_takes_the_usual_epsilon => block_is_that_of_pytorch: llama_block {
        "&block.input_layernorm, config.eps" => "&block.input_layernorm, 1e-5"
    }
    block_has_one_gain => block_is_that_of_pytorch: llama_block {
        "&block.post_attention_layernorm" => "&block.input_layernorm"
    }
    block_swaps_gate_and_up => block_is_that_of_pytorch: llama_block {
        "swiglu_mlp(&normed, &block.mlp)?" => "swiglu_mlp(&normed, &{
            let mut mlp = block.mlp.clone();
            std::mem::swap(&mut mlp.gate_proj, &mut mlp.up_proj);
            mlp
        })?"
    }
    /// PaLM's.
    block_is_parallel => block_adds_one_after_the_other: llama_block {
        "let normed = rms_norm(&x, " => "let normed = rms_norm(&(&x - &found)?, ",
        "let x = (x + found)?;" => "let x = (x + &found)?;"
    }
    /// The transformer of 2017: what was normalized is added.
    block_adds_the_normed => block_adds_one_after_the_other: llama_block {
        "let x = (x + found)?;" => "let x = (&normed + found)?;"
    }
    block_adds_what_came_in => block_adds_one_after_the_other: llama_block {
        "let x = (x + found)?;" => "let first = x; let x = (x + found)?;",
        "(&x + swiglu_mlp" => "(first + swiglu_mlp"
    }
    block_does_not_add => block_adds_one_after_the_other: llama_block {
        "(&x + swiglu_mlp(&normed, &block.mlp)?)?" => "swiglu_mlp(&normed, &block.mlp)?"
    }
    block_forgets_the_past => block_hands_on_what_it_gets: llama_block {
        "positions, past, mask)?" => "positions, past.filter(|_| false), mask.as_ref())?",
        "let normed = rms_norm(x, " => "let t = x.dims()[1];
            let cut = |m: &Tensor| m.narrow(m.rank() - 1, m.dims()[m.rank() - 1] - t, t);
            let mask = mask.map(cut).transpose()?;
            let normed = rms_norm(x, "
    }
    block_masks_by_itself => block_hands_on_what_it_gets: llama_block {
        "positions, past, mask)?" => "positions, past, Some(mask.unwrap_or(&causal)))?",
        "let normed = rms_norm(x, " => "let t = x.dims()[1];
            let causal = causal_mask(t, past.map_or(0, KeysValues::tokens) + t)?;
            let normed = rms_norm(x, "
    }
    block_cuts_the_gradient => block_passes_gradients: llama_block {
        "swiglu_mlp(&normed, &block.mlp)?" => "swiglu_mlp(&normed.detach(), &block.mlp)?"
    }
    block_bounds_its_stream => blocks_agree: llama_block {
        "Ok((y, kept))" => "Ok((y.clamp(-25.0, 25.0)?, kept))"
    }

    forward_forgets_the_last_norm => logits_are_those_of_transformers: llama_forward {
        "rms_norm(&x, norm, config.eps)?.reshape(" => "{ let _ = norm; x }.reshape("
    }
    /// PaLM's root.
    forward_divides => logits_are_those_of_transformers: llama_forward {
        "let logits = x.matmul(&head.t()?)?;" =>
            "let logits = (x.matmul(&head.t()?)? / (config.d_model as f64).sqrt())?;"
    }
    /// Gemma does this at the other end.
    forward_scales_its_embeddings => logits_are_those_of_transformers: llama_forward {
        "let mut kept = " => "x = (x * (config.d_model as f64).sqrt())?; let mut kept = "
    }
    forward_repeats_the_first_block => logits_are_those_of_transformers: llama_forward {
        "llama_block(&x, block," => "llama_block(&x, { let _ = block; &blocks[0] },"
    }
    forward_leaves_out_a_block => logits_are_those_of_transformers: llama_forward {
        "in blocks.iter().enumerate()" => "in blocks.iter().enumerate().take(2)"
    }
    forward_always_ties => the_head_is_the_one_that_the_model_has: llama_forward {
        "lm_head.as_ref().map_or(embeddings, |head| &head.weight)" =>
            "{ let _ = lm_head; embeddings }"
    }
    forward_turns_the_tied_table => the_head_is_the_one_that_the_model_has: llama_forward {
        "lm_head.as_ref().map_or(embeddings, |head| &head.weight)" =>
            "&lm_head.as_ref().map_or_else(
                || embeddings.t()?.contiguous()?.reshape(embeddings.shape()),
                |head| Ok(head.weight.clone()))?"
    }
    forward_looks_at_padding => padding_moves_nobody: llama_forward {
        "causal_mask(seq, seen + seq)?.broadcast_mul(&is_token)?" =>
            "causal_mask(seq, seen + seq)?.broadcast_mul(&is_token.ones_like()?)?"
    }
    /// Places: right for padding on the left, since RoPE sees distances only.
    forward_counts_places => padding_moves_nobody: llama_forward {
        "tokens += u32::from(is_token);" => "tokens += 1; let _ = is_token;"
    }
    forward_counts_padding_once => padding_moves_nobody: llama_forward {
        "tokens += u32::from(is_token);" =>
            "tokens += u32::from(is_token == 1 || place > 0 && row[place - 1] == 1);"
    }
    forward_has_one_past => parts_are_as_good_as_the_whole: llama_forward {
        "past.get(i)" => "past.get(i.min(0))"
    }
    forward_starts_anew => parts_are_as_good_as_the_whole: llama_forward {
        "if place >= seen {" => "if place == seen { tokens = 0; } if place >= seen {"
    }
    /// The past by its places, also where padding stands in it.
    forward_counts_the_places_of_its_past => parts_are_as_good_as_the_whole: llama_forward {
        "if place >= seen {" => "if place == seen { tokens = seen as u32; } if place >= seen {"
    }
    forward_masks_from_the_start => parts_are_as_good_as_the_whole: llama_forward {
        "causal_mask(seq, seen + seq)?" =>
            "causal_mask(seen + seq, seen + seq)?.narrow(0, 0, seq)?"
    }
    forward_sees_the_future => the_future_changes_nothing: llama_forward {
        "causal_mask(seq, seen + seq)?" => "causal_mask(seq, seen + seq)?.ones_like()?"
    }
    forward_knows_65536_tokens => large_ids_and_long_texts_are_read: llama_forward {
        "let mut x = embeddings.index_select(&ids, 0)?" =>
            "let ids = Tensor::from_vec(
                read.iter().map(|id| id & 0xffff).collect(), ids.dims(), ids.device())?;
            let mut x = embeddings.index_select(&ids, 0)?"
    }
    forward_ends_at_256 => large_ids_and_long_texts_are_read: llama_forward {
        "tokens += u32::from(is_token);" =>
            "tokens = (tokens + u32::from(is_token)).min(256);"
    }
    forward_learns_at_one_end => gradients_reach_every_weight: llama_forward {
        "x.matmul(&head.t()?)?" =>
            "x.matmul(&if lm_head.is_none() { head.detach() } else { head.clone() }.t()?)?"
    }
    forward_takes_one_id_too_many => forward_refuses: llama_forward {
        "id as usize >= config" => "id as usize > config"
    }
    forward_takes_any_past => forward_refuses: llama_forward {
        "past.len() != blocks.len()" => "past.len() > blocks.len()"
    }
    forward_takes_any_marks => forward_refuses: llama_forward {
        "Some(is_token) if is_token.dims() != want => {" =>
            "Some(is_token) if is_token.elem_count() != batch * (seen + seq) => {",
        "is_token.to_vec2::<u8>()?" => "is_token.reshape((batch, seen + seq))?.to_vec2::<u8>()?"
    }
    forward_keeps_too_little => models_agree: llama_forward {
        "Ok((logits.reshape((batch, seq, config.vocab_size))?, kept))" =>
            "if let (true, Some(last)) = (batch > 2, kept.last_mut()) {
                last.values = last.values.zeros_like()?;
            }
            Ok((logits.reshape((batch, seq, config.vocab_size))?, kept))"
    }
    forward_ends_at_2048 => models_agree: llama_forward {
        "let mut positions = Vec" => "if seen + seq > 2048 {
            return Err(LlamaError::Ids(vec![batch, seq]));
        }
        let mut positions = Vec"
    }

    writing_fills_up_on_the_right => texts_are_those_of_transformers: continue_texts {
        "[vec![0; longest - prompt.len()], prompt.clone()].concat()" =>
            "[prompt.clone(), vec![0; longest - prompt.len()]].concat()",
        "[vec![0; longest - prompt.len()], vec![1; prompt.len()]].concat()" =>
            "[vec![1; prompt.len()], vec![0; longest - prompt.len()]].concat()"
    }
    writing_marks_padding_as_tokens => texts_are_those_of_transformers: continue_texts {
        "[vec![0; longest - prompt.len()], vec![1; prompt.len()]].concat()" =>
            "{ let _ = prompt; vec![1; longest] }"
    }
    writing_leaves_out_the_end => texts_are_those_of_transformers: continue_texts {
        "new[i].push(token);" => "if !end.contains(&token) { new[i].push(token); }"
    }
    writing_knows_one_end => texts_are_those_of_transformers: continue_texts {
        "!end.contains(&token)" => "end.first() != Some(&token)"
    }
    writing_stops_with_the_first_text => each_text_is_as_if_alone: continue_texts {
        "while goes_on.contains(&true) {" => "while !goes_on.contains(&false) {"
    }
    writing_goes_on_behind_the_end => each_text_is_as_if_alone: continue_texts {
        "if goes_on[i] {" => "if goes_on.contains(&true) {"
    }
    writing_takes_the_least => each_text_is_as_if_alone: continue_texts {
        "logits[id] > logits[best]" => "logits[id] < logits[best]"
    }
    writing_reads_all_again => each_text_is_as_if_alone: continue_texts {
        "past = kept;" => "let _ = kept;",
        "unread[i] = vec![token];" => "unread[i].push(token);",
        "unread[i] = vec![0];" => "unread[i].push(0);"
    }
    writing_reads_once_too_often => each_text_is_as_if_alone: continue_texts {
        "Ok(new)" => "if longest > 0 && max_new_tokens > 0 {
            let ids = Tensor::new(unread, &Device::Cpu)?;
            model.read(&ids, &Tensor::new(is_token, &Device::Cpu)?, &past)?;
        }
        Ok(new)"
    }
    writing_takes_the_last_of_equals => of_equal_logits_the_first_is_taken: continue_texts {
        "logits[id] > logits[best]" => "logits[id] >= logits[best]"
    }
    writing_looks_for_empty_prompts_late => writing_refuses: continue_texts {
        "prompts.iter().position(Vec::is_empty)" =>
            "prompts.iter().position(Vec::is_empty).filter(|_| max_new_tokens > 0)"
    }
    writing_names_the_last_empty_prompt => writing_refuses: continue_texts {
        "prompts.iter().position(Vec::is_empty)" => "prompts.iter().rposition(Vec::is_empty)"
    }
    writing_writes_one_at_least => writing_refuses: continue_texts {
        "vec![max_new_tokens > 0; prompts.len()]" => "vec![true; prompts.len()]"
    }
    writing_writes_eight_at_most => writing_agrees: continue_texts {
        "new[i].len() < max_new_tokens" =>
            "new[i].len() < if prompts.len() > 4 { max_new_tokens.min(8) } else { max_new_tokens }"
    }
}
