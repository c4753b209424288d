//! Judges answers: the reference, the learner's, a mutant.

mod differential;
mod grid;
mod scale;
mod softmax;
mod sum;

use differential::*;
use grid::*;
use scale::*;
use softmax::*;
use sum::*;

grading::checks! {
    "Every number has a thread" => every_number_has_a_thread {
        function: workgroups, points: 2, section: "one-thread-a-number", hints: [
            "256 numbers fill one workgroup. What about the 257th?",
            "Divide by 256 and round up; a last workgroup with a single number is a workgroup, too.",
            "`n.div_ceil(THREADS)` workgroups in one line: `[count, 1, 1]`.",
        ]
    }
    "Long grids have several lines" => long_grids_have_several_lines {
        function: workgroups, points: 2, section: "one-thread-a-number", hints: [
            "More than 65,535 workgroups do not fit side by side. Where do they go?",
            "A line is 65,535 wide as soon as there is a second one. Round up once more; and n may be as large as a u32 can be.",
            "`[count.min(WIDEST), count.div_ceil(WIDEST), 1]`, with a count that does not overflow on the way.",
        ]
    }
    "The grid is the reference's for drawn numbers" => workgroups_agree {
        function: workgroups, points: 1, section: "one-thread-a-number", hints: [
            "The failure shows the smallest number that goes wrong: divide it by 256, then by 65,535.",
            "Floating-point numbers of 32 bits do not hold every large count, and n + 255 may overflow.",
            "Whole numbers all the way: `div_ceil` twice, `min` once.",
        ]
    }
    "Scaling is right thread by thread" => scale_is_right_thread_by_thread {
        kernel: scale_wgsl, points: 1, section: "one-thread-a-number", hints: [
            "The failure names a thread and what it reads or writes. Is that number its own?",
            "A buffer of 7 numbers and 256 threads: 249 of them have nothing to do.",
            "Everything that reads `x` or writes `y` stands inside `if i < params.n { … }`.",
        ]
    }
    "Every number is scaled" => scale_is_right_at_odd_sizes {
        kernel: scale_wgsl, points: 2, section: "one-thread-a-number", hints: [
            "Each thread runs the whole program once. Which number is its own?",
            "In a single line of workgroups, thread `id.x` of the grid takes number `id.x`.",
            "`y[id.x] = params.a * x[id.x];` is right for one line and full workgroups.",
        ]
    }
    "A thread without a number writes nothing" => scale_stays_inside {
        kernel: scale_wgsl, points: 2, section: "one-thread-a-number", hints: [
            "A workgroup always has 256 threads. With 300 numbers, what do the last ones do?",
            "Ask before you write; and the buffer may be longer than n, so its length is no answer.",
            "`if i < params.n { … }` around the line that writes.",
        ]
    }
    "Threads are counted through all lines" => scale_counts_through_the_lines {
        kernel: scale_wgsl, points: 2, section: "one-thread-a-number", hints: [
            "In the second line of workgroups, `id.x` starts at 0 again.",
            "How many threads stand in the lines before? A line has `groups.x` workgroups of 256.",
            "`let i = id.x + id.y * groups.x * THREADS;`",
        ]
    }
    "Scaling is right for drawn numbers and grids" => scale_agrees {
        kernel: scale_wgsl, points: 2, section: "one-thread-a-number", hints: [
            "The failure shows the smallest case that went wrong: what is special about its grid or its numbers?",
            "Millions of numbers, lines of any width, factors and numbers of any size.",
            "One multiplication, whole numbers for places, and the width of the grid that runs, `groups.x`.",
        ]
    }
    "The sum is right thread by thread" => sum_is_right_thread_by_thread {
        kernel: sum_wgsl, points: 2, section: "a-sum-as-a-tree", hints: [
            "The failure names two threads and a slot, or a barrier and who does not come to it.",
            "What one thread writes and another reads needs a barrier in between, in every round of the tree and before slots are used again. And every thread must reach it.",
            "`workgroupBarrier();` is the first line of the loop over `half`, outside the `if`; one more stands behind the loop. Only a condition on `row` may return early.",
        ]
    }
    "Every row is added up" => sum_is_right_at_odd_sizes {
        kernel: sum_wgsl, points: 3, section: "a-sum-as-a-tree", hints: [
            "Let thread 0 add the whole row first, to get rows and places right; then share the work.",
            "Row r starts at r · cols. A thread without a column has the part 0, and still reaches every barrier.",
            "`slots[thread] = value`, then for half = 128, 64, …, 1: barrier, and `if thread < half { slots[thread] += slots[thread + half]; }`.",
        ]
    }
    "Rows may be longer than a workgroup" => sum_handles_long_rows {
        kernel: sum_wgsl, points: 3, section: "a-sum-as-a-tree", hints: [
            "A workgroup has 256 threads; a row may have thousands of columns.",
            "Thread t adds columns t, t + 256, t + 512, … to its part; the tree takes in all 256 parts.",
            "The barrier stands inside the loop, outside the `if`: nobody reads a slot before it is written.",
        ]
    }
    "A million numbers keep their digits" => sum_keeps_its_digits {
        kernel: sum_wgsl, points: 2, section: "a-sum-as-a-tree", hints: [
            "Who adds 0.1 to a sum of 90,000 in f32 loses most of its digits.",
            "Let all 256 threads add, so that each part stays small, and let a tree add the parts.",
            "Every thread loops with step 256; none adds the whole row, and none adds 256 slots alone.",
        ]
    }
    "The sum writes one number a row" => sum_writes_its_rows_only {
        kernel: sum_wgsl, points: 2, section: "a-sum-as-a-tree", hints: [
            "The grid can be two-dimensional, and can have more workgroups than the matrix has rows.",
            "Use the `row` that is given; it counts through the lines of the grid.",
            "`if row >= dims.rows { return; }` first: all threads of a workgroup share `row`, so all or none reach the barriers.",
        ]
    }
    "Sums are right at drawn sizes" => sum_agrees {
        kernel: sum_wgsl, points: 2, section: "a-sum-as-a-tree", hints: [
            "The failure shows the smallest matrix that went wrong: how many columns does a thread take there?",
            "More than 16,384 columns, several lines of workgroups, numbers of any size.",
            "Loop with step 256 until `dims.cols`, and take `row` as it is given.",
        ]
    }
    "Softmax is right thread by thread" => kernel_is_right_thread_by_thread {
        kernel: softmax_wgsl, points: 2, section: "softmax-by-rows", hints: [
            "The failure names two threads and a slot, or a barrier and who does not come to it.",
            "The slots serve twice, for the maximum and for the sum: has everybody read the maximum when the first thread writes its part of the sum?",
            "`max_of_all` ends with a barrier, the result in a `let`, and one more barrier. Loops over columns, of which threads take different numbers, have no barrier inside.",
        ]
    }
    "Softmax is right at odd sizes" => kernel_is_right_at_odd_sizes {
        kernel: softmax_wgsl, points: 4, section: "softmax-by-rows", hints: [
            "Write the three loops over the columns first, for one thread doing a whole row (`col += 1u`, started by thread 0 only), then share them out.",
            "Row r starts at r · cols. Thread t takes columns t, t + 256, …; threads without a column still reach every barrier.",
            "Three passes: own maximum, `max_of_all`, own sum of exp(x − max), `sum_of_all`, then write exp(x − max) / sum.",
        ]
    }
    "Softmax takes rows longer than a workgroup" => kernel_handles_long_rows {
        kernel: softmax_wgsl, points: 3, section: "softmax-by-rows", hints: [
            "A workgroup has 256 threads; a row may have thousands of columns.",
            "Each thread loops with step 256, and the reduction has to take in all 256 partial values.",
            "In the tree, `half` runs 128, 64, …, 1; the barrier stands inside the loop, outside the `if`.",
        ]
    }
    "Softmax stays finite on large logits" => kernel_stays_finite {
        kernel: softmax_wgsl, points: 2, section: "softmax-by-rows", hints: [
            "The same trap as on the CPU: exp of a large number.",
            "Where does a thread's maximum start? Rows may be all −10,000.",
            "Start at −3.4028234e38, the lowest f32, and subtract the row's maximum in both later passes.",
        ]
    }
    "Softmax keeps rows apart" => kernel_keeps_rows_apart {
        kernel: softmax_wgsl, points: 2, section: "softmax-by-rows", hints: [
            "Changing one row must not change another by a single bit.",
            "Check where the row ends: `col < dims.cols`, not `col < 256` or the end of the buffer.",
            "Index with `start + col` where `start = row * dims.cols`, in all three passes.",
        ]
    }
    "Softmax writes its rows and nothing else" => kernel_writes_its_rows_only {
        kernel: softmax_wgsl, points: 2, section: "softmax-by-rows", hints: [
            "The grid can be two-dimensional, and can have more workgroups than the matrix has rows.",
            "Use the `row` that is given; it counts through the lines of the grid.",
            "`if row >= dims.rows { return; }` first: all threads of a workgroup share `row`, so the barriers stay uniform.",
        ]
    }
    "Softmax is right at drawn sizes" => kernel_agrees {
        kernel: softmax_wgsl, points: 2, section: "softmax-by-rows", hints: [
            "The failure shows the smallest matrix that went wrong: how many columns does a thread take there?",
            "More than 16,384 columns, more than 65,535 rows, and sizes beside a power of two.",
            "Loop with step 256 until `dims.cols`, in all three passes, and take `row` as it is given.",
        ]
    }
}
