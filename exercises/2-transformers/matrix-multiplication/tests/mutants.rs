//! Wrong answers, each with one classic bug and rejected by the check it names.

#[path = "mutants/given.rs"]
mod given;

grading::mutants! {
    matrix_multiplication;

    /// Only the last product is left.
    matmul_overwrites => rows_meet_columns: matmul { "c[i * n + j] += a" => "c[i * n + j] = a" }
    /// A row of A is taken to be as long as one of C.
    matmul_takes_n_for_k => rows_meet_columns: matmul {
        "a[i * k + p]" => "a[(i * n + p) % (m * k)]"
    }
    /// Rows with rows.
    matmul_transposes_b => rows_meet_columns: matmul { "b[p * n + j]" => "b[j * k + p]" }
    matmul_transposes_a => rows_meet_columns: matmul { "a[i * k + p]" => "a[p * m + i]" }
    matmul_transposes_c => rows_meet_columns: matmul { "c[i * n + j]" => "c[j * m + i]" }
    matmul_forgets_the_last => rows_meet_columns: matmul { "for p in 0..k" => "for p in 1..k" }
    /// Number by number.
    matmul_is_elementwise => rows_meet_columns: matmul {
        "+= a[i * k + p] * b[p * n + j]" => "+= if p == 0 { a[i * k] * b[j] } else { 0.0 }"
    }
    /// As fast training does, but with sums in few digits, too.
    matmul_in_16_bits => rows_meet_columns: matmul {
        "c[i * n + j] += a[i * k + p] * b[p * n + j]" =>
            "let sum: f32 = c[i * n + j] + a[i * k + p] * b[p * n + j];
             c[i * n + j] = f32::from_bits(sum.to_bits() & !0xffff)"
    }
    matmul_stops_at_65536 => long_sums_leave_nothing_out: matmul {
        "for p in 0..k" => "for p in 0..k.min(65_536)"
    }
    matmul_counts_in_16_bits => long_sums_leave_nothing_out: matmul {
        "c[i * n + j] +=" => "c[i * n % 65_536 + j] +="
    }
    /// A trick for sparse matrices.
    matmul_skips_zeros => infinity_and_nan_show: matmul {
        "for j in 0..n {" => "if a[i * k + p] == 0.0 { continue; } for j in 0..n {"
    }
    matmul_hides_nan => infinity_and_nan_show: matmul {
        "Ok(c)" => "Ok(c.into_iter().map(|x: f32| if x.is_nan() { 0.0 } else { x }).collect())"
    }
    matmul_of_nothing_is_nothing => empty_sums_are_zero: matmul {
        "for i in 0..m" => "if k == 0 { return Ok(Vec::new()); } for i in 0..m"
    }
    matmul_refuses_empty_sums => empty_sums_are_zero: matmul {
        "for i in 0..m" => "if k == 0 { return Err(MatmulError::TooLarge([m, n])); } for i in 0..m"
    }
    matmul_takes_longer_matrices => wrong_sizes_are_errors: matmul {
        "shape[0].checked_mul(shape[1]) != Some(numbers.len())" =>
            "shape[0].checked_mul(shape[1]).is_none_or(|len| len > numbers.len())"
    }
    matmul_sizes_wrap => wrong_sizes_are_errors: matmul {
        "shape[0].checked_mul(shape[1]) != Some(numbers.len())" =>
            "shape[0].wrapping_mul(shape[1]) != numbers.len()"
    }
    matmul_names_b_a => wrong_sizes_are_errors: matmul { "(\"b\", b" => "(\"a\", b" }
    matmul_looks_at_b_first => wrong_sizes_are_errors: matmul {
        "[(\"a\", a, [m, k]), (\"b\", b, [k, n])]" => "[(\"b\", b, [k, n]), (\"a\", a, [m, k])]"
    }
    matmul_wraps_the_result => wrong_sizes_are_errors: matmul {
        "m.checked_mul(n)" => "Some(m.wrapping_mul(n))"
    }
    matmul_knows_no_limit => wrong_sizes_are_errors: matmul { "len <= LONGEST" => "len < 1 << 40" }
    /// Such small numbers, it seems, do not count.
    matmul_drops_what_is_small => matmul_agrees: matmul {
        "Ok(c)" => "Ok(c.into_iter().map(|x: f32| if x.abs() < 1e-12 { 0.0 } else { x }).collect())"
    }
    /// The last A is kept if the next one has its size.
    matmul_remembers => matmul_agrees: matmul {
        "for (name," => "thread_local!(
            static LAST: std::cell::RefCell<Vec<f32>> = Default::default()
        );
        let kept = LAST.with(|last| {
            let mut last = last.borrow_mut();
            if last.len() != a.len() { *last = a.to_vec(); }
            last.clone()
        });
        let a = &kept[..];
        for (name,"
    }

    /// Once, whatever the tiles are.
    reads_share_everything => reads_of_whole_tiles: numbers_read {
        "n.div_ceil(tile)" => "1", "m.div_ceil(tile)" => "1"
    }
    reads_of_one_matrix => reads_of_whole_tiles: numbers_read {
        "of_a.checked_add(of_b)" => "Some(of_a)"
    }
    /// All of A for each row of tiles.
    reads_swap_the_tiles => reads_of_whole_tiles: numbers_read {
        "n.div_ceil(tile)" => "m.div_ceil(tile)",
        "[k, n, m.div_ceil(tile)]" => "[k, n, n.div_ceil(tile)]"
    }
    reads_know_no_sharing => reads_of_whole_tiles: numbers_read {
        "n.div_ceil(tile)" => "n", "m.div_ceil(tile)" => "m"
    }
    reads_of_tiles_of_k => reads_of_whole_tiles: numbers_read {
        "[m, k, n.div_ceil(tile)]" => "[m, n, k.div_ceil(tile)]"
    }
    reads_round_down => reads_at_the_edges: numbers_read {
        "n.div_ceil(tile)" => "n / tile", "m.div_ceil(tile)" => "m / tile"
    }
    /// Whole tiles, also where C ends.
    reads_fill_the_edges => reads_at_the_edges: numbers_read {
        "[m, k, n.div_ceil(tile)]" => "[m.next_multiple_of(tile), k, n.div_ceil(tile)]"
    }
    reads_in_tiles_of_nothing => reads_that_cannot_be_counted: numbers_read {
        "return Err(MatmulError::NoTile);" => "return Ok(0);"
    }
    reads_saturate => reads_that_cannot_be_counted: numbers_read {
        ".ok_or(MatmulError::TooManyReads)" =>
            ".or(Some(u64::MAX)).ok_or(MatmulError::TooManyReads)"
    }
    reads_wrap => reads_that_cannot_be_counted: numbers_read {
        "u64::try_from(reads).ok()" => "Some(reads as u64)"
    }
    reads_of_nothing_are_too_many => reads_that_cannot_be_counted: numbers_read {
        "product.checked_mul(size as u128)" =>
            "product.checked_mul(size as u128).filter(|&p| p <= u128::from(u64::MAX))"
    }
    reads_in_f64 => reads_that_cannot_be_counted: numbers_read {
        "u64::try_from(reads).ok()" => "u64::try_from(reads).ok().map(|reads| reads as f64 as u64)"
    }
    reads_in_32_bits => numbers_read_agrees: numbers_read {
        "u64::try_from(reads).ok()" =>
            "u64::try_from(reads).ok().map(|reads| match reads >> 31 {
                1..=16 => u64::from(reads as u32),
                _ => reads,
            })"
    }

    naive_takes_n_for_k => naive_multiplies: matmul_naive_wgsl {
        "row * dims.k + p" => "row * dims.n + p"
    }
    naive_transposes_b => naive_multiplies: matmul_naive_wgsl {
        "p * dims.n + col" => "col * dims.k + p"
    }
    naive_swaps_the_edges => naive_multiplies: matmul_naive_wgsl {
        "row >= dims.m || col >= dims.n" => "row >= dims.n || col >= dims.m"
    }
    naive_overwrites => naive_multiplies: matmul_naive_wgsl { "sum += a" => "sum = a" }
    naive_goes_one_too_far => naive_is_right_thread_by_thread: matmul_naive_wgsl {
        "p < dims.k" => "p <= dims.k"
    }
    /// The driver drops what is outside, mostly.
    naive_forgets_the_rows => naive_is_right_thread_by_thread: matmul_naive_wgsl {
        "row >= dims.m || col >= dims.n" => "col >= dims.n"
    }
    naive_compares_lengths => naive_counts_tiles: matmul_naive_wgsl {
        "row >= dims.m || col >= dims.n" => "col >= dims.n || row * dims.n + col >= arrayLength(&c)"
    }
    naive_adds_in_memory => naive_is_right_thread_by_thread: matmul_naive_wgsl {
        "sum += a[row * dims.k + p] * b[p * dims.n + col];" =>
            "c[row * dims.n + col] += a[row * dims.k + p] * b[p * dims.n + col];
             sum = c[row * dims.n + col];"
    }
    naive_wraps_in_16_bits => naive_agrees: matmul_naive_wgsl {
        "a[row * dims.k + p]" => "a[(row * dims.k + p) & 0xffffu]"
    }
    naive_stops_at_4096 => naive_agrees: matmul_naive_wgsl {
        "p < dims.k" => "p < min(dims.k, 4096u)"
    }
    naive_drops_what_is_small => naive_agrees: matmul_naive_wgsl {
        "= sum;" => "= select(sum, 0.0, abs(sum) < 1e-12);"
    }

    tiled_forgets_the_first_barrier => tiled_is_right_thread_by_thread: matmul_tiled_wgsl {
        "tile_b[local.y][local.x] = from_b; workgroupBarrier();" =>
            "tile_b[local.y][local.x] = from_b;"
    }
    /// The tiles of the next step come too soon.
    tiled_forgets_the_second_barrier => tiled_is_right_thread_by_thread: matmul_tiled_wgsl {
        "// Nobody fetches the next tiles before everybody is done with these.
        workgroupBarrier();" => ""
    }
    /// Threads without a number go home, and the others wait for them.
    tiled_returns_early => tiled_is_right_thread_by_thread: matmul_tiled_wgsl {
        "var sum = 0.0;" => "var sum = 0.0; if row >= dims.m || col >= dims.n { return; }"
    }
    /// Both numbers are read before one is chosen.
    tiled_selects => tiled_is_right_thread_by_thread: matmul_tiled_wgsl {
        "var from_a = 0.0;
        if row < dims.m && a_col < dims.k { from_a = a[row * dims.k + a_col]; }" =>
            "let from_a = select(0.0, a[row * dims.k + a_col], row < dims.m && a_col < dims.k);"
    }
    /// What the last step left stays where nothing is fetched.
    tiled_keeps_stale_numbers => tiled_multiplies: matmul_tiled_wgsl {
        "tile_a[local.y][local.x] = from_a;" =>
            "if row < dims.m && a_col < dims.k { tile_a[local.y][local.x] = from_a; }",
        "tile_b[local.y][local.x] = from_b;" =>
            "if b_row < dims.k && col < dims.n { tile_b[local.y][local.x] = from_b; }"
    }
    tiled_swaps_x_and_y => tiled_multiplies: matmul_tiled_wgsl {
        "tile_b[p][local.x]" => "tile_b[local.x][p]"
    }
    /// The last, shorter step is left out.
    tiled_takes_whole_tiles_only => tiled_multiplies: matmul_tiled_wgsl {
        "start < dims.k" => "start + TILE <= dims.k"
    }
    tiled_takes_rows_for_columns => tiled_multiplies: matmul_tiled_wgsl {
        "a_col = start + local.x" => "a_col = start + local.y"
    }
    tiled_begins_anew => tiled_multiplies: matmul_tiled_wgsl {
        "// Outside of A and B are zeros, which add nothing." => "sum = 0.0;"
    }
    tiled_writes_past_the_columns => tiled_counts_tiles: matmul_tiled_wgsl {
        "if row < dims.m && col < dims.n { c" => "if row < dims.m { c"
    }
    /// Right, and no faster than the naive one.
    tiled_shares_nothing => tiled_reads_are_counted: matmul_tiled_wgsl {
        "sum += tile_a[local.y][p] * tile_b[p][local.x];" =>
            "let at = start + p;
             if at < dims.k && row < dims.m && col < dims.n {
                 sum += a[row * dims.k + at] * b[at * dims.n + col];
             }"
    }
    tiled_shares_a_only => tiled_reads_are_counted: matmul_tiled_wgsl {
        "* tile_b[p][local.x];" =>
            "* b[min(start + p, dims.k - 1u) * dims.n + min(col, dims.n - 1u)];"
    }
    tiled_stops_at_4096 => tiled_agrees: matmul_tiled_wgsl {
        "start < dims.k" => "start < min(dims.k, 4096u)"
    }

    blocked_forgets_the_first_barrier => blocked_is_right_thread_by_thread: matmul_blocked_wgsl {
        "tile_b[p][col] = from_b; } workgroupBarrier();" => "tile_b[p][col] = from_b; }"
    }
    blocked_forgets_the_second_barrier => blocked_is_right_thread_by_thread: matmul_blocked_wgsl {
        "// Nobody fetches the next tiles before everybody is done with these.
        workgroupBarrier();" => ""
    }
    /// A quarter of each tile.
    blocked_fetches_one_each => blocked_multiplies: matmul_blocked_wgsl {
        "i < TILE * DEPTH; i += THREADS" => "i < THREADS; i += THREADS"
    }
    blocked_mixes_up_the_shapes => blocked_multiplies: matmul_blocked_wgsl {
        "let row = i / DEPTH; let p = i % DEPTH;" =>
            "let row = i % TILE; let p = i / DEPTH % DEPTH;"
    }
    /// The whole block is inside, or none of it.
    blocked_judges_blocks => blocked_multiplies: matmul_blocked_wgsl {
        "if row < dims.m && col < dims.n { c" =>
            "if top + block_row + 3u < dims.m && left + block_col + 3u < dims.n { c"
    }
    blocked_forgets_the_end_of_k => blocked_is_right_thread_by_thread: matmul_blocked_wgsl {
        "if top + row < dims.m && start + p < dims.k" => "if top + row < dims.m"
    }
    blocked_transposes_its_block => blocked_multiplies: matmul_blocked_wgsl {
        "= sums[i][j]" => "= sums[j][i]"
    }
    /// Rows that lie sixteen apart, as if threads took single numbers.
    blocked_takes_rows_apart => blocked_multiplies: matmul_blocked_wgsl {
        "tile_a[block_row + i][p]" => "tile_a[local.y + 16u * i][p]"
    }
    blocked_writes_past_the_columns => blocked_counts_tiles: matmul_blocked_wgsl {
        "if row < dims.m && col < dims.n { c" => "if row < dims.m { c"
    }
    blocked_reads_b_itself => blocked_reads_are_counted: matmul_blocked_wgsl {
        "tile_b[p][block_col]," =>
            "b[min(start + p, dims.k - 1u) * dims.n + min(left + block_col, dims.n - 1u)],"
    }
    /// Four times as many trips to workgroup memory for B.
    blocked_forgets_what_it_read => blocked_tile_reads_are_counted: matmul_blocked_wgsl {
        "sums[i] += tile_a[block_row + i][p] * from_b;" =>
            "for (var j = 0u; j < BLOCK; j += 1u) {
                sums[i][j] += tile_a[block_row + i][p] * tile_b[p][block_col + j];
            }"
    }
    blocked_stops_at_2048 => blocked_agrees: matmul_blocked_wgsl {
        "start < dims.k" => "start < min(dims.k, 2048u)"
    }
}
