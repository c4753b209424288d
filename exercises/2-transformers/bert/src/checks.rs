//! Judges answers: the reference, the learner's, a mutant.

mod block;
mod differential;
mod model;
mod parts;
mod pooling;

use block::*;
use differential::*;
use model::*;
use parts::*;
use pooling::*;

grading::checks! {
    "The weight lies as (out, in)" => linear_multiplies {
        function: linear, points: 2, section: "weights-as-pytorch-has-them", hints: [
            "x has vectors of `in` numbers, the weight rows of `in` numbers: one dot product each.",
            "candle's `matmul` wants both with as many axes: make x a matrix, and its result not.",
            "`x.reshape(((), n))?.matmul(&weight.t()?)?`, then add the bias.",
        ]
    }
    "The product takes views" => linear_takes_views {
        function: linear, points: 1, section: "weights-as-pytorch-has-them", hints: [
            "Take shapes from `dims`, never from how the numbers lie in memory.",
            "Keep x, weight and bias in tensor operations, or their gradients end.",
        ]
    }
    "What does not fit is no product" => linear_refuses {
        function: linear, points: 1, section: "weights-as-pytorch-has-them", hints: [
            "Take the shapes apart, then compare: `let ([front @ .., n], [n_out, n_in], [n_bias]) \
             = (x.dims(), …) else { … };`",
            "A bias of one number would broadcast: compare its length with n_out.",
        ]
    }
    "Drawn products are those of the reference" => linears_agree {
        function: linear, points: 1, section: "weights-as-pytorch-has-them", hints: [
            "The failure shows the smallest input: an axis of length 0, or none in front?",
        ]
    }
    "Embeddings are those of transformers" => embeddings_are_those_of_transformers {
        function: embed, points: 3, section: "three-tables", hints: [
            "Three rows added, then one norm over the sum, with ε from the config.",
            "`table.index_select(&ids, 0)?` takes rows; ids must have one axis then.",
            "Without token types all are of type 0: its row is added all the same.",
        ]
    }
    "Each table has its row" => each_table_has_its_row {
        function: embed, points: 2, section: "three-tables", hints: [
            "Which row of which table? Ids choose in `word`, places in `position`, types in \
             `token_type`.",
            "Each row of the batch begins at place 0.",
            "There may be more than 65,536 tokens, and more than 255 places: keep both in u32.",
        ]
    }
    "Embeddings pass gradients" => embed_passes_gradients {
        function: embed, points: 1, section: "three-tables", hints: [
            "Numbers taken out of a table learn nothing: `index_select` keeps the way back.",
            "candle's own layer norm cuts gradients. That of the earlier lesson does not.",
        ]
    }
    "What cannot be embedded is refused" => embed_refuses {
        function: embed, points: 2, section: "three-tables", hints: [
            "In the order that the docs have: shapes first, then lengths, then ids, then types.",
            "An id equal to vocab_size is none any more. A row may be as long as there are \
             positions.",
        ]
    }
    "Drawn embeddings are those of the reference" => embeds_agree {
        function: embed, points: 1, section: "three-tables", hints: [
            "The failure shows the smallest case. Is there more than one row, or a type above 0?",
        ]
    }
    "A block is that of transformers" => block_is_that_of_transformers {
        function: block, points: 4, section: "in-symbols", hints: [
            "Each part reads x as it is; the norm comes when its result has been added.",
            "Three products to queries, keys and values; split, sdpa, merge; attention_output; \
             add; attention_norm. Then intermediate, GELU, output; add; output_norm.",
            "GELU by erf, and ε from the config, not 1e-12.",
        ]
    }
    "The norms stand behind the sums" => norms_stand_behind_the_sums {
        function: block, points: 2, section: "in-symbols", hints: [
            "If both parts return 0, x comes out normalized twice.",
            "The second part adds to what the first norm made, not to what came in.",
        ]
    }
    "A block looks both ways" => block_looks_both_ways {
        function: block, points: 2, section: "the-mask-is-what-differs", hints: [
            "Without a mask all see all: hand `None` to `sdpa`.",
            "With one, hand it over as it came: 1 is for keys that may be looked at.",
        ]
    }
    "A block passes gradients" => block_passes_gradients {
        function: block, points: 1, section: "in-symbols", hints: [
            "candle's own layer norm and softmax cut them. Those of earlier lessons do not.",
        ]
    }
    "A block passes errors on" => block_passes_errors_on {
        function: block, points: 1, section: "in-symbols", hints: [
            "Each of the parts says what is wrong: `?` is all it takes.",
        ]
    }
    "Drawn blocks are those of the reference" => blocks_agree {
        function: block, points: 1, section: "in-symbols", hints: [
            "The failure shows the smallest case: one head, a mask, a narrow inside?",
        ]
    }
    "Hidden states are those of transformers" => hidden_states_are_those_of_transformers {
        function: forward, points: 3, section: "the-whole-encoder", hints: [
            "`embed`, then every block in order. There is no norm at the end: each block has one.",
            "Token types go to `embed`.",
        ]
    }
    "Padding changes nothing" => padding_changes_nothing {
        function: forward, points: 3, section: "padding", hints: [
            "A mask for keys only: `(batch, 1, 1, seq)` goes over all heads and all queries.",
            "Every block needs it.",
            "Padding before a token moves its place here: no position is counted anew.",
        ]
    }
    "Every token sees every other" => every_token_sees_every_other {
        function: forward, points: 1, section: "the-mask-is-what-differs", hints: [
            "An encoder has no causal mask.",
        ]
    }
    "Gradients reach every weight" => gradients_reach_every_weight {
        function: forward, points: 2, section: "the-whole-encoder", hints: [
            "No step of the way may leave the tensors, or the gradient ends there.",
        ]
    }
    "What cannot be read is refused" => forward_refuses {
        function: forward, points: 1, section: "padding", hints: [
            "First what `embed` refuses, then the shape of `is_token`.",
        ]
    }
    "Drawn models are those of the reference" => models_agree {
        function: forward, points: 2, section: "the-whole-encoder", hints: [
            "The failure shows the smallest case. Is there padding, a token type, one layer?",
        ]
    }
    "Guesses are those of transformers" => logits_are_those_of_transformers {
        function: mlm_logits, points: 3, section: "a-head-that-guesses", hints: [
            "dense, GELU, norm, then the table of tokens, in this order.",
            "`word` has a row for each token: (out, in), as `linear` likes it.",
        ]
    }
    "The table is tied" => the_table_is_tied {
        function: mlm_logits, points: 1, section: "a-head-that-guesses", hints: [
            "A token's logit is the dot product with its row of `word`, plus its number in `bias`.",
        ]
    }
    "The head passes gradients" => head_passes_gradients {
        function: mlm_logits, points: 1, section: "a-head-that-guesses", hints: [
            "The table of tokens learns here, too.",
        ]
    }
    "No head is an error" => no_head_is_an_error {
        function: mlm_logits, points: 1, section: "a-head-that-guesses", hints: [
            "`model.mlm.as_ref().ok_or(…)?`, before anything else.",
        ]
    }
    "Drawn heads are those of the reference" => heads_agree {
        function: mlm_logits, points: 1, section: "a-head-that-guesses", hints: [
            "The failure shows the smallest case. Is ε that of the config?",
        ]
    }
    "Only tokens are averaged" => means_are_of_tokens_only {
        function: mean_pool, points: 2, section: "one-vector-for-a-sentence", hints: [
            "Multiply what stands at padding by 0, add up along the row, divide.",
            "Divide by how many tokens there are, not by how many places.",
        ]
    }
    "A text without tokens is 0" => a_text_without_tokens_is_zero {
        function: mean_pool, points: 1, section: "one-vector-for-a-sentence", hints: [
            "0/0 is NaN: divide by at least 1.",
        ]
    }
    "Long texts are counted" => long_texts_are_counted {
        function: mean_pool, points: 1, section: "one-vector-for-a-sentence", hints: [
            "A u8 counts to 255. Change the type before you add.",
        ]
    }
    "The mean passes gradients" => pool_passes_gradients {
        function: mean_pool, points: 1, section: "one-vector-for-a-sentence", hints: [
            "Each token gets its share, padding gets 0, and nobody gets NaN.",
        ]
    }
    "What cannot be averaged is refused" => pool_refuses {
        function: mean_pool, points: 1, section: "one-vector-for-a-sentence", hints: [
            "Three axes, and the mask has the first two of them.",
        ]
    }
    "Drawn means are those of the reference" => pools_agree {
        function: mean_pool, points: 1, section: "one-vector-for-a-sentence", hints: [
            "The failure shows the smallest case. Is one text longer, or empty?",
        ]
    }
}
