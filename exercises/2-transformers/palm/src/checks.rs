//! Judges answers: the reference, the learner's, a mutant.

mod differential;
mod model;
mod parts;

use differential::*;
use model::*;
use parts::*;

grading::checks! {
    "A gate lets through, and shuts" => mlp_opens_and_shuts {
        function: swiglu_mlp, points: 2, section: "three-matrices", hints: [
            "Two products of the same x; SiLU stands on the gate, not on what passes it.",
            "`swiglu(&gate, &up)?` is yours already; `down_proj` leads back.",
        ]
    }
    "The feed-forward network passes gradients" => mlp_passes_gradients {
        function: swiglu_mlp, points: 1, section: "three-matrices", hints: [
            "Keep x and the weights in tensor operations. `Linear::forward` takes views.",
        ]
    }
    "What does not fit is refused" => mlp_refuses {
        function: swiglu_mlp, points: 1, section: "three-matrices", hints: [
            "`Linear::forward` says what is wrong; `?` hands it on.",
        ]
    }
    "Drawn networks are those of the reference" => mlps_agree {
        function: swiglu_mlp, points: 1, section: "three-matrices", hints: [
            "The failure shows the smallest case. How many axes stand in front, and how long are they?",
        ]
    }
    "Attention is that of PyTorch" => attention_is_that_of_pytorch {
        function: multi_query_attention, points: 4, section: "one-key-for-all-heads", hints: [
            "Queries become n_heads heads, key and value one: `split_heads(&k, 1)?`.",
            "Turn queries and keys, not values: `rope(&q, offset, config.theta)?`.",
            "Keep one head of keys; `repeat_kv` only for `sdpa`. Then merge, then `o_proj`.",
        ]
    }
    "Attention goes on from its past" => attention_goes_on_from_its_past {
        function: multi_query_attention, points: 2, section: "one-key-for-all-heads", hints: [
            "Behind a past of five tokens, the next stands at position 5.",
            "Old keys are turned already. `Tensor::cat(&[&past.keys, &keys], 2)?`.",
        ]
    }
    "Attention obeys its mask" => attention_obeys_its_mask {
        function: multi_query_attention, points: 1, section: "one-key-for-all-heads", hints: [
            "Hand the mask to `sdpa` as it came: none means that all see all.",
        ]
    }
    "Attention passes gradients" => attention_passes_gradients {
        function: multi_query_attention, points: 1, section: "one-key-for-all-heads", hints: [
            "candle's own softmax and rope cut them. Those of earlier lessons do not.",
        ]
    }
    "Attention refuses what does not fit" => attention_refuses {
        function: multi_query_attention, points: 1, section: "one-key-for-all-heads", hints: [
            "Each of the parts says what is wrong: `?` is all it takes.",
        ]
    }
    "Drawn attention is that of the reference" => attentions_agree {
        function: multi_query_attention, points: 1, section: "one-key-for-all-heads", hints: [
            "The failure shows the smallest case: a past, a mask of each head, f32?",
        ]
    }
    "A block is that of PyTorch" => block_is_that_of_pytorch {
        function: palm_block, points: 3, section: "in-symbols", hints: [
            "Normalize once; both parts read the result.",
            "A bias of 0: `block.norm.zeros_like()?`. And ε from the config.",
        ]
    }
    "Neither part waits for the other" => block_is_parallel {
        function: palm_block, points: 2, section: "side-by-side", hints: [
            "What the feed-forward network reads has nothing of attention in it.",
            "Three terms are added: x as it came in, not normalized, and what both parts bring.",
        ]
    }
    "A block hands on past and mask" => block_hands_on_past_and_mask {
        function: palm_block, points: 1, section: "in-symbols", hints: [
            "Both go to attention as they come, and what it keeps is returned.",
        ]
    }
    "A block passes gradients" => block_passes_gradients {
        function: palm_block, points: 1, section: "in-symbols", hints: [
            "candle's own layer norm cuts them. Yours does not.",
        ]
    }
    "Drawn blocks are those of the reference" => blocks_agree {
        function: palm_block, points: 1, section: "in-symbols", hints: [
            "The failure shows the smallest case.",
        ]
    }
    "Logits are those of PyTorch" => logits_are_those_of_pytorch {
        function: palm_forward, points: 3, section: "in-symbols", hints: [
            "Rows of the embeddings, the blocks, a norm, the embeddings transposed.",
            "And all that divided by the root of d_model.",
        ]
    }
    "The future changes nothing" => the_future_changes_nothing {
        function: palm_forward, points: 1, section: "in-symbols", hints: [
            "Every block needs the causal mask: `causal_mask(seq, seen + seq)?`.",
        ]
    }
    "Parts are as good as the whole" => parts_are_as_good_as_the_whole {
        function: palm_forward, points: 2, section: "one-key-for-all-heads", hints: [
            "Each block has a past of its own: `past.get(i)`.",
            "With 5 tokens kept, 3 new ones see up to 8: the mask is (3, 8).",
        ]
    }
    "The two tables are one" => embeddings_are_tied {
        function: palm_forward, points: 1, section: "in-symbols", hints: [
            "The logit of a token is the dot product of its row with the last vector.",
        ]
    }
    "Large ids and long texts are read" => large_ids_and_long_texts_are_read {
        function: palm_forward, points: 1, section: "in-symbols", hints: [
            "PaLM has 256,000 tokens: more than 16 bits number. And no table of positions ends.",
        ]
    }
    "Gradients reach every weight" => gradients_reach_every_weight {
        function: palm_forward, points: 1, section: "in-symbols", hints: [
            "The embeddings learn at both ends.",
        ]
    }
    "What cannot be read is refused" => forward_refuses {
        function: palm_forward, points: 1, section: "in-symbols", hints: [
            "In the order that the docs have. An id equal to vocab_size is none any more.",
        ]
    }
    "Drawn models are those of the reference" => models_agree {
        function: palm_forward, points: 1, section: "in-symbols", hints: [
            "The failure shows the smallest case. Is there a past, or more than one text?",
        ]
    }
    "Parameters are those of the paper" => counts_are_the_published {
        function: parameters, points: 2, section: "where-the-parameters-are", hints: [
            "Queries and output: n_heads · d_head by d_model each. Key and value: d_head by d_model.",
            "Three matrices in the feed-forward network. The table counts once.",
        ]
    }
    "Parameters are those of PyTorch" => counts_are_those_of_pytorch {
        function: parameters, points: 1, section: "where-the-parameters-are", hints: [
            "Heads together need not be as wide as the model.",
            "A norm a block and one at the end, each with a gain only.",
        ]
    }
    "Drawn counts are those of the reference" => counts_agree {
        function: parameters, points: 1, section: "where-the-parameters-are", hints: [
            "The largest models have more parameters than 32 bits count.",
        ]
    }
}
