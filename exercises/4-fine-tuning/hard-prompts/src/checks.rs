//! Judges answers: the reference, the learner's, a mutant.

mod searching;
mod swaps;

use searching::*;
use swaps::*;

grading::checks! {
    "Scores are PyTorch's derivatives" => scores_are_pytorchs_derivatives {
        function: linear_scores, points: 3, section: "what-a-swap-would-do", hints: [
            "For a place and a token: the row of the new one minus the row of the old, times the slopes.",
            "Place `i` has the slopes from `i · width` on.",
        ]
    }
    "A straight loss is predicted exactly" => straight_loss_is_foretold {
        function: linear_scores, points: 3, section: "what-a-swap-would-do", hints: [
            "The change of the loss, not the loss: the token that is there has a score of 0.",
            "A step that lowers the loss goes against the slope; the score keeps its sign.",
        ]
    }
    "What does not fit is refused" => misfits_are_refused {
        function: linear_scores, points: 1, section: "what-a-swap-would-do", hints: [
            "First the tokens, then how many slopes there are, then whether each is finite.",
        ]
    }
    "Drawn scores are those of the reference" => scores_agree {
        function: linear_scores, points: 1, section: "what-a-swap-would-do", hints: [
            "The failure shows the smallest table: is each product taken in f64?",
        ]
    }
    "The best swaps are found" => best_swaps_are_found {
        function: top_swaps, points: 3, section: "the-best-candidates", hints: [
            "All places compete in one list.",
            "Leave out the token that is there at that place, and what is forbidden; then sort.",
        ]
    }
    "Ties, zeros and NaN have their order" => ties_have_an_order {
        function: top_swaps, points: 2, section: "the-best-candidates", hints: [
            "`total_cmp` puts −0 before 0 and sorts NaN in: neither is asked for here.",
            "A stable sort keeps places and tokens in order.",
        ]
    }
    "Drawn swaps are those of the reference" => swaps_agree {
        function: top_swaps, points: 1, section: "the-best-candidates", hints: [
            "The failure shows the smallest scores: are there fewer swaps than asked for?",
        ]
    }
    "Each step keeps the best swap tried" => each_step_keeps_the_best {
        function: hard_prompt_search, points: 4, section: "trust-but-check", hints: [
            "The score only chooses what is tried. What is kept is decided by the true loss.",
            "Try all candidates of a step before you keep one; each starts from the same prompt.",
            "Ask for the slopes again after each swap that was kept.",
        ]
    }
    "It ends where no swap helps" => ends_where_no_swap_helps {
        function: hard_prompt_search, points: 3, section: "trust-but-check", hints: [
            "Only a loss strictly below the prompt's is kept: otherwise the search walks in circles.",
        ]
    }
    "The budget is kept" => budget_is_kept {
        function: hard_prompt_search, points: 2, section: "trust-but-check", hints: [
            "Count each call, of the loss and of the slopes, also the first.",
            "With one call left there is no use in slopes.",
        ]
    }
    "What cannot be searched is refused" => unsearchable_is_refused {
        function: hard_prompt_search, points: 1, section: "trust-but-check", hints: [
            "Judge the prompt, the budget and the tokens before anything is evaluated.",
        ]
    }
    "Drawn searches find what the reference finds" => searches_agree {
        function: hard_prompt_search, points: 1, section: "trust-but-check", hints: [
            "The failure shows the smallest search: how many evaluations were left?",
        ]
    }
}
