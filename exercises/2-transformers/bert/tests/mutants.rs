//! Wrong answers, each with one classic bug and rejected by the check it names.

#[path = "mutants/given.rs"]
mod given;
#[path = "mutants/minilm.rs"]
mod minilm;
#[path = "mutants/tokens.rs"]
mod tokens;

grading::mutants! {
    bert;

    /// As GPT-2 has it: a square weight fits, and another is refused.
    linear_does_not_transpose => linear_multiplies: linear {
        "&weight.t()?" => "&(if n_in == n_out { weight.clone() } else { weight.t()? })"
    }
    linear_forgets_the_bias => linear_multiplies: linear { ".broadcast_add(bias)?" => "" }
    linear_takes_three_axes => linear_multiplies: linear {
        "x.reshape(((), *n))?" => "x.flatten(0, 1)?"
    }
    linear_reads_memory => linear_takes_views: linear {
        "&weight.t()?" => "&weight.detach().t()?"
    }
    linear_does_not_teach_its_bias => linear_takes_views: linear {
        ".broadcast_add(bias)?" => ".broadcast_add(&bias.detach())?"
    }
    linear_broadcasts_its_bias => linear_refuses: linear {
        "|| n_out != n_bias" => "|| (n_out != n_bias && *n_bias != 1)"
    }
    linear_multiplies_nothing => linear_refuses: linear { "|| x.elem_count() == 0" => "" }
    linear_rounds => linears_agree: linear {
        "broadcast_add(bias)?" =>
            "broadcast_add(bias)?.to_dtype(candle_core::DType::F32)?.to_dtype(x.dtype())?"
    }
    linear_stops_at_65536 => linears_agree: linear {
        "let vectors = x.reshape(((), *n))?;" => "let vectors = x.reshape(((), *n))?;
        let most = 65_536.min(vectors.dims()[0]);
        let vectors = vectors.narrow(0, 0, most)?;"
    }

    embed_forgets_the_norm => embeddings_are_those_of_transformers: embed {
        "let x = layer_norm(&sum, &norm.weight, &norm.bias, config.layer_norm_eps)?;" =>
            "let _ = norm; let x = sum;"
    }
    embed_takes_the_usual_epsilon => embeddings_are_those_of_transformers: embed {
        "config.layer_norm_eps" => "1e-12"
    }
    embed_scales => embeddings_are_those_of_transformers: embed {
        "rows(&embeddings.word, ids)?" =>
            "(rows(&embeddings.word, ids)? * (config.hidden_size as f64).sqrt())?"
    }
    /// Nobody gave types, so none are added.
    embed_has_no_type_by_default => embeddings_are_those_of_transformers: embed {
        "let sum = (sum + rows(&embeddings.token_type, types)?)?;" =>
            "let sum = match token_types {
                Some(_) => (sum + rows(&embeddings.token_type, types)?)?,
                None => sum,
            };"
    }
    embed_knows_two_types => embeddings_are_those_of_transformers: embed {
        "Some(types) => types.flatten_all()?.to_vec1::<u32>()?," =>
            "Some(types) => types.flatten_all()?.to_vec1::<u32>()?.iter().map(|t| t % 2).collect(),"
    }
    embed_counts_places_through => each_table_has_its_row: embed {
        "(0..batch).flat_map(|_| 0..seq as u32)" => "(0..batch as u32).flat_map(|b| {
            let seq = seq as u32;
            (0..seq).map(move |t| (b * seq + t) % max_position_embeddings as u32)
        })"
    }
    embed_reads_ids_as_u16 => each_table_has_its_row: embed {
        "let ids = ids.flatten_all()?.to_vec1::<u32>()?;" =>
            "let ids = ids.flatten_all()?.to_vec1::<u32>()?;
            let ids: Vec<u32> = match ids.iter().all(|&id| (id as usize) < vocab_size) {
                true => ids.iter().map(|&id| u32::from(id as u16)).collect(),
                false => ids,
            };"
    }
    embed_reads_places_as_u8 => each_table_has_its_row: embed {
        "let places = (0..batch).flat_map(|_| 0..seq as u32)" =>
            "let places = (0..batch).flat_map(|_| (0..seq).map(|t| u32::from(t as u8)))"
    }
    embed_teaches_no_place => embed_passes_gradients: embed {
        "rows(&embeddings.position, places)?" => "rows(&embeddings.position, places)?.detach()"
    }
    embed_takes_candles_norm => embed_passes_gradients: embed {
        "layer_norm(&sum, &norm.weight, &norm.bias, config.layer_norm_eps)?" =>
            "layer_norm(&sum.detach(), &norm.weight, &norm.bias, config.layer_norm_eps)?"
    }
    embed_takes_one_id_too_many => embed_refuses: embed {
        "id as usize >= vocab_size" => "id as usize > vocab_size"
    }
    embed_stops_one_place_early => embed_refuses: embed {
        "seq > max_position_embeddings" => "seq >= max_position_embeddings"
    }
    embed_looks_at_types_first => embed_refuses: embed {
        "let ids = ids.flatten_all()?.to_vec1::<u32>()?;" =>
            "if let Some(types) = token_types {
                let types = types.flatten_all()?.to_vec1::<u32>()?;
                if let Some(&token_type) = types.iter().find(|&&t| t as usize >= type_vocab_size) {
                    return Err(BertError::UnknownType { token_type, type_vocab_size });
                }
            }
            let ids = ids.flatten_all()?.to_vec1::<u32>()?;"
    }
    embed_names_the_largest_id => embed_refuses: embed {
        "ids.iter().find(|&&id|" => "ids.iter().max().filter(|&&id|"
    }
    embed_wants_as_many_types => embed_refuses: embed {
        "types.dims() != want" => "types.elem_count() != batch * seq"
    }
    embed_remembers_its_types => embeds_agree: embed {
        "let want = ids.dims().to_vec();" => "thread_local! {
            static KEPT: std::cell::RefCell<Option<Tensor>> =
                const { std::cell::RefCell::new(None) };
        }
        let kept = KEPT.with(|kept| kept.replace(token_types.cloned()));
        let token_types = token_types.or(kept.as_ref().filter(|kept| kept.dims() == ids.dims()));
        let want = ids.dims().to_vec();"
    }
    embed_forgets_types_of_a_batch => embeds_agree: embed {
        "let sum = (sum + rows(&embeddings.token_type, types)?)?;" =>
            "let types = if batch > 2 { vec![0; batch * seq] } else { types };
            let sum = (sum + rows(&embeddings.token_type, types)?)?;"
    }

    /// GPT-2's order.
    block_is_pre_norm => block_is_that_of_transformers: block {
        "let found = sdpa(" => "let input = x;
        let x = &layer_norm(x, &layer.attention_norm.weight, &layer.attention_norm.bias, eps)?;
        let found = sdpa(",
        "let x = layer_norm(&(x + added)?, &norm.weight, &norm.bias, eps)?;" =>
            "let _ = norm; let x = (input + added)?;
            let stream = x.clone();
            let x = layer_norm(&x, &layer.output_norm.weight, &layer.output_norm.bias, eps)?;",
        "Ok(layer_norm(&(x + added)?, &norm.weight, &norm.bias, eps)?)" =>
            "let _ = norm; Ok((stream + added)?)"
    }
    block_takes_tanh => block_is_that_of_transformers: block {
        "gelu_erf(" => "normalization_and_activations::solution::gelu_tanh("
    }
    block_takes_relu => block_is_that_of_transformers: block { "gelu_erf(" => "Tensor::relu(" }
    block_takes_the_usual_epsilon => block_is_that_of_transformers: block {
        "let eps = config.layer_norm_eps;" => "let eps = 1e-12;"
    }
    block_swaps_its_norms => block_is_that_of_transformers: block {
        "let x = layer_norm(&(x + added)?, &norm.weight" =>
            "let x = layer_norm(&(x + added)?, &layer.output_norm.weight",
        "Ok(layer_norm(&(x + added)?, &norm.weight" =>
            "Ok(layer_norm(&(x + added)?, &layer.attention_norm.weight"
    }
    block_forgets_the_output => block_is_that_of_transformers: block {
        "let added = through(&merge_heads(&found)?, &layer.attention_output)?;" =>
            "let added = merge_heads(&found)?;"
    }
    block_swaps_keys_and_values => block_is_that_of_transformers: block {
        "&heads(&layer.key)?, &heads(&layer.value)?" => "&heads(&layer.value)?, &heads(&layer.key)?"
    }
    block_adds_what_came_in => norms_stand_behind_the_sums: block {
        "let found = sdpa(" => "let input = x; let found = sdpa(",
        "Ok(layer_norm(&(x + added)?" => "Ok(layer_norm(&(input + added)?"
    }
    block_does_not_add => norms_stand_behind_the_sums: block {
        "Ok(layer_norm(&(x + added)?" => "Ok(layer_norm(&added"
    }
    /// A decoder's.
    block_looks_back_only => block_looks_both_ways: block {
        "let found = sdpa(" => "let t = x.dims()[1];
        let causal = attention::solution::causal_mask(t, t)?;
        let mask = Some(match mask {
            Some(mask) => causal.broadcast_mul(mask)?,
            None => causal,
        });
        let mask = mask.as_ref();
        let found = sdpa("
    }
    block_looks_at_padding => block_looks_both_ways: block {
        "&heads(&layer.value)?, mask)?" => "&heads(&layer.value)?, mask.filter(|_| false))?"
    }
    /// 1 is for what is hidden, in some libraries.
    block_turns_the_mask_around => block_looks_both_ways: block {
        "let found = sdpa(" => "let turned = mask.map(|mask| mask.eq(0_u8)).transpose()?;
        let mask = turned.as_ref();
        let found = sdpa("
    }
    block_takes_candles_norm => block_passes_gradients: block {
        "let x = layer_norm(&(x + added)?" => "let x = layer_norm(&(x + added)?.detach()"
    }
    block_teaches_no_query => block_passes_gradients: block {
        "&heads(&layer.query)?" => "&heads(&layer.query)?.detach()"
    }
    block_panics_on_heads => block_passes_errors_on: block {
        "Ok(split_heads(&through(x, by)?, config.num_attention_heads)?)" =>
            "Ok(split_heads(&through(x, by)?, config.num_attention_heads).unwrap())"
    }
    block_makes_its_mask_fit => block_passes_errors_on: block {
        "let found = sdpa(" => "let fit = mask.map(|mask| mask.to_dtype(candle_core::DType::U8));
        let fit = fit.transpose()?;
        let mask = fit.as_ref();
        let found = sdpa("
    }
    block_has_two_heads_at_most => blocks_agree: block {
        "config.num_attention_heads)?)" =>
            "if config.num_attention_heads == 2 { 1 } else { config.num_attention_heads })?)"
    }

    forward_forgets_the_types => hidden_states_are_those_of_transformers: forward {
        "ids, token_types)?;" => "ids, token_types.filter(|_| false))?;"
    }
    forward_leaves_a_block_out => hidden_states_are_those_of_transformers: forward {
        "for layer in &model.layers {" => "for layer in &model.layers[1..] {"
    }
    forward_repeats_the_first_block => hidden_states_are_those_of_transformers: forward {
        "x = block(&x, layer," => "let _ = layer; x = block(&x, &model.layers[0],"
    }
    forward_looks_at_padding => padding_changes_nothing: forward {
        "mask.as_ref())?;" => "mask.as_ref().filter(|_| false))?;"
    }
    forward_masks_the_first_block => padding_changes_nothing: forward {
        "for layer in &model.layers {" => "for (i, layer) in model.layers.iter().enumerate() {",
        "mask.as_ref())?;" => "mask.as_ref().filter(|_| i == 0))?;"
    }
    /// GPT's positions: how many tokens come before.
    forward_counts_tokens => padding_changes_nothing: forward {
        "let mut x = embed(&model.embeddings, &model.config, ids, token_types)?;" =>
            "let mut x = embed(&model.embeddings, &model.config, ids, token_types)?;
            if let Some(is_token) = is_token.filter(|t| t.dims() == ids.dims() && t.dims()[0] == 1) {
                let rows = is_token.to_vec2::<u8>()?;
                let skip = rows[0].iter().take_while(|&&t| t == 0).count();
                let seq = rows[0].len();
                if skip < seq {
                    let kept = |x: &Tensor| x.narrow(1, skip, seq - skip);
                    let types = token_types.map(kept).transpose()?;
                    let text =
                        embed(&model.embeddings, &model.config, &kept(ids)?, types.as_ref())?;
                    x = Tensor::cat(&[&x.narrow(1, 0, skip)?, &text], 1)?;
                }
            }"
    }
    /// What stands at padding is NaN then, and 0 · NaN in a mean is NaN, too.
    forward_divides_padding_by_zero => padding_changes_nothing: forward {
        "    Ok(x)" => "    if let Some(is_token) = is_token {
            let tokens = is_token.to_dtype(x.dtype())?.unsqueeze(2)?;
            return Ok(x.broadcast_mul(&tokens)?.broadcast_div(&tokens)?);
        }
        Ok(x)"
    }
    /// −∞ − (−∞), where nobody may be looked at.
    forward_leaves_nan_without_tokens => padding_changes_nothing: forward {
        "    Ok(x)" => "    if let Some(is_token) = is_token {
            let tokens = is_token.to_dtype(x.dtype())?.sum_keepdim(1)?.unsqueeze(2)?;
            return Ok(x.broadcast_mul(&tokens)?.broadcast_div(&tokens)?);
        }
        Ok(x)"
    }
    forward_is_a_decoder => every_token_sees_every_other: forward {
        "None => None," =>
            "None => Some(attention::solution::causal_mask(x.dims()[1], x.dims()[1])?),"
    }
    forward_teaches_the_last_block => gradients_reach_every_weight: forward {
        "x = block(&x, layer," => "x = block(&x.detach(), layer,"
    }
    forward_broadcasts_its_mask => forward_refuses: forward {
        "Some(is_token) if is_token.dims() != ids.dims() => {" =>
            "Some(is_token) if is_token.broadcast_as(ids.dims()).is_err() => {",
        "Some(is_token.unsqueeze(1)?" =>
            "Some(is_token.broadcast_as(ids.dims())?.contiguous()?.unsqueeze(1)?"
    }
    forward_looks_at_its_mask_first => forward_refuses: forward {
        "let mut x = embed(" => "if let Some(is_token) = is_token.filter(|t| t.dims() != ids.dims()) {
            let (got, want) = (is_token.dims().to_vec(), ids.dims().to_vec());
            return Err(BertError::IsToken { got, want });
        }
        let mut x = embed("
    }
    /// Kept from the call before.
    forward_remembers_its_mask => models_agree: forward {
        "let mut x = embed(" => "thread_local! {
            static KEPT: std::cell::RefCell<Option<Tensor>> =
                const { std::cell::RefCell::new(None) };
        }
        let kept = KEPT.with(|kept| kept.replace(is_token.cloned()));
        let is_token = is_token.or(kept.as_ref().filter(|kept| kept.dims() == ids.dims()));
        let mut x = embed("
    }
    forward_masks_one_text_for_all => models_agree: forward {
        "Some(is_token) => Some(is_token.unsqueeze(1)?.unsqueeze(1)?)," =>
            "Some(is_token) if is_token.dims()[0] == 2 => {
                Some(is_token.narrow(0, 0, 1)?.unsqueeze(1)?.unsqueeze(1)?)
            }
            Some(is_token) => Some(is_token.unsqueeze(1)?.unsqueeze(1)?),"
    }

    head_forgets_its_dense => logits_are_those_of_transformers: mlm_logits {
        "gelu_erf(&linear(hidden, &head.dense.weight, &head.dense.bias)?)?" => "gelu_erf(hidden)?"
    }
    head_has_no_gelu => logits_are_those_of_transformers: mlm_logits {
        "gelu_erf(&linear(hidden, &head.dense.weight, &head.dense.bias)?)?" =>
            "linear(hidden, &head.dense.weight, &head.dense.bias)?"
    }
    head_takes_tanh => logits_are_those_of_transformers: mlm_logits {
        "gelu_erf(" => "normalization_and_activations::solution::gelu_tanh("
    }
    head_norms_first => logits_are_those_of_transformers: mlm_logits {
        "gelu_erf(&linear(hidden, &head.dense.weight, &head.dense.bias)?)?" =>
            "linear(hidden, &head.dense.weight, &head.dense.bias)?",
        "linear(&x, &model.embeddings.word" => "linear(&gelu_erf(&x)?, &model.embeddings.word"
    }
    head_forgets_the_bias => logits_are_those_of_transformers: mlm_logits {
        "linear(&x, &model.embeddings.word, &head.bias)" =>
            "linear(&x, &model.embeddings.word, &head.bias.zeros_like()?)"
    }
    head_shows_probabilities => logits_are_those_of_transformers: mlm_logits {
        "linear(&x, &model.embeddings.word, &head.bias)" =>
            "let y = linear(&x, &model.embeddings.word, &head.bias)?;
            let y = y.exp()?;
            Ok(y.broadcast_div(&y.sum_keepdim(D::Minus1)?)?)"
    }
    head_shares_out_the_change => the_table_is_tied: mlm_logits {
        "linear(&x, &model.embeddings.word, &head.bias)" =>
            "let y = linear(&x, &model.embeddings.word, &head.bias)?;
            Ok(y.broadcast_sub(&y.mean_keepdim(D::Minus1)?)?)"
    }
    head_does_not_teach_the_table => head_passes_gradients: mlm_logits {
        "&model.embeddings.word, &head.bias" => "&model.embeddings.word.detach(), &head.bias"
    }
    head_makes_do_without => no_head_is_an_error: mlm_logits {
        "let head = model.mlm.as_ref().ok_or(BertError::NoHead)?;" =>
            "let Some(head) = model.mlm.as_ref() else { return Ok(hidden.clone()) };"
    }
    head_looks_at_its_input_first => no_head_is_an_error: mlm_logits {
        "let head = model.mlm.as_ref()" => "if hidden.dims().last() != Some(&model.config.hidden_size) {
            let word = &model.embeddings.word;
            return linear(hidden, word, &word.get(0)?);
        }
        let head = model.mlm.as_ref()"
    }
    head_takes_one_epsilon => heads_agree: mlm_logits {
        "model.config.layer_norm_eps" => "model.config.layer_norm_eps.min(0.1)"
    }

    /// Divides by the places of a row.
    pool_divides_by_places => means_are_of_tokens_only: mean_pool {
        "let tokens = is_token.sum(1)?.maximum(1.0)?;" =>
            "let tokens = is_token.ones_like()?.sum(1)?;"
    }
    pool_averages_padding => means_are_of_tokens_only: mean_pool {
        "hidden.broadcast_mul(&is_token)?.sum(1)?" => "hidden.sum(1)?"
    }
    /// What sits at `[CLS]`.
    pool_takes_the_first => means_are_of_tokens_only: mean_pool {
        "Ok(sum.broadcast_div(&tokens)?)" => "let _ = (sum, tokens); Ok(hidden.narrow(1, 0, 1)?.squeeze(1)?)"
    }
    pool_takes_the_largest => means_are_of_tokens_only: mean_pool {
        "Ok(sum.broadcast_div(&tokens)?)" =>
            "let _ = (sum, tokens); Ok(hidden.broadcast_mul(&is_token)?.max(1)?)"
    }
    pool_has_length_1 => means_are_of_tokens_only: mean_pool {
        "Ok(sum.broadcast_div(&tokens)?)" =>
            "let mean = sum.broadcast_div(&tokens)?;
            let length = mean.sqr()?.sum_keepdim(1)?.sqrt()?.maximum(1e-12)?;
            Ok(mean.broadcast_div(&length)?)"
    }
    pool_divides_by_zero => a_text_without_tokens_is_zero: mean_pool { ".maximum(1.0)?" => "" }
    pool_counts_to_255 => long_texts_are_counted: mean_pool {
        "let is_token = is_token.to_dtype(hidden.dtype())?" =>
            "let count = is_token.to_vec2::<u8>()?.iter()
                .map(|row| f64::from(row.iter().fold(0_u8, |n, t| n.wrapping_add(*t))))
                .collect::<Vec<f64>>();
            let count = Tensor::new(count, &Device::Cpu)?.to_dtype(hidden.dtype())?.unsqueeze(1)?;
            let is_token = is_token.to_dtype(hidden.dtype())?",
        "is_token.sum(1)?.maximum(1.0)?" => "count.maximum(1.0)?"
    }
    pool_cuts_the_gradient => pool_passes_gradients: mean_pool {
        "hidden.broadcast_mul" => "hidden.detach().broadcast_mul"
    }
    pool_broadcasts => pool_refuses: mean_pool {
        "|| t != &h[..2]" => "|| t.len() != 2 || t.iter().zip(h).any(|(t, h)| t != h && *t != 1)"
    }
    pool_averages_nothing => pool_refuses: mean_pool { "|| hidden.elem_count() == 0" => "" }
    /// A vector of zeros is a token like any other.
    pool_counts_what_is_not_zero => pools_agree: mean_pool {
        "let tokens = is_token.sum(1)?" =>
            "let is_there = hidden.abs()?.sum_keepdim(2)?.gt(0.0)?.to_dtype(hidden.dtype())?;
            let tokens = is_token.mul(&is_there)?.sum(1)?"
    }
    pool_stops_at_512 => pools_agree: mean_pool {
        "let sum = hidden" => "let most = h[1].min(512);
        let (hidden, is_token) = match h[1] > 600 {
            true => (hidden.clone(), is_token),
            false => (hidden.narrow(1, 0, most)?, is_token.narrow(1, 0, most)?),
        };
        let sum = hidden"
    }
}
