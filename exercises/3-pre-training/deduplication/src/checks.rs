//! Judges answers: the reference, the learner's, a mutant.

mod bands;
mod copies;
mod texts;

use bands::*;
use copies::*;
use texts::*;

grading::checks! {
    "Shingles are those of Python" => shingles_are_those_of_python {
        function: shingles, points: 2, section: "texts-as-sets", hints: [
            "Lower case first, then cut wherever a character is not alphanumeric.",
            "`words.windows(n)` gives each run of `n` words; join one with spaces for `fingerprint`.",
        ]
    }
    "Looks do not count" => looks_do_not_count {
        function: shingles, points: 1, section: "texts-as-sets", hints: [
            "Two separators in a row have no word between them.",
        ]
    }
    "Short texts are one shingle" => short_texts_are_one_shingle {
        function: shingles, points: 1, section: "texts-as-sets", hints: [
            "`windows(n)` of fewer than `n` words is empty: make `n` smaller first, but not 0.",
        ]
    }
    "Drawn shingles are those of the reference" => shingles_agree {
        function: shingles, points: 1, section: "texts-as-sets", hints: [
            "The failure shows the smallest text. Does some letter change its length in lower case?",
        ]
    }
    "Signatures are those of Python" => signatures_are_those_of_python {
        function: minhash, points: 2, section: "the-top-card", hints: [
            "For each seed on its own: `hash` of every shingle, and the smallest of these.",
            "`Iterator::min` gives `None` for an empty set.",
        ]
    }
    "Places are equal as often as sets overlap" => places_are_equal_as_often_as_sets_overlap {
        function: minhash, points: 3, section: "the-top-card", hints: [
            "Every seed has to shuffle the deck anew.",
            "Only the smallest hash of each shuffle counts; the shingles keep their own numbers.",
        ]
    }
    "Drawn signatures are those of the reference" => signatures_agree {
        function: minhash, points: 1, section: "the-top-card", hints: [
            "The failure shows the smallest set and seeds. Is one of them empty?",
        ]
    }
    "Estimates count equal places" => estimates_count_equal_places {
        function: estimate, points: 2, section: "the-top-card", hints: [
            "Compare place by place, and divide by how many places there are.",
        ]
    }
    "Signatures that do not fit are refused" => signatures_that_do_not_fit_are_refused {
        function: estimate, points: 1, section: "the-top-card", hints: [
            "`zip` stops at the shorter one without a word: compare the lengths first.",
        ]
    }
    "Drawn estimates are those of the reference" => estimates_agree {
        function: estimate, points: 1, section: "the-top-card", hints: [
            "The failure shows the smallest signatures.",
        ]
    }
    "Candidates share a band" => candidates_share_a_band {
        function: lsh_buckets, points: 3, section: "bands", hints: [
            "Take one band after the other, with a new `HashMap` for each.",
            "The key is the slice `signature[band * rows..][..rows]`, the value a list of documents.",
        ]
    }
    "Pairs come once and sorted" => pairs_come_once_and_sorted {
        function: lsh_buckets, points: 2, section: "bands", hints: [
            "A bucket of three documents has three pairs, not two.",
            "Two documents may meet in many bands: collect pairs in a `BTreeSet`.",
        ]
    }
    "Bands that do not fit are refused" => bands_that_do_not_fit_are_refused {
        function: lsh_buckets, points: 1, section: "bands", hints: [
            "Look at `bands` and `rows` first, then at each signature; `checked_mul` does not wrap.",
        ]
    }
    "Drawn candidates are those of the reference" => candidates_agree {
        function: lsh_buckets, points: 1, section: "bands", hints: [
            "The failure shows the smallest signatures.",
        ]
    }
    "Probabilities are those of fractions" => probabilities_are_those_of_fractions {
        function: collision_probability, points: 3, section: "how-likely-they-meet", hints: [
            "All rows of one band agree with probability sʳ; what if none of the bands does?",
            "1 − 10⁻²⁰ is 1 in an f64. `ln_1p` takes the small part alone, and `exp_m1` returns it.",
        ]
    }
    "What is no similarity is refused" => what_is_no_share_is_refused {
        function: collision_probability, points: 1, section: "how-likely-they-meet", hints: [
            "`(0.0..=1.0).contains(&similarity)` is false for NaN, too.",
        ]
    }
    "Drawn probabilities are those of the reference" => probabilities_agree {
        function: collision_probability, points: 1, section: "how-likely-they-meet", hints: [
            "The failure shows the smallest numbers. Is the similarity tiny, or is there one band only?",
        ]
    }
    "Bands are the longest that find enough" => bands_are_the_longest_that_find_enough {
        function: best_bands, points: 2, section: "how-likely-they-meet", hints: [
            "Go through the divisors of `hashes`, the largest number of rows first.",
            "The first one whose probability at the threshold reaches `recall` is it.",
        ]
    }
    "Bands that cannot be are refused" => bands_that_cannot_be_are_refused {
        function: best_bands, points: 1, section: "how-likely-they-meet", hints: [
            "Threshold, recall, hashes, in this order. No choice finds everything for sure.",
        ]
    }
    "Drawn bands are those of the reference" => best_bands_agree {
        function: best_bands, points: 1, section: "how-likely-they-meet", hints: [
            "The failure shows the smallest numbers. Is the number of hashes prime?",
        ]
    }
    "Planted copies are found, and nothing else" => planted_copies_are_found {
        function: dedup, points: 3, section: "one-of-each", hints: [
            "Shingles, signatures, candidates: your own functions, one after the other.",
            "A candidate is only a guess: join two if `jaccard` of their sets reaches the threshold.",
        ]
    }
    "Clusters are those of all pairs" => clusters_are_those_of_all_pairs {
        function: dedup, points: 3, section: "one-of-each", hints: [
            "The seeds are 0, 1, 2 and so on, `bands * rows` of them.",
            "At least the threshold: equal counts.",
        ]
    }
    "The first of a chain stands for all" => first_of_a_chain_stands_for_all {
        function: dedup, points: 2, section: "one-of-each", hints: [
            "Join the first documents of two clusters, not the two that met.",
            "Let the later one of the two point to the earlier one.",
            "At the end ask once more for each document: what it points to may point on.",
        ]
    }
    "Texts without words are the same" => texts_without_words_are_the_same {
        function: dedup, points: 1, section: "one-of-each", hints: [
            "`jaccard` of two empty sets is 1, and their signatures are equal.",
        ]
    }
    "Settings that cannot be are refused" => settings_that_cannot_be_are_refused {
        function: dedup, points: 1, section: "one-of-each", hints: [
            "Judge the settings before you look at a document: there may be none.",
        ]
    }
    "Drawn clusters are those of the reference" => clusters_agree {
        function: dedup, points: 1, section: "one-of-each", hints: [
            "The failure shows the smallest documents and settings.",
        ]
    }
}
