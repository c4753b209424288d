//! Wrong answers, each with one classic bug and rejected by the check it names.

grading::mutants! {
    counting;

    /// As if heads always filled the width.
    params_have_square_attention => decoders_are_those_of_transformers: params {
        "let (queries, keys) = (n_heads * d_head, n_kv_heads * d_head);" =>
            "let (queries, keys) = (d_model, d_model / n_heads.exact()? * n_kv_heads);
            let _ = d_head;"
    }
    params_have_keys_of_all_heads => decoders_are_those_of_transformers: params {
        "(n_heads * d_head, n_kv_heads * d_head)" => "{
            let _ = n_kv_heads;
            (n_heads * d_head, n_heads * d_head)
        }"
    }
    params_have_no_output => decoders_are_those_of_transformers: params {
        " + product(queries, d_model);" => ";"
    }
    params_have_one_inside => decoders_are_those_of_transformers: params {
        "if a.is_gated { 2 } else { 1 }" => "1"
    }
    params_have_two_tables => decoders_are_those_of_transformers: params {
        "if a.is_tied { Count::default() } else { embeddings }" => "embeddings"
    }
    params_have_biases_of_inputs => decoders_are_those_of_transformers: params {
        "inputs * outputs + with_bias(outputs)" => "inputs * outputs + with_bias(inputs)"
    }
    params_have_norms_without_biases => decoders_are_those_of_transformers: params {
        "d_model + with_bias(d_model)" => "d_model"
    }
    params_have_no_last_norm => decoders_are_those_of_transformers: params {
        "{ attends + 1 } + 1;" => "{ attends + 1 };"
    }
    params_have_no_token_types => encoders_are_those_of_transformers: params {
        "embeddings += d_model * token_types;" => "let _ = token_types;"
    }
    params_have_a_pooler_without_bias => encoders_are_those_of_transformers: params {
        "product(d_model, d_model) * u64::from(has_pooler)" =>
            "d_model * d_model * u64::from(has_pooler)"
    }
    params_have_a_pooler_always => encoders_are_those_of_transformers: params {
        "u64::from(has_pooler)" => "u64::from(has_pooler || token_types == 0 || true)"
    }
    params_have_no_cross_attention => encoder_decoders_are_those_of_transformers: params {
        "(decoder_layers.into(), 2)" => "(decoder_layers.into(), 1)"
    }
    params_have_one_depth => encoder_decoders_are_those_of_transformers: params {
        "(decoder_layers.into(), 2)" => "{ let _ = decoder_layers; (n_layers, 2) }"
    }
    params_have_buckets_in_every_layer => encoder_decoders_are_those_of_transformers: params {
        "let stack = [positions, layers" => "let positions = match a.positions {
            Positions::Relative { .. } => positions * layers,
            _ => positions,
        };
        let stack = [positions, layers"
    }
    params_have_two_norms_in_parallel => palm_is_that_of_its_paper: params {
        "if a.is_parallel { 1 } else { attends + 1 }" => "(attends + 1)"
    }
    params_forget_the_sum => params_end_at_64_bits: params { "params.total()?;" => "" }
    params_end_in_the_middle => params_end_at_64_bits: params {
        "let mut sums =" => "attention.exact()?; feed_forward.exact()?; let mut sums ="
    }
    params_take_any_heads => params_end_at_64_bits: params {
        "= a.sizes()?;" => "= Architecture { n_heads: 1, n_kv_heads: 1, ..*a }.sizes()?;
        let (n_heads, n_kv_heads): (Count, Count) = {
            let _ = (n_heads, n_kv_heads);
            (a.n_heads.into(), a.n_kv_heads.into())
        };"
    }
    params_share_norms_of_encoders_only => params_agree: params {
        "if a.is_parallel { 1 } else { attends + 1 }" =>
            "if a.is_parallel { attends } else { attends + 1 }"
    }

    /// A multiplication and an addition are two.
    flops_are_multiplications => flops_are_those_of_pytorch: flops {
        "(weights * texts * 2)" => "(weights * texts)",
        "(pairs * pair * texts * 2)" => "(pairs * pair * texts)",
        "vocab_size * texts * 2)" => "vocab_size * texts)"
    }
    flops_of_scores_only => flops_are_those_of_pytorch: flops {
        "let pair = n_heads * d_head * 2;" => "let pair = n_heads * d_head;"
    }
    /// Queries that share keys still have a score each.
    flops_of_shared_scores => flops_are_those_of_pytorch: flops {
        "let pair = n_heads * d_head * 2;" => "let pair = n_kv_heads * d_head * 2;"
    }
    flops_of_width => flops_are_those_of_pytorch: flops {
        "let pair = n_heads * d_head * 2;" => "let pair = d_model * 2;"
    }
    flops_without_gate => flops_are_those_of_pytorch: flops {
        "if a.is_gated { 3 } else { 2 }" => "2"
    }
    flops_of_one_logit => flops_are_those_of_pytorch: flops {
        "(n_layers * layer * tokens, n_layers * met, tokens)" =>
            "(n_layers * layer * tokens, n_layers * met, Count::from(1))"
    }
    flops_of_one_text => flops_are_those_of_pytorch: flops {
        "(pairs * pair * texts * 2)" => "(pairs * pair * 2)"
    }
    flops_of_logits_in_encoders => flops_of_encoders_are_those_of_pytorch: flops {
        "tokens * tokens, zero)" => "tokens * tokens, { let _ = zero; tokens })"
    }
    flops_of_many_poolers => flops_of_encoders_are_those_of_pytorch: flops {
        "layer * tokens + pooler," => "layer * tokens + pooler * tokens,"
    }
    flops_of_cross_keys_for_tokens => flops_of_encoders_are_those_of_pytorch: flops {
        "(layer + queries) * tokens + keys * source" => "(layer + queries + keys) * tokens"
    }
    flops_without_cross_pairs => flops_of_encoders_are_those_of_pytorch: flops {
        "below * (met + tokens * source)" => "below * met"
    }
    flops_of_encoder_layers => flops_of_encoders_are_those_of_pytorch: flops {
        "let below = Count::from(decoder_layers);" => "let _ = decoder_layers; let below = n_layers;"
    }
    flops_read_the_past_again => a_past_is_looked_at: flops {
        "(n_layers * layer * tokens, n_layers * met, tokens)" =>
            "(n_layers * layer * (tokens + past), n_layers * met, tokens)"
    }
    flops_forget_the_past => a_past_is_looked_at: flops {
        "let met = past * tokens\n        +" => "let _ = past; let met ="
    }
    flops_take_any_past => a_past_is_looked_at: flops {
        "if step.past > 0 &&" => "if false &&"
    }
    /// Nobody sees itself.
    flops_see_no_self => only_the_past_is_seen: flops {
        "tokens * (tokens + 1) / 2" => "tokens * tokens / 2"
    }
    flops_halve_the_past => only_the_past_is_seen: flops {
        "Pairs::Causal => tokens * (tokens + 1) / 2" =>
            "Pairs::Causal => return flops(
                architecture,
                &Step { past: step.past / 2 + step.tokens / 2, pairs: Pairs::All, tokens: step.tokens, ..*step },
            )"
    }
    flops_mask_encoders => only_the_past_is_seen: flops {
        "n_layers * tokens * tokens, zero)" => "n_layers * met, zero)"
    }
    flops_end_in_the_middle => flops_end_at_64_bits: flops {
        "let zero = Count::default();" => "met.exact()?; (tokens * tokens).exact()?; let zero = Count::default();"
    }
    flops_forget_the_sum => flops_end_at_64_bits: flops { "flops.total()?;" => "" }
    flops_see_the_past_first => flops_end_at_64_bits: flops {
        "let Sizes { vocab_size, d_model," => "if step.past > 0 && a.family != Family::Decoder {
            return Err(CountError::NoPast);
        }
        let Sizes { vocab_size, d_model,"
    }
    flops_mask_everything => flops_agree: flops {
        "Pairs::All => tokens * tokens," =>
            "Pairs::All if a.family == Family::Decoder || source < tokens => tokens * tokens,
            Pairs::All => tokens * (tokens + 1) / 2,"
    }

    kv_is_one => caches_are_those_of_transformers: kv_bytes {
        "n_kv_heads * d_head * 2 * kept.texts" => "n_kv_heads * d_head * kept.texts"
    }
    kv_of_all_heads => caches_are_those_of_transformers: kv_bytes {
        "n_kv_heads * d_head * 2" => "architecture.n_heads * { let _ = n_kv_heads; d_head } * 2"
    }
    kv_without_source => caches_are_those_of_transformers: kv_bytes {
        "tokens + kept.source" => "tokens"
    }
    kv_of_encoder_layers => caches_are_those_of_transformers: kv_bytes {
        "(decoder_layers.into(), tokens" => "({ let _ = decoder_layers; n_layers }, tokens"
    }
    kv_of_an_encoder => an_encoder_keeps_nothing: kv_bytes {
        "Family::Encoder { .. } => return Ok(0)," => "Family::Encoder { .. } => (n_layers, tokens),"
    }
    kv_of_a_source_always => an_encoder_keeps_nothing: kv_bytes {
        "Family::Decoder => (n_layers, tokens)," =>
            "Family::Decoder => (n_layers, tokens + kept.source),"
    }
    kv_ends_in_the_middle => kv_bytes_end_at_64_bits: kv_bytes {
        "let (layers, tokens) = match" =>
            "(tokens * kept.bytes).exact()?;
            let (layers, tokens) = match"
    }
    kv_of_an_encoder_of_any_heads => kv_bytes_end_at_64_bits: kv_bytes {
        "let Sizes { n_layers" => "if matches!(architecture.family, Family::Encoder { .. }) {
            return Ok(0);
        }
        let Sizes { n_layers"
    }
    kv_wraps => kv_bytes_end_at_64_bits: kv_bytes {
        "let tokens = Count::from(kept.tokens);" =>
            "let tokens = Count::from(kept.tokens % (1 << 63));"
    }
    kv_in_32_bits => kv_bytes_agree: kv_bytes {
        "2 * kept.texts" => "2 * u64::from(kept.texts as u32)"
    }

    training_keeps_one_moment => zero_is_that_of_its_paper: training_bytes {
        "Count::from(recipe.moments)" => "Count::from(recipe.moments.min(1))"
    }
    training_shares_gradients_first => zero_is_that_of_its_paper: training_bytes {
        "here(Sharded::Gradients)" => "here(Sharded::Optimizer)",
        "here(Sharded::Optimizer) * numbers" => "here(Sharded::Gradients) * numbers"
    }
    training_shares_one_thing => zero_is_that_of_its_paper: training_bytes {
        "recipe.sharded >= from" => "recipe.sharded == from"
    }
    training_shares_nothing => zero_is_that_of_its_paper: training_bytes {
        "recipe.sharded >= from" => "recipe.sharded > from"
    }
    training_has_always_a_master => every_byte_has_its_place: training_bytes {
        "u64::from(recipe.has_master)" => "1"
    }
    training_has_moments_of_two_bytes => every_byte_has_its_place: training_bytes {
        "here(Sharded::Optimizer) * numbers * 4" =>
            "here(Sharded::Optimizer) * (numbers * recipe.weight_bytes + numbers * recipe.gradient_bytes)"
    }
    training_rounds_down => the_fullest_device_counts: training_bytes {
        "params.div_ceil(recipe.devices)" => "params / recipe.devices"
    }
    training_adds_one => the_fullest_device_counts: training_bytes {
        "params.div_ceil(recipe.devices)" => "params / recipe.devices + 1"
    }
    training_rounds_bytes => the_fullest_device_counts: training_bytes {
        "(here(Sharded::Weights) * recipe.weight_bytes).exact()?" =>
            "match recipe.sharded {
                Sharded::Weights => (params * recipe.weight_bytes).div_ceil(recipe.devices),
                _ => (here(Sharded::Weights) * recipe.weight_bytes).exact()?,
            }"
    }
    training_needs_no_devices => training_ends_at_64_bits: training_bytes {
        "return Err(CountError::NoDevices);" => "return Ok(Memory::default());"
    }
    training_forgets_the_sum => training_ends_at_64_bits: training_bytes { "memory.total()?;" => "" }
    training_counts_first => training_ends_at_64_bits: training_bytes {
        "if recipe.devices == 0" => "(Count::from(params) * 16).exact()?; if recipe.devices == 0"
    }
    training_in_40_bits => training_bytes_agree: training_bytes {
        "false => params.into()" => "false => (params % (1 << 56)).into()"
    }

    mfu_of_weights => utilization_is_that_of_palm: mfu {
        " + 12.0 * layers * heads * d_head * seq" => " + 0.0 * layers * heads * d_head * seq"
    }
    /// Only reading, no learning.
    mfu_of_reading => utilization_is_that_of_palm: mfu {
        "6.0 * params + 12.0" => "2.0 * params + 4.0"
    }
    mfu_of_one_chip => utilization_is_that_of_palm: mfu { "/ chips / run.peak" => "/ run.peak" }
    mfu_of_seen_pairs => utilization_is_that_of_palm: mfu { "+ 12.0 *" => "+ 6.0 *" }
    mfu_is_at_most_one => utilization_is_that_of_palm: mfu {
        "/ chips / run.peak)" => "/ chips / run.peak).map(|x: f64| x.min(1.0))"
    }
    mfu_takes_nan => utilization_needs_numbers: mfu {
        "!(number > 0.0 && number.is_finite())" => "number <= 0.0 || number.is_infinite()"
    }
    mfu_takes_infinity => utilization_needs_numbers: mfu { " && number.is_finite()" => "" }
    mfu_asks_for_peak_first => utilization_needs_numbers: mfu {
        "(\"tokens_per_second\", run.tokens_per_second), (\"chips\", chips), (\"peak\", run.peak)" =>
            "(\"peak\", run.peak), (\"tokens_per_second\", run.tokens_per_second), (\"chips\", chips)"
    }
    mfu_in_f32 => utilization_agrees: mfu {
        "Ok(of_a_token * " => "Ok(f64::from(of_a_token as f32) * "
    }
    mfu_of_six_in_64_bits => utilization_agrees: mfu {
        "6.0 * params" => "run.params.wrapping_mul(6) as f64 + 0.0 * params"
    }
    mfu_in_64_bits => utilization_agrees: mfu {
        "12.0 * layers * heads * d_head * seq" => "{
            let _ = (layers, heads, d_head, seq);
            12.0 * run.n_layers.wrapping_mul(run.n_heads).wrapping_mul(run.d_head).wrapping_mul(run.seq)
                as f64
        }"
    }
}
