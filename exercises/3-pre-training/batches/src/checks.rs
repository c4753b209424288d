//! Judges answers: the reference, the learner's, a mutant.

mod epochs;
mod fitting;
mod packing;
mod windows;

use epochs::*;
use fitting::*;
use packing::*;
use windows::*;

grading::checks! {
    "Labels are the successors in the data" => labels_are_successors {
        function: get_batch, points: 3, section: "windows-at-random", hints: [
            "The labels of a window are the same window, one token further on in the data.",
            "With a start `s`: `data[s..s + context]` and `data[s + 1..s + 1 + context]`.",
        ]
    }
    "Every start is equally likely" => every_start_is_equally_likely {
        function: get_batch, points: 3, section: "windows-at-random", hints: [
            "How many windows does data of 5 tokens have for a context of 3? Draw among so many.",
            "There are `tokens - context` starts, and `rng.random_range(0..n)` leaves out `n`.",
            "Starts that are multiples of the context are only a few of them.",
        ]
    }
    "Each window is drawn anew" => each_window_is_drawn_anew {
        function: get_batch, points: 2, section: "windows-at-random", hints: [
            "Draw a start for each row of the batch, and take all chance from `rng`.",
            "A start may come twice: nothing is kept, and nothing is left out.",
        ]
    }
    "What has no window is refused" => what_has_no_window_is_refused {
        function: get_batch, points: 1, section: "windows-at-random", hints: [
            "The last label stands one place behind the last input.",
            "Look at the batch first, then at the context, then at the data.",
        ]
    }
    "Drawn batches keep to the docs" => drawn_batches_keep_to_the_docs {
        function: get_batch, points: 1, section: "windows-at-random", hints: [
            "The failure shows the smallest input: is there only one window, or a context of 1?",
        ]
    }
    "An order has each window once" => order_has_each_window_once {
        function: epoch_order, points: 2, section: "an-epoch-in-order", hints: [
            "Shuffle the numbers from 0 to `windows - 1`: swapping loses none.",
        ]
    }
    "Every order is equally likely" => every_order_is_equally_likely {
        function: epoch_order, points: 2, section: "an-epoch-in-order", hints: [
            "Fisher and Yates: from the last place down, swap each with one drawn from those up to it, \
             itself included.",
            "`rng.random_range(0..=i)` for place `i`. Drawn from all places, orders differ in \
             likelihood.",
        ]
    }
    "Seed and epoch decide the order" => seed_and_epoch_decide {
        function: epoch_order, points: 3, section: "an-epoch-in-order", hints: [
            "Nothing else may decide: make a generator of your own from the two.",
            "If you add them, seed 1 in epoch 2 is seed 2 in epoch 1. What keeps both apart?",
            "`StdRng::from_seed` takes 32 bytes: there is room for both, side by side. \
             `seed.to_le_bytes()` has 8.",
        ]
    }
    "Drawn orders keep to the docs" => drawn_orders_keep_to_the_docs {
        function: epoch_order, points: 1, section: "an-epoch-in-order", hints: [
            "The failure shows the smallest number of windows. Are there none?",
        ]
    }
    "An epoch reads each window once" => epoch_reads_each_window_once {
        function: batch_at, points: 2, section: "an-epoch-in-order", hints: [
            "Step k is for the places from k · batch on; the last step may have fewer.",
            "With `drop_last` that last step does not exist.",
        ]
    }
    "Ranks share a step" => ranks_share_a_step {
        function: batch_at, points: 2, section: "an-epoch-in-order", hints: [
            "Take the step's windows first, then deal them: every `ranks`-th one from `rank` on.",
            "`skip(rank).step_by(ranks)`.",
        ]
    }
    "What is no step is refused" => what_is_no_step_is_refused {
        function: batch_at, points: 1, section: "an-epoch-in-order", hints: [
            "How many steps are there? Round down if `drop_last` is set, else up.",
            "Look at the batch first, then at the rank, then at the step.",
        ]
    }
    "Drawn steps are those of the reference" => steps_agree {
        function: batch_at, points: 1, section: "an-epoch-in-order", hints: [
            "The failure shows the smallest order and plan. Are there more ranks than windows?",
        ]
    }
    "Packed rows are those of transformers" => rows_are_those_of_transformers {
        function: pack, points: 4, section: "packing", hints: [
            "Make one long list first, of ids with the number of their document, then cut it.",
            "A position is one more than the one before if that is in the same row and document, \
             else 0.",
            "The label of a row's last token is the first token of the next row.",
        ]
    }
    "Nothing is lost, and nothing comes twice" => packing_loses_nothing {
        function: pack, points: 2, section: "packing", hints: [
            "Read the rows one after the other, without padding: are these the documents?",
            "The end of what is left over goes into a last row, which is padded.",
        ]
    }
    "What cannot be packed is refused" => what_cannot_be_packed_is_refused {
        function: pack, points: 1, section: "packing", hints: [
            "Look for `end` in each document, in their order, before it is added.",
        ]
    }
    "Drawn rows are those of the reference" => rows_agree {
        function: pack, points: 1, section: "packing", hints: [
            "The failure shows the smallest documents. Is one of them empty, or a row just full?",
        ]
    }
    "Masks are those of transformers" => masks_are_those_of_transformers {
        function: document_mask, points: 2, section: "who-sees-whom", hints: [
            "Two conditions: not later, and of the same document.",
            "Padding is of no document, so `None == None` must not count as the same.",
        ]
    }
    "No document sees another" => no_document_sees_another {
        function: document_mask, points: 1, section: "who-sees-whom", hints: [
            "Compare the numbers of the documents, not where a run of them begins.",
        ]
    }
    "Drawn masks are those of the reference" => masks_agree {
        function: document_mask, points: 1, section: "who-sees-whom", hints: [
            "The failure shows the smallest row: is it empty, or all padding?",
        ]
    }
    "Rows are as full as those of TRL" => rows_are_as_full_as_those_of_trl {
        function: best_fit_pack, points: 2, section: "cutting-less", hints: [
            "Sort the pieces, the longest first, before you place any.",
            "Of the rows with room enough, take the one in which the least is left.",
        ]
    }
    "Each piece goes where it fits best" => each_piece_goes_where_it_fits_best {
        function: best_fit_pack, points: 3, section: "cutting-less", hints: [
            "Pieces of equal length stay in the order of their documents: `sort_by_key` keeps it.",
            "Among rows with equal room take the first: `min_by_key` returns the first of equals.",
            "A piece that fills a row exactly fits it.",
        ]
    }
    "Long documents are cut, and no others" => long_documents_are_cut {
        function: best_fit_pack, points: 2, section: "cutting-less", hints: [
            "`(0..tokens).step_by(context)` has the place at which each piece begins.",
            "An empty document is no piece, and one of exactly `context` tokens is a single one.",
        ]
    }
    "Drawn fits are those of the reference" => fits_agree {
        function: best_fit_pack, points: 1, section: "cutting-less", hints: [
            "The failure shows the smallest lengths. Which two pieces, or rows, are equal?",
        ]
    }
}
