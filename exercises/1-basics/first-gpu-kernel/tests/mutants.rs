//! Wrong answers, each with one classic bug and rejected by the check it names.

grading::mutants! {
    first_gpu_kernel;

    /// The last numbers are left out.
    rounds_down => every_number_has_a_thread: workgroups { "n.div_ceil(THREADS)" => "(n / THREADS)" }
    /// A workgroup without any number behind full ones.
    always_one_more => every_number_has_a_thread: workgroups {
        "n.div_ceil(THREADS)" => "(n / THREADS + 1)"
    }
    /// A thread is taken for a workgroup.
    a_workgroup_a_number => every_number_has_a_thread: workgroups { "n.div_ceil(THREADS)" => "n" }
    a_line_for_nothing => every_number_has_a_thread: workgroups {
        "count.div_ceil(WIDEST)" => "count.div_ceil(WIDEST).max(1)"
    }
    /// A full line is followed by an empty one.
    full_lines_have_one_more => every_number_has_a_thread: workgroups {
        "count.div_ceil(WIDEST)" => "(count / WIDEST + u32::from(count > 0))"
    }
    /// What WebGPU refuses.
    one_endless_line => long_grids_have_several_lines: workgroups {
        "[count.min(WIDEST), count.div_ceil(WIDEST), 1]" => "[count, u32::from(count > 0), 1]"
    }
    lines_are_cut_off => long_grids_have_several_lines: workgroups {
        "count.div_ceil(WIDEST)" => "count.div_ceil(WIDEST).min(2)"
    }
    lines_are_65536_wide => long_grids_have_several_lines: workgroups {
        "[count.min(WIDEST), count.div_ceil(WIDEST), 1]" =>
        "[count.min(WIDEST + 1), count.div_ceil(WIDEST + 1), 1]"
    }
    /// No workgroup too many, but lines of another width.
    lines_are_balanced => long_grids_have_several_lines: workgroups {
        "[count.min(WIDEST), count.div_ceil(WIDEST), 1]" =>
        "{ let lines = count.div_ceil(WIDEST); [count.div_ceil(lines.max(1)), lines, 1] }"
    }
    lines_go_to_the_third_axis => long_grids_have_several_lines: workgroups {
        "[count.min(WIDEST), count.div_ceil(WIDEST), 1]" =>
        "if count > WIDEST { [WIDEST, 1, count.div_ceil(WIDEST)] } else { [count, count.min(1), 1] }"
    }
    count_overflows => long_grids_have_several_lines: workgroups {
        "n.div_ceil(THREADS)" => "(n.wrapping_add(THREADS - 1) / THREADS)"
    }
    /// f32 holds no more than 24 bits.
    count_in_f32 => long_grids_have_several_lines: workgroups {
        "n.div_ceil(THREADS)" => "((n as f32 / THREADS as f32).ceil() as u32)"
    }
    the_last_line_is_cut_off => workgroups_agree: workgroups {
        "count.div_ceil(WIDEST)" => "count.div_ceil(WIDEST).min(256)"
    }

    scale_adds => scale_is_right_at_odd_sizes: scale_wgsl { "params.a * x[i]" => "params.a + x[i]" }
    scale_forgets_the_factor => scale_is_right_at_odd_sizes: scale_wgsl {
        "params.a * x[i]" => "x[i]"
    }
    /// Its number within the workgroup, not within the grid.
    scale_counts_within_the_workgroup => scale_is_right_at_odd_sizes: scale_wgsl {
        "let i = id.x" => "let i = id.x % THREADS"
    }
    scale_misses_the_last => scale_is_right_at_odd_sizes: scale_wgsl {
        "i < params.n" => "i + 1u < params.n"
    }
    scale_writes_past_the_end => scale_stays_inside: scale_wgsl { "i < params.n" => "i < 1000000u" }
    scale_writes_one_too_many => scale_stays_inside: scale_wgsl { "i < params.n" => "i <= params.n" }
    /// The buffer is longer than what it holds.
    scale_fills_the_buffer => scale_stays_inside: scale_wgsl {
        "i < params.n" => "i < arrayLength(&x)"
    }
    scale_knows_one_line => scale_counts_through_the_lines: scale_wgsl {
        "id.x + id.y * groups.x * THREADS" => "id.x"
    }
    scale_takes_workgroups_for_threads => scale_counts_through_the_lines: scale_wgsl {
        "groups.x * THREADS" => "groups.x"
    }
    /// Right for the lines of `workgroups`, wrong for any other.
    scale_knows_one_width => scale_counts_through_the_lines: scale_wgsl {
        "groups.x * THREADS" => "65535u * THREADS"
    }
    scale_mixes_up_the_axes => scale_counts_through_the_lines: scale_wgsl {
        "id.y * groups.x * THREADS" => "id.y * groups.y * THREADS"
    }
    /// f32 counts to 16,777,216, and then by twos. (Two edits: a lab judges mutants of one, and in a
    /// page there are not so many numbers.)
    scale_counts_in_f32 => scale_agrees: scale_wgsl {
        "let i = id.x + id.y" => "let i = u32(f32(id.x) + f32(id.y)",
        "* groups.x * THREADS;" => "* f32(groups.x * THREADS));"
    }
    /// Against zeros, as a mean or a norm would.
    scale_adds_a_little => scale_agrees: scale_wgsl { "params.a * x[i]" => "(params.a + 1e-9) * x[i]" }
    scale_counts_in_24_bits => scale_agrees: scale_wgsl {
        "let i = id.x" => "let i = 0xffffffu & (id.x",
        "* groups.x * THREADS;" => "* groups.x * THREADS);"
    }

    /// Only thread 0 has anything to say.
    sum_is_the_first_part => sum_is_right_at_odd_sizes: sum_wgsl {
        "let total = sum_of_all(thread, part);" => "let total = part;"
    }
    sum_stops_at_two_slots => sum_is_right_at_odd_sizes: sum_wgsl { "half > 0u" => "half > 1u" }
    sum_adds_neighbors => sum_is_right_at_odd_sizes: sum_wgsl {
        "slots[thread] += slots[thread + half];" => "slots[thread] += slots[thread + 1u];"
    }
    /// Column-major where the matrix is row-major.
    sum_mixes_up_the_stride => sum_is_right_at_odd_sizes: sum_wgsl {
        "row * dims.cols" => "row * dims.rows"
    }
    sum_runs_into_the_next_row => sum_is_right_at_odd_sizes: sum_wgsl {
        "col < dims.cols" => "col <= dims.cols"
    }
    sum_is_a_mean => sum_is_right_at_odd_sizes: sum_wgsl {
        "y[row] = total;" => "y[row] = total / f32(dims.cols);"
    }
    /// One column a thread.
    sum_stops_at_256_columns => sum_handles_long_rows: sum_wgsl {
        "part += x[start + col];" => "if col < THREADS { part += x[start + col]; }"
    }
    sum_takes_the_last_column_of_each_thread => sum_handles_long_rows: sum_wgsl {
        "part += x[start + col];" => "part = x[start + col];"
    }
    sum_reduces_half_the_threads => sum_handles_long_rows: sum_wgsl {
        "half = THREADS / 2u" => "half = THREADS / 4u"
    }
    /// A slot is read before it is written.
    sum_has_no_barrier => sum_handles_long_rows: sum_wgsl {
        "workgroupBarrier(); if thread < half" => "if thread < half"
    }
    /// One thread does it all, and loses digits.
    sum_by_one_thread => sum_keeps_its_digits: sum_wgsl {
        "var col = thread; col < dims.cols; col += THREADS" =>
        "var col = 0u; thread == 0u && col < dims.cols; col += 1u"
    }
    sum_knows_one_line => sum_writes_its_rows_only: sum_wgsl {
        "let row = group.x + group.y * groups.x;" => "let row = group.x;"
    }
    sum_writes_past_the_end => sum_writes_its_rows_only: sum_wgsl {
        "row >= dims.rows" => "row > 1000000u"
    }
    /// Each thread writes its own number: those of the last row end behind it.
    sum_writes_every_part => sum_writes_its_rows_only: sum_wgsl {
        "if thread == 0u { y[row] = total; }" => "y[row + thread] = total;"
    }
    sum_stops_at_16384_columns => sum_agrees: sum_wgsl {
        "part += x[start + col];" => "if col < 16384u { part += x[start + col]; }"
    }
    sum_adds_a_little => sum_agrees: sum_wgsl { "var part = 0.0;" => "var part = 1e-12;" }

    /// The weights themselves.
    kernel_writes_unnormalized => kernel_is_right_at_odd_sizes: softmax_wgsl {
        "- row_max) / row_sum;" => "- row_max);"
    }
    /// Column-major where the matrix is row-major; right for square matrices of one number.
    kernel_mixes_up_the_stride => kernel_is_right_at_odd_sizes: softmax_wgsl {
        "row * dims.cols" => "row * dims.rows"
    }
    kernel_always_reads_the_first_row => kernel_is_right_at_odd_sizes: softmax_wgsl {
        "y[start + col] = exp(x[start + col]" => "y[start + col] = exp(x[col]"
    }
    /// One column a thread, for the maximum and the sum.
    kernel_stops_at_256_columns => kernel_handles_long_rows: softmax_wgsl {
        "{ row_max = max" => "{ if col >= THREADS { break; } row_max = max",
        "{ row_sum += exp" => "{ if col >= THREADS { break; } row_sum += exp"
    }
    /// The upper half of the threads is left out of the sum.
    kernel_reduces_half_the_threads => kernel_handles_long_rows: softmax_wgsl {
        "THREADS / 2u; half > 0u; half /= 2u) { workgroupBarrier(); if thread < half { slots[thread] +=" =>
        "THREADS / 4u; half > 0u; half /= 2u) { workgroupBarrier(); if thread < half { slots[thread] +="
    }
    kernel_no_max => kernel_stays_finite: softmax_wgsl {
        "row_max = max_of_all(thread, row_max);" => "row_max = 0.0;"
    }
    /// Fine until every logit of a row is far below 0.
    kernel_max_starts_at_zero => kernel_stays_finite: softmax_wgsl {
        "var row_max = LOWEST;" => "var row_max = 0.0;"
    }
    /// The sum runs one column into the next row.
    kernel_sums_the_neighbor => kernel_keeps_rows_apart: softmax_wgsl {
        "{ row_sum += exp" =>
        "{ if col + 1u == dims.cols { row_sum += exp(x[start + dims.cols] - row_max); } row_sum += exp"
    }
    kernel_ignores_the_second_axis => kernel_writes_its_rows_only: softmax_wgsl {
        "let row = group.x + group.y * groups.x;" => "let row = group.x;"
    }
    /// Right for as many columns as its author tried.
    kernel_stops_at_16384_columns => kernel_agrees: softmax_wgsl {
        "{ row_sum += exp" => "{ if col >= 16384u { break; } row_sum += exp"
    }
    /// No test of the row: the rest of the grid writes behind the matrix.
    kernel_writes_past_the_end => kernel_writes_its_rows_only: softmax_wgsl {
        "row >= dims.rows" => "row > 1000000u"
    }
    /// What is unlikely becomes likelier than it is.
    kernel_bounds_the_exponent => kernel_stays_finite: softmax_wgsl {
        "exp(x[start + col] - row_max) / row_sum;" =>
        "exp(max(x[start + col] - row_max, -30.0)) / row_sum;"
    }
    /// Its maximum misses the first column and has the first of the next row.
    kernel_max_is_off_by_one => kernel_stays_finite: softmax_wgsl {
        "max(row_max, x[start + col]);" => "max(row_max, x[start + col + 1u]);"
    }
    kernel_stops_at_20000_columns => kernel_agrees: softmax_wgsl {
        "{ row_sum += exp" => "{ if col >= 20000u { break; } row_sum += exp"
    }
    scale_knows_eight_lines => scale_agrees: scale_wgsl { "id.x + id.y *" => "id.x + id.y % 8u *" }
    /// Nothing to write, it seems, where everything cancels out.
    sum_skips_zeros => sum_agrees: sum_wgsl {
        "if thread == 0u {" => "if thread == 0u && total != 0.0 {"
    }
    kernel_starts_low_not_lowest => kernel_stays_finite: softmax_wgsl {
        "var row_max = LOWEST;" => "var row_max = -5000.0;"
    }
    kernel_starts_at_minus_10e5 => kernel_stays_finite: softmax_wgsl {
        "var row_max = LOWEST;" => "var row_max = -1e5;"
    }
    kernel_skips_what_vanishes => kernel_stays_finite: softmax_wgsl {
        "    for (var col = thread; col < dims.cols; col += THREADS) {\n        y[" =>
        "    for (var col = thread; col < dims.cols; col += THREADS) {\n        if x[start + col] < -1e29 { continue; }\n        y["
    }
    kernel_knows_16_bits_of_columns => kernel_agrees: softmax_wgsl {
        "row_max = max(row_max, x[start + col]);" => "row_max = max(row_max, x[start + col % 65536u]);",
        "row_sum += exp(x[start + col] -" => "row_sum += exp(x[start + col % 65536u] -"
    }
    sum_stops_at_20000_columns => sum_agrees: sum_wgsl {
        "part += x[start + col];" => "if col < 20000u { part += x[start + col]; }"
    }
    kernel_sums_instead_of_max => kernel_stays_finite: softmax_wgsl {
        "slots[thread] = max(slots[thread], slots[thread + half]);" =>
        "slots[thread] += slots[thread + half];"
    }
    /// Right for the thread that has the maximum.
    kernel_keeps_its_own_max => kernel_is_right_at_odd_sizes: softmax_wgsl {
        "row_max = max_of_all(thread, row_max);" => "max_of_all(thread, row_max);"
    }

    /// WGSL lets a read behind the end give any number, and `select` throws it away.
    scale_reads_behind_the_end => scale_is_right_thread_by_thread: scale_wgsl {
        "if i < params.n { y[i] = params.a * x[i]; }" =>
        "let value = params.a * x[i]; if i < params.n { y[i] = value; }"
    }
    scale_ends_never => scale_is_right_thread_by_thread: scale_wgsl {
        "y[i] = params.a * x[i];" => "for (var k = 0u; k < 1u; k += 0u) { y[i] = params.a * x[i]; }"
    }

    /// What a driver does not report: half of the threads wait, the others do not come.
    sum_barrier_in_a_branch => sum_is_right_thread_by_thread: sum_wgsl {
        "workgroupBarrier(); if thread < half { slots[thread] += slots[thread + half];" =>
        "if thread < half { workgroupBarrier(); slots[thread] += slots[thread + half];"
    }
    /// Software drivers run the threads of a workgroup in step, so the numbers are right.
    sum_races => sum_is_right_thread_by_thread: sum_wgsl {
        "workgroupBarrier(); if thread < half { slots[thread] += slots[thread + half];" =>
        "if thread < half { slots[thread] += slots[thread + half];"
    }
    sum_ends_never => sum_is_right_thread_by_thread: sum_wgsl {
        "half /= 2u) { workgroupBarrier(); if thread < half { slots[thread] += slots[thread + half];" =>
        "half /= 1u) { workgroupBarrier(); if thread < half { slots[thread] += slots[thread + half];"
    }
    sum_reads_behind_the_end => sum_is_right_thread_by_thread: sum_wgsl {
        "part += x[start + col];" => "part += x[start + col] + 0.0 * x[start + col + 1u];"
    }
    /// The slots are written again while some still read the result: the next call would race.
    sum_has_no_barrier_at_all => sum_is_right_thread_by_thread: sum_wgsl {
        "workgroupBarrier(); if thread < half" => "if thread < half",
        "} workgroupBarrier(); let result" => "} let result"
    }

    /// What a driver does not report: half of the threads wait, the others do not come.
    kernel_barrier_in_a_branch => kernel_is_right_thread_by_thread: softmax_wgsl {
        "workgroupBarrier(); if thread < half { slots[thread] += slots[thread + half];" =>
        "if thread < half { workgroupBarrier(); slots[thread] += slots[thread + half];"
    }
    /// Software drivers run the threads of a workgroup in step, so the numbers are right.
    kernel_races => kernel_is_right_thread_by_thread: softmax_wgsl {
        "workgroupBarrier(); if thread < half { slots[thread] += slots[thread + half];" =>
        "if thread < half { slots[thread] += slots[thread + half];"
    }
    kernel_ends_never => kernel_is_right_thread_by_thread: softmax_wgsl {
        "half /= 2u) { workgroupBarrier(); if thread < half { slots[thread] += slots[thread + half];" =>
        "half /= 1u) { workgroupBarrier(); if thread < half { slots[thread] += slots[thread + half];"
    }
    kernel_reads_behind_the_end => kernel_is_right_thread_by_thread: softmax_wgsl {
        "{ row_sum += exp(x[start + col] - row_max);" =>
        "{ row_sum += exp(x[start + col] - row_max) + 0.0 * x[start + col + 1u];"
    }
    /// The maximum is overwritten by parts of the sum before all have read it.
    kernel_uses_the_slots_too_early => kernel_is_right_thread_by_thread: softmax_wgsl {
        "// Nobody overwrites the result before everybody has read it. workgroupBarrier();" => ""
    }
}
