//! Judges answers: the reference, the learner's, a mutant.

mod cpu;
mod kernels;
mod reads;

use cpu::*;
use kernels::*;
use reads::*;

grading::checks! {
    "Rows meet columns" => rows_meet_columns {
        function: matmul, points: 3, section: "rows-meet-columns", hints: [
            "Number [i, j] of the result is row i of A times column j of B. What lies where?",
            "`a[i * k + p]` and `b[p * n + j]`: only p moves within a sum.",
            "Three loops, over i, j and p; add up into `c[i * n + j]`.",
        ]
    }
    "Long sums leave nothing out" => long_sums_leave_nothing_out {
        function: matmul, points: 1, section: "rows-meet-columns", hints: [
            "These sums have up to 100,003 products. Does a counter end early?",
            "Sums in f32 or f64 are exact here; smaller types are not.",
        ]
    }
    "Infinity and NaN show" => infinity_and_nan_show {
        function: matmul, points: 1, section: "rows-meet-columns", hints: [
            "What is 0 times infinity? And who skips a product because of a 0?",
            "Every product is added, whatever its factors are.",
        ]
    }
    "Empty sums are 0" => empty_sums_are_zero {
        function: matmul, points: 1, section: "rows-meet-columns", hints: [
            "With k = 0 there is nothing to add up, but there are m · n sums of nothing.",
            "`vec![0.0; m * n]` is right from the start; the loops add to it.",
        ]
    }
    "Wrong sizes are errors" => wrong_sizes_are_errors {
        function: matmul, points: 1, section: "rows-meet-columns", hints: [
            "Compare each length with its shape before anything else. Can m · k overflow?",
            "`m.checked_mul(k) != Some(a.len())` is true for a product that overflows, too.",
            "First `Length` for a, then for b, then `TooLarge([m, n])`.",
        ]
    }
    "Drawn products are those of the reference" => matmul_agrees {
        function: matmul, points: 1, section: "rows-meet-columns", hints: [
            "The failure shows the smallest input: its sizes, and how large its numbers are.",
            "Nothing is kept from call to call, and no number is too small to count.",
        ]
    }
    "Reads of whole tiles" => reads_of_whole_tiles {
        function: numbers_read, points: 2, section: "tiles-that-all-share", hints: [
            "How many columns of tiles does C have? Each of them needs all of A.",
            "A is read n / tile times, B is read m / tile times.",
            "m · k · (n / tile) + k · n · (m / tile), if the tiles fit.",
        ]
    }
    "Reads at the edges" => reads_at_the_edges {
        function: numbers_read, points: 1, section: "tiles-that-all-share", hints: [
            "17 columns in tiles of 16: how many columns of tiles, and how many columns of B?",
            "Round the count of tiles up, but read only rows and columns that are there.",
            "`n.div_ceil(tile)`",
        ]
    }
    "Reads that cannot be counted" => reads_that_cannot_be_counted {
        function: numbers_read, points: 1, section: "tiles-that-all-share", hints: [
            "A tile of 0 is `NoTile`. And what if a product overflows?",
            "In u128 two sizes can always be multiplied; `checked_mul` tells about the third.",
            "`u64::try_from(reads)` fails where `TooManyReads` is due.",
        ]
    }
    "Drawn reads are those of the reference" => numbers_read_agrees {
        function: numbers_read, points: 1, section: "tiles-that-all-share", hints: [
            "The failure shows the smallest sizes. Is one of them 0, or the tile larger than C?",
            "No floating-point number: f64 cannot count beyond 2⁵³.",
        ]
    }
    "Every thread does only what it should" => naive_is_right_thread_by_thread {
        kernel: matmul_naive_wgsl, points: 2, section: "one-thread-a-number", hints: [
            "The failure names the thread and the line. Has this thread a number of C at all?",
            "`if row >= dims.m || col >= dims.n { return; }` comes before any read.",
        ]
    }
    "The naive kernel multiplies" => naive_multiplies {
        kernel: matmul_naive_wgsl, points: 2, section: "one-thread-a-number", hints: [
            "Which of the three sizes says how far it is to the next row of A? Of B?",
            "`a[row * dims.k + p] * b[p * dims.n + col]`, summed over p below `dims.k`.",
        ]
    }
    "The naive kernel counts tiles" => naive_counts_tiles {
        kernel: matmul_naive_wgsl, points: 1, section: "one-thread-a-number", hints: [
            "The grid may be folded into lines, and have more workgroups than there are tiles.",
            "`row` and `col` are right already: compare both with their sizes.",
        ]
    }
    "The naive kernel agrees on drawn matrices" => naive_agrees {
        kernel: matmul_naive_wgsl, points: 1, section: "one-thread-a-number", hints: [
            "The failure shows the sizes. Is a sum long, or are its numbers tiny?",
            "Every product counts, and nothing is rounded on the way but f32.",
        ]
    }
    "Threads wait for each other" => tiled_is_right_thread_by_thread {
        kernel: matmul_tiled_wgsl, points: 3, section: "tiles-that-all-share", hints: [
            "Two barriers: one before a tile is used, one before it is overwritten.",
            "All threads come to both, those outside of C, too: no `return` before the last.",
            "`select(0.0, a[i], inside)` reads a[i] in any case: use an `if`.",
        ]
    }
    "The tiled kernel multiplies" => tiled_multiplies {
        kernel: matmul_tiled_wgsl, points: 2, section: "tiles-that-all-share", hints: [
            "`local.y` is a row of tile A, `local.x` a column of tile B. And the other way?",
            "Thread (x, y) fetches a[row, start + x] and b[start + y, col].",
            "A place outside of A or B gets 0, each time anew.",
        ]
    }
    "The tiled kernel counts tiles" => tiled_counts_tiles {
        kernel: matmul_tiled_wgsl, points: 1, section: "tiles-that-all-share", hints: [
            "The grid may be folded into lines, and have more workgroups than there are tiles.",
            "A thread outside of C fetches, waits and adds as all do; it only writes nothing.",
        ]
    }
    "A tile is read once" => tiled_reads_are_counted {
        kernel: matmul_tiled_wgsl, points: 2, section: "tiles-that-all-share", hints: [
            "The reads of all threads were counted. Who reads `a` or `b` in the inner loop?",
            "One number of `a` and one of `b` for each thread and step; the rest from the tiles.",
        ]
    }
    "The tiled kernel agrees on drawn matrices" => tiled_agrees {
        kernel: matmul_tiled_wgsl, points: 1, section: "tiles-that-all-share", hints: [
            "The failure shows the sizes. Does k end in the middle of a tile?",
            "The loop over k goes on while `start < dims.k`, however long it is.",
        ]
    }
    "Blocks wait for each other" => blocked_is_right_thread_by_thread {
        kernel: matmul_blocked_wgsl, points: 3, section: "a-block-a-thread", hints: [
            "The same two barriers. Does every thread of the tile fetch its four numbers?",
            "`for (var i = thread; i < TILE * DEPTH; i += THREADS)` goes through a whole tile.",
            "At the edges of A, B and C a place of a block may be outside, its neighbor inside.",
        ]
    }
    "The blocked kernel multiplies" => blocked_multiplies {
        kernel: matmul_blocked_wgsl, points: 2, section: "a-block-a-thread", hints: [
            "tile_a has TILE rows of DEPTH, tile_b has DEPTH rows of TILE: divide by what?",
            "The thread's rows are `block_row` to `block_row + 3`, its columns likewise.",
            "`sums[i] += tile_a[block_row + i][p] * from_b`, a vec4f for each row.",
        ]
    }
    "The blocked kernel counts tiles" => blocked_counts_tiles {
        kernel: matmul_blocked_wgsl, points: 1, section: "a-block-a-thread", hints: [
            "The grid may be folded into lines, and have more workgroups than there are tiles.",
            "`top` and `left` are right already: add the place within the tile, and compare.",
        ]
    }
    "A large tile is read once" => blocked_reads_are_counted {
        kernel: matmul_blocked_wgsl, points: 1, section: "a-block-a-thread", hints: [
            "The reads of all threads were counted: the workgroup fetches each number once.",
            "256 threads share 1024 numbers of a tile: four each.",
        ]
    }
    "Registers are used again" => blocked_tile_reads_are_counted {
        kernel: matmul_blocked_wgsl, points: 2, section: "a-block-a-thread", hints: [
            "Reads of the tiles were counted. How many does a step along k take for 16 products?",
            "Four numbers of tile_a and four of tile_b: keep what is used again in a `let`.",
        ]
    }
    "The blocked kernel agrees on drawn matrices" => blocked_agrees {
        kernel: matmul_blocked_wgsl, points: 1, section: "a-block-a-thread", hints: [
            "The failure shows the sizes. Does k end in the middle of a tile?",
            "Sums begin at 0 once, and are written once, after the last step.",
        ]
    }
}
