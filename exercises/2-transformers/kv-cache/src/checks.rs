//! Judges answers: the reference, the learner's, a mutant.

mod decoding;
mod differential;
mod keeping;
mod kernel;
mod windows;

use decoding::*;
use differential::*;
use keeping::*;
use kernel::*;
use windows::*;

grading::checks! {
    "Tokens come back in order" => tokens_come_back_in_order {
        function: append, points: 2, section: "room-for-what-is-known", hints: [
            "New rows begin at place `cache.len` of axis 2.",
            "`cache.k.slice_set(&k.force_contiguous()?, 2, cache.len)?` writes them there.",
            "Then `cache.len += new`, and return `narrow(2, 0, cache.len)` of both.",
        ]
    }
    "Nothing is moved" => nothing_is_moved {
        function: append, points: 1, section: "room-for-what-is-known", hints: [
            "`Tensor::cat` copies all that is kept, for every token. The room is there already.",
            "`slice_set` writes into a tensor; no new one is made.",
        ]
    }
    "Views of both types are taken" => append_takes_views_of_both_types {
        function: append, points: 1, section: "room-for-what-is-known", hints: [
            "`slice_set` refuses what does not lie in order in memory.",
            "`force_contiguous()?` makes a copy that does.",
        ]
    }
    "A full cache refuses and stays as it is" => full_cache_refuses {
        function: append, points: 2, section: "room-for-what-is-known", hints: [
            "First ask, then write: is there room for all new tokens?",
            "The last place may be taken: compare `new` with `capacity - len`.",
            "`Full { len, new, capacity }`, before anything is changed.",
        ]
    }
    "What does not fit is an error" => append_refuses_what_does_not_fit {
        function: append, points: 1, section: "room-for-what-is-known", hints: [
            "`cache.new_tokens(k, v)?` asks for you, and says how many tokens are new.",
        ]
    }
    "Drawn appending is that of the reference" => append_agrees {
        function: append, points: 1, section: "room-for-what-is-known", hints: [
            "The failure shows the fewest calls: no tokens at once, no room at all, a copy?",
        ]
    }
    "Going back forgets" => going_back_forgets {
        function: truncate, points: 1, section: "going-back", hints: [
            "How many rows count is all that a cache has to know: `cache.len`.",
        ]
    }
    "Nobody goes back to the future" => nobody_goes_back_to_the_future {
        function: truncate, points: 1, section: "going-back", hints: [
            "What is behind `cache.len` are zeros, or rows that were forgotten.",
            "`Ahead { wanted: len, len: cache.len }` if `len > cache.len`.",
        ]
    }
    "Drawn going back is that of the reference" => truncate_agrees {
        function: truncate, points: 1, section: "going-back", hints: [
            "The failure shows the fewest calls. What has changed besides `len`?",
        ]
    }
    "Forks go their own ways" => forks_go_their_own_ways {
        function: fork, points: 2, section: "going-back", hints: [
            "A clone of a tensor is the same memory. Who writes into it?",
            "`cache.k.copy()?` has memory of its own.",
        ]
    }
    "Forks know where they start" => forks_know_where_they_start {
        function: fork, points: 1, section: "going-back", hints: [
            "A cache is four things: copy the two numbers, too.",
        ]
    }
    "Drawn forks are those of the reference" => fork_agrees {
        function: fork, points: 1, section: "going-back", hints: [
            "The failure shows the fewest calls. Does each cache keep what is its own?",
        ]
    }
    "Sliding keeps the last" => sliding_keeps_the_last {
        function: slide, points: 2, section: "only-the-last-ones", hints: [
            "`len − window` tokens go, from the front; the others move there.",
            "`narrow` gives the rows that stay. They share memory with the room: copy them first.",
            "`start` grows by what was dropped.",
        ]
    }
    "Short texts do not slide" => short_texts_do_not_slide {
        function: slide, points: 1, section: "only-the-last-ones", hints: [
            "With fewer tokens than the window, `len - window` would fall below 0.",
            "`saturating_sub`; and `NoWindow` first of all.",
        ]
    }
    "Drawn sliding is that of the reference" => slide_agrees {
        function: slide, points: 1, section: "only-the-last-ones", hints: [
            "The failure shows the fewest calls. Does it slide twice?",
        ]
    }
    "A window is a band" => window_is_a_band {
        function: window_mask, points: 1, section: "only-the-last-ones", hints: [
            "Row i of a window of 2 has two ones: at i and at i − 1.",
            "Not the future, `j <= i`, and not too far back, `i - j < window`.",
        ]
    }
    "The last query stands at the last key" => window_ends_with_the_keys {
        function: window_mask, points: 2, section: "only-the-last-ones", hints: [
            "Query i stands at position `t_k − t_q + i`, as in a causal mask.",
            "Bring t_q to the other side: `j + t_q <= t_k + i`.",
        ]
    }
    "Windows may be of any size" => windows_may_be_of_any_size {
        function: window_mask, points: 1, section: "only-the-last-ones", hints: [
            "`window + 1` of the largest usize is 0, or a panic. Which side may be subtracted?",
            "Once `j + t_q <= t_k + i` holds, `t_k + i - (j + t_q)` is at least 0.",
        ]
    }
    "Drawn windows are those of the reference" => window_masks_agree {
        function: window_mask, points: 1, section: "only-the-last-ones", hints: [
            "The failure shows the smallest sizes: is one of them 0?",
        ]
    }
    "The first step is attention" => first_step_is_attention {
        function: decode_step, points: 2, section: "one-step", hints: [
            "With an empty cache it is causal attention over turned queries and keys.",
            "`rope(q, 0, BASE)`, `rope(k, 0, BASE)`, `append`, `sdpa` with a causal mask.",
        ]
    }
    "Token by token is all at once" => token_by_token_is_all_at_once {
        function: decode_step, points: 3, section: "one-step", hints: [
            "The query is one token, the keys are all so far: those that `append` returns.",
            "The new token stands at position `cache.len`, before it is appended.",
            "Turn what is new; what is kept has been turned.",
        ]
    }
    "Any steps are all at once" => any_steps_are_all_at_once {
        function: decode_step, points: 2, section: "one-step", hints: [
            "In a step of three, the first must not see the third.",
            "`causal_mask(new, cache.len + new)`: both end at the same token.",
        ]
    }
    "Steps are those of Llama" => steps_are_those_of_llama {
        function: decode_step, points: 2, section: "one-step", hints: [
            "The name of the case says what is special. Are the values turned? They must not be.",
        ]
    }
    "Positions go on behind what was dropped" => positions_go_on {
        function: decode_step, points: 2, section: "only-the-last-ones", hints: [
            "The first token that is kept stands at position `cache.start`.",
            "The next one stands at `cache.start + cache.len`.",
        ]
    }
    "Windows slide along" => windows_slide_along {
        function: decode_step, points: 2, section: "only-the-last-ones", hints: [
            "Within a step, each query has a window of its own: `window_mask`.",
            "Drop old tokens behind the step: its first query still needs them.",
        ]
    }
    "Other words after going back" => other_words_after_going_back {
        function: decode_step, points: 1, section: "going-back", hints: [
            "Positions follow from `cache.len`, not from how many steps there were.",
        ]
    }
    "A failed step changes nothing" => failed_steps_change_nothing {
        function: decode_step, points: 2, section: "one-step", hints: [
            "Everything that may fail comes before `append`.",
            "Queries first, then the mask, which knows bad windows, then `rope`, then `append`.",
            "`q.dims() != k.dims() || q.dtype() != k.dtype()` gives `Queries`.",
        ]
    }
    "Drawn steps are those of the reference" => decode_agrees {
        function: decode_step, points: 2, section: "one-step", hints: [
            "The failure shows the fewest calls, and their tokens, windows and copies.",
        ]
    }
    "The kernel is right thread by thread" => kernel_is_right_thread_by_thread {
        kernel: decode_attention_wgsl, points: 2, section: "the-kernel", hints: [
            "The failure names a thread and what it reads or writes. Is that its own?",
            "One barrier between writing weights and reading them, and one before the next 256.",
            "Every thread has to come to every barrier, also one without a key or a column.",
        ]
    }
    "The kernel looks" => kernel_looks {
        kernel: decode_attention_wgsl, points: 3, section: "the-kernel", hints: [
            "Each thread adds up its column, and all the weights along the way.",
            "Value j begins at `(first_key + j) * widths.d_v`.",
            "`slots` holds only as many weights as there are keys: stop there.",
        ]
    }
    "The kernel stops at the last token" => kernel_stops_at_the_last_token {
        kernel: decode_attention_wgsl, points: 2, section: "the-kernel", hints: [
            "The keys of a head begin a multiple of `capacity` further, not of `t`.",
            "And only the first `t` of them are keys.",
        ]
    }
    "The kernel shares heads" => kernel_shares_heads {
        kernel: decode_attention_wgsl, points: 2, section: "the-kernel", hints: [
            "With 4 heads and 2 of keys, heads 0 and 1 look at the first, 2 and 3 at the second.",
            "Take the text off first: `query % sizes.n_heads` is the head.",
            "Then divide by the size of a group, `sizes.n_heads / sizes.n_kv_heads`.",
        ]
    }
    "The kernel takes long texts" => kernel_takes_long_texts {
        kernel: decode_attention_wgsl, points: 2, section: "the-kernel", hints: [
            "When a higher score comes, the sums so far are too large. By which factor?",
            "`exp(before - highest)`, for `total` and for `column`.",
        ]
    }
    "The kernel keeps large scores numbers" => kernel_is_stable {
        kernel: decode_attention_wgsl, points: 1, section: "the-kernel", hints: [
            "The highest is that of all keys so far, not of these 256.",
            "All scores may be far below 0: begin at LOWEST.",
        ]
    }
    "The kernel stays inside" => kernel_stays_inside {
        kernel: decode_attention_wgsl, points: 1, section: "the-kernel", hints: [
            "There may be more workgroups than queries, and buffers longer than what is in them.",
            "With no tokens, 0 / 0 is no number: write 0.",
        ]
    }
    "The kernel agrees on drawn sizes" => kernel_agrees {
        kernel: decode_attention_wgsl, points: 2, section: "the-kernel", hints: [
            "The failure shows the smallest sizes. Are there more tokens than threads?",
            "Whole numbers for places, no limit to any of them.",
        ]
    }
}
