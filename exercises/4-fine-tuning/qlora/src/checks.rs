//! Judges answers: the reference, the learner's, a mutant.

mod codes;
mod kernel;
mod layer;
mod packing;

use codes::*;
use kernel::*;
use layer::*;
use packing::*;

grading::checks! {
    "NormalFloat has its levels" => normal_float_has_its_levels {
        function: normal_float, points: 2, section: "where-the-levels-lie", hints: [
            "Both sides begin at `far`, and the shares of one side are one more than of the other.",
            "Divide by the largest, which is Φ⁻¹(far); and sort, or turn the upper side around.",
        ]
    }
    "NormalFloat is right for every count of bits" => normal_floats_agree {
        function: normal_float, points: 1, section: "where-the-levels-lie", hints: [
            "Is `half` 2^(bits − 1) for every count? And 1 or 9 bits are refused.",
        ]
    }
    "Each number goes to the level next to it" => numbers_go_to_the_next_level {
        function: quantize_blocks, points: 3, section: "a-block", hints: [
            "Compare a share with the middle between two levels, not with a level.",
            "A share that is exactly in the middle goes down: count the middles *below* it.",
        ]
    }
    "Each block has its own absmax" => each_block_has_its_own_absmax {
        function: quantize_blocks, points: 2, section: "a-block", hints: [
            "The largest *absolute* value: it may belong to a negative number.",
            "`chunks(block)` gives a shorter one at the end. Its absmax is at least 1e-38.",
        ]
    }
    "Drawn blocks are right" => blocks_agree {
        function: quantize_blocks, points: 1, section: "a-block", hints: [
            "The failure shows the smallest numbers. Which step is not in f32, or in another order?",
        ]
    }
    "The bytes are those of bitsandbytes" => bytes_are_those_of_bitsandbytes {
        function: quantize_4bit, points: 3, section: "two-in-a-byte", hints: [
            "The first of two numbers is in the upper four bits.",
            "FP4: an index among sorted levels is not yet the code.",
            "Behind an odd number of numbers comes the code of 0, which is not code 0 in NF4.",
        ]
    }
    "Drawn numbers are packed right" => packing_agrees {
        function: quantize_4bit, points: 1, section: "two-in-a-byte", hints: [
            "The failure shows the smallest numbers. Odd blocks share a byte with the next.",
        ]
    }
    "The absmax of absmax is that of bitsandbytes" => nested_is_that_of_bitsandbytes {
        function: double_quantize, points: 2, section: "double-quantization", hints: [
            "Subtract the mean first; then there are positive and negative numbers.",
            "`quantize_blocks` does the rest, with 256 levels in blocks of 256.",
        ]
    }
    "Drawn absmax are doubled right" => doubling_agrees {
        function: double_quantize, points: 1, section: "double-quantization", hints: [
            "The failure shows the smallest list. What is the mean of nothing?",
        ]
    }
    "An absmax comes back" => absmax_comes_back {
        function: absmax_of, points: 2, section: "double-quantization", hints: [
            "Every 256 codes share an absmax; the offset is added after that.",
        ]
    }
    "Drawn absmax come back" => absmax_agree {
        function: absmax_of, points: 1, section: "double-quantization", hints: [
            "The failure shows the smallest list. Is it block 256, or a plain one?",
        ]
    }
    "Numbers come back" => numbers_come_back {
        function: dequantize_4bit, points: 2, section: "a-range", hints: [
            "Upper four bits for even numbers, lower ones for odd: counted from the beginning of all.",
            "The absmax is that of block `i / block`, with i counted from the beginning of all.",
        ]
    }
    "Any range comes back" => ranges_agree {
        function: dequantize_4bit, points: 1, section: "a-range", hints: [
            "The failure shows the smallest range. Does it begin at an odd number, or in a block?",
        ]
    }
    "Rows in 8 bits are those of bitsandbytes" => rows_are_those_of_bitsandbytes {
        function: quantize_int8, points: 2, section: "eight-bits", hints: [
            "Multiply by 127 · (1 / absmax), and round; `as i8` alone cuts off.",
            "Halves go to the even neighbor: `round_ties_even`.",
        ]
    }
    "Drawn rows are right" => rows_agree {
        function: quantize_int8, points: 1, section: "eight-bits", hints: [
            "The failure shows the smallest matrix. A row of zeros? Tiny numbers?",
        ]
    }
    "The layer is that of PyTorch" => layer_is_that_of_pytorch {
        function: qlora_forward, points: 3, section: "the-layer", hints: [
            "Row i of W begins at number i · outputs, and is multiplied by number i of x.",
            "The low-rank part is `lora_forward` of the lesson before; it adds to y.",
        ]
    }
    "Drawn layers are right" => layers_agree {
        function: qlora_forward, points: 1, section: "the-layer", hints: [
            "The failure shows the smallest sizes. Is there more than one row?",
        ]
    }
    "Slopes are those of PyTorch" => slopes_are_those_of_pytorch {
        function: qlora_backward, points: 3, section: "the-way-back", hints: [
            "Number i of dx is the dot product of dy with row i of W.",
            "Slopes flow through W into dx although W itself gets none.",
        ]
    }
    "Drawn slopes are right" => slopes_agree {
        function: qlora_backward, points: 1, section: "the-way-back", hints: [
            "The failure shows the smallest sizes. Is there more than one row?",
        ]
    }
    "The kernel is right thread by thread" => kernel_is_right_thread_by_thread {
        kernel: nf4_matmul_wgsl, points: 2, section: "the-kernel", hints: [
            "A thread without rows returns, but only behind the barrier.",
            "The last thread of a column may have fewer than eight rows.",
        ]
    }
    "The kernel follows the formula" => kernel_follows_the_formula {
        kernel: nf4_matmul_wgsl, points: 3, section: "the-kernel", hints: [
            "Word p · n / 8 + word has the codes of row p; its first code is number 8 · that.",
            "The upper half of a word is `four(packed >> 16u)`.",
        ]
    }
    "Drawn products are right" => products_agree {
        kernel: nf4_matmul_wgsl, points: 1, section: "the-kernel", hints: [
            "The failure shows the smallest product. Is there a second line of workgroups?",
        ]
    }
}
