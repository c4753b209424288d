//! Wrong answers, each with one classic bug and rejected by the check it names.

#[path = "mutants/given.rs"]
mod given;

grading::mutants! {
    qlora;

    sides_are_alike => normal_float_has_its_levels: normal_float {
        "quantiles(half - 1).map" => "quantiles(half).skip(1).map"
    }
    levels_are_not_divided => normal_float_has_its_levels: normal_float {
        " / normal_quantile(far)" => ""
    }
    levels_reach_further => normal_float_has_its_levels: normal_float {
        "- 2.0)) / 2.0" => "- 2.0)) / 4.0"
    }
    /// A uniform code.
    levels_are_equally_far_apart => normal_float_has_its_levels: normal_float {
        "normal_quantile(share(i)) / normal_quantile(far)" => "(share(i) - 0.5) / (far - 0.5)"
    }
    shares_end_at_one_half => normal_float_has_its_levels: normal_float {
        "/ f64::from(count)" => "/ f64::from(count - 1).max(1.0)"
    }
    far_is_that_of_four_bits => normal_float_has_its_levels: normal_float {
        "let far = 1.0 - (1.0 / (4.0 * f64::from(half)) + 1.0 / (4.0 * f64::from(half) - 2.0)) / 2.0;" =>
            "let far = 0.967_708_333_333;"
    }

    /// Cuts off instead of rounding.
    numbers_go_down => numbers_go_to_the_next_level: quantize_blocks {
        "(pair[0] + pair[1]) / 2.0" => "pair[1]"
    }
    middles_go_up => numbers_go_to_the_next_level: quantize_blocks {
        "middle < share" => "middle <= share"
    }
    absmax_is_a_max => each_block_has_its_own_absmax: quantize_blocks { "x.abs()" => "*x" }
    absmax_is_that_of_all => each_block_has_its_own_absmax: quantize_blocks {
        "let largest = numbers.iter()" => "let largest = all.iter()",
        "for numbers in numbers.chunks(block)" => "let all = numbers;
    for numbers in numbers.chunks(block)"
    }
    shorter_blocks_are_dropped => each_block_has_its_own_absmax: quantize_blocks {
        "numbers.chunks(block)" => "numbers.chunks_exact(block)"
    }
    shorter_blocks_have_no_least => each_block_has_its_own_absmax: quantize_blocks {
        "if is_whole { largest } else { divisor }" => "largest"
    }
    all_blocks_have_a_least => each_block_has_its_own_absmax: quantize_blocks {
        "if is_whole { largest } else { divisor }" => "divisor"
    }
    zeros_are_divided_by_zero => each_block_has_its_own_absmax: quantize_blocks {
        "largest.max(1e-38)" => "largest"
    }
    shares_are_quotients => blocks_agree: quantize_blocks {
        "if is_whole { x * inverse } else { x / divisor }" => "x / divisor"
    }
    shares_are_products => blocks_agree: quantize_blocks {
        "if is_whole { x * inverse } else { x / divisor }" => "x * inverse"
    }
    shares_are_f64 => blocks_agree: quantize_blocks {
        "middle < share" => "f64::from(middle) < f64::from(x) / f64::from(divisor) && share == share"
    }
    codes_end_at_65536 => blocks_agree: quantize_blocks {
        "numbers.iter().map(|&x|" => "numbers.iter().take(65_536 - blocks.codes.len().min(65_536)).map(|&x|"
    }

    lower_bits_come_first => bytes_are_those_of_bitsandbytes: quantize_4bit {
        "order[usize::from(pair[0])] << 4 | order[usize::from(pair[1])]" =>
            "order[usize::from(pair[1])] << 4 | order[usize::from(pair[0])]"
    }
    fp4_is_not_sorted => bytes_are_those_of_bitsandbytes: quantize_4bit {
        "order.sort_by(|&a, &b| level(a).total_cmp(&level(b)));" => ""
    }
    index_is_the_code => bytes_are_those_of_bitsandbytes: quantize_4bit {
        "order[usize::from(pair[0])] << 4 | order[usize::from(pair[1])]" => "pair[0] << 4 | pair[1]"
    }
    odd_ones_end_with_code_0 => bytes_are_those_of_bitsandbytes: quantize_4bit {
        "codes.push(7)" => "codes.push(0)"
    }
    zeros_change_places => bytes_are_those_of_bitsandbytes: quantize_4bit {
        "level(a).total_cmp(&level(b))" => "level(a).total_cmp(&level(b)).then(b.cmp(&a))"
    }
    the_odd_one_is_lost => bytes_are_those_of_bitsandbytes: quantize_4bit {
        "codes.len() % 2 == 1" => "codes.len() > usize::MAX / 2"
    }
    the_filling_counts => bytes_are_those_of_bitsandbytes: quantize_4bit {
        "len: numbers.len()" => "len: codes.len()"
    }
    blocks_are_64 => bytes_are_those_of_bitsandbytes: quantize_4bit {
        "quantize_blocks(numbers, &levels, block)" => "quantize_blocks(numbers, &levels, block.min(64))"
    }

    the_mean_stays => nested_is_that_of_bitsandbytes: double_quantize { "m - offset" => "m + 0.0 * offset" }
    offset_is_the_middle => nested_is_that_of_bitsandbytes: double_quantize {
        "let offset = (sum / absmax.len().max(1) as f64) as f32;" =>
            "let offset = absmax.iter().fold(sum as f32 * 0.0, |m, x| m.max(*x)) / 2.0;"
    }
    nested_blocks_are_64 => nested_is_that_of_bitsandbytes: double_quantize { ", NESTED)" => ", 64)" }
    nested_levels_are_uniform => nested_is_that_of_bitsandbytes: double_quantize {
        "dynamic_levels()" => "&(0..256).map(|i| i as f32 / 127.5 - 1.0).collect::<Vec<_>>()"
    }
    mean_of_nothing => doubling_agrees: double_quantize { ".len().max(1) as f64" => ".len() as f64" }
    mean_is_summed_in_f32 => doubling_agrees: double_quantize {
        "let sum: f64 = absmax.iter().map(|&m| f64::from(m)).sum();" =>
            "let sum = f64::from(absmax.iter().sum::<f32>());"
    }

    offset_is_multiplied => absmax_comes_back: absmax_of {
        "* absmax[block / NESTED] + offset" => "* (absmax[block / NESTED] + offset)"
    }
    offset_is_forgotten => absmax_comes_back: absmax_of { "+ offset" => "+ 0.0 * offset" }
    one_absmax_for_all => absmax_comes_back: absmax_of { "absmax[block / NESTED]" => "absmax[0]" }
    codes_are_signed => absmax_comes_back: absmax_of {
        "usize::from(codes[block])" => "usize::from(codes[block] ^ 128)"
    }
    blocks_end_at_65536 => absmax_agree: absmax_of { "usize::from(codes[block])" => "usize::from(codes[block & 0xffff])" }
    plain_is_the_first => absmax_comes_back: absmax_of { "=> absmax[block]," => "=> absmax[block * 0]," }

    lower_bits_are_read_first => numbers_come_back: dequantize_4bit { "i % 2 == 0" => "i % 2 == 1" }
    bits_are_counted_in_the_range => numbers_come_back: dequantize_4bit {
        "if i % 2 == 0" => "if (i - range.start) % 2 == 0"
    }
    blocks_are_counted_in_the_range => numbers_come_back: dequantize_4bit {
        "absmax_of(&packed.absmax, i / packed.block)" =>
            "absmax_of(&packed.absmax, (i - range.start) / packed.block)"
    }
    blocks_begin_with_the_range => numbers_come_back: dequantize_4bit {
        "packed.block - i % packed.block" => "packed.block"
    }
    range_has_one_absmax => numbers_come_back: dequantize_4bit {
        "(packed.block - i % packed.block).min(rest.len())" => "rest.len()"
    }
    all_is_nf4 => numbers_come_back: dequantize_4bit {
        "packed.code.levels()" => "qlora::Code::Nf4.levels()"
    }
    numbers_end_at_65536 => ranges_agree: dequantize_4bit { "packed.bytes[i / 2]" => "packed.bytes[(i & 0xffff) / 2]" }
    all_is_plain => ranges_agree: dequantize_4bit {
        "let absmax = absmax_of(&packed.absmax, i / packed.block)?;" =>
            "let absmax = match &packed.absmax { Absmax::Plain(m) => m[i / packed.block], Absmax::Doubled(d) => d.offset };"
    }

    eight_bits_are_cut_off => rows_are_those_of_bitsandbytes: quantize_int8 { ".round_ties_even()" => "" }
    halves_go_away_from_zero => rows_are_those_of_bitsandbytes: quantize_int8 {
        ".round_ties_even()" => ".round()"
    }
    eight_bits_have_128 => rows_are_those_of_bitsandbytes: quantize_int8 {
        "127.0 * (1.0 / absmax)" => "128.0 * (1.0 / absmax)"
    }
    rows_are_divided_at_once => rows_are_those_of_bitsandbytes: quantize_int8 {
        "127.0 * (1.0 / absmax)" => "127.0 / absmax"
    }
    rows_share_an_absmax => rows_are_those_of_bitsandbytes: quantize_int8 {
        "let absmax = row.iter()" => "let absmax = numbers.iter()"
    }
    rows_have_a_max => rows_are_those_of_bitsandbytes: quantize_int8 { "x.abs()" => "*x" }
    tiny_rows_overflow => rows_agree: quantize_int8 {
        "if factor.is_finite() { factor } else { 0.0 }" => "factor"
    }

    layer_reads_rows_backward => layer_is_that_of_pytorch: qlora_forward {
        "add_scaled(y, x[i], &row)" => "add_scaled(y, x[inputs - 1 - i], &row)"
    }
    layer_has_one_row => layer_is_that_of_pytorch: qlora_forward {
        "y.chunks_exact_mut(*outputs))" => "y.chunks_exact_mut(*outputs).take(1))"
    }
    pair_is_forgotten => layer_is_that_of_pytorch: qlora_forward {
        "lora_forward(lora, x, &mut y)?;" => "lora_forward(lora, x, &mut y.clone())?;"
    }
    pair_is_not_scaled => layer_is_that_of_pytorch: qlora_forward {
        "lora_forward(lora, x, &mut y)?;" => "lora_forward(&LoraLinear { scale: 1.0, ..*lora }, x, &mut y)?;"
    }
    weight_begins_one_late => layer_is_that_of_pytorch: qlora_forward {
        "i * outputs..(i + 1) * outputs" => "i * (outputs - 1)..i * (outputs - 1) + outputs"
    }

    slopes_miss_the_base => slopes_are_those_of_pytorch: qlora_backward {
        "dx[i] = dot(dy, &row)" => "dx[i] = 0.0 * dot(dy, &row)"
    }
    slopes_miss_the_pair => slopes_are_those_of_pytorch: qlora_backward {
        "dx: &mut dx };" => "dx: &mut dx.clone() };"
    }
    slopes_are_not_scaled => slopes_are_those_of_pytorch: qlora_backward {
        "lora_backward(lora, x, &xa, dy, slopes)?" =>
            "lora_backward(&LoraLinear { scale: 1.0, ..*lora }, x, &xa, dy, slopes)?"
    }
    slopes_have_no_xa => slopes_are_those_of_pytorch: qlora_backward {
        "lora_backward(lora, x, &xa, dy" => "lora_backward(lora, x, &vec![1.0; xa.len()], dy"
    }
    slopes_of_the_first_row => slopes_are_those_of_pytorch: qlora_backward {
        "dy.chunks_exact(*outputs))" => "dy.chunks_exact(*outputs).take(1))"
    }

    kernel_swaps_codes => kernel_follows_the_formula: nf4_matmul_wgsl {
        "let first = four(packed) * scale;" => "let first = four(packed).yxwz * scale;"
    }
    kernel_takes_the_next_byte => kernel_follows_the_formula: nf4_matmul_wgsl {
        "packed >> 16u" => "packed >> 8u"
    }
    kernel_counts_words_as_numbers => kernel_follows_the_formula: nf4_matmul_wgsl {
        "absmax[at * 8u / dims.block]" => "absmax[at / dims.block]"
    }
    kernel_has_an_absmax_a_row => kernel_follows_the_formula: nf4_matmul_wgsl {
        "absmax[at * 8u / dims.block]" => "absmax[p * dims.n / dims.block]"
    }
    kernel_scales_one_half => kernel_follows_the_formula: nf4_matmul_wgsl {
        "let second = four(packed >> 16u) * scale;" => "let second = four(packed >> 16u);"
    }
    kernel_writes_rows_that_are_not_there => kernel_is_right_thread_by_thread: nf4_matmul_wgsl {
        "r < ROWS && top + r < dims.m" => "r < ROWS"
    }
    kernel_has_one_row => kernel_is_right_thread_by_thread: nf4_matmul_wgsl {
        "r < ROWS && top + r < dims.m" => "r < 1u && top + r < dims.m"
    }
    kernel_reads_rows_that_are_not_there => kernel_is_right_thread_by_thread: nf4_matmul_wgsl {
        "min(top + r, dims.m - 1u)" => "(top + r)"
    }
    kernel_writes_the_left_half_twice => kernel_is_right_thread_by_thread: nf4_matmul_wgsl {
        "y[to + 4u + c] = right[r][c];" => "y[to + c] = right[r][c];"
    }
    kernel_counts_one_line => kernel_is_right_thread_by_thread: nf4_matmul_wgsl {
        "thread % words" => "id.x % words",
        "thread / words * ROWS" => "id.x / words * ROWS"
    }
    kernel_ends_after_256 => products_agree: nf4_matmul_wgsl { "p < dims.k" => "p < min(dims.k, 256u)" }
}
