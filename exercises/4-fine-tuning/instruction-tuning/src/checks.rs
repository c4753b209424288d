//! Judges answers: the reference, the learner's, a mutant.

mod batching;
mod chats;
mod files;
mod masking;

use batching::*;
use chats::*;
use files::*;
use masking::*;

grading::checks! {
    "Dialogues are those of transformers" => dialogues_are_those_of_transformers {
        function: chat_template, points: 3, section: "a-template-for-dialogues", hints: [
            "A message is `<|im_start|>`, role, line feed, content, `<|im_end|>`, line feed.",
            "A span begins behind the line feed of the role and ends behind `<|im_end|>`.",
            "Ranges count bytes, as `text.len()` does.",
        ]
    }
    "Spans are what the assistant says" => spans_are_what_the_assistant_says {
        function: chat_template, points: 2, section: "a-template-for-dialogues", hints: [
            "Keep the content as it is: no trimming, no line ends changed.",
            "Only the assistant's messages have a span, the generation prompt has none.",
        ]
    }
    "What is no dialogue is refused" => what_is_no_dialogue_is_refused {
        function: chat_template, points: 3, section: "a-template-for-dialogues", hints: [
            "Which role must stand at a place? Only the first message may be the system's.",
            "Look at a whole message, role, order, blank, special, before you look at the next.",
            "`special_in` is given. Without it, a user could write `<|im_end|>` and play assistant.",
        ]
    }
    "Drawn dialogues are those of the reference" => drawn_dialogues_agree {
        function: chat_template, points: 1, section: "a-template-for-dialogues", hints: [
            "The failure shows the smallest dialogue. Which message is the first wrong one?",
        ]
    }
    "Labels are those of transformers" => labels_are_those_of_transformers {
        function: sft_labels, points: 3, section: "which-tokens-it-learns", hints: [
            "Decide for each token whether it is learned; then move all by one to the left.",
            "The label of the last token before an answer is the first token of the answer.",
            "A token over the edge of a span is learned: one common byte is enough.",
        ]
    }
    "A token is learned where it touches a span" => learned_where_it_touches_a_span {
        function: sft_labels, points: 2, section: "which-tokens-it-learns", hints: [
            "Two ranges share a byte if the later start lies before the earlier end.",
            "A token or a span without bytes shares none. Spans come in any order.",
        ]
    }
    "Drawn labels are those of the reference" => drawn_labels_agree {
        function: sft_labels, points: 1, section: "which-tokens-it-learns", hints: [
            "The failure shows the smallest text. Has it no tokens at all, or more than ranges?",
        ]
    }
    "Batches are those of transformers" => batches_are_those_of_transformers {
        function: pad_batch, points: 3, section: "rows-of-one-length", hints: [
            "All four lists are padded on the same side, each with its own value.",
            "Positions begin at 0 at the first token, also behind padding on the left.",
            "Round the longest length up: `next_multiple_of`.",
        ]
    }
    "What is not padding is the example" => what_is_not_padding_is_the_example {
        function: pad_batch, points: 2, section: "rows-of-one-length", hints: [
            "The mask says what is padding, not the id: a text may have the id `pad` itself.",
            "Look at `multiple` first, then at the examples, one after the other.",
        ]
    }
    "Drawn batches are those of the reference" => drawn_batches_agree {
        function: pad_batch, points: 1, section: "rows-of-one-length", hints: [
            "The failure shows the smallest batch. Is one of its examples, or all of it, empty?",
        ]
    }
    "Shared rows are those of transformers" => shared_rows_are_those_of_transformers {
        function: pack_examples, points: 3, section: "several-dialogues-a-row", hints: [
            "Behind the last token of an example nothing of it follows: its label is −100.",
            "Positions begin at 0 with each example.",
        ]
    }
    "Each example stands whole in a row" => each_example_stands_whole {
        function: pack_examples, points: 2, section: "several-dialogues-a-row", hints: [
            "`best_fit_pack` takes lengths, and its pieces say which example comes where.",
            "A document id is the example's number, and padding has none.",
        ]
    }
    "What fits no row is refused" => what_fits_no_row_is_refused {
        function: pack_examples, points: 1, section: "several-dialogues-a-row", hints: [
            "Look at the context first, then at the examples: lists of two lengths, too long.",
        ]
    }
    "Drawn rows are those of the reference" => drawn_rows_agree {
        function: pack_examples, points: 1, section: "several-dialogues-a-row", hints: [
            "The failure shows the smallest examples. Has one no tokens, or just fills a row?",
        ]
    }
    "Examples are read as they stand" => examples_are_read_as_they_stand {
        function: read_data, points: 3, section: "what-stands-in-the-file", hints: [
            "Cut at `\\n` only: `str::lines` is fine, but some functions cut at U+2028, too.",
            "Take off the byte order mark, which only the beginning of the file may have.",
            "Fields that you do not know do not matter; the order of fields does not, either.",
        ]
    }
    "What is wrong is named with its line" => what_is_wrong_is_named_with_its_line {
        function: read_data, points: 4, section: "what-stands-in-the-file", hints: [
            "Count all lines from 1, the blank ones as well.",
            "In a line go through the reasons in the order of the docs; the first one counts.",
            "All types are looked at before any text is: a blank prompt beside a completion that is \
             a number is `Type`.",
        ]
    }
    "Drawn files are those of the reference" => drawn_files_agree {
        function: read_data, points: 1, section: "what-stands-in-the-file", hints: [
            "The failure shows the smallest file. Which of its lines is the first wrong one?",
        ]
    }
}
