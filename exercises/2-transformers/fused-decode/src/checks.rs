//! Judges answers: the reference, the learner's, a mutant.

mod kernel;
mod packing;
mod places;
mod planning;

use kernel::*;
use packing::*;
use places::*;
use planning::*;

grading::checks! {
    "Tensors lie one behind the other" => tensors_lie_one_behind_the_other {
        function: layout, points: 2, section: "one-buffer", hints: [
            "`tensors(config)` has names, rows and columns in the right order.",
            "Keep a number `next`: a tensor begins there, and moves it by what it takes.",
        ]
    }
    "Each row begins with a new four" => each_row_begins_with_a_new_four {
        function: layout, points: 2, section: "one-buffer", hints: [
            "A row of 5 numbers takes two fours: `cols.div_ceil(4)`.",
            "Round up a row, and then multiply by the rows. Not the whole tensor at once.",
        ]
    }
    "What is too wide is refused" => what_is_too_wide_is_refused {
        function: layout, points: 2, section: "what-does-not-fit", hints: [
            "The limits themselves still fit: `size > most`.",
            "In the order of the docs: n_embd, n_inner, n_head · n_positions.",
            "`saturating_mul`: the product of two sizes may be more than a usize holds.",
        ]
    }
    "What no buffer holds is refused" => what_no_buffer_holds_is_refused {
        function: layout, points: 2, section: "what-does-not-fit", hints: [
            "16 bytes a four, in u128: `rows as u128 * …`.",
            "With a billion blocks there is no room for a list of names: count one block, and multiply.",
        ]
    }
    "Drawn layouts are those of the reference" => layouts_agree {
        function: layout, points: 1, section: "one-buffer", hints: [
            "The failure shows the smallest config that differs.",
        ]
    }
    "Two numbers share a word" => two_numbers_share_a_word {
        function: pack_f16, points: 2, section: "half-of-it", hints: [
            "The first of two lies in the low half: `first | second << 16`.",
            "`x.chunks(2)`; the last chunk may have one number only.",
        ]
    }
    "What 16 bits hold comes back" => what_16_bits_hold_comes_back {
        function: pack_f16, points: 2, section: "half-of-it", hints: [
            "f32 counts exponents from −127, f16 from −15: 112 lies between.",
            "Below 2⁻¹⁴ there is no hidden 1: such a number is a count of steps of 2⁻²⁴.",
        ]
    }
    "Between two neighbors the nearest is taken" => nearest_is_taken {
        function: pack_f16, points: 2, section: "half-of-it", hints: [
            "To cut 13 bits off always goes toward 0.",
            "Add half of what is cut off, less one; and one more if the last bit that stays is 1.",
            "A carry into the exponent is right: the next number is a power of two.",
        ]
    }
    "The ends of 16 bits are met" => ends_are_met {
        function: pack_f16, points: 2, section: "half-of-it", hints: [
            "65,504 is the largest number; from 65,520 on, the nearest is ∞.",
            "∞ and NaN have exponent bits that are all 1; a NaN has a fraction that is not 0.",
            "The sign of −0 and of tiny numbers stays, too.",
        ]
    }
    "Drawn numbers are packed as in the reference" => packing_agrees {
        function: pack_f16, points: 1, section: "half-of-it", hints: [
            "The failure shows the fewest numbers that go wrong.",
        ]
    }
    "Parts come in order" => parts_come_in_order {
        function: plan, points: 2, section: "a-dispatch-for-each-part", hints: [
            "Embed, then seven parts a block, then the last norm and the logits.",
            "Norm, qkv, attend, project; norm, widen, narrow.",
        ]
    }
    "Workgroups cover what there is" => workgroups_cover_what_there_is {
        function: plan, points: 2, section: "a-dispatch-for-each-part", hints: [
            "A workgroup of a product has 64 threads of 4 columns: 256 columns.",
            "`div_ceil`: a workgroup that is not full is one, too.",
            "The inside may be of any width: `config.inner()`.",
        ]
    }
    "Drawn plans are those of the reference" => plans_agree {
        function: plan, points: 1, section: "a-dispatch-for-each-part", hints: [
            "The failure shows the smallest config that differs.",
        ]
    }
    "The kernel is right thread by thread" => kernel_is_right_thread_by_thread {
        kernel: decode_step_wgsl, points: 3, section: "the-kernel", hints: [
            "The failure names a thread and what it reads or writes. Whose is that, and since when?",
            "Between phases stands a barrier: after x, after each product, after the scores.",
            "The cache is storage: behind what is written there stands a storageBarrier(), too.",
        ]
    }
    "The kernel embeds and finds logits" => kernel_embeds {
        kernel: decode_step_wgsl, points: 2, section: "the-kernel", hints: [
            "In this model all blocks add 0: logits are norm(wte[token] + wpe[position]) · wte[v].",
            "wpe begins behind vocab_size rows of wte.",
            "Rows begin with fours: row r of wte with the four `r * fours(n)`.",
        ]
    }
    "The kernel reads the first token" => kernel_reads_the_first_token {
        kernel: decode_step_wgsl, points: 3, section: "the-kernel", hints: [
            "At position 0 each head finds the token's own value.",
            "A product adds its bias, which lies behind n_in rows of weights.",
            "Between norm and product is the residual stream: what comes back is added to x.",
        ]
    }
    "The kernel looks at the cache" => kernel_looks_at_the_cache {
        kernel: decode_step_wgsl, points: 3, section: "the-kernel", hints: [
            "This token sees itself: position + 1 keys.",
            "Scores of a head lie together: head · t + key.",
            "Keys are divided by the root of a head's width, not of n_embd.",
        ]
    }
    "The kernel writes its own row" => kernel_writes_its_own_row {
        kernel: decode_step_wgsl, points: 2, section: "the-kernel", hints: [
            "Key and value of this token go to row `position` of this block's rooms.",
            "Columns n to 2n are the key, 2n to 3n the value; what fills up a row is neither.",
        ]
    }
    "The kernel takes odd widths" => kernel_takes_odd_widths {
        kernel: decode_step_wgsl, points: 2, section: "the-kernel", hints: [
            "A row of n_out columns takes fours(n_out), which is more than n_out / 4.",
            "The inside may be narrower than n_embd, and the context longer than 256.",
        ]
    }
    "The kernel takes weights of 16 bits" => kernel_takes_halves {
        kernel: decode_step_wgsl, points: 2, section: "the-kernel", hints: [
            "As f16, a word has two numbers and w[i] has two fours: 2i and 2i + 1.",
            "`unpack2x16float(word)` gives the low half first.",
        ]
    }
    "The kernel stays with numbers" => kernel_stays_with_numbers {
        kernel: decode_step_wgsl, points: 1, section: "the-kernel", hints: [
            "Take the highest score off before exp: only numbers up to 0 are safe.",
            "All scores may be far below 0: begin at LOWEST.",
        ]
    }
    "Its logits are those of transformers" => kernel_is_transformers {
        kernel: decode_step_wgsl, points: 2, section: "the-kernel", hints: [
            "29 tokens, one dispatch each, on a cache that the kernel filled by itself.",
            "If the first position is right and a later one is not, look at the cache.",
        ]
    }
    "One dispatch is many dispatches" => one_is_many {
        kernel: decode_step_wgsl, points: 2, section: "the-kernel", hints: [
            "The same weights, the same tokens: only what is launched differs.",
        ]
    }
    "The kernel agrees on drawn sizes" => kernel_agrees {
        kernel: decode_step_wgsl, points: 2, section: "the-kernel", hints: [
            "The failure shows the smallest model that differs.",
            "No limit but those of the comment: 256, 1024, 2048.",
        ]
    }
}
