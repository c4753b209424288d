//! Judges answers: the reference, the learner's, a mutant.

mod chance;
mod infill;
mod masks;
mod pairs;
mod spans;
mod words;

use infill::*;
use masks::*;
use pairs::*;
use spans::*;
use words::*;

grading::checks! {
    "Labels are those of transformers" => labels_are_those_of_transformers {
        function: causal, points: 2, section: "the-next-token", hints: [
            "The label at place t is the id at place t + 1; the inputs stay as they are.",
            "`ids.get(at + 1)` is None behind the last place: its label is IGNORED.",
        ]
    }
    "Padding is neither guessed nor asked" => padding_is_neither_guessed_nor_asked {
        function: causal, points: 1, section: "the-next-token", hints: [
            "A label needs a token at its own place and at the next one.",
            "The list says what is padding. An id does not: in many models it is that of the end of a text.",
        ]
    }
    "Drawn rows are those of the reference" => rows_agree {
        function: causal, points: 1, section: "the-next-token", hints: [
            "The failure shows the smallest row. Is it empty, or are the lists of two lengths?",
        ]
    }
    "So many tokens are chosen" => so_many_tokens_are_chosen {
        function: mlm_mask, points: 2, section: "hide-some", hints: [
            "Toss a coin for each word: `rng.random::<f64>() < masking.rate`.",
            "The number of chosen tokens differs from draw to draw, as that of heads does.",
        ]
    }
    "Of the chosen, 80% are masked, 10% random, 10% kept" => chosen_tokens_are_replaced {
        function: mlm_mask, points: 3, section: "hide-some", hints: [
            "One number u decides: below `mask`, below `mask + random`, or above.",
            "`rng.random_range(0..masking.vocab_size)` draws an id; it may be the same one.",
        ]
    }
    "Special tokens are never chosen" => special_tokens_are_never_chosen {
        function: mlm_mask, points: 1, section: "hide-some", hints: [
            "Where word_ids has None, the input stays and the label is IGNORED.",
        ]
    }
    "A word is chosen as a whole" => a_word_is_chosen_as_a_whole {
        function: mlm_mask, points: 2, section: "hide-some", hints: [
            "Toss the coin where a word begins, and keep it until the next one begins.",
            "A word begins where the number differs from that of the neighbor before.",
        ]
    }
    "Places and draws are independent" => places_are_independent {
        function: mlm_mask, points: 1, section: "hide-some", hints: [
            "Each word has a coin of its own, and all chance comes from `rng`.",
        ]
    }
    "Drawn maskings keep to the docs" => drawn_maskings_keep_to_the_docs {
        function: mlm_mask, points: 1, section: "hide-some", hints: [
            "Lengths are looked at first, then `masking.check()?`.",
            "With rate 0 nothing is chosen, with rate 1 all; the same for mask and random.",
        ]
    }
    "Half of the pairs are next" => half_of_the_pairs_are_next {
        function: nsp_pairs, points: 2, section: "does-it-follow", hints: [
            "Each pair has a coin of its own: `rng.random::<f64>() < 0.5`.",
        ]
    }
    "The others come from another document" => others_come_from_elsewhere {
        function: nsp_pairs, points: 2, section: "does-it-follow", hints: [
            "Draw among the other documents first, then among the sentences of that one.",
            "Draw a number below `n − 1`, and add 1 if it is not below the document's own place.",
        ]
    }
    "A document alone is refused" => a_document_alone_is_refused {
        function: nsp_pairs, points: 1, section: "does-it-follow", hints: [
            "Refuse whatever the coins say: an error must not depend on chance.",
            "Without a pair there is nothing to refuse.",
        ]
    }
    "Drawn pairs keep to the docs" => drawn_pairs_keep_to_the_docs {
        function: nsp_pairs, points: 1, section: "does-it-follow", hints: [
            "Documents may have one sentence, or none. The last sentence of a document opens no pair.",
        ]
    }
    "Counts are those of T5's code" => counts_are_those_of_t5 {
        function: noise_mask, points: 2, section: "hide-spans", hints: [
            "Hidden tokens first: `(length as f64 * density).round_ties_even()`, then the two bounds.",
            "Spans: hidden / mean_length, rounded; no more than hidden tokens, no more than kept ones.",
        ]
    }
    "Every mask is equally likely" => every_mask_is_equally_likely {
        function: noise_mask, points: 3, section: "hide-spans", hints: [
            "To cut n tokens into k parts, draw k − 1 of the n − 1 places between them, none twice.",
            "Shuffle the places, take the first k − 1, sort. Kept and hidden tokens are cut separately.",
        ]
    }
    "Drawn masks keep to the docs" => drawn_masks_keep_to_the_docs {
        function: noise_mask, points: 1, section: "hide-spans", hints: [
            "`spans.check()?` comes first, even for an empty text.",
            "Which corner is it: two tokens, density 0, density 1, spans of one token?",
        ]
    }
    "Sentinels stand where T5's code has them" => sentinels_are_those_of_t5 {
        function: span_corrupt, points: 3, section: "hide-spans", hints: [
            "A sentinel where a span begins, in both; then its tokens in the target only.",
            "If the last token is kept, one more sentinel ends the target. Then `eos`, in both.",
        ]
    }
    "The text can be put together again" => the_text_can_be_put_together {
        function: span_corrupt, points: 2, section: "hide-spans", hints: [
            "Each token is in one of the two, in its order, and nothing is twice.",
            "Sentinels are taken from the list, in its order; they need not descend by 1.",
        ]
    }
    "What has too few sentinels is refused" => too_few_sentinels_are_refused {
        function: span_corrupt, points: 1, section: "hide-spans", hints: [
            "`need` counts all sentinels of the target, with the one that marks its end.",
        ]
    }
    "Drawn texts are those of the reference" => texts_agree {
        function: span_corrupt, points: 1, section: "hide-spans", hints: [
            "The failure shows the smallest text. Is it empty, or does it begin with a hidden token?",
        ]
    }
    "As many spans as lengths from Poisson" => spans_are_poisson {
        function: bart_infill, points: 2, section: "hide-how-many", hints: [
            "Draw until the sum of the lengths reaches the number of hidden tokens.",
            "Lengths of 0 are spans, too. Only the last one is cut.",
        ]
    }
    "Every order of spans and tokens is equally likely" => every_order_is_equally_likely {
        function: bart_infill, points: 3, section: "hide-how-many", hints: [
            "Put all pieces into one list, a piece for each kept token and one for each span. Shuffle.",
            "Then walk: a kept piece takes a token to the input; a span writes a mask, and skips.",
        ]
    }
    "Drawn infillings keep to the docs" => drawn_infillings_keep_to_the_docs {
        function: bart_infill, points: 1, section: "hide-how-many", hints: [
            "With rate 0 nothing is hidden, and no mask stands anywhere. `infilling.check()?` comes first.",
        ]
    }
}
