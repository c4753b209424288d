//! Judges answers: the reference, the learner's, a mutant.

mod books;
mod cleaning;
mod judging;
mod links;
mod mixing;

use books::*;
use cleaning::*;
use judging::*;
use links::*;
use mixing::*;

grading::checks! {
    "Lines are dropped at the limits" => lines_are_dropped_at_the_limits {
        function: c4_clean, points: 3, section: "cleaning-a-page", hints: [
            "Trim first, then ask: does it end as a sentence does? Three dots do not count.",
            "Five words are enough: `words < rules.min_words` drops, not `<=`.",
            "Look for phrases in `text.to_lowercase()`.",
        ]
    }
    "Citation markers are taken out" => citation_markers_are_taken_out {
        function: c4_clean, points: 2, section: "cleaning-a-page", hints: [
            "Take the markers out before the line is trimmed and judged.",
            "`[12]` and `[]` are markers, `[a]` and `[1 2]` are not. Search for `[` and look at what \
             follows.",
        ]
    }
    "Pages are dropped at the limits" => pages_are_dropped_at_the_limits {
        function: c4_clean, points: 3, section: "cleaning-a-page", hints: [
            "The page's own rules look at the whole page, also at lines that are dropped.",
            "A blocked word counts as a word only: compare words, do not search for letters in a row.",
            "Sentences are counted in the lines that are kept. `\"Oh!\"` ends one: take the closing \
             marks off first.",
        ]
    }
    "Pages are cleaned as by another program" => pages_are_cleaned_as_by_another_program {
        function: c4_clean, points: 3, section: "cleaning-a-page", hints: [
            "The failure shows the page, and the line that differs.",
            "Is it the order of the reasons? The first that holds is named.",
        ]
    }
    "Drawn pages are those of the reference" => pages_agree {
        function: c4_clean, points: 1, section: "cleaning-a-page", hints: [
            "The failure shows the smallest page and its rules. Is a rule off that you apply?",
        ]
    }
    "Documents pass just at the limits" => documents_pass_just_at_the_limits {
        function: gopher_rules, points: 4, section: "judging-a-document", hints: [
            "Compare whole numbers: `10 * hashes > words` has no rounding.",
            "Count characters with `chars()`: `len()` counts bytes.",
            "Stop words are counted once each, in lower case, and without the signs around them.",
        ]
    }
    "Repetition passes just at the limits" => repetition_passes_just_at_the_limits {
        function: gopher_rules, points: 3, section: "judging-a-document", hints: [
            "A line that stands three times has two duplicates.",
            "`words.windows(n)` has all rows of n words. Keep where each one starts.",
            "Where occurrences overlap, a word counts once.",
        ]
    }
    "The first reason is named" => the_first_reason_is_named {
        function: gopher_rules, points: 1, section: "judging-a-document", hints: [
            "Go through the rules in the order of the docs, and return at the first that is broken.",
        ]
    }
    "Documents are judged as by another program" => documents_are_judged_as_by_another_program {
        function: gopher_rules, points: 2, section: "judging-a-document", hints: [
            "The failure shows the document. Count by hand what the reason counts.",
        ]
    }
    "Drawn documents are judged as by the reference" => documents_agree {
        function: gopher_rules, points: 1, section: "judging-a-document", hints: [
            "The failure shows the smallest document that is judged differently.",
        ]
    }
    "Hosts are told apart" => hosts_are_told_apart {
        function: openwebtext_keep, points: 2, section: "links-that-people-liked", hints: [
            "`notwikipedia.org` is another site: before the domain stands nothing, or a dot.",
            "The host ends at the first `/`, `?` or `:`. What the rest holds does not matter.",
        ]
    }
    "Three karma are enough" => three_karma_are_enough {
        function: openwebtext_keep, points: 1, section: "links-that-people-liked", hints: [
            "Compare with `MIN_KARMA`: 3 passes, 2 does not. Karma may be negative.",
        ]
    }
    "A page is taken once" => a_page_is_taken_once {
        function: openwebtext_keep, points: 3, section: "links-that-people-liked", hints: [
            "Make a key of host and rest, and remember where the first kept link with it stands.",
            "A link that was dropped for its karma does not stand in the way of a later one.",
            "Only the host is put into lower case: `/A` and `/a` may be two pages.",
        ]
    }
    "Links are judged as by another program" => links_are_judged_as_by_another_program {
        function: openwebtext_keep, points: 1, section: "links-that-people-liked", hints: [
            "The failure shows the first link that is judged differently.",
        ]
    }
    "Drawn links are judged as by the reference" => links_agree {
        function: openwebtext_keep, points: 1, section: "links-that-people-liked", hints: [
            "The failure shows the fewest links. Is something left of the address at all?",
        ]
    }
    "Nothing of a book is lost" => nothing_of_a_book_is_lost {
        function: bookcorpus_chunks, points: 3, section: "books-in-one-piece", hints: [
            "Find the byte at which each word begins. A chunk ends where the next one begins.",
            "The first chunk begins at byte 0, the last ends with the book.",
        ]
    }
    "Chunks have their words" => chunks_have_their_words {
        function: bookcorpus_chunks, points: 2, section: "books-in-one-piece", hints: [
            "Every `chunk`-th word begins a chunk: `step_by(chunk)`.",
            "Chunks do not reach from one book into the next.",
        ]
    }
    "Only long books are used" => only_long_books_are_used {
        function: bookcorpus_chunks, points: 2, section: "books-in-one-piece", hints: [
            "A book of exactly `over` words is not used. The numbers of the others stay.",
        ]
    }
    "Drawn books are cut as by the reference" => books_agree {
        function: bookcorpus_chunks, points: 1, section: "books-in-one-piece", hints: [
            "The failure shows the smallest books. Is one empty, or white space only?",
        ]
    }
    "Weights are those of the Pile" => weights_are_those_of_the_pile {
        function: pile_mixture, points: 2, section: "a-mixture", hints: [
            "A share is budget · weight / all weights. Multiply before you divide, in u128.",
        ]
    }
    "No source is read too often" => no_source_is_read_too_often {
        function: pile_mixture, points: 3, section: "a-mixture", hints: [
            "Give the sources over their cap the cap, take that off the budget, and divide again \
             among the others only.",
            "Dividing again may push another source over its cap: repeat until none is.",
        ]
    }
    "The budget is spent to the token" => the_budget_is_spent {
        function: pile_mixture, points: 2, section: "a-mixture", hints: [
            "Round down, count what is missing, and give one each to the largest remainders.",
            "A stable sort keeps equal remainders in the order of the sources.",
        ]
    }
    "What cannot be mixed is refused" => what_cannot_be_mixed_is_refused {
        function: pile_mixture, points: 1, section: "a-mixture", hints: [
            "Add the caps up before anything is divided. A source of weight 0 gives nothing.",
        ]
    }
    "Drawn mixtures are those of the reference" => mixtures_agree {
        function: pile_mixture, points: 1, section: "a-mixture", hints: [
            "The failure shows the smallest mixture. Do the numbers overflow?",
        ]
    }
}
