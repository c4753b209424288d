//! Judges answers: the reference, the learner's, a mutant.

mod differential;
mod lattice;
mod sampling;
mod wordpiece;

use differential::*;
use lattice::*;
use sampling::*;
use wordpiece::*;

grading::checks! {
    "WordPiece takes the longest piece first" => the_longest_piece_comes_first {
        function: wordpiece, points: 2, section: "wordpiece", hints: [
            "At every place of the word, which of the pieces that fit does WordPiece take?",
            "Try the whole rest, then a character less, and so on, until the vocabulary has it.",
            "`rest.char_indices().map(|(i, c)| i + c.len_utf8()).rev()` yields the ends, the \
             longest piece first; after a match go on with `&rest[end..]`."
        ]
    }
    "WordPieces inside a word have ## before them" => pieces_inside_a_word_have_a_prefix {
        function: wordpiece, points: 1, section: "wordpiece", hints: [
            "`able` and `##able` are two pieces: one begins a word, the other continues one.",
            "As long as no token was found, look up the text itself; after that, only with \
             `CONTINUATION` before it.",
            "`let prefix = if tokens.is_empty() { \"\" } else { CONTINUATION };`, then look up and \
             push `format!(\"{prefix}{}\", &rest[..end])`."
        ]
    }
    "A dead end makes the whole word unknown" => a_dead_end_makes_the_word_unknown {
        function: wordpiece, points: 2, section: "wordpiece", hints: [
            "What if no piece fits the rest, although its beginning is cut already?",
            "WordPiece neither goes back nor keeps what it has: the word is one `[UNK]`.",
            "When `find` returns `None`: `return vec![WordPiece::UNK.to_owned()]`."
        ]
    }
    "Words with too many characters are unknown" => long_words_are_unknown {
        function: wordpiece, points: 1, section: "wordpiece", hints: [
            "The vocabulary says how long a word may be: `vocab.max_chars()`.",
            "Characters, not bytes: `word.chars().count()`.",
            "A word of exactly that many characters is still cut: `if word.chars().count() > \
             vocab.max_chars()`."
        ]
    }
    "WordPiece cuts any word like the reference" => wordpiece_like_reference {
        function: wordpiece, points: 1, section: "wordpiece", hints: [
            "The message shows the smallest word found that your code cuts in another way.",
            "Words and pieces may have hundreds of characters, white space or `##` at the start.",
            "Take the word as it is, not trimmed or lowercased, with no limit but `max_chars()`."
        ]
    }
    "The lattice has every piece at every place" => every_piece_is_an_edge {
        function: unigram_lattice, points: 2, section: "the-lattice", hints: [
            "Two loops: over the places where a piece may start, and over those where it may end.",
            "All pieces that fit are edges, not only the longest, and overlaps are welcome.",
            "For every `start` and `end` with `end - start <= model.longest()`: if \
             `model.log_prob(&text[start..end])` is `Some`, push an `Edge`."
        ]
    }
    "Unknown characters are edges of their own" => unknown_characters_are_edges {
        function: unigram_lattice, points: 2, section: "the-lattice", hints: [
            "Without an edge over an unknown character there may be no path at all.",
            "All that counts: does the model have this character as a piece? Longer ones do not.",
            "If `model.log_prob(&text[start..next])` is `None`: push `Edge { start, end: next, \
             log_prob: model.unk_log_prob(), known: false }`."
        ]
    }
    "Positions are byte offsets between characters" => positions_are_bytes {
        function: unigram_lattice, points: 1, section: "the-lattice", hints: [
            "`é` is two bytes long, so the position behind it is two larger.",
            "`text.char_indices()` yields byte offsets; `c.len_utf8()` is a character's length.",
            "The end is `text.len()`; an unknown character is one edge, however many bytes it has."
        ]
    }
    "The lattice of any text is that of the reference" => lattice_like_reference {
        function: unigram_lattice, points: 1, section: "the-lattice", hints: [
            "The message shows the smallest text found that has other edges.",
            "A text may be empty, begin with spaces, or be one long piece.",
            "Every `char` is a place, also an accent or a line end; only `model.longest()` limits \
             a piece, in bytes; its `log_prob` stays as it is."
        ]
    }
    "The best path beats all others" => the_best_path_beats_all_others {
        function: unigram_viterbi, points: 3, section: "the-best-path", hints: [
            "For every position, remember the best log-probability of a way there, and the last \
             edge of that way.",
            "`lattice.edges()` are sorted: when an edge's turn comes, the best way to its start is \
             known. One loop is enough.",
            "`let log_prob = best[edge.start] + edge.log_prob;` if it beats `best[edge.end]`, \
             store it and the edge. At the end walk back from `lattice.end()`, then reverse."
        ]
    }
    "Viterbi cuts as tokenizers does, ties included" => the_best_path_is_that_of_tokenizers {
        function: unigram_viterbi, points: 2, section: "the-best-path", hints: [
            "Two ways into a position can be equally likely: which came first?",
            "Edges come by rising start, and the first one of equals is to be kept.",
            "Compare with `>`, not `>=`: a later edge has to be better."
        ]
    }
    "A path is found however unlikely, or there is none" => a_path_is_found_or_there_is_none {
        function: unigram_viterbi, points: 1, section: "the-best-path", hints: [
            "A long text's probability is smaller than any `f64` above 0; its logarithm is not.",
            "Add log-probabilities and never take `exp`. A position that no way leads to has −∞.",
            "When you walk back and a position has no last edge: `return \
             Err(LatticeError::NoPath)`. An empty text has an empty path."
        ]
    }
    "The best path is that of the reference" => viterbi_like_reference {
        function: unigram_viterbi, points: 2, section: "the-best-path", hints: [
            "The message shows the smallest lattice found with another best path.",
            "Edges can be long, certain (0), or above 0; several can join the same two positions.",
            "Add in `f64`, compare exactly, with `>`; return the edges of the lattice as they are."
        ]
    }
    "Forward sums over all paths" => forward_sums_over_all_paths {
        function: unigram_forward, points: 3, section: "all-paths", hints: [
            "The same loop as for the best path, with a sum in the place of the maximum.",
            "The sum is one of probabilities, but you store logarithms: write `log_add(a, b)` = \
             ln(eᵃ + eᵇ) first.",
            "`forward[edge.end] = log_add(forward[edge.end], forward[edge.start] + alpha * \
             edge.log_prob)`, with `forward[0] = 0.0` and −∞ elsewhere to begin with."
        ]
    }
    "Alpha is the power of every path's weight" => forward_weighs_by_alpha {
        function: unigram_forward, points: 1, section: "all-paths", hints: [
            "With `alpha` 0 every path has the weight 1: what is the sum then?",
            "A power of a product is the product of the powers: every edge gets the exponent.",
            "ln(pᵅ) = α · ln p: multiply each edge's `log_prob` by `alpha` before it is added."
        ]
    }
    "Forward stays finite for long texts" => forward_stays_finite {
        function: unigram_forward, points: 2, section: "all-paths", hints: [
            "exp(−800) is 0 in an `f64`, and ln(0) is −∞.",
            "Take the larger of the two out: eᵃ + eᵇ = eᵃ (1 + eᵇ⁻ᵃ) for a ≥ b.",
            "`larger + (smaller - larger).exp().ln_1p()`; and if `smaller` is −∞, return `larger`, \
             or −∞ − (−∞) makes NaN."
        ]
    }
    "Forward is that of the reference" => forward_like_reference {
        function: unigram_forward, points: 1, section: "all-paths", hints: [
            "The message shows the smallest lattice found with other sums.",
            "A position that no way leads to stays −∞, for any alpha; 0 · (−∞) would be NaN.",
            "Start with −∞ everywhere but `forward[0] = 0.0`, and let `log_add` return the \
             larger where the smaller is −∞."
        ]
    }
    "Samples follow the model" => samples_follow_the_model {
        function: unigram_sample, points: 3, section: "sampling", hints: [
            "Start at the end: which edge is the last? Its probability is its share of all paths.",
            "The share of an edge into `position` is exp(forward[start] + α · log_prob − \
             forward[position]). The shares add up to one.",
            "Draw `rng.random::<f64>()` once for a position, subtract share after share, and take \
             the edge that makes it negative; go on at its start, and reverse at the end."
        ]
    }
    "A smaller alpha flattens the samples" => alpha_flattens_the_samples {
        function: unigram_sample, points: 1, section: "sampling", hints: [
            "With `alpha` 0 all paths are equally frequent, long ones and short ones.",
            "`alpha` belongs in both places: in the forward values and in the edge you choose.",
            "Call `unigram_forward(lattice, alpha)` and use `alpha * edge.log_prob` in the share."
        ]
    }
    "Sampling refuses what it cannot do" => sampling_refuses_what_it_cannot_do {
        function: unigram_sample, points: 1, section: "sampling", hints: [
            "What should a negative `alpha` mean, or NaN?",
            "Check it first: `if !alpha.is_finite() || alpha < 0.0`.",
            "Return `Err(LatticeError::BadAlpha(alpha))`; and where no edge leads into a position, \
             `Err(LatticeError::NoPath)`."
        ]
    }
    "The same numbers draw the same paths" => sampling_like_reference {
        function: unigram_sample, points: 2, section: "sampling", hints: [
            "How many numbers do you draw for a path, and which edge owns which of them?",
            "One `f64` an edge of the path; the edges into a position share [0, 1) in their order.",
            "Keep the last edge with a share above 0 in case rounding leaves a rest, and never \
             take one whose share is 0."
        ]
    }
}
