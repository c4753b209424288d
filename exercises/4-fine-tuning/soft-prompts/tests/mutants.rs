//! Wrong answers, each with one classic bug and rejected by the check it names.

#[path = "mutants/given.rs"]
mod given;

grading::mutants! {
    soft_prompts;

    text_does_not_begin_again => prompt_begins_as_a_text: prompt_from_text {
        ".cycle().take(n)" => ".take(n)"
    }
    /// As if the prompt's length were the text's.
    all_of_the_text_is_used => prompt_begins_as_a_text: prompt_from_text {
        ".cycle().take(n)" => ".cycle().take(n.max(ids.len()))"
    }
    last_token_is_repeated => prompt_begins_as_a_text: prompt_from_text {
        "ids.iter().enumerate().cycle().take(n)" =>
            "ids.iter().chain(std::iter::repeat(&ids[ids.len() - 1])).enumerate().take(n)"
    }
    /// The position is added twice then: here, and when the prompt is read.
    positions_are_added_early => prompt_begins_as_a_text: prompt_from_text {
        "prompt.extend_from_slice(vector.ok_or(PromptError::Token { at, token, vocab_size })?);" =>
            "let vector = vector.ok_or(PromptError::Token { at, token, vocab_size })?;
        let position = tables.position(at).unwrap_or_default();
        prompt.extend(vector.iter().zip(position).map(|(a, b)| a + b));"
    }
    vectors_of_one_token => prompt_begins_as_a_text: prompt_from_text {
        "let vector = tables.token(token);" => "let vector = tables.token(token).and(tables.token(ids[0]));"
    }
    no_vectors_need_no_text => prompt_begins_as_a_text: prompt_from_text {
        "if ids.is_empty() {" => "if ids.is_empty() && n > 0 {"
    }
    tokens_cut_off_are_judged => drawn_prompts_agree: prompt_from_text {
        "let mut prompt = Vec::new();" => "let mut prompt = Vec::new();
    if let Some(at) = ids.iter().position(|&id| id as usize >= vocab_size) {
        return Err(PromptError::Token { at, token: ids[at], vocab_size });
    }"
    }

    /// The text keeps the positions that it had without a prompt.
    text_begins_at_position_0 => input_is_that_of_peft: soft_prompt {
        "tables.position(t)" => "tables.position(if t < n { t } else { t - n })"
    }
    prompt_has_no_positions => input_is_that_of_peft: soft_prompt {
        "vector.iter().zip(position).map(|(a, b)| a + b)" =>
            "vector.iter().zip(position).map(|(a, b)| if t < n { *a } else { a + b })"
    }
    prompt_stands_behind_the_text => input_is_that_of_peft: soft_prompt {
        "vectors.into_iter().enumerate()" => "{
            vectors.rotate_left(n);
            vectors.into_iter().enumerate()
        }"
    }
    only_the_first_text_has_a_prompt => input_is_that_of_peft: soft_prompt {
        "prompt.chunks_exact(n_embd).collect();" =>
            "prompt.chunks_exact(n_embd).take(if text == 0 { n } else { 0 }).collect();"
    }
    batch_counts_as_one_text => input_is_that_of_peft: soft_prompt {
        "tables.position(t)" => "tables.position((t + text * (n + seq)) % n_positions)"
    }
    seq_is_that_of_the_texts => input_is_that_of_peft: soft_prompt {
        "labels: Vec::new(), seq: n + seq" => "labels: Vec::new(), seq"
    }
    prompt_has_no_labels => nothing_is_asked_of_a_prompt: soft_prompt {
        "std::iter::repeat_n(-100, n)" => "std::iter::repeat_n(-100, 0)"
    }
    /// A label of 0 asks for token 0.
    prompt_asks_for_token_0 => nothing_is_asked_of_a_prompt: soft_prompt {
        "repeat_n(-100, n)" => "repeat_n(0, n)"
    }
    labels_of_the_prompt_come_last => nothing_is_asked_of_a_prompt: soft_prompt {
        "input.labels.extend(std::iter::repeat_n(-100, n));
        input.labels.extend(labels);" => "input.labels.extend(labels);
        input.labels.extend(std::iter::repeat_n(-100, n));"
    }
    last_vector_asks_for_the_text => nothing_is_asked_of_a_prompt: soft_prompt {
        "input.labels.extend(std::iter::repeat_n(-100, n));" =>
            "input.labels.extend(std::iter::repeat_n(-100, n.saturating_sub(1)));
        input.labels.extend(ids.iter().take(n.min(1)).map(|&id| i64::from(id)));"
    }
    all_labels_below_0_are_one => nothing_is_asked_of_a_prompt: soft_prompt {
        "input.labels.extend(labels);" =>
            "input.labels.extend(labels.iter().map(|&l| if l < 0 { -100 } else { l }));"
    }
    positions_are_not_shared => what_does_not_fit_is_refused: soft_prompt {
        "seq > n_positions || n > n_positions - seq" => "seq > n_positions || n > n_positions"
    }
    last_position_is_not_used => what_does_not_fit_is_refused: soft_prompt {
        "n > n_positions - seq" => "n >= n_positions - seq"
    }
    tokens_are_judged_first => what_does_not_fit_is_refused: soft_prompt {
        "let ragged =" => "if let Some(at) = ids.iter().position(|&id| id as usize >= tables.vocab_size()) {
        return Err(PromptError::Token { at, token: ids[at], vocab_size: tables.vocab_size() });
    }
    let ragged ="
    }
    place_is_counted_in_its_text => what_does_not_fit_is_refused: soft_prompt {
        "let at = text * seq + i;" => "let at = i;"
    }
    no_texts_always_fit => what_does_not_fit_is_refused: soft_prompt {
        "if seq > n_positions" => "if !ids.is_empty() && seq > n_positions"
    }
    unknown_tokens_are_zeros => drawn_inputs_agree: soft_prompt {
        "vectors.push(vector.ok_or(PromptError::Token { at, token, vocab_size })?);" =>
            "let _ = (at, vocab_size);
            vectors.push(vector.unwrap_or(&[0.0; 64][..n_embd]));"
    }

    /// The mean over the texts of a batch.
    gradient_is_a_mean => prompt_gradient_is_that_of_pytorch: prompt_gradient {
        "sum as f32" => "(sum / (slopes.len() / row).max(1) as f64) as f32"
    }
    only_the_last_text_counts => prompt_gradient_is_that_of_pytorch: prompt_gradient {
        "*sum += f64::from(slope)" => "*sum = f64::from(slope)"
    }
    /// The last places are the text's.
    slopes_are_those_of_the_text => prompt_gradient_is_that_of_pytorch: prompt_gradient {
        "zip(text)" => "zip(&text[(seq - n) * n_embd..])"
    }
    texts_have_no_prompt => prompt_gradient_is_that_of_pytorch: prompt_gradient {
        "chunks_exact(row)" => "chunks_exact(((seq - n) * n_embd).max(1))"
    }
    no_texts_are_refused => drawn_gradients_agree: prompt_gradient {
        "row == 0 ||" => "row == 0 || slopes.is_empty() ||"
    }
    rest_is_left_out => drawn_gradients_agree: prompt_gradient {
        "|| !slopes.len().is_multiple_of(row)" => ""
    }
    broken_slopes_are_left_out => drawn_gradients_agree: prompt_gradient {
        "*sum += f64::from(slope)" => "*sum += if slope.is_finite() { f64::from(slope) } else { 0.0 }"
    }
    whole_text_may_not_be_prompt => drawn_gradients_agree: prompt_gradient {
        "n > seq" => "n >= seq"
    }

    values_come_first => prefix_is_that_of_peft: prefix_kv { "[part(0), part(1)]" => "[part(1), part(0)]" }
    /// All keys, then all values.
    keys_of_all_blocks_come_first => prefix_is_that_of_peft: prefix_kv {
        "(2 * block + part)" => "(part * n_layer + block)"
    }
    /// Block by block, then the places.
    blocks_are_the_outer_order => prefix_is_that_of_peft: prefix_kv {
        "let rows = matrix.chunks_exact(row);" =>
            "let n = matrix.len() / row;
        return matrix[(2 * block + part) * n * n_embd..][..n * n_embd].to_vec();
        #[allow(unreachable_code)]
        let rows = matrix.chunks_exact(row);"
    }
    keys_are_values => prefix_is_that_of_peft: prefix_kv { "[part(0), part(1)]" => "[part(0), part(0)]" }
    first_block_for_all => prefix_is_that_of_peft: prefix_kv { "2 * block + part" => "part" }
    matrix_is_judged_first => prefix_is_that_of_peft: prefix_kv {
        "if block >= n_layer {" => "let row = 2 * n_layer * n_embd;
    if row > 0 && !matrix.len().is_multiple_of(row) {
        return Err(PromptError::Ragged { what: \"matrix\", found: matrix.len(), row });
    }
    if block >= n_layer {"
    }
    matrix_needs_a_row => drawn_prefixes_agree: prefix_kv {
        "row == 0 ||" => "row == 0 || matrix.is_empty() ||"
    }

    /// The prefix is a text of its own, with its own softmax, as in cross-attention.
    two_softmaxes => head_is_that_of_pytorch: attend_with_prefix {
        "let (weights, values) = (weights(head, t), values(head, t));" =>
            "let (mut weights, values) = (weights(head, t), values(head, t));
        let (before, own) = weights.split_at_mut(head.n());
        for part in [before, own] {
            let sum: f64 = part.iter().sum();
            part.iter_mut().for_each(|w| *w /= 2.0 * sum);
        }"
    }
    prefix_is_causal_too => head_is_that_of_pytorch: attend_with_prefix {
        "let (weights, values) = (weights(head, t), values(head, t));" =>
            "let (mut weights, values) = (weights(head, t), values(head, t));
        weights.iter_mut().take(head.n()).skip(t + 1).for_each(|w| *w = 0.0);
        let sum: f64 = weights.iter().sum();
        weights.iter_mut().for_each(|w| *w /= sum);"
    }
    prefix_is_not_seen => head_is_that_of_pytorch: attend_with_prefix {
        "let (weights, values) = (weights(head, t), values(head, t));" =>
            "let (mut weights, values) = (weights(head, t), values(head, t));
        weights.iter_mut().take(head.n()).for_each(|w| *w = 0.0);
        let sum: f64 = weights.iter().sum();
        weights.iter_mut().for_each(|w| *w /= sum);"
    }
    weights_are_shifted => prefix_is_a_preloaded_cache: attend_with_prefix {
        "weights.iter().zip(values)" => "weights.iter().rev().zip(values)"
    }
    sums_are_means => prefix_is_a_preloaded_cache: attend_with_prefix {
        "sums.into_iter().map(|sum| sum as f32)" =>
            "sums.into_iter().map(|sum| (sum / weights.len() as f64) as f32)"
    }
    first_token_sees_nothing => drawn_heads_agree: attend_with_prefix {
        "found.extend(sums.into_iter().map(|sum| sum as f32))" =>
            "found.extend(sums.into_iter().map(|sum| if t + head.n() == 0 { 0.0 } else { sum as f32 }))"
    }

    scale_is_forgotten => prefix_gradient_is_that_of_pytorch: prefix_gradient {
        "1.0 / (d_head as f64).sqrt()" => "1.0"
    }
    mean_is_that_of_the_prefix => prefix_gradient_is_that_of_pytorch: prefix_gradient {
        "zip(&dweights).map" => "zip(&dweights).take(n).map"
    }
    softmax_has_no_slope => prefix_gradient_is_that_of_pytorch: prefix_gradient {
        "(dweights[j] - mean)" => "dweights[j]"
    }
    keys_and_values_are_swapped => prefix_gradient_is_that_of_pytorch: prefix_gradient {
        "[dkeys, dvalues].map" => "[dvalues, dkeys].map"
    }
    /// The text's keys are those that move.
    query_is_a_key => slopes_are_those_of_small_changes: prefix_gradient {
        "f64::from(head.q(t)[i])" => "f64::from(head.k(t)[i])"
    }
    last_token_passes_nothing_back => slopes_are_those_of_small_changes: prefix_gradient {
        "dfound.chunks_exact(d_head).enumerate()" =>
            "dfound.chunks_exact(d_head).enumerate().take((head.seq() - 1).max(1))"
    }
    only_the_last_token_counts => slopes_are_those_of_small_changes: prefix_gradient {
        "dvalues[j * d_head + i] +=" => "dvalues[j * d_head + i] ="
    }
    length_is_not_judged => prefix_gradient_is_that_of_pytorch: prefix_gradient {
        "dfound.len() != row" => "dfound.len() < row"
    }
    more_may_be_handed_over => drawn_slopes_agree: prefix_gradient {
        "dfound.len() != row" => "dfound.len() != row && dfound.len() != row + 1"
    }
}
