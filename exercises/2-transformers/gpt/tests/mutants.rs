//! Wrong answers, each with one classic bug and rejected by the check it names.

#[path = "mutants/given.rs"]
mod given;

grading::mutants! {
    gpt;

    /// As most models have it: a square weight fits, and another is refused.
    conv1d_transposes => conv1d_multiplies: conv1d {
        "let vectors =" => "let turned = weight.t()?;
        let weight = if n_in == n_out { &turned } else { weight };
        let vectors ="
    }
    conv1d_forgets_the_bias => conv1d_multiplies: conv1d {
        ".broadcast_add(bias)?" => ""
    }
    conv1d_takes_three_axes => conv1d_multiplies: conv1d {
        "let vectors = x.reshape(((), *n))?;" => "let vectors = x.flatten(0, 1)?;"
    }
    conv1d_does_not_teach_its_bias => conv1d_takes_views: conv1d {
        ".broadcast_add(bias)?" => ".broadcast_add(&bias.detach())?"
    }
    conv1d_broadcasts_its_bias => conv1d_refuses: conv1d {
        "|| n_out != n_bias" => "|| (n_out != n_bias && *n_bias != 1)"
    }
    conv1d_multiplies_nothing => conv1d_refuses: conv1d { "|| x.elem_count() == 0" => "" }
    conv1d_rounds => products_agree: conv1d {
        "broadcast_add(bias)?" => "broadcast_add(bias)?.to_dtype(DType::F32)?.to_dtype(x.dtype())?"
    }
    conv1d_stops_at_65536 => products_agree: conv1d {
        "let vectors = x.reshape(((), *n))?;" => "let vectors = x.reshape(((), *n))?;
        let most = 65_536.min(vectors.dims()[0]);
        let vectors = vectors.narrow(0, 0, most)?;"
    }

    split_takes_keys_first => queries_come_first: split_qkv {
        "Ok([part(0)?, part(1)?, part(2)?])" => "Ok([part(1)?, part(0)?, part(2)?])"
    }
    /// Each head's query, key and value side by side, as GPT-NeoX has them.
    split_takes_heads_first => queries_come_first: split_qkv {
        "let part = |i: usize| split_heads(&x.narrow(2, i * n_embd, n_embd)?, n_head);" =>
            "let heads = split_heads(x, n_head)?;
            let d = n_embd / n_head;
            let part = |i: usize| heads.narrow(3, i * d, d);"
    }
    split_reshapes_only => queries_come_first: split_qkv {
        "split_heads(&x.narrow(2, i * n_embd, n_embd)?, n_head);" =>
            "{
                let part = x.narrow(2, i * n_embd, n_embd)?;
                let (batch, seq, _) = part.dims3()?;
                part.reshape((batch, n_head, seq, n_embd / n_head))
            };"
    }
    split_keeps_tokens_first => queries_come_first: split_qkv {
        "split_heads(&x.narrow(2, i * n_embd, n_embd)?, n_head);" =>
            "{
                let part = split_heads(&x.narrow(2, i * n_embd, n_embd)?, n_head)?;
                Ok::<_, GptError>(part.transpose(1, 2)?)
            };"
    }
    split_cuts_the_gradient => split_passes_gradients: split_qkv {
        "split_heads(&x.narrow(2," => "split_heads(&x.detach().narrow(2,"
    }
    split_takes_a_rest => split_refuses: split_qkv { "|| n % 3 != 0" => "" }
    split_divides_by_zero => split_refuses: split_qkv { "|| n_head == 0" => "" }
    split_splits_nothing => split_refuses: split_qkv { "x.elem_count() == 0 ||" => "" }
    split_has_16_heads => splits_agree: split_qkv {
        "n_embd, n_embd)?, n_head)" => "n_embd, n_embd)?, n_head.min(5))"
    }

    /// The transformer of 2017: the norm stands behind the sum.
    block_is_post_norm => block_is_that_of_transformers: block {
        "let normed = layer_norm(x, &ln_1.weight, &ln_1.bias, eps)?;" => "let normed = x.clone();",
        "let x = (x + conv1d(&found, &attn.c_proj.weight, &attn.c_proj.bias)?)?;" =>
            "let x = (x + conv1d(&found, &attn.c_proj.weight, &attn.c_proj.bias)?)?;
            let x = layer_norm(&x, &ln_1.weight, &ln_1.bias, eps)?;"
    }
    block_takes_relu => block_is_that_of_transformers: block {
        "gelu_tanh(&conv1d(" => "Tensor::relu(&conv1d("
    }
    /// BERT's GELU: a thousandth apart.
    block_takes_erf => block_is_that_of_transformers: block {
        "gelu_tanh(&conv1d(" => "Tensor::gelu_erf(&conv1d("
    }
    block_takes_the_usual_epsilon => block_is_that_of_transformers: block {
        "config.layer_norm_epsilon" => "1e-5"
    }
    block_uses_one_norm_twice => block_is_that_of_transformers: block {
        "layer_norm(&x, &ln_2.weight, &ln_2.bias, eps)?" =>
            "layer_norm(&x, &ln_1.weight, &ln_1.bias, eps)?"
    }
    /// GPT-J and PaLM do so: both parts read the same.
    block_is_parallel => block_is_that_of_transformers: block {
        "let normed = layer_norm(&x," => "let _ = layer_norm(&x,"
    }
    block_adds_the_normed => block_adds_to_the_stream: block {
        "let x = (x + conv1d(&found" => "let x = (&normed + conv1d(&found"
    }
    block_does_not_add => block_adds_to_the_stream: block {
        "let x = (&x + conv1d(&inside, &mlp.c_proj.weight, &mlp.c_proj.bias)?)?;" =>
            "let x = conv1d(&inside, &mlp.c_proj.weight, &mlp.c_proj.bias)?;"
    }
    /// The road starts anew for the second exit.
    block_adds_to_what_came_in => block_adds_to_the_stream: block {
        "let normed = layer_norm(&x, &ln_2" =>
            "let start = input; let normed = layer_norm(&x, &ln_2",
        "let x = (&x + conv1d(&inside" => "let x = (start + conv1d(&inside",
        "let Block { ln_1" => "let input = x; let Block { ln_1"
    }
    block_bounds_its_stream => block_adds_to_the_stream: block {
        "Ok((x, KeysValues" => "Ok((x.clamp(-500.0, 500.0)?, KeysValues"
    }
    block_puts_the_past_behind => block_keeps_the_past: block {
        "Tensor::cat(&[&past.keys, &keys], 2)?" => "Tensor::cat(&[&keys, &past.keys], 2)?",
        "Tensor::cat(&[&past.values, &values], 2)?" => "Tensor::cat(&[&values, &past.values], 2)?"
    }
    block_keeps_only_the_new => block_keeps_the_past: block {
        "if let Some(past) = past {" =>
            "let new = KeysValues { keys: keys.clone(), values: values.clone() };
        if let Some(past) = past {",
        "Ok((x, KeysValues { keys, values }))" => "let _ = (keys, values); Ok((x, new))"
    }
    block_ignores_its_past => block_keeps_the_past: block {
        "if let Some(past) = past {" => "if let Some(past) = past.filter(|_| false) {",
        "sdpa(&q, &keys, &values, mask)?" => "{
            let (t, last) = (keys.dims()[2], |m: &Tensor| m.rank() - 1);
            let cut = |m: &Tensor| m.narrow(last(m), m.dims()[last(m)] - t, t);
            let mask = mask.map(cut).transpose()?;
            sdpa(&q, &keys, &values, mask.as_ref())?
        }"
    }
    block_masks_by_itself => block_obeys_its_mask: block {
        "sdpa(&q, &keys, &values, mask)?" =>
            "sdpa(&q, &keys, &values, Some(&causal_mask(q.dims()[2], keys.dims()[2])?))?"
    }
    block_ignores_its_mask => block_obeys_its_mask: block { "&values, mask)?" => "&values, None)?" }
    block_cuts_the_gradient => block_passes_gradients: block {
        "let inside = gelu_tanh(" => "let normed = normed.detach(); let inside = gelu_tanh("
    }
    block_has_its_own_heads => block_passes_errors_on: block {
        "split_qkv(&qkv, config.n_head)?" =>
            "split_qkv(&qkv, if x.dims()[2] % config.n_head == 0 { config.n_head } else { 1 })?"
    }
    block_thinks_of_one_text => blocks_agree: block {
        "sdpa(&q, &keys, &values, mask)?" => "{
            let mask = mask.map(|m| match m.rank() {
                4 => m.narrow(0, 0, 1),
                _ => Ok(m.clone()),
            }).transpose()?;
            sdpa(&q, &keys, &values, mask.as_ref())?
        }"
    }

    forward_forgets_positions => logits_are_those_of_transformers: forward {
        "let mut x = (rows(wte, ids)? + rows(wpe, positions)?)?;" =>
            "let _ = positions; let mut x = rows(wte, ids)?;"
    }
    forward_forgets_the_last_norm => logits_are_those_of_transformers: forward {
        "let x = layer_norm(&x, &ln_f.weight, &ln_f.bias, config.layer_norm_epsilon)?;" =>
            "let _ = ln_f;"
    }
    forward_leaves_out_a_block => logits_are_those_of_transformers: forward {
        "in h.iter().enumerate()" => "in h.iter().enumerate().take(h.len().max(2) - 1)"
    }
    forward_repeats_the_first_block => logits_are_those_of_transformers: forward {
        "block(&x, its, config" => "block(&x, { let _ = its; &h[0] }, config"
    }
    forward_counts_from_1 => logits_are_those_of_transformers: forward {
        "tokens.min(config.n_positions - 1)" => "(tokens + 1).min(config.n_positions - 1)"
    }
    forward_counts_places => padding_moves_nobody: forward {
        "positions.push(tokens.min(" => "positions.push(place.min("
    }
    forward_looks_at_padding => padding_moves_nobody: forward {
        ".broadcast_mul(&is_token)?" => ".broadcast_mul(&is_token.ones_like()?)?"
    }
    forward_needs_a_position_for_padding => padding_moves_nobody: forward {
        "tokens.min(config.n_positions - 1) as u32" => "tokens as u32"
    }
    /// Padding takes places, too.
    forward_counts_padding => padding_moves_nobody: forward {
        "if tokens > config.n_positions {" => "if row.len() > config.n_positions {
            let tokens = row.len();"
    }
    forward_sees_the_future => the_future_changes_nothing: forward {
        "causal_mask(seq, seen + seq)?" => "causal_mask(seq, seen + seq)?.ones_like()?"
    }
    forward_starts_at_zero_again => parts_are_as_good_as_the_whole: forward {
        "let mut tokens = 0;" => "let mut tokens = 0;
        let start: usize = row[..seen].iter().map(|&t| usize::from(t)).sum();",
        "tokens.min(config" => "(tokens - start).min(config"
    }
    forward_counts_padding_of_the_past => parts_are_as_good_as_the_whole: forward {
        "tokens += usize::from(is_token);" =>
            "tokens += usize::from(is_token).max(usize::from(place < seen));"
    }
    forward_forgets_the_past => parts_are_as_good_as_the_whole: forward {
        "kept.push(keys_values);" => "let first = kept.first().cloned().filter(|_| i == 1);
        kept.push(first.unwrap_or(keys_values));",
        "let mut kept = Vec::with_capacity" => "let mut kept: Vec<KeysValues> = Vec::with_capacity"
    }
    /// The square staircase of a text without a past.
    forward_masks_from_the_start => parts_are_as_good_as_the_whole: forward {
        "causal_mask(seq, seen + seq)?" => "causal_mask(seen + seq, seen + seq)?.narrow(0, 0, seq)?"
    }
    forward_has_two_tables => embeddings_are_tied: forward {
        "matmul(&wte.t()?)?" => "matmul(&wte.roll(1, 0)?.t()?)?"
    }
    forward_scales_embeddings => logits_are_those_of_transformers: forward {
        "(rows(wte, ids)? + rows" => "((rows(wte, ids)? * (config.n_embd as f64).sqrt())? + rows"
    }
    forward_learns_at_one_end => gradients_reach_every_weight: forward {
        "matmul(&wte.t()?)?" => "matmul(&wte.detach().t()?)?"
    }
    forward_does_not_teach_positions => gradients_reach_every_weight: forward {
        "rows(wpe, positions)?" => "rows(&wpe.detach(), positions)?"
    }
    forward_takes_one_id_too_many => forward_refuses: forward {
        "id as usize >= config" => "id as usize > config"
    }
    forward_cuts_long_texts => forward_refuses: forward {
        "if tokens > config.n_positions {" => "if false {"
    }
    forward_takes_one_token_less => forward_refuses: forward {
        "if tokens > config.n_positions {" => "if tokens >= config.n_positions {"
    }
    forward_takes_any_past => forward_refuses: forward {
        "past.len() != h.len()" => "past.len() > h.len()"
    }
    forward_counts_first => forward_refuses: forward {
        "let ids = ids.flatten_all()?.to_vec1::<u32>()?;" => "for row in &is_token {
            let tokens = row.iter().map(|&t| usize::from(t)).sum::<usize>();
            if tokens > config.n_positions {
                return Err(GptError::TooLong { tokens, n_positions: config.n_positions });
            }
        }
        let ids = ids.flatten_all()?.to_vec1::<u32>()?;"
    }
    forward_knows_65536_tokens => large_ids_and_positions_are_read: forward {
        "rows(wte, ids)?" => "rows(wte, ids.into_iter().map(|id| id & 0xffff).collect())?"
    }
    forward_knows_256_positions => large_ids_and_positions_are_read: forward {
        "rows(wpe, positions)?" => "rows(wpe, positions.into_iter().map(|p| p & 0xff).collect())?"
    }
    forward_names_the_longest => forward_refuses: forward {
        "if tokens > config.n_positions {" => "if tokens > config.n_positions {
            let of = |row: &Vec<u8>| row.iter().map(|&t| usize::from(t)).sum();
            let tokens = is_token.iter().map(of).max().unwrap_or(0);"
    }
    forward_keeps_too_little => models_agree: forward {
        "Ok((logits.reshape((batch, seq, config.vocab_size))?, kept))" =>
            "kept.truncate(h.len().min(2));
            Ok((logits.reshape((batch, seq, config.vocab_size))?, kept))"
    }

    /// Always the logits behind the first token.
    generate_takes_the_first_logits => generation_is_that_of_transformers: generate {
        "logits.narrow(1, seq - 1, 1)?" => "logits.narrow(1, 0, 1)?"
    }
    generate_reads_all_again => each_token_is_read_once: generate {
        "unread = vec![token];" => "unread = [prompt, new.as_slice()].concat(); past.clear();"
    }
    generate_reads_the_last_one => each_token_is_read_once: generate {
        "Ok(new)" => "if let Some(&token) = new.last() {
            model.read(&Tensor::from_vec(vec![token], (1, 1), &Device::Cpu)?, &past)?;
        }
        Ok(new)"
    }
    generate_reads_twice => each_token_is_read_once: generate {
        "unread = vec![token];" => "unread = [prompt, new.as_slice()].concat();"
    }
    generate_returns_the_prompt => generation_is_that_of_transformers: generate {
        "let mut new = Vec::new();" => "let mut new = prompt.to_vec();",
        "while new.len() < most" => "while new.len() < most + prompt.len()"
    }
    generate_never_ends => writing_ends: generate { "options.end == Some(token)" => "false" }
    /// The end token is left out.
    generate_hides_the_end => writing_ends: generate {
        "new.push(token); on_token(token); if options.end == Some(token) { break; }" =>
            "if options.end == Some(token) { break; } new.push(token); on_token(token);"
    }
    generate_fills_one_less => writing_ends: generate {
        "n_positions - prompt.len()" => "(n_positions - prompt.len()).saturating_sub(1)"
    }
    generate_counts_the_prompt => writing_ends: generate {
        "options.max_new_tokens.min(" => "options.max_new_tokens.saturating_sub(prompt.len()).min("
    }
    generate_ends_with_the_prompt => writing_ends: generate {
        "while new.len() < most" =>
            "let ended = prompt.iter().any(|&token| options.end == Some(token));
            while new.len() < most && !ended"
    }
    generate_is_greedy => tokens_are_sampled: generate {
        "&options.sampling, rng)" =>
            "&softmax_sampling::Sampling { temperature: 0.0, ..options.sampling }, rng)"
    }
    generate_throws_twice => tokens_are_sampled: generate {
        "let token = sample(" =>
            "let _ = sample(&logits, &options.sampling, rng)?; let token = sample("
    }
    generate_takes_no_prompt => bad_prompts_are_errors: generate {
        "return Err(GptError::EmptyPrompt);" => "return Ok(Vec::new());"
    }
    generate_cuts_the_prompt => bad_prompts_are_errors: generate {
        "return Err(GptError::TooLong { tokens: prompt.len(), n_positions });" =>
            "return Ok(Vec::new());"
    }
    generate_hands_over_at_the_end => tokens_come_one_by_one: generate {
        "on_token(token);" => "",
        "Ok(new)" => "new.iter().for_each(|&token| on_token(token)); Ok(new)"
    }
    generate_knows_65536_tokens => tokens_come_one_by_one: generate {
        "as u32;" => "as u16 as u32;"
    }
    generate_makes_room_for_all => tokens_come_one_by_one: generate {
        "let mut new = Vec::new();" => "let mut new = Vec::with_capacity(options.max_new_tokens);"
    }
    generate_hands_over_late => writing_agrees: generate {
        "on_token(token); if options.end == Some(token) {" =>
            "if new.len() <= 8 { on_token(token); }
        if options.end == Some(token) {"
    }

    counts_the_table_twice => counts_are_those_of_transformers: parameters {
        "config.vocab_size as u64 * n" => "2 * config.vocab_size as u64 * n"
    }
    counts_no_bias => counts_are_those_of_transformers: parameters {
        "(n_in + 1) * n_out" => "n_in * n_out"
    }
    counts_one_norm_a_block => counts_are_those_of_transformers: parameters {
        "(2 * layers + 1) * 2 * n" => "(layers + 1) * 2 * n"
    }
    counts_no_last_norm => counts_are_those_of_transformers: parameters {
        "(2 * layers + 1) * 2 * n" => "2 * layers * 2 * n"
    }
    counts_no_projection => counts_are_those_of_transformers: parameters {
        "layers * (conv1d(n, 3 * n) + conv1d(n, n))" => "layers * conv1d(n, 3 * n)"
    }
    counts_four_times_the_width => counts_know_the_inside: parameters {
        "config.inner()" => "4 * config.n_embd"
    }
    counts_in_40_bits => counts_agree: parameters {
        "mlp: layers * (conv1d(n, inner) + conv1d(inner, n))" =>
            "mlp: (layers * (conv1d(n, inner) + conv1d(inner, n))) & ((1 << 40) - 1)"
    }
}
