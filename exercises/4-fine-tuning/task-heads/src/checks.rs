//! Judges answers: the reference, the learner's, a mutant.

mod heads;
mod spans;

use heads::*;
use spans::*;

grading::checks! {
    "The last token is found, wherever the padding is" => last_token_is_found {
        function: last_token, points: 2, section: "a-class-for-a-text", hints: [
            "Not the number of tokens: with padding on the left that points into the text.",
            "In each row of `seq` places, which is the last that is `true`? `rposition` looks from \
             the right.",
        ]
    }
    "A text without tokens is refused" => text_without_tokens_is_refused {
        function: last_token, points: 1, section: "a-class-for-a-text", hints: [
            "`rposition` returns `None` for padding alone: `ok_or(…)` makes the error of it.",
            "Is `seq` 0? `chunks_exact(0)` panics.",
        ]
    }
    "Drawn masks have the reference's last tokens" => drawn_masks_agree {
        function: last_token, points: 1, section: "a-class-for-a-text", hints: [
            "The failure shows the smallest mask. Are there no texts, or is it no whole number of \
             them?",
        ]
    }
    "Logits are those of transformers" => logits_are_those_of_transformers {
        function: cls_head, points: 3, section: "a-class-for-a-text", hints: [
            "The hidden state of token `at` of text `text` begins at `(text * seq + at) * n_embd`.",
            "`head.logits(h)` computes the layer for one token; put the texts' logits one behind the \
             other.",
        ]
    }
    "Nothing else in the batch counts" => nothing_else_in_the_batch_counts {
        function: cls_head, points: 2, section: "a-class-for-a-text", hints: [
            "Only one hidden state a text goes through the head. Do you add or average others?",
        ]
    }
    "What is no batch is refused" => what_is_no_batch_is_refused {
        function: cls_head, points: 1, section: "a-class-for-a-text", hints: [
            "In order: `head.check()?`, `last_token(mask, seq)?`, then the length of `hidden`.",
        ]
    }
    "Drawn texts have the reference's logits" => drawn_logits_agree {
        function: cls_head, points: 1, section: "a-class-for-a-text", hints: [
            "The failure shows the smallest batch. Is it the number of classes, or of hidden numbers?",
        ]
    }
    "Loss and slopes are those of transformers" => slopes_are_those_of_transformers {
        function: head_backward, points: 5, section: "what-to-train", hints: [
            "Of each token that is asked: `head.logits`, softmax, minus 1 at the label.",
            "Divide by how many are asked, in the loss and in δ.",
            "`∂L/∂W` has a row for each class: δ of that class times the hidden state. `∂L/∂h` has \
             one for each token: Σ over the classes of δ times the row of `head.weight`.",
        ]
    }
    "Who is not asked does not count" => ignored_tokens_do_not_count {
        function: head_backward, points: 2, section: "what-to-train", hints: [
            "Skip the token before you compute with its hidden state: 0 times NaN is NaN.",
            "Any label below 0 asks nothing, not only −100.",
        ]
    }
    "Large logits have a loss" => large_logits_have_a_loss {
        function: head_backward, points: 1, section: "what-to-train", hints: [
            "Subtract the largest logit before `exp`, and add it again behind `ln`.",
            "A probability may round to 0, and its logarithm is −∞: compute ln Σ e^z − z[label].",
        ]
    }
    "What has no loss is refused" => what_has_no_loss_is_refused {
        function: head_backward, points: 1, section: "what-to-train", hints: [
            "In order: the head, the hidden numbers, the first label that is too large, none asked.",
        ]
    }
    "Drawn slopes are those of the reference" => drawn_slopes_agree {
        function: head_backward, points: 1, section: "what-to-train", hints: [
            "The failure shows the smallest tokens. Is there one class, or one token that is asked?",
        ]
    }
    "Labels are those of transformers" => labels_are_those_of_transformers {
        function: align_labels, points: 3, section: "a-tag-for-each-word", hints: [
            "Go through the pieces and remember the word of the one before.",
            "`Following::Inside` makes an `I` of a `B`: a name begins once.",
        ]
    }
    "Each piece looks at the one before it" => pieces_look_at_the_one_before {
        function: align_labels, points: 2, section: "a-tag-for-each-word", hints: [
            "Behind a special token the same word begins again: set `before` to `None` there.",
            "A word need not begin at its first letter: a window may cut it. Nor need words come in \
             order.",
        ]
    }
    "A word without a tag is refused" => word_without_a_tag_is_refused {
        function: align_labels, points: 1, section: "a-tag-for-each-word", hints: [
            "`tags.get(word)` instead of `tags[word]`, also for further pieces.",
        ]
    }
    "Drawn labels are those of the reference" => drawn_labels_agree {
        function: align_labels, points: 1, section: "a-tag-for-each-word", hints: [
            "The failure shows the smallest pieces. Which rule do they meet first?",
        ]
    }
    "Names are those of seqeval" => names_are_those_of_seqeval {
        function: spans_from_bio, points: 3, section: "a-tag-for-each-word", hints: [
            "A `B` always begins a name, right behind another, too.",
            "An `I` goes on with the name that ends right before it, if the kinds are the same. \
             Otherwise it begins one.",
        ]
    }
    "Tags of names give the names" => tags_of_names_give_the_names {
        function: spans_from_bio, points: 1, section: "a-tag-for-each-word", hints: [
            "`end` is the word behind the last one, and the last name may end with the text.",
        ]
    }
    "Drawn names are those of the reference" => drawn_names_agree {
        function: spans_from_bio, points: 1, section: "a-tag-for-each-word", hints: [
            "The failure shows the smallest tags. What stands before the `I`?",
        ]
    }
    "The best span is that of trying all" => best_span_is_that_of_trying_all {
        function: best_span, points: 4, section: "where-the-answer-stands", hints: [
            "Two loops: each start of the context, and each end from there on.",
            "The best start and the best end on their own may stand in the wrong order.",
            "A span from `start` to `end` has `end - start + 1` tokens.",
        ]
    }
    "Of equal spans the first counts" => of_equal_spans_the_first_counts {
        function: best_span, points: 1, section: "where-the-answer-stands", hints: [
            "Replace the best only by what is truly larger, and go by rising `start`, then `end`.",
            "Add in f64: in f32 small logits vanish beside large ones.",
        ]
    }
    "Only the context is looked at" => only_the_context_is_looked_at {
        function: best_span, points: 2, section: "where-the-answer-stands", hints: [
            "`start` and `end` both lie in `context`; places are those of the whole text.",
            "A logit of the question may be anything, NaN too.",
        ]
    }
    "What has no best span is refused" => what_has_no_best_span_is_refused {
        function: best_span, points: 1, section: "where-the-answer-stands", hints: [
            "In order: lengths, context, `max_len`, start logits, end logits.",
        ]
    }
    "Drawn spans are those of the reference" => drawn_spans_agree {
        function: best_span, points: 1, section: "where-the-answer-stands", hints: [
            "The failure shows the smallest logits. Are they equal, of one token, or is `max_len` \
             huge?",
        ]
    }
}
