//! Judges answers: the reference, the learner's, a mutant.

mod attention;
mod block;
mod differential;
mod model;
mod parts;
mod rope;
mod writing;

use attention::*;
use block::*;
use differential::*;
use model::*;
use rope::*;
use writing::*;

grading::checks! {
    "Each text turns by its own positions" => rope_turns_each_text_by_its_own {
        function: rope_at, points: 2, section: "positions-of-their-own", hints: [
            "An angle for each text, place and pair: a tensor (batch, 1, seq, half) broadcasts over heads.",
            "The pair of number i is number i + d_head / 2. `frequencies(d_head, theta)?` is yours already.",
            "Make the angles in f64; round sine and cosine, not the angle.",
        ]
    }
    "Scores know distances only" => rope_sees_distances_only {
        function: rope_at, points: 1, section: "positions-of-their-own", hints: [
            "A turn changes no length: cosine and sine of one angle, with a minus at one of the sines.",
        ]
    }
    "Turning passes gradients" => rope_passes_gradients {
        function: rope_at, points: 1, section: "positions-of-their-own", hints: [
            "candle's own rope cuts them. `narrow`, products and `Tensor::cat` do not.",
        ]
    }
    "Positions that do not fit are refused" => rope_refuses {
        function: rope_at, points: 1, section: "positions-of-their-own", hints: [
            "Shapes first: four axes of x, and positions exactly (batch, seq). `frequencies` refuses the rest.",
        ]
    }
    "Drawn turns are those of the reference" => ropes_agree {
        function: rope_at, points: 1, section: "positions-of-their-own", hints: [
            "The failure shows the smallest case. How far is the position, and which axis is empty?",
        ]
    }
    "Attention is that of the formulas" => attention_is_that_of_pytorch {
        function: llama_attention, points: 3, section: "shared-keys-in-the-cache", hints: [
            "n_heads queries, n_kv_heads keys and values: three calls of `split_heads`.",
            "Turn queries and keys, not values. `repeat_kv` only for `sdpa`; keep what is not repeated.",
        ]
    }
    "Attention goes on from its past" => attention_goes_on_from_its_past {
        function: llama_attention, points: 2, section: "shared-keys-in-the-cache", hints: [
            "Old keys are turned already, and stand before the new ones: `Tensor::cat(&[&past.keys, &keys], 2)?`.",
        ]
    }
    "Attention obeys its mask" => attention_obeys_its_mask {
        function: llama_attention, points: 1, section: "shared-keys-in-the-cache", hints: [
            "Hand the mask to `sdpa` as it came: none means that all see all.",
        ]
    }
    "Attention passes gradients" => attention_passes_gradients {
        function: llama_attention, points: 1, section: "shared-keys-in-the-cache", hints: [
            "candle's own softmax and rope cut them. Those of earlier lessons do not.",
        ]
    }
    "Attention refuses what does not fit" => attention_refuses {
        function: llama_attention, points: 1, section: "shared-keys-in-the-cache", hints: [
            "Each of the parts says what is wrong: `?` is all it takes.",
        ]
    }
    "Drawn attention is that of the reference" => attentions_agree {
        function: llama_attention, points: 1, section: "shared-keys-in-the-cache", hints: [
            "The failure shows the smallest case: a past, a mask of each head, a group of one?",
        ]
    }
    "A block is that of the formulas" => block_is_that_of_pytorch {
        function: llama_block, points: 2, section: "in-symbols", hints: [
            "`rms_norm` twice, with the ε of the config; each time the stream goes on beside it.",
        ]
    }
    "One part after the other" => block_adds_one_after_the_other {
        function: llama_block, points: 2, section: "in-symbols", hints: [
            "The second norm reads the stream that attention has added to, and to that stream is added.",
        ]
    }
    "A block hands on what it gets" => block_hands_on_what_it_gets {
        function: llama_block, points: 1, section: "in-symbols", hints: [
            "Positions, past and mask go to attention as they come, and what it keeps is returned.",
        ]
    }
    "A block passes gradients" => block_passes_gradients {
        function: llama_block, points: 1, section: "in-symbols", hints: [
            "candle's own norm cuts them. Yours does not.",
        ]
    }
    "Drawn blocks are those of the reference" => blocks_agree {
        function: llama_block, points: 1, section: "in-symbols", hints: [
            "The failure shows the smallest case.",
        ]
    }
    "Logits are those of transformers" => logits_are_those_of_transformers {
        function: llama_forward, points: 3, section: "in-symbols", hints: [
            "Rows of the embeddings, the blocks, a norm, the head transposed.",
            "Without `lm_head` the embeddings make the logits. Nothing is divided at the end.",
        ]
    }
    "Padding moves nobody" => padding_moves_nobody {
        function: llama_forward, points: 2, section: "positions-of-their-own", hints: [
            "The causal mask times is_token as (batch, 1, 1, keys).",
            "Count ones of is_token: a position is how many stand before it in its row.",
        ]
    }
    "Parts are as good as the whole" => parts_are_as_good_as_the_whole {
        function: llama_forward, points: 2, section: "shared-keys-in-the-cache", hints: [
            "Each block has a past of its own: `past.get(i)`. The causal mask is (seq, past + seq).",
            "Positions go on where the row's past ends: they count its tokens, not its places.",
        ]
    }
    "The future changes nothing" => the_future_changes_nothing {
        function: llama_forward, points: 1, section: "in-symbols", hints: [
            "Every block needs the causal mask.",
        ]
    }
    "The head is the one that the model has" => the_head_is_the_one_that_the_model_has {
        function: llama_forward, points: 1, section: "in-symbols", hints: [
            "`lm_head` if there is one, otherwise the embeddings: never both.",
        ]
    }
    "Large ids and long texts are read" => large_ids_and_long_texts_are_read {
        function: llama_forward, points: 1, section: "in-symbols", hints: [
            "Llama 3 has 128,256 tokens: more than 16 bits number. And no table of positions ends.",
        ]
    }
    "Gradients reach every weight" => gradients_reach_every_weight {
        function: llama_forward, points: 1, section: "in-symbols", hints: [
            "Where the embeddings make the logits, they learn at both ends.",
        ]
    }
    "What cannot be read is refused" => forward_refuses {
        function: llama_forward, points: 1, section: "in-symbols", hints: [
            "In the order that the docs have. An id equal to vocab_size is none any more.",
        ]
    }
    "Drawn models are those of the reference" => models_agree {
        function: llama_forward, points: 1, section: "in-symbols", hints: [
            "The failure shows the smallest case. Is there a past, or padding in it?",
        ]
    }
    "Texts are those of transformers" => texts_are_those_of_transformers {
        function: continue_texts, points: 2, section: "many-texts-at-once", hints: [
            "Fill up on the left: then the last token of every text is at the last place.",
            "is_token grows with each call by one column, and covers the past.",
        ]
    }
    "Each text is as if alone" => each_text_is_as_if_alone {
        function: continue_texts, points: 2, section: "many-texts-at-once", hints: [
            "A text that has ended gets padding, and no more tokens. The others go on.",
            "All prompts in the first call, one token of each in every later one, none when all have ended.",
        ]
    }
    "Of equal logits the first is taken" => of_equal_logits_the_first_is_taken {
        function: continue_texts, points: 1, section: "many-texts-at-once", hints: [
            "Compare with `>`, from the lowest id up.",
        ]
    }
    "Nothing to go on from" => writing_refuses {
        function: continue_texts, points: 1, section: "many-texts-at-once", hints: [
            "Look for a prompt without tokens before anything is read, even if nothing is to be written.",
        ]
    }
    "Drawn texts are those of the reference" => writing_agrees {
        function: continue_texts, points: 1, section: "many-texts-at-once", hints: [
            "The failure shows the smallest case. Does a text end at once, or two in the same call?",
        ]
    }
}
