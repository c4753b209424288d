//! Judges answers: the reference, the learner's, a mutant.

mod balances;
mod chance;
mod rates;
mod twins;
mod words;

use balances::*;
use chance::*;
use rates::*;
use twins::*;
use words::*;

grading::checks! {
    "Intervals are those of scipy" => intervals_are_those_of_scipy {
        function: rate_gap, points: 2, section: "what-the-texts-say", hints: [
            "Wilson's interval is not centered on the rate: its middle is `p + z²/2n`, divided by `1 + z²/n`.",
            "How far the difference reaches down depends on how far x reaches down and y reaches up.",
        ]
    }
    "The ends of an interval solve Wilson's equation" => ends_solve_wilsons_equation {
        function: rate_gap, points: 2, section: "what-the-texts-say", hints: [
            "At an end π, the rate is exactly `z · √(π(1 − π)/n)` away.",
            "Swap the groups, and the interval of the difference is mirrored at 0.",
        ]
    }
    "Counts that make no rate are refused" => no_rate_is_refused {
        function: rate_gap, points: 1, section: "what-the-texts-say", hints: [
            "What is 0 / 0? Look at both groups, then at z.",
            "NaN lies in no range: `(0.0..=100.0).contains(&z)` is false for it.",
        ]
    }
    "Drawn rates are those of the reference" => rates_agree {
        function: rate_gap, points: 1, section: "what-the-texts-say", hints: [
            "The failure shows the smallest counts: are they converted to f64 before they are divided?",
        ]
    }
    "Associations are those of numpy" => associations_are_those_of_numpy {
        function: association, points: 2, section: "what-the-vectors-say", hints: [
            "`vectors.unit(word)?` has the length 1, so a dot product is a cosine.",
            "Each list has a mean of its own, whatever its length.",
        ]
    }
    "Words without vectors are refused" => words_without_vectors_are_refused {
        function: association, points: 1, section: "what-the-vectors-say", hints: [
            "A mean over no words is 0 / 0: look at the lists first.",
            "Pass the error of `unit` on, in the order of the docs.",
        ]
    }
    "Drawn associations are those of the reference" => associations_agree {
        function: association, points: 1, section: "what-the-vectors-say", hints: [
            "The failure shows the smallest lists: does a word stand in one of them twice?",
        ]
    }
    "Tests are those of numpy" => tests_are_those_of_numpy {
        function: weat, points: 2, section: "what-the-vectors-say", hints: [
            "The statistic is a difference of sums, the effect size one of means.",
            "The standard deviation is that of all scores together, around their common mean.",
        ]
    }
    "Swapped groups turn the sign" => swapped_groups_turn_the_sign {
        function: weat, points: 2, section: "what-the-vectors-say", hints: [
            "With one word a group the effect size is 2 or −2, unless the two are alike.",
            "What if all scores are the same? Then the deviation is 0, or next to it.",
        ]
    }
    "Groups that cannot be compared are refused" => groups_are_refused {
        function: weat, points: 1, section: "what-the-vectors-say", hints: [
            "Empty lists first, then lengths, then words.",
        ]
    }
    "Drawn tests are those of the reference" => tests_agree {
        function: weat, points: 1, section: "what-the-vectors-say", hints: [
            "The failure shows the smallest lists: which number differs?",
        ]
    }
    "Every split is tried" => every_split_is_tried {
        function: permutation_p, points: 3, section: "could-it-be-chance", hints: [
            "Choose the first half: each score is in it or not. A function that calls itself does that.",
            "The split that was observed is one of those to try, so p is never 0.",
        ]
    }
    "Equal sums are hits" => equal_sums_are_hits {
        function: permutation_p, points: 2, section: "could-it-be-chance", hints: [
            "0.1 + 0.2 is not 0.3 in f64: round each score to a whole number first, then add.",
            "Two equal scores are two places: a split that swaps them is another split.",
        ]
    }
    "Drawn splits are fair" => drawn_splits_are_fair {
        function: permutation_p, points: 2, section: "could-it-be-chance", hints: [
            "`pool.shuffle(rng)`, from `rand::seq::SliceRandom`, makes all orders equally likely.",
            "With one drawn split, p is 1/2 or 1: count the observed one as well.",
        ]
    }
    "Scores that cannot be compared are refused" => scores_are_refused {
        function: permutation_p, points: 1, section: "could-it-be-chance", hints: [
            "Sizes, then scores, then the limit, which is for all splits only.",
        ]
    }
    "Drawn p-values are those of the reference" => p_values_agree {
        function: permutation_p, points: 1, section: "could-it-be-chance", hints: [
            "The failure shows the smallest scores: are there ties among them?",
        ]
    }
    "Twins are those of a regular expression" => twins_are_those_of_python {
        function: counterfactual, points: 2, section: "what-the-model-makes-of-it", hints: [
            "Go through the text once, and write each piece or its partner into a new one.",
            "Where *Rose* and *Rose Lane* both stand, take the longer.",
            "Look at the character before and at the one behind: is either a letter or a digit?",
        ]
    }
    "The twin of a twin is the text" => twin_of_a_twin_is_the_text {
        function: counterfactual, points: 2, section: "what-the-model-makes-of-it", hints: [
            "Two calls of `replace` turn everybody into the same person.",
        ]
    }
    "Pairs that contradict each other are refused" => contradicting_pairs_are_refused {
        function: counterfactual, points: 2, section: "what-the-model-makes-of-it", hints: [
            "Write all phrases into a map, those with capitals as well: `insert` tells what was there.",
            "A pair of a phrase with itself stands in the list twice, too.",
        ]
    }
    "Drawn twins are those of the reference" => twins_agree {
        function: counterfactual, points: 1, section: "what-the-model-makes-of-it", hints: [
            "The failure shows the smallest text: which phrases could begin where it differs?",
        ]
    }
    "A gap is hill less shore" => gap_is_hill_less_shore {
        function: twin_gap, points: 2, section: "what-the-model-makes-of-it", hints: [
            "Of a text about the shore, the twin is the version for the hill.",
            "Gaps of both signs cancel in the mean, and not in the mean of their sizes.",
        ]
    }
    "Texts without twins are left out" => texts_without_twins_are_left_out {
        function: twin_gap, points: 2, section: "what-the-model-makes-of-it", hints: [
            "A text that is its own twin says nothing of the model: neither a gap of 0 nor a count.",
            "Count `at` among all texts, those left out as well.",
        ]
    }
    "Drawn gaps are those of the reference" => gaps_agree {
        function: twin_gap, points: 1, section: "what-the-model-makes-of-it", hints: [
            "The failure shows the smallest texts: which of them have a twin?",
        ]
    }
    "Every cell has its share" => every_cell_has_its_share {
        function: balance, points: 2, section: "what-can-be-done", hints: [
            "Collect the places of each cell first: a `BTreeMap` keeps them in order.",
            "`per_cell / c` copies for each, and one more for the first `per_cell % c`.",
        ]
    }
    "A cell without texts is refused" => cell_without_texts_is_refused {
        function: balance, points: 1, section: "what-can-be-done", hints: [
            "Which groups occur, and which labels? Each pair of them needs an example.",
        ]
    }
    "Drawn copies are those of the reference" => copies_agree {
        function: balance, points: 1, section: "what-can-be-done", hints: [
            "The failure shows the smallest list: group and label may be any numbers.",
        ]
    }
}
