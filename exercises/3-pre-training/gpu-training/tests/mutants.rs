//! Wrong answers, each with one classic bug and rejected by the check it names.

#[path = "mutants/candle.rs"]
mod candle;
#[path = "mutants/given.rs"]
mod given;

grading::mutants! {
    gpu_training;

    /// A thread beside C writes into the next row.
    product_writes_beside_c => product_is_right_thread_by_thread: matmul_strided_wgsl {
        "if row >= dims.m || col >= dims.n {" => "if row >= dims.m {"
    }
    product_never_adds => matrices_are_read_where_they_lie: matmul_strided_wgsl {
        "if dims.adds == 1u {" => "if dims.adds == 2u {"
    }
    product_always_adds => matrices_are_read_where_they_lie: matmul_strided_wgsl {
        "if dims.adds == 1u {" => "if dims.adds < 2u {"
    }
    product_transposes_a => matrices_are_read_where_they_lie: matmul_strided_wgsl {
        "row * steps.a_row + p * steps.a_col" => "row * steps.a_col + p * steps.a_row"
    }
    product_transposes_b => matrices_are_read_where_they_lie: matmul_strided_wgsl {
        "p * steps.b_row + col * steps.b_col" => "p * steps.b_col + col * steps.b_row"
    }
    /// As in the lesson on matrix multiplication.
    product_knows_where_b_lies => matrices_are_read_where_they_lie: matmul_strided_wgsl {
        "p * steps.b_row + col * steps.b_col" => "p * dims.n + col"
    }
    product_without_terms_is_left_out => matrices_are_read_where_they_lie: matmul_strided_wgsl {
        "let i = row * dims.n + col;" => "let i = row * dims.n + col;
    if dims.k == 0u { return; }"
    }
    product_stops_after_1024_terms => matrices_are_read_where_they_lie: matmul_strided_wgsl {
        "p < dims.k; p" => "p < min(dims.k, 1024u); p"
    }
    product_counts_in_16_bits => products_agree: matmul_strided_wgsl {
        "let i = row * dims.n + col;" => "let i = (row * dims.n + col) & 0xffffu;"
    }

    gelu_has_no_guard => gelu_is_right_thread_by_thread: gelu_backward_wgsl {
        "if i >= sizes.n {" => "if i >= sizes.n + 9999u {"
    }
    gelu_forgets_what_is_inside => gelu_follows_the_formula: gelu_backward_wgsl {
        "slopes[i] *= 0.5 * (1.0 + t) + 0.5 * v * (1.0 - t * t) * bend;" =>
            "slopes[i] *= 0.5 * (1.0 + t) + 0.0 * bend;"
    }
    gelu_forgets_the_cube => gelu_follows_the_formula: gelu_backward_wgsl {
        "1.0 + 3.0 * CUBE * v * v" => "1.0"
    }
    gelu_cubes_without_3 => gelu_follows_the_formula: gelu_backward_wgsl {
        "1.0 + 3.0 * CUBE * v * v" => "1.0 + CUBE * v * v"
    }
    gelu_overwrites_the_slopes => gelu_follows_the_formula: gelu_backward_wgsl {
        "slopes[i] *= 0.5" => "slopes[i] = 0.5"
    }
    /// 0 · ∞ is no number.
    gelu_cubes_whatever_comes => gelu_follows_the_formula: gelu_backward_wgsl {
        "let v = clamp(x[i], -10.0, 10.0);" => "let v = x[i];"
    }
    gelu_is_flat_beyond_4 => gelu_follows_the_formula: gelu_backward_wgsl {
        "clamp(x[i], -10.0, 10.0)" => "clamp(x[i], -2.0, 2.0)"
    }
    gelu_has_one_line => gelu_agrees: gelu_backward_wgsl {
        "if i >= sizes.n {" => "if i >= min(sizes.n, 65536u) {"
    }

    norm_has_no_guard => norm_is_right_thread_by_thread: layer_norm_backward_wgsl {
        "if row >= sizes.rows {" => "if row >= sizes.rows + 9999u {"
    }
    /// The others wait at the barrier.
    norm_stops_idle_threads => norm_is_right_thread_by_thread: layer_norm_backward_wgsl {
        "var sum = 0.0;" => "if thread >= sizes.cols { return; }
    var sum = 0.0;"
    }
    norm_overwrites_dx => norm_follows_the_formula: layer_norm_backward_wgsl {
        "dx[start + j] += r" => "dx[start + j] = r"
    }
    norm_forgets_the_mean => norm_follows_the_formula: layer_norm_backward_wgsl {
        "- mean_slope - z" => "- 0.0 * mean_slope - z"
    }
    norm_forgets_the_turn => norm_follows_the_formula: layer_norm_backward_wgsl {
        "- z * mean_turn" => "- 0.0 * z * mean_turn"
    }
    norm_forgets_r => norm_follows_the_formula: layer_norm_backward_wgsl {
        "dx[start + j] += r * (" => "dx[start + j] += ("
    }
    norm_takes_means_of_256 => norm_follows_the_formula: layer_norm_backward_wgsl {
        "sum_of_all(thread, turn) / f32(sizes.cols)" => "sum_of_all(thread, turn) / f32(THREADS)"
    }
    norm_forgets_the_gain => norm_follows_the_formula: layer_norm_backward_wgsl {
        "let s = gain[j] * dy[start + j];" => "let s = dy[start + j];"
    }
    norm_mixes_up_rows => norm_follows_the_formula: layer_norm_backward_wgsl {
        "let mean = moments[2u * row];" => "let mean = moments[0];"
    }
    norm_sums_256_columns => norm_follows_the_formula: layer_norm_backward_wgsl {
        "sum += s;" => "if j < THREADS { sum += s; }"
    }

    parameters_have_no_guard => parameters_are_right_thread_by_thread: layer_norm_parameters_backward_wgsl {
        "if col >= sizes.cols {" => "if col >= sizes.cols + 9999u {"
    }
    parameters_swap => parameters_follow_the_formula: layer_norm_parameters_backward_wgsl {
        "dgain[col] = gain;
    dshift[col] = shift;" => "dgain[col] = shift;
    dshift[col] = gain;"
    }
    parameters_lose_the_last_row => parameters_follow_the_formula: layer_norm_parameters_backward_wgsl {
        "row < sizes.rows" => "row + 1u < sizes.rows"
    }
    parameters_take_x => parameters_follow_the_formula: layer_norm_parameters_backward_wgsl {
        "dy[i] * (x[i] - moments[2u * row]) * moments[2u * row + 1u]" => "dy[i] * x[i]"
    }
    parameters_take_the_first_row => parameters_follow_the_formula: layer_norm_parameters_backward_wgsl {
        "moments[2u * row + 1u]" => "moments[1]"
    }
    parameters_are_means => parameters_follow_the_formula: layer_norm_parameters_backward_wgsl {
        "dshift[col] = shift;" => "dshift[col] = shift / f32(sizes.rows);"
    }
    parameters_are_of_one_workgroup => parameters_follow_the_formula: layer_norm_parameters_backward_wgsl {
        "let i = row * sizes.cols + col;" => "let i = row * sizes.cols + col % THREADS;"
    }

    attention_has_no_guard => attention_is_right_thread_by_thread: attention_backward_wgsl {
        "if token >= sizes.texts * sizes.seq {" => "if token >= sizes.texts * sizes.seq + 9999u {"
    }
    attention_forgets_itself => attention_follows_the_formula: attention_backward_wgsl {
        "key <= token" => "key < token"
    }
    attention_asks_earlier_queries => attention_follows_the_formula: attention_backward_wgsl {
        "var query = token;" => "var query = first;"
    }
    attention_asks_the_next_text => attention_follows_the_formula: attention_backward_wgsl {
        "query < first + sizes.seq" => "query < sizes.texts * sizes.seq"
    }
    /// The softmax is forgotten: if one weight grows, the others shrink.
    attention_forgets_the_softmax => attention_follows_the_formula: attention_backward_wgsl {
        "(qkv[value + c] - found[at + c])" => "qkv[value + c]"
    }
    attention_forgets_the_weight => attention_follows_the_formula: attention_backward_wgsl {
        "return weight(query, key, head) * sum" => "return sum"
    }
    attention_forgets_the_scale => attention_follows_the_formula: attention_backward_wgsl {
        "* sum / sqrt(f32(sizes.d))" => "* sum"
    }
    attention_swaps_keys_and_values => attention_follows_the_formula: attention_backward_wgsl {
        "if part == 1u {" => "if part == 2u {"
    }
    attention_has_room_for_64_queries => attention_follows_the_formula: attention_backward_wgsl {
        "query < first + sizes.seq" => "query < min(first + sizes.seq, token + 64u)"
    }
    attention_gives_values_slopes => attention_follows_the_formula: attention_backward_wgsl {
        "sum += weight(query, token, head)" => "sum += score_slope(query, token, head)"
    }
    attention_takes_the_query_for_the_key => attention_follows_the_formula: attention_backward_wgsl {
        "qkv[part_of(1u, key, head) + c]" => "qkv[part_of(0u, key, head) + c]"
    }

    embeddings_have_no_guard => embeddings_are_right_thread_by_thread: embedding_backward_wgsl {
        "if row >= sizes.vocab_size {" => "if row >= sizes.vocab_size + 9999u {"
    }
    /// A thread a slope: two tokens with the same id write the same number.
    embeddings_scatter => embeddings_are_right_thread_by_thread: embedding_backward_wgsl {
        "let row = i / sizes.n_embd;" => "if i < sizes.tokens * sizes.n_embd {
        dtable[ids[i / sizes.n_embd] * sizes.n_embd + i % sizes.n_embd] += dx[i];
    }
    let row = sizes.vocab_size;"
    }
    embeddings_overwrite => embeddings_follow_the_formula: embedding_backward_wgsl {
        "dtable[i] += sum;" => "dtable[i] = sum;"
    }
    embeddings_take_the_last_token => embeddings_follow_the_formula: embedding_backward_wgsl {
        "sum += dx" => "sum = dx"
    }
    embeddings_lose_the_last_token => embeddings_follow_the_formula: embedding_backward_wgsl {
        "token < sizes.tokens" => "token + 1u < sizes.tokens"
    }
    embeddings_mix_up_columns => embeddings_follow_the_formula: embedding_backward_wgsl {
        "token * sizes.n_embd + i % sizes.n_embd" => "token * sizes.n_embd + i / sizes.vocab_size"
    }
    embeddings_count_in_16_bits => embeddings_agree: embedding_backward_wgsl {
        "let row = i / sizes.n_embd;" => "let row = (i / sizes.n_embd) & 0xffffu;"
    }

    way_back_forgets_gelu => every_parameter_gets_its_slope: block_backward {
        "Pass::Gelu { x: Inside, slopes: Wide }," => ""
    }
    way_back_bends_what_is_bent => every_parameter_gets_its_slope: block_backward {
        "Pass::Gelu { x: Inside" => "Pass::Gelu { x: Bent"
    }
    way_back_reads_before_gelu => every_parameter_gets_its_slope: block_backward {
        "of: Linear::FcProj, x: Bent" => "of: Linear::FcProj, x: Inside"
    }
    way_back_norms_what_is_normed => every_parameter_gets_its_slope: block_backward {
        "of: Norm::Ln2, x: Mid" => "of: Norm::Ln2, x: NormedMid"
    }
    way_back_swaps_the_streams => every_parameter_gets_its_slope: block_backward {
        "of: Norm::Ln1, x: X" => "of: Norm::Ln1, x: Mid"
    }
    way_back_reads_the_stream => every_parameter_gets_its_slope: block_backward {
        "of: Linear::Attn, x: Normed," => "of: Linear::Attn, x: X,"
    }
    /// Attention is passed before the layer behind it.
    way_back_goes_forward => every_parameter_gets_its_slope: block_backward {
        "Pass::Linear { of: Linear::AttnProj, x: Found, dy: Dx, dx: Narrow },
        Pass::Attention { dfound: Narrow, dqkv: Wide }," =>
            "Pass::Attention { dfound: Narrow, dqkv: Wide },
        Pass::Linear { of: Linear::AttnProj, x: Found, dy: Dx, dx: Narrow },"
    }
    /// The slopes of the stream are handed to the norm.
    way_back_passes_by => every_parameter_gets_its_slope: block_backward {
        "Pass::LayerNorm { of: Norm::Ln2, x: Mid, dy: Narrow, dx: Dx }," => ""
    }
    way_back_ends_early => ten_steps_are_those_of_the_cpu: block_backward {
        "Pass::LayerNorm { of: Norm::Ln1, x: X, dy: Narrow, dx: Dx }," => ""
    }
}
