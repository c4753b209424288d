//! Wrong answers, each with one classic bug and rejected by the check it names.

#[path = "mutants/given.rs"]
mod given;

grading::mutants! {
    lora;

    scale_multiplies => scale_is_that_of_peft: lora_scale { "alpha / below" => "alpha * below" }
    scale_is_upside_down => scale_is_that_of_peft: lora_scale { "alpha / below" => "below / alpha" }
    scale_is_alpha => scale_is_that_of_peft: lora_scale { "(alpha / below)" => "(alpha + 0.0 * below)" }
    root_is_forgotten => scale_is_that_of_peft: lora_scale { "(rank as f64).sqrt()" => "rank as f64" }
    root_is_everywhere => scale_is_that_of_peft: lora_scale { "if rank_stabilized" => "if rank_stabilized || true" }
    negative_alpha_is_refused => scales_agree: lora_scale { "!alpha.is_finite()" => "!alpha.is_finite() || alpha < 0.0" }
    infinite_alpha_is_taken => scales_agree: lora_scale { "!alpha.is_finite()" => "alpha.is_nan()" }
    rank_zero_is_taken => scales_agree: lora_scale { "if rank == 0 {" => "if rank == usize::MAX {" }

    /// As `torch.nn.init.kaiming_uniform_` without PEFT's a = √5.
    bound_is_that_of_relu => a_is_drawn_evenly: lora_init { "1.0 / (inputs" => "6.0_f32.sqrt() / (inputs" }
    bound_is_by_rank => a_is_drawn_evenly: lora_init { "1.0 / (inputs as f32)" => "1.0 / (rank as f32)" }
    bound_is_by_outputs => a_is_drawn_evenly: lora_init { "1.0 / (inputs as f32)" => "1.0 / (outputs as f32)" }
    bound_has_no_root => a_is_drawn_evenly: lora_init { "(inputs as f32).sqrt()" => "(inputs as f32)" }
    only_above_zero => a_is_drawn_evenly: lora_init { "random_range(-bound..bound)" => "random_range(0.0..bound)" }
    one_number_for_all => a_is_drawn_evenly: lora_init {
        "let a = (0..rank * inputs).map(|_| rng.random_range(-bound..bound)).collect();" =>
            "let a = vec![rng.random_range(-bound..bound); rank * inputs];"
    }
    one_row_for_all => a_is_drawn_evenly: lora_init {
        "let a = (0..rank * inputs).map(|_| rng.random_range(-bound..bound)).collect();" =>
            "let row: Vec<f32> = (0..inputs).map(|_| rng.random_range(-bound..bound)).collect();
    let a = row.repeat(rank);"
    }
    /// Then the model is another one before the first step.
    b_is_drawn => b_is_zero: lora_init { "vec![0.0; outputs * rank]" => "(0..outputs * rank).map(|_| rng.random_range(-bound..bound)).collect()" }
    a_is_zero => b_is_zero: lora_init { "rng.random_range(-bound..bound)" => "0.0 * bound" }
    b_is_as_long_as_a => b_is_zero: lora_init { "vec![0.0; outputs * rank]" => "vec![0.0; inputs * rank]" }
    rank_is_refused_first => b_is_zero: lora_init {
        "(\"inputs\", inputs), (\"outputs\", outputs), (\"rank\", rank)" =>
            "(\"rank\", rank), (\"inputs\", inputs), (\"outputs\", outputs)"
    }

    forward_forgets_the_scale => forward_is_that_of_peft: lora_forward { "scaled(&xa, scale)" => "scaled(&xa, 1.0 + 0.0 * scale)" }
    forward_scales_twice => forward_is_that_of_peft: lora_forward { "scaled(&xa, scale)" => "scaled(&xa, scale * scale)" }
    forward_overwrites => forward_is_that_of_peft: lora_forward { "y, outputs, true);" => "y, outputs, false);" }
    forward_adds_twice => forward_is_that_of_peft: lora_forward {
        "Ok(xa)" => "products.product((rows, rank, outputs), low, b.transposed(), y, outputs, true);
    Ok(xa)"
    }
    /// It lies row by row with `inputs` numbers a row, not `rank`.
    forward_reads_a_transposed => forward_is_that_of_peft: lora_forward {
        "Matrix::rows(a, inputs));" => "Matrix::rows(a, rank).transposed());"
    }
    forward_reads_b_transposed => forward_is_that_of_peft: lora_forward {
        "Matrix::rows(b, rank));" => "Matrix::rows(b, outputs).transposed());"
    }
    kept_numbers_are_scaled => forward_is_that_of_peft: lora_forward { "Ok(xa)" => "Ok(scaled(&xa, scale))" }
    rank_above_inputs_is_cut => forwards_agree: lora_forward {
        "let mut products" => "let rank = rank.min(inputs);
    let (a, b) = (&a[..rank * inputs], &b[..outputs * rank]);
    let mut products"
    }

    back_forgets_the_scale => backward_is_that_of_pytorch: lora_backward { "scaled(dy, scale)" => "scaled(dy, 1.0 + 0.0 * scale)" }
    back_scales_only_db => backward_is_that_of_pytorch: lora_backward {
        "let low = Matrix::rows(&low, rank);" => "let low = scaled(&low, 1.0 / scale);
    let low = Matrix::rows(&low, rank);"
    }
    dx_is_overwritten => backward_is_that_of_pytorch: lora_backward { "low, a, dx, inputs, true" => "low, a, dx, inputs, false" }
    dx_is_forgotten => backward_is_that_of_pytorch: lora_backward { "products.product((rows, rank, inputs), low, a, dx, inputs, true);" => "let _ = (a, dx);" }
    da_is_overwritten => backwards_agree: lora_backward { "x, da, inputs, true" => "x, da, inputs, false" }
    db_is_overwritten => backwards_agree: lora_backward { "xa, db, rank, true" => "xa, db, rank, false" }
    da_is_of_the_first_row => backward_is_that_of_pytorch: lora_backward { "(rank, rows, inputs)" => "(rank, rows.min(1), inputs)" }
    /// As if B were learned and A stayed as it was drawn.
    a_does_not_learn => backward_is_that_of_pytorch: lora_backward {
        "products.product((rank, rows, inputs), low.transposed(), x, da, inputs, true);" => "let _ = (x, da);"
    }
    slopes_are_means => backward_is_that_of_pytorch: lora_backward { "scaled(dy, scale)" => "scaled(dy, scale / rows.max(1) as f32)" }
    db_comes_from_x => backward_is_that_of_nudges: lora_backward {
        "let dy = scaled(dy, scale);" => "let dy = scaled(dy, scale);
    let first: Vec<f32> = xa.numbers.iter().map(|n| n.abs()).collect();
    let xa = Matrix::rows(&first, rank);"
    }

    merge_forgets_the_scale => merged_is_that_of_peft: merge { "scaled(a, scale)" => "scaled(a, 1.0 + 0.0 * scale)" }
    /// GPT-2's weights are (inputs, outputs).
    merge_is_transposed => merged_is_that_of_peft: merge {
        "let sizes = (inputs, rank, outputs);" => "let sizes = (outputs, rank, inputs);",
        "a.transposed(), b.transposed(), weight, outputs, true" => "b, a, weight, inputs, true"
    }
    merge_overwrites => merged_is_that_of_peft: merge { "weight, outputs, true" => "weight, outputs, false" }
    merge_subtracts => merged_does_what_both_did: merge { "scaled(a, scale)" => "scaled(a, -scale)" }
    merge_takes_one_direction => merged_is_that_of_peft: merge { "(inputs, rank, outputs)" => "(inputs, rank.min(1), outputs)" }
    unmerge_adds => unmerged_is_back: unmerge { "-lora.scale" => "lora.scale" }
    unmerge_does_nothing => unmerged_is_back: unmerge { "-lora.scale" => "0.0" }
    unmerge_takes_out_the_bare_product => unmerged_is_back: unmerge { "-lora.scale" => "-1.0" }

    counts_only_a => counts_are_those_of_peft: lora_parameters { "inputs + outputs" => "inputs + 0 * outputs" }
    counts_the_weight => counts_are_those_of_peft: lora_parameters { "rank * (inputs + outputs)" => "inputs * outputs + 0 * rank" }
    counts_one_layer => counts_are_those_of_peft: lora_parameters { "layers.iter()" => "layers.iter().take(1)" }
    counts_in_32_bits => counts_agree: lora_parameters { "rank * (inputs + outputs)" => "(rank * (inputs + outputs)) as u32 as usize" }

    adapter_has_no_way_around => adapter_is_that_of_pytorch: adapter_forward { "h + (dot(w, &inside) + bias)" => "0.0 * h + (dot(w, &inside) + bias)" }
    adapter_has_no_bend => adapter_is_that_of_pytorch: adapter_forward { ".max(0.0)" => "" }
    adapter_bends_before_the_bias => adapter_is_that_of_pytorch: adapter_forward { "(dot(w, h) + bias).max(0.0)" => "dot(w, h).max(0.0) + bias" }
    adapter_forgets_the_last_bias => adapter_is_that_of_pytorch: adapter_forward { "(dot(w, &inside) + bias)" => "(dot(w, &inside) + 0.0 * bias)" }
    adapter_bends_at_the_end => adapter_is_that_of_pytorch: adapter_forward { "h + (dot(w, &inside) + bias)" => "h + (dot(w, &inside) + bias).max(0.0)" }
    adapter_takes_only_the_first_row => adapters_agree: adapter_forward { "x.chunks_exact(width)" => "x.chunks_exact(width).take(5)" }

    /// The others wait at the barrier.
    kernel_stops_idle_threads => kernel_is_right_thread_by_thread: lora_wgsl {
        "for (var k = 0u; k < sizes.rank; k++) {
        var sum = 0.0;
        for (var p" => "if thread >= sizes.outputs { return; }
    for (var k = 0u; k < sizes.rank; k++) {
        var sum = 0.0;
        for (var p"
    }
    /// `low` is read before it was written.
    kernel_has_no_barrier => kernel_is_right_thread_by_thread: lora_wgsl {
        "    workgroupBarrier();
    for (var j = thread" => "    for (var j = thread"
    }
    kernel_has_no_guard => kernel_is_right_thread_by_thread: lora_wgsl {
        "if row >= sizes.rows {" => "if row >= sizes.rows + 9999u {"
    }
    kernel_writes_all_of_y => kernel_is_right_thread_by_thread: lora_wgsl { "var j = thread; j < sizes.outputs; j += THREADS" => "var j = 0u; j < sizes.outputs; j += 1u" }
    kernel_forgets_the_scale => kernel_follows_the_formula: lora_wgsl { "factor.scale * sum" => "sum" }
    kernel_overwrites => kernel_follows_the_formula: lora_wgsl { "+ j] += factor.scale" => "+ j] = factor.scale" }
    kernel_reads_b_transposed => kernel_follows_the_formula: lora_wgsl { "b[j * sizes.rank + k]" => "b[k * sizes.outputs + j]" }
    kernel_reads_a_transposed => kernel_follows_the_formula: lora_wgsl { "a[k * sizes.inputs + p]" => "a[p * sizes.rank + k]" }
    kernel_reads_the_first_row => kernel_follows_the_formula: lora_wgsl { "x[row * sizes.inputs + p]" => "x[p]" }
    kernel_knows_64_ranks => kernel_agrees: lora_wgsl {
        "sum += low[k] * b[j * sizes.rank + k];" =>
            "if k < 64u { sum += low[k] * b[j * sizes.rank + k]; }"
    }
    kernel_counts_rows_in_16_bits => kernel_agrees: lora_wgsl { "let row = group.x + group.y * groups.x;" => "let row = (group.x + group.y * groups.x) & 0xffffu;" }
    kernel_has_one_line => kernel_agrees: lora_wgsl { "let row = group.x + group.y * groups.x;" => "let row = group.x + 0u * group.y * groups.x;" }
}
