//! Judges answers: the reference, the learner's, a mutant.

mod differential;
mod masking;
mod model;
mod orders;
mod streams;

use differential::*;
use masking::*;
use model::*;
use orders::*;
use streams::*;

grading::checks! {
    "Positions and logits are those of transformers" => positions_are_those_of_transformers {
        function: roberta_positions, points: 2, section: "positions-that-count-tokens", hints: [
            "Keep a count that goes up at each id other than padding_idx.",
            "The first token gets padding_idx + 1, padding gets padding_idx itself.",
        ]
    }
    "The side of the padding changes nothing" => padding_side_changes_nothing {
        function: roberta_positions, points: 2, section: "positions-that-count-tokens", hints: [
            "Padding is not counted, wherever it stands.",
        ]
    }
    "Drawn positions are those of the reference" => positions_agree {
        function: roberta_positions, points: 1, section: "positions-that-count-tokens", hints: [
            "The failure shows the smallest row: is padding in its middle, or is padding_idx 0?",
        ]
    }
    "A share is hidden" => a_share_is_hidden {
        function: dynamic_mask, points: 2, section: "a-new-mask-each-time", hints: [
            "The number of hidden tokens is ⌊0.15·n + u⌋, where n counts the ordinary tokens.",
            "`(RATE * n as f64 + rng.random::<f64>()) as usize` rounds down.",
        ]
    }
    "Every set is equally likely" => every_set_is_equally_likely {
        function: dynamic_mask, points: 2, section: "a-new-mask-each-time", hints: [
            "Shuffle the places of ordinary tokens and keep the first few; or swap place i with one \
             from i on.",
            "Drawn with replacement, a place may come twice. Neighbors must be as likely as others.",
        ]
    }
    "Special tokens are never hidden" => special_tokens_are_never_hidden {
        function: dynamic_mask, points: 1, section: "a-new-mask-each-time", hints: [
            "Collect the places of ordinary tokens first; then nothing else can be drawn.",
        ]
    }
    "Each mask is drawn anew" => each_mask_is_drawn_anew {
        function: dynamic_mask, points: 2, section: "a-new-mask-each-time", hints: [
            "All chance comes from `rng`: no generator of your own, and nothing kept between calls.",
        ]
    }
    "Drawn masks keep to the docs" => drawn_masks_keep_to_the_docs {
        function: dynamic_mask, points: 1, section: "a-new-mask-each-time", hints: [
            "The failure shows the smallest text. Is there an ordinary token at all?",
        ]
    }
    "Masks follow the order" => masks_follow_the_order {
        function: permutation_masks, points: 3, section: "a-mask-from-an-order", hints: [
            "First turn the order around: at which step is each place predicted?",
            "Content: j's step is at most i's. Query: it is smaller.",
            "Rows are who looks, columns are who is looked at.",
        ]
    }
    "What is no order is refused" => what_is_no_order_is_refused {
        function: permutation_masks, points: 1, section: "a-mask-from-an-order", hints: [
            "Go through the order step by step, and remember which places you have met.",
        ]
    }
    "Drawn masks are those of the reference" => masks_agree {
        function: permutation_masks, points: 1, section: "a-mask-from-an-order", hints: [
            "The failure shows the smallest order. Is it longer than 255, or empty?",
        ]
    }
    "Shifted scores are those of transformers" => shifts_are_those_of_transformers {
        function: rel_shift, points: 2, section: "distances-instead-of-places", hints: [
            "Row i of the result is a window of row i, seq numbers wide; where does it begin?",
            "It begins in column seq − i. In one piece: drop the first seq of all numbers, then read \
             rows of 2·seq − 1, and keep the first seq of each.",
        ]
    }
    "The shift passes gradients" => shift_passes_gradients {
        function: rel_shift, points: 1, section: "distances-instead-of-places", hints: [
            "`reshape` and `narrow` keep the way back; numbers taken out of a tensor do not.",
        ]
    }
    "What cannot be shifted is refused" => shift_refuses {
        function: rel_shift, points: 1, section: "distances-instead-of-places", hints: [
            "The last axis is twice as long as the one before it, and none has length 0.",
        ]
    }
    "Drawn shifts are those of the reference" => shifts_agree {
        function: rel_shift, points: 1, section: "distances-instead-of-places", hints: [
            "The failure shows the smallest case. Is there no axis in front, or three?",
        ]
    }
    "Both streams are those of transformers" => streams_are_those_of_transformers {
        function: two_stream, points: 4, section: "in-symbols", hints: [
            "Keys and values come from h alone. Only queries differ between the streams.",
            "r_w_bias is added where a query meets keys, r_r_bias where it meets distances.",
            "Add both scores, divide the sum by √d_head, mask, softmax. Then o, the residual, the norm.",
        ]
    }
    "The query stream does not see its own token" => query_stream_is_blind_to_itself {
        function: two_stream, points: 2, section: "two-streams", hints: [
            "Which mask belongs to which stream?",
            "The residual of the query stream is g, not h.",
        ]
    }
    "Who sees nothing takes nothing" => who_sees_nothing_takes_nothing {
        function: two_stream, points: 1, section: "two-streams", hints: [
            "A row that is masked as a whole has equal weights after the softmax: set them to 0.",
        ]
    }
    "Who is hidden has no weight" => who_is_hidden_has_no_weight {
        function: two_stream, points: 1, section: "two-streams", hints: [
            "Scores may be large. Is what you put in place of a hidden one low enough?",
            "Replace the score, do not add to it; or set the weight to 0 after the softmax.",
        ]
    }
    "Both streams pass gradients" => streams_pass_gradients {
        function: two_stream, points: 1, section: "in-symbols", hints: [
            "candle's own softmax and layer norm cut them. Those of earlier lessons do not.",
        ]
    }
    "Streams that do not fit are refused" => streams_refuse {
        function: two_stream, points: 1, section: "in-symbols", hints: [
            "First both shapes, then the content mask, then the query mask; type u8 each.",
        ]
    }
    "Drawn streams are those of the reference" => streams_agree {
        function: two_stream, points: 1, section: "in-symbols", hints: [
            "The failure shows the smallest case. One head, one token, a row that sees nothing?",
        ]
    }
    "Logits are those of transformers" => logits_are_those_of_transformers {
        function: forward, points: 3, section: "the-whole-model", hints: [
            "The query stream starts as mask_emb everywhere; in each layer both streams go through \
             the same feed-forward network.",
            "With targets, logits come from g at these places; without, from h everywhere.",
            "GELU or ReLU, as the config says.",
        ]
    }
    "A target does not see its own token" => a_target_does_not_see_itself {
        function: forward, points: 2, section: "two-streams", hints: [
            "The query stream must not start from the token's embedding.",
        ]
    }
    "In the order of the text it is causal" => the_order_of_the_text_is_causal {
        function: forward, points: 1, section: "a-mask-from-an-order", hints: [
            "Hand both masks on to every layer, as they are.",
        ]
    }
    "Gradients reach every weight" => gradients_reach_every_weight {
        function: forward, points: 2, section: "the-whole-model", hints: [
            "Rows are taken with `index_select`, which keeps the way back.",
        ]
    }
    "What cannot be read is refused" => forward_refuses {
        function: forward, points: 1, section: "the-whole-model", hints: [
            "In the order of the docs: ids, targets, then what two_stream refuses.",
        ]
    }
    "Drawn models are those of the reference" => models_agree {
        function: forward, points: 1, section: "the-whole-model", hints: [
            "The failure shows the smallest case. Targets twice, one text, ids far apart?",
        ]
    }
}
