//! Judges answers: the reference, the learner's, a mutant.

mod attention;
mod blocks;
mod buckets;
mod differential;
mod models;

use attention::*;
use blocks::*;
use buckets::*;
use differential::*;
use models::*;

grading::checks! {
    "Buckets are those of transformers" => buckets_are_those_of_transformers {
        function: t5_bucket, points: 3, section: "buckets-of-distance", hints: [
            "Work with n, the buckets of one side: `num_buckets / 2` if there are two sides.",
            "Below e = n / 2 the distance is the bucket. From `max_distance` on it is n − 1.",
            "In between, the logarithm: its part before the point, plus e.",
        ]
    }
    "Boundaries are exact" => boundaries_are_exact {
        function: t5_bucket, points: 1, section: "buckets-of-distance", hints: [
            "ln(2) / ln(8) · 3 should be 1. What does your machine say?",
            "Add a billionth before you cut off what stands behind the point.",
        ]
    }
    "Buckets end, and bad ones are refused" => buckets_end {
        function: t5_bucket, points: 1, section: "buckets-of-distance", hints: [
            "`relative_position.unsigned_abs()` works for the smallest i64, too.",
            "Half of 3 buckets is 1, and half of that is none: that is an error.",
        ]
    }
    "Drawn buckets are those of the reference" => buckets_agree {
        function: t5_bucket, points: 1, section: "buckets-of-distance", hints: [
            "The failure shows the smallest input. Is a number odd, or at a boundary?",
        ]
    }
    "Biases are those of transformers" => bias_is_that_of_transformers {
        function: position_bias, points: 2, section: "one-bias-a-bucket", hints: [
            "The key's position minus the query's, and a row of the table for its bucket.",
            "Rows come as (t_q · t_k, heads); heads belong in front: `reshape`, then `permute`.",
        ]
    }
    "Queries may begin late" => bias_knows_its_offset {
        function: position_bias, points: 1, section: "one-bias-a-bucket", hints: [
            "Query i stands at position offset + i, key j at position j.",
        ]
    }
    "Biases teach their table" => bias_teaches_its_table {
        function: position_bias, points: 1, section: "one-bias-a-bucket", hints: [
            "`index_select` passes gradients; numbers taken out of the table do not.",
        ]
    }
    "What is no table is refused" => bias_refuses {
        function: position_bias, points: 1, section: "one-bias-a-bucket", hints: [
            "Two axes, and at least one head. The number of buckets is judged by `t5_bucket`.",
        ]
    }
    "Drawn biases are those of the reference" => biases_agree {
        function: position_bias, points: 1, section: "one-bias-a-bucket", hints: [
            "The failure shows the smallest input: a transposed table, a far offset?",
        ]
    }
    "Scores are not divided" => attention_is_not_scaled {
        function: t5_attention, points: 3, section: "one-bias-a-bucket", hints: [
            "`sdpa` divides by √d and has no bias: here you multiply yourself.",
            "Scores (batch, heads, t_q, t_k), plus the bias, softmax over the keys, times values.",
            "`split_heads`, `merge_heads` and `mha.w_q.forward(x)?` are those of the last lessons.",
        ]
    }
    "Queries look at another text" => cross_attention_looks_over {
        function: t5_attention, points: 2, section: "cross-attention", hints: [
            "Only queries are made of x. Keys and values are made of the context.",
        ]
    }
    "Attention obeys its mask" => attention_obeys_its_mask {
        function: t5_attention, points: 2, section: "cross-attention", hints: [
            "Hide before softmax, and clear the weights of what is hidden after it, as in `sdpa`.",
            "Stretch the mask with `broadcast_as` to the shape of the scores.",
        ]
    }
    "Attention passes gradients" => attention_passes_gradients {
        function: t5_attention, points: 1, section: "cross-attention", hints: [
            "candle's `softmax_last_dim` has no backward. The softmax of step 1 has one.",
            "A text that sees nothing must not make NaN of any gradient.",
        ]
    }
    "What does not fit is refused" => attention_refuses {
        function: t5_attention, points: 1, section: "cross-attention", hints: [
            "`bias.broadcast_as(shape)` fails where a bias does not fit: make it `SeqError::Bias`.",
            "First the bias, then the mask.",
        ]
    }
    "Drawn attention is that of the reference" => attentions_agree {
        function: t5_attention, points: 1, section: "cross-attention", hints: [
            "The failure shows the smallest case: which bias, which mask, a view?",
        ]
    }
    "T5's blocks are those of transformers" => t5_block_is_that_of_transformers {
        function: t5_block, points: 3, section: "t5-in-symbols", hints: [
            "Norm, part, add; norm, part, add; norm, part, add. `rms_norm`, with the ε given.",
            "Cross-attention gets the mask over the encoded keys, and no bias.",
            "With a gate: `gelu_tanh` of the gate, times `wi`. Without: `relu` of `wi`.",
        ]
    }
    "T5's blocks only add" => t5_block_only_adds {
        function: t5_block, points: 1, section: "t5-in-symbols", hints: [
            "What is added to is the stream, not what the norm made of it.",
        ]
    }
    "T5's blocks pass gradients" => t5_block_passes_gradients {
        function: t5_block, points: 1, section: "t5-in-symbols", hints: [
            "candle's own `rms_norm` cuts them. That of an earlier lesson does not.",
        ]
    }
    "T5's decoder needs a source" => t5_block_needs_a_source {
        function: t5_block, points: 1, section: "t5-in-symbols", hints: [
            "Before anything else: `cross.is_some() != encoded.is_some()`.",
        ]
    }
    "T5's drawn blocks are those of the reference" => t5_blocks_agree {
        function: t5_block, points: 1, section: "t5-in-symbols", hints: [
            "The failure shows the smallest case: a gate, a mask, a text of padding?",
        ]
    }
    "T5's logits are those of transformers" => t5_logits_are_those_of_transformers {
        function: t5_forward, points: 4, section: "t5-in-symbols", hints: [
            "`source.encoded(|ids, mask| …)` asks you for the encoder, and only if it is needed.",
            "One bias a stack, made once: bidirectional in the encoder only.",
            "Behind the last block a norm. If tied, d_model^−0.5 before the product.",
        ]
    }
    "T5's padding moves nobody" => t5_padding_moves_nobody {
        function: t5_forward, points: 2, section: "cross-attention", hints: [
            "The mask over the source's keys is needed in its encoder and in cross-attention.",
        ]
    }
    "T5's encoder sees all, its decoder the past" => t5_sees_what_it_should {
        function: t5_forward, points: 1, section: "three-masks", hints: [
            "`causal_mask(t, t)` belongs into the decoder's own attention, and nowhere else.",
        ]
    }
    "T5 reads its source once" => t5_reads_once {
        function: t5_forward, points: 2, section: "read-once-write-often", hints: [
            "Return what was encoded, or what was handed over.",
        ]
    }
    "T5's tables are one or two" => t5_tables_are_one_or_two {
        function: t5_forward, points: 1, section: "t5-in-symbols", hints: [
            "`lm_head.as_ref().unwrap_or(shared)`: logits have a table of their own, or not.",
        ]
    }
    "T5 teaches every weight" => t5_teaches_every_weight {
        function: t5_forward, points: 2, section: "t5-in-symbols", hints: [
            "`shared` learns in the encoder, in the decoder and, if tied, from the logits.",
        ]
    }
    "What T5 cannot read is refused" => t5_refuses {
        function: t5_forward, points: 1, section: "t5-in-symbols", hints: [
            "`rows_of` refuses. First the source, then what the decoder reads.",
        ]
    }
    "T5's drawn models are those of the reference" => t5_models_agree {
        function: t5_forward, points: 2, section: "t5-in-symbols", hints: [
            "The failure shows the smallest case: no block, other sizes in the decoder?",
        ]
    }
    "Labels move right" => labels_move_right {
        function: shift_right, points: 2, section: "one-step-behind", hints: [
            "Each row begins with `start` and leaves out its last label.",
            "A label of −100 becomes `pad`. The result is of type u32.",
        ]
    }
    "What is no label is refused" => shift_refuses {
        function: shift_right, points: 1, section: "one-step-behind", hints: [
            "`u32::try_from(label)` fails for what is no id. The last label counts, too.",
        ]
    }
    "Drawn labels move as in the reference" => shifts_agree {
        function: shift_right, points: 1, section: "one-step-behind", hints: [
            "The failure shows the smallest input: no label, several rows?",
        ]
    }
    "Positions start at two" => positions_start_at_two {
        function: bart_embed, points: 2, section: "bart", hints: [
            "Scale the row of the token, add the row of its place, then the norm.",
            "`stack.positions.narrow(0, 2, seq)?` has the rows of the first places.",
        ]
    }
    "BART's embeddings learn" => embeddings_learn {
        function: bart_embed, points: 1, section: "bart", hints: [
            "`rows_of`, `narrow` and `broadcast_add` pass gradients.",
        ]
    }
    "BART's embeddings have an end" => embed_refuses {
        function: bart_embed, points: 1, section: "bart", hints: [
            "The table has two rows more than there are places.",
        ]
    }
    "Drawn embeddings are those of the reference" => embeddings_agree {
        function: bart_embed, points: 1, section: "bart", hints: [
            "The failure shows the smallest input: a text one too long, an id too high?",
        ]
    }
    "BART's blocks are those of transformers" => bart_block_is_that_of_transformers {
        function: bart_block, points: 3, section: "bart", hints: [
            "Part, add, norm; three times. Each norm is stored beside its part.",
            "Attention is `forward` of the lesson on heads, GELU the one by erf.",
        ]
    }
    "BART's blocks end in a norm" => bart_block_ends_in_a_norm {
        function: bart_block, points: 1, section: "bart", hints: [
            "Post-norm: the norm is of the sum, and stands on the road itself.",
        ]
    }
    "BART's blocks pass gradients" => bart_block_passes_gradients {
        function: bart_block, points: 1, section: "bart", hints: [
            "Of candle's own functions, layer norm and softmax have no backward.",
        ]
    }
    "BART's decoder needs a source" => bart_block_needs_a_source {
        function: bart_block, points: 1, section: "bart", hints: [
            "The same first line as in `t5_block`.",
        ]
    }
    "BART's drawn blocks are those of the reference" => bart_blocks_agree {
        function: bart_block, points: 1, section: "bart", hints: [
            "The failure shows the smallest case: a mask, a text of padding?",
        ]
    }
    "BART's logits are those of transformers" => bart_logits_are_those_of_transformers {
        function: bart_forward, points: 4, section: "bart", hints: [
            "`bart_embed` and all blocks, in both stacks; no norm at the end.",
            "The product with `shared`, plus `final_logits_bias`.",
        ]
    }
    "BART does not see padding" => bart_padding_is_not_seen {
        function: bart_forward, points: 1, section: "cross-attention", hints: [
            "The mask over the source's keys is needed in its encoder and in cross-attention.",
        ]
    }
    "BART's encoder sees all, its decoder the past" => bart_sees_what_it_should {
        function: bart_forward, points: 1, section: "three-masks", hints: [
            "`causal_mask(t, t)` belongs into the decoder's own attention, and nowhere else.",
        ]
    }
    "BART reads its source once" => bart_reads_once {
        function: bart_forward, points: 2, section: "read-once-write-often", hints: [
            "Return what was encoded, or what was handed over.",
        ]
    }
    "BART teaches every weight" => bart_teaches_every_weight {
        function: bart_forward, points: 1, section: "bart", hints: [
            "The bias of the logits learns, too.",
        ]
    }
    "What BART cannot read is refused" => bart_refuses {
        function: bart_forward, points: 1, section: "bart", hints: [
            "`bart_embed` refuses. First the source, then what the decoder reads.",
        ]
    }
    "BART's drawn models are those of the reference" => bart_models_agree {
        function: bart_forward, points: 2, section: "bart", hints: [
            "The failure shows the smallest case: no block, other heads in the decoder?",
        ]
    }
}
