use std::collections::HashMap;

use grading::{
    Failure, Outcome, Tolerance, expect, expect_close, expect_distribution, expect_error,
};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::golden::{Golden, Texts};
use crate::oracle::{all_edges, all_paths, all_sums, cuts, lattices_to_draw_from, random_lattice};
use crate::{Edge, Lattice, SPACE, Unigram, WordPiece, tokens};

grading::checks! {
    "WordPiece takes the longest piece first" => the_longest_piece_comes_first {
        points: 2, section: "wordpiece", hints: [
            "At every place of the word, which of the pieces that fit does WordPiece take?",
            "Try the whole rest of the word, then one character less, and so on, until the vocabulary has it.",
            "`rest.char_indices().map(|(i, c)| i + c.len_utf8()).rev()` yields the ends, the longest piece first; after a match go on with `&rest[end..]`."
        ]
    }
    "WordPieces inside a word have ## before them" => pieces_inside_a_word_have_a_prefix {
        points: 1, section: "wordpiece", hints: [
            "`able` and `##able` are two pieces: one begins a word, the other continues one.",
            "As long as no token was found, look up the text itself; after that, only with `CONTINUATION` before it.",
            "`let prefix = if tokens.is_empty() { \"\" } else { CONTINUATION };`, then look up and push `format!(\"{prefix}{}\", &rest[..end])`."
        ]
    }
    "A dead end makes the whole word unknown" => a_dead_end_makes_the_word_unknown {
        points: 2, section: "wordpiece", hints: [
            "What if no piece fits the rest, although its beginning is cut already?",
            "WordPiece neither goes back nor keeps what it has: the word is one `[UNK]`.",
            "When `find` returns `None`: `return vec![WordPiece::UNK.to_owned()]`."
        ]
    }
    "Words with too many characters are unknown" => long_words_are_unknown {
        points: 1, section: "wordpiece", hints: [
            "The vocabulary says how long a word may be: `vocab.max_chars()`.",
            "Characters, not bytes: `word.chars().count()`.",
            "A word of exactly that many characters is still cut: `if word.chars().count() > vocab.max_chars()`."
        ]
    }
    "The lattice has every piece at every place" => every_piece_is_an_edge {
        points: 2, section: "the-lattice", hints: [
            "Two loops: over the places where a piece may start, and over those where it may end.",
            "All pieces that fit are edges, not only the longest, and overlaps are welcome.",
            "For every `start` and `end` with `end - start <= model.longest()`: if `model.log_prob(&text[start..end])` is `Some`, push an `Edge`."
        ]
    }
    "Unknown characters are edges of their own" => unknown_characters_are_edges {
        points: 2, section: "the-lattice", hints: [
            "Without an edge over a character that the model does not know, there may be no path at all.",
            "Ask only one thing: does the model have this single character as a piece? Longer pieces do not matter.",
            "If `model.log_prob(&text[start..next])` is `None`: push `Edge { start, end: next, log_prob: model.unk_log_prob(), known: false }`."
        ]
    }
    "Positions are byte offsets between characters" => positions_are_bytes {
        points: 1, section: "the-lattice", hints: [
            "`é` is two bytes long, so the position behind it is two larger.",
            "`text.char_indices()` yields byte offsets; `c.len_utf8()` is the length of a character.",
            "The lattice ends at `text.len()`, and an unknown character is one edge, however many bytes it has."
        ]
    }
    "The best path beats all others" => the_best_path_beats_all_others {
        points: 3, section: "the-best-path", hints: [
            "For every position, remember the best log-probability of a way there, and the last edge of that way.",
            "`lattice.edges()` are sorted: when an edge's turn comes, the best way to its start is known. One loop is enough.",
            "`let log_prob = best[edge.start] + edge.log_prob;` if it beats `best[edge.end]`, store it and the edge. At the end walk back from `lattice.end()`, then reverse."
        ]
    }
    "Viterbi cuts as the tokenizers library does, ties included" => the_best_path_is_that_of_tokenizers {
        points: 2, section: "the-best-path", hints: [
            "Two ways into a position can be equally likely: which came first?",
            "Edges come by rising start, and the first one of equals is to be kept.",
            "Compare with `>`, not `>=`: a later edge has to be better."
        ]
    }
    "A path is found however unlikely, or there is none" => a_path_is_found_or_there_is_none {
        points: 1, section: "the-best-path", hints: [
            "The probability of a long text is smaller than any `f64` above zero; its logarithm is not.",
            "Add log-probabilities and never take `exp`. A position that no way leads to has −∞.",
            "When you walk back and a position has no last edge: `return Err(LatticeError::NoPath)`. An empty text has an empty path."
        ]
    }
    "Forward sums over all paths" => forward_sums_over_all_paths {
        points: 3, section: "all-paths", hints: [
            "The same loop as for the best path, with a sum in the place of the maximum.",
            "The sum is one of probabilities, but you store logarithms: write `log_add(a, b)` = ln(eᵃ + eᵇ) first.",
            "`forward[edge.end] = log_add(forward[edge.end], forward[edge.start] + alpha * edge.log_prob)`, with `forward[0] = 0.0` and −∞ elsewhere to begin with."
        ]
    }
    "Alpha is the power of every path's weight" => forward_weighs_by_alpha {
        points: 1, section: "all-paths", hints: [
            "With `alpha` 0 every path has the weight 1: what is the sum then?",
            "A power of a product is the product of the powers: every edge on its own gets the exponent.",
            "ln(pᵅ) = α · ln p: multiply each edge's `log_prob` by `alpha` before it is added."
        ]
    }
    "Forward stays finite for long texts" => forward_stays_finite {
        points: 2, section: "all-paths", hints: [
            "exp(−800) is 0 in an `f64`, and ln(0) is −∞.",
            "Take the larger of the two out: eᵃ + eᵇ = eᵃ (1 + eᵇ⁻ᵃ) for a ≥ b.",
            "`larger + (smaller - larger).exp().ln_1p()`; and if `smaller` is −∞, return `larger`, or −∞ − (−∞) makes NaN."
        ]
    }
    "Samples follow the model" => samples_follow_the_model {
        points: 3, section: "sampling", hints: [
            "Start at the end: which edge is the last? Its probability is its share of all paths.",
            "The share of an edge into `position` is exp(forward[start] + α · log_prob − forward[position]). The shares add up to one.",
            "Draw `rng.random::<f64>()` once for a position, subtract share after share, and take the edge that makes it negative; go on at its start, and reverse at the end."
        ]
    }
    "A smaller alpha flattens the samples" => alpha_flattens_the_samples {
        points: 1, section: "sampling", hints: [
            "With `alpha` 0 all paths are equally frequent, long ones and short ones.",
            "`alpha` belongs in both places: in the forward values and in the edge you choose.",
            "Call `unigram_forward(lattice, alpha)` and use `alpha * edge.log_prob` in the share."
        ]
    }
    "Sampling refuses what it cannot do" => sampling_refuses_what_it_cannot_do {
        points: 1, section: "sampling", hints: [
            "What should a negative `alpha` mean, or NaN?",
            "Check it first: `if !alpha.is_finite() || alpha < 0.0`.",
            "Return `Err(LatticeError::BadAlpha(alpha))`; and where no edge leads into a position, `Err(LatticeError::NoPath)`."
        ]
    }
}
