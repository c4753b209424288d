//! Judges answers: the reference, the learner's, a mutant.

mod bytes;
mod differential;
mod edges;
mod heads;
mod layer;

use bytes::*;
use differential::*;
use edges::*;
use heads::*;
use layer::*;

grading::checks! {
    "Vectors are cut into heads" => vectors_are_cut_into_heads {
        function: split_heads, points: 2, section: "cut-a-vector-into-heads", hints: [
            "Which numbers of a vector belong to the same head? Neighbors: cut, do not deal out.",
            "First give each vector an axis of its own for the heads, then swap two axes.",
            "`x.reshape((batch, t, n_heads, width / n_heads))?.transpose(1, 2)?`",
        ]
    }
    "Splitting takes views, and gradients pass" => split_takes_views_and_passes_gradients {
        function: split_heads, points: 1, section: "cut-a-vector-into-heads", hints: [
            "Move tensors, not lists of numbers: then the type stays and gradients find their way.",
            "`reshape` copies a view by itself where it must.",
        ]
    }
    "Splitting refuses what it cannot cut" => split_refuses_what_it_cannot_cut {
        function: split_heads, points: 1, section: "cut-a-vector-into-heads", hints: [
            "Three axes, a width that divides, and at least one head.",
            "Ask for 0 heads before you divide: `n_heads == 0 || width % n_heads != 0`.",
        ]
    }
    "Drawn tensors split like the reference's" => split_agrees {
        function: split_heads, points: 1, section: "cut-a-vector-into-heads", hints: [
            "The failure shows the smallest input. Is an axis 0, or is it a view?",
            "No vectors are still vectors of some width.",
        ]
    }
    "Heads are put back side by side" => heads_are_put_back {
        function: merge_heads, points: 2, section: "cut-a-vector-into-heads", hints: [
            "It is the way back: the steps of splitting in reverse order.",
            "Swap first, then let the last two axes become one.",
            "`x.transpose(1, 2)?.reshape((batch, t, n_heads * d_head))?`",
        ]
    }
    "Merging takes views, and gradients pass" => merge_takes_views_and_passes_gradients {
        function: merge_heads, points: 1, section: "cut-a-vector-into-heads", hints: [
            "What comes from attention may be a view: `transpose` and `reshape` take it as it is.",
        ]
    }
    "Merging refuses other axes" => merge_refuses_other_axes {
        function: merge_heads, points: 1, section: "cut-a-vector-into-heads", hints: [
            "`let &[batch, n_heads, t, d_head] = x.dims() else { return Err(…) };`",
        ]
    }
    "Drawn heads merge like the reference's" => merge_agrees {
        function: merge_heads, points: 1, section: "cut-a-vector-into-heads", hints: [
            "The failure shows the smallest input. Which of its axes is 0 or 1?",
        ]
    }
    "Neighbors share keys and values" => neighbors_share_keys {
        function: repeat_kv, points: 2, section: "share-keys-and-values", hints: [
            "Head h gets number h / g, not h % g: look at the picture on the page.",
            "Each head is repeated where it stands: a, a, b, b, and not a, b, a, b.",
            "`unsqueeze(2)`, `expand` to (batch, n_kv_heads, g, t, d_head), then `reshape`.",
        ]
    }
    "Keys repeat as in transformers" => keys_repeat_as_in_transformers {
        function: repeat_kv, points: 1, section: "share-keys-and-values", hints: [
            "transformers does it like `torch.repeat_interleave` along the axis of heads.",
        ]
    }
    "Repeating takes views, and gradients add up" => repeat_takes_views_and_passes_gradients {
        function: repeat_kv, points: 1, section: "share-keys-and-values", hints: [
            "A head that serves three gets the sum of three gradients: candle must know of all.",
        ]
    }
    "Uneven groups are errors" => repeat_refuses_uneven_groups {
        function: repeat_kv, points: 1, section: "share-keys-and-values", hints: [
            "Four axes first; then 0 heads of either kind; then the remainder.",
            "2 heads cannot share 4 heads of keys either: 2 is no multiple of 4.",
        ]
    }
    "Drawn keys repeat like the reference's" => repeat_agrees {
        function: repeat_kv, points: 1, section: "share-keys-and-values", hints: [
            "The failure shows the smallest input. One head of keys? As many as heads? No tokens?",
        ]
    }
    "One head is plain attention" => one_head_is_attention {
        function: forward, points: 2, section: "the-whole-layer", hints: [
            "Queries from x, keys and values from x, attention, and one last matrix.",
            "Four products with weights, each by `Linear::forward`, and `sdpa` in the middle.",
            "`sdpa(&q, &k, &v, mask)?` divides by the root by itself.",
        ]
    }
    "Several heads are PyTorch's" => heads_match_pytorch {
        function: forward, points: 3, section: "the-whole-layer", hints: [
            "Split all three, let attention run over the axes in front, and merge before w_o.",
            "The root is that of d_head, the length of what is multiplied, not that of d_model.",
            "Each of the four may have a bias: `Linear::forward` adds it.",
        ]
    }
    "Masks are PyTorch's" => masks_match_pytorch {
        function: forward, points: 1, section: "the-whole-layer", hints: [
            "Hand the mask on to `sdpa` as it is: it broadcasts by itself.",
        ]
    }
    "Cross-attention is PyTorch's" => cross_attention_matches_pytorch {
        function: forward, points: 2, section: "the-whole-layer", hints: [
            "The questions come from x. Where do the answers come from?",
            "`let context = context.unwrap_or(x);` makes keys and values.",
        ]
    }
    "Groups are Llama's" => groups_match_llama {
        function: forward, points: 3, section: "share-keys-and-values", hints: [
            "Keys and values have n_kv_heads heads: split them into so many, not into n_heads.",
            "Repeat keys and values after they are split, before attention.",
        ]
    }
    "Heads do not mix before the end" => heads_do_not_mix_before_the_end {
        function: forward, points: 2, section: "the-whole-layer", hints: [
            "Change the weights of one head: only its own part of what goes into w_o may change.",
            "Is a reshape without its transpose shuffling numbers between heads and tokens?",
        ]
    }
    "The order of the heads does not matter" => the_order_of_heads_does_not_matter {
        function: forward, points: 1, section: "the-whole-layer", hints: [
            "Heads and the rows of w_o that read them may change places together.",
            "No head is special: none is skipped, none is counted twice.",
        ]
    }
    "Shared keys are equal keys" => shared_keys_are_equal_keys {
        function: forward, points: 1, section: "share-keys-and-values", hints: [
            "Sharing saves memory, nothing else: as if all of a group had the same weights.",
        ]
    }
    "Texts of a batch do not mix" => texts_do_not_mix {
        function: forward, points: 1, section: "the-whole-layer", hints: [
            "The batch is the first axis from beginning to end; nothing is summed over it.",
        ]
    }
    "Padding counts for nothing, on either side" => padding_counts_for_nothing {
        function: forward, points: 1, section: "the-whole-layer", hints: [
            "A text with padding and a mask gives what it gives alone.",
        ]
    }
    "Every head may have a mask of its own" => every_head_may_have_a_mask {
        function: forward, points: 1, section: "the-whole-layer", hints: [
            "Do not take a part of the mask, and do not give it axes: `sdpa` broadcasts it.",
        ]
    }
    "The layer takes views of both types" => layer_takes_views_of_both_types {
        function: forward, points: 1, section: "the-whole-layer", hints: [
            "Values may be longer than keys, and the result wider than x: ask the tensors.",
        ]
    }
    "Every weight gets its gradient" => every_weight_gets_its_gradient {
        function: forward, points: 2, section: "the-whole-layer", hints: [
            "From the result back to x, the context and all weights: tensor operations only.",
            "Nothing is detached, and `sdpa` is that of the last lesson, not a fused one.",
        ]
    }
    "The layer refuses what does not fit" => layer_refuses_what_does_not_fit {
        function: forward, points: 1, section: "the-whole-layer", hints: [
            "Your other functions and `sdpa` refuse already: pass their errors on with `?`.",
        ]
    }
    "Drawn layers are the reference's" => layer_agrees {
        function: forward, points: 2, section: "the-whole-layer", hints: [
            "The failure shows the smallest layer. No tokens? One text? A mask that repeats?",
            "Nothing is kept from call to call, and nothing added that was not asked for.",
        ]
    }
    "A token has a key and a value" => a_token_has_a_key_and_a_value {
        function: kv_bytes, points: 2, section: "bytes-for-every-token", hints: [
            "In each layer, for each head of keys and values: d_head numbers, and d_head more.",
            "Six factors, and a 2.",
        ]
    }
    "Bytes are those of published models" => bytes_are_those_of_published_models {
        function: kv_bytes, points: 1, section: "bytes-for-every-token", hints: [
            "All six count. It is the heads of keys that count, so nothing is to be divided.",
        ]
    }
    "Bytes may be many" => bytes_may_be_many {
        function: kv_bytes, points: 1, section: "bytes-for-every-token", hints: [
            "All in u64: no f64, which has 53 bits, and no u32.",
            "Any factor of 0 makes the whole 0, before anything can be too large.",
        ]
    }
    "Too many bytes are an error" => too_many_bytes_are_an_error {
        function: kv_bytes, points: 1, section: "bytes-for-every-token", hints: [
            "`checked_mul` gives `None` where `*` would wrap around or panic.",
            "`.into_iter().try_fold(1_u64, u64::checked_mul).ok_or(HeadError::TooLarge)`",
        ]
    }
    "Drawn sizes take the reference's bytes" => bytes_agree {
        function: kv_bytes, points: 1, section: "bytes-for-every-token", hints: [
            "The failure shows the smallest sizes. Is one of them 0? The product just too large?",
        ]
    }
}
