//! Judges answers: the reference, the learner's, a mutant.

mod differential;
mod kernel;
mod looking;
mod masks;

use differential::*;
use kernel::*;
use looking::*;
use masks::*;

grading::checks! {
    "The mask is a staircase" => mask_is_a_staircase {
        function: causal_mask, points: 1, section: "who-may-look", hints: [
            "The first token sees itself, the second two, the last one all.",
            "1 where the key is not behind the query: `u8::from(j <= i)`, row-major.",
            "`Tensor::from_vec(numbers, (t_q, t_k), &Device::Cpu)?` with u8 numbers.",
        ]
    }
    "The last query stands at the last key" => mask_ends_with_the_keys {
        function: causal_mask, points: 2, section: "who-may-look", hints: [
            "A model has read five tokens and is given one more: how many keys are there, and how \
             many may the one query see?",
            "The queries are the last t_q of t_k tokens: query i stands at t_k − t_q + i.",
        ]
    }
    "With fewer keys, first queries see nothing" => first_queries_may_see_nothing {
        function: causal_mask, points: 1, section: "who-may-look", hints: [
            "`t_k - t_q` would fall below 0, which a usize cannot.",
            "Bring t_q to the other side: `j + t_q <= t_k + i`.",
        ]
    }
    "Drawn masks are those of the reference" => causal_masks_agree {
        function: causal_mask, points: 1, section: "who-may-look", hints: [
            "The failure shows the smallest sizes: is one of them 0, or larger than 255?",
        ]
    }
    "Padding behind the text is hidden" => padding_stands_behind {
        function: padding_mask, points: 1, section: "who-may-look", hints: [
            "A text of 2 tokens in 5 places is 1, 1, 0, 0, 0.",
            "The shape is (batch, 1, 1, t_k): one row a text, for all heads and queries.",
        ]
    }
    "Padding before the text is hidden" => padding_stands_before {
        function: padding_mask, points: 1, section: "who-may-look", hints: [
            "A text of 2 tokens in 5 places is 0, 0, 0, 1, 1.",
            "Its first token is at t_k − length: `j + length >= t_k`.",
        ]
    }
    "A text that does not fit is an error" => long_texts_are_errors {
        function: padding_mask, points: 1, section: "who-may-look", hints: [
            "A text of 6 tokens has no place in 5. And one of 5 tokens?",
            "`TooLong { length, t_k }` for the first text with `length > t_k`.",
        ]
    }
    "Drawn paddings are those of the reference" => padding_masks_agree {
        function: padding_mask, points: 1, section: "who-may-look", hints: [
            "The failure shows the smallest input: no texts, no places, or a text that just fits?",
        ]
    }
    "Equal scores give the mean" => equal_scores_give_the_mean {
        function: sdpa, points: 2, section: "a-soft-lookup", hints: [
            "Scores, then softmax over the keys, then a weighted sum of the values.",
            "`q.matmul(&k.t()?)` has all scores; `t` swaps the last two axes.",
            "Softmax runs along the last axis, and then `weights.matmul(v)`.",
        ]
    }
    "Scores are divided by the root of d" => scores_are_divided_by_the_root_of_d {
        function: sdpa, points: 2, section: "why-the-root", hints: [
            "Two keys, one of them with the score 0: the weight of the other tells its score.",
            "d is how many numbers a query has; values may have another number of them.",
            "Multiply by `1.0 / (d as f64).sqrt()` before softmax.",
        ]
    }
    "Attention is that of PyTorch" => attention_is_that_of_pytorch {
        function: sdpa, points: 3, section: "in-symbols", hints: [
            "Count axes from the end: there may be none in front, or several.",
            "t_q and t_k may differ, and so may d and d_v: which axis does softmax run along?",
        ]
    }
    "The order of the keys does not matter" => order_of_the_keys_does_not_matter {
        function: sdpa, points: 1, section: "a-soft-lookup", hints: [
            "Keys move, and their values with them: each weight belongs to the value of its key.",
        ]
    }
    "Masked attention is that of PyTorch" => masked_attention_is_that_of_pytorch {
        function: sdpa, points: 3, section: "who-may-look", hints: [
            "Hide before softmax, so that the other weights still add up to 1.",
            "`mask.broadcast_as(shape)?.where_cond(&scores, &low)?` takes scores where it is 1.",
        ]
    }
    "The future changes nothing" => the_future_changes_nothing {
        function: sdpa, points: 1, section: "who-may-look", hints: [
            "A key that may not be looked at has the weight 0, whatever its score is.",
            "Low must be lower than any score: `f32::MIN`.",
        ]
    }
    "Padding changes nothing" => padding_changes_nothing {
        function: sdpa, points: 1, section: "who-may-look", hints: [
            "With and without padding, the other tokens get the same: do the weights of the rest \
             add up to 1?",
        ]
    }
    "Who sees nothing takes nothing" => who_sees_nothing_takes_nothing {
        function: sdpa, points: 2, section: "nobody-to-look-at", hints: [
            "In a row of −∞ softmax computes −∞ − (−∞). What does a low but finite number do?",
            "Then all weights of the row are equal. Hide once more, after softmax, with zeros.",
            "No keys at all: return `Tensor::zeros` before candle asks for a maximum of nothing.",
        ]
    }
    "Large scores stay numbers" => large_scores_stay_numbers {
        function: sdpa, points: 1, section: "why-the-root", hints: [
            "e to the 10,000 is no f32. What did softmax subtract in step 1?",
            "Scores may all be −10,000: what is hidden must be far lower than that.",
        ]
    }
    "Attention takes views of both types" => attention_takes_views_of_both_types {
        function: sdpa, points: 1, section: "in-symbols", hints: [
            "`matmul` does not take every transposed or broadcast tensor.",
            "Call `contiguous()?` on what goes into it; use the type of q for all you make.",
        ]
    }
    "Gradients are slopes" => gradients_are_slopes {
        function: sdpa, points: 2, section: "in-symbols", hints: [
            "candle's fused softmax has no backward. The one of step 1 has.",
            "Queries, keys and values stay in tensor operations all the way.",
        ]
    }
    "What does not fit is an error" => what_does_not_fit_is_an_error {
        function: sdpa, points: 2, section: "in-symbols", hints: [
            "Take the shapes apart: `let [front @ .., t_q, d] = q.dims() else { … };`.",
            "First shapes, then the type of the mask, then whether it broadcasts.",
            "`broadcast_as(…).map_err(|_| AttentionError::Mask { … })?`",
        ]
    }
    "Drawn attention is that of the reference" => attention_agrees {
        function: sdpa, points: 2, section: "in-symbols", hints: [
            "The failure shows the smallest input: its sizes, its mask, how it lies in memory.",
            "Axes of length 0 or 1, a mask that is a view, numbers near 0: none needs a case of \
             its own but no keys and no results.",
        ]
    }
    "The kernel is right thread by thread" => kernel_is_right_thread_by_thread {
        kernel: attention_wgsl, points: 2, section: "the-kernel", hints: [
            "The failure names a thread and what it reads or writes. Is that its own?",
            "One barrier between writing weights and reading them, and one before the next 256.",
            "Every thread has to come to every barrier, also one without a key or a column.",
        ]
    }
    "The kernel attends" => kernel_attends {
        kernel: attention_wgsl, points: 3, section: "the-kernel", hints: [
            "Key j begins at `key * sizes.d`, and its value at `key * options.d_v`.",
            "Each thread adds up its column, and all the weights along the way.",
            "`slots` holds only as many weights as there are keys: stop there.",
        ]
    }
    "The kernel takes many keys" => kernel_takes_many_keys {
        kernel: attention_wgsl, points: 2, section: "the-kernel", hints: [
            "There are 256 slots. What happens to key 256?",
            "Take the keys in parts of 256; the last may be shorter.",
        ]
    }
    "The kernel keeps rows apart" => kernel_keeps_rows_apart {
        kernel: attention_wgsl, points: 2, section: "the-kernel", hints: [
            "Queries are numbered through all rows. Where do the keys of a row begin?",
            "`query / sizes.t_q` is the row; its first key is that times `sizes.t_k`.",
        ]
    }
    "The kernel hides the future" => kernel_hides_the_future {
        kernel: attention_wgsl, points: 2, section: "the-kernel", hints: [
            "Query i sees t_k − t_q + i + 1 keys, if `options.causal` is 1.",
            "A u32 cannot fall below 0: add first, then take `min(…, sizes.t_q)` away.",
            "Who sees no key writes zeros.",
        ]
    }
    "The kernel keeps large scores numbers" => kernel_is_stable {
        kernel: attention_wgsl, points: 1, section: "the-kernel", hints: [
            "Subtract the highest score of the row before `exp`.",
            "All scores may be far below 0: begin the maximum at LOWEST.",
        ]
    }
    "The kernel stays inside" => kernel_stays_inside {
        kernel: attention_wgsl, points: 1, section: "the-kernel", hints: [
            "There may be more workgroups than queries, and buffers longer than what is in them.",
            "A whole workgroup may return before the first barrier: ask with `query`.",
        ]
    }
    "The kernel agrees on drawn sizes" => kernel_agrees {
        kernel: attention_wgsl, points: 2, section: "the-kernel", hints: [
            "The failure shows the smallest sizes. Are there more keys than threads, more columns?",
            "Whole numbers for places, no limit to any of them.",
        ]
    }
}
