//! The quiz of the page; the code of the lesson picks the right choices.

use grading::{Failure, Quiz};

use crate::solution::{unigram_forward, unigram_lattice, unigram_viterbi, wordpiece};
use crate::{Unigram, WordPiece, sample_unigram, tokens};

/// Five questions.
pub fn quiz() -> Quiz {
    Quiz::default()
        .ask(
            "greedy-dead-end",
            "The WordPiece vocabulary is `play`, `player`, `##ers`, `##e`. What becomes of `players`?",
            [
                ("`play` `##ers`", "A person would cut it like this. WordPiece takes `player` first, the longest, and never goes back."),
                ("`player` `[UNK]`", "The known beginning is not kept: the model gets the whole word or nothing of it."),
                ("`[UNK]`", "`player` is the longest piece, and no piece fits the `s` that is left. The word is unknown, although there was a way."),
                ("`play` `##e` `[UNK]`", "`play` is not the longest piece that fits, and nothing of an unknown word is kept."),
            ],
            || {
                let vocab = WordPiece::new(["play", "player", "##ers", "##e"])?;
                let answers = [&["play", "##ers"][..], &["player", "[UNK]"], &["[UNK]"], &["play", "##e", "[UNK]"]];
                position(&answers, &wordpiece(&vocab, "players"))
            },
        )
        .ask(
            "fewest-or-likeliest",
            "A unigram model has ln p = −1 for each of `a`, `b` and `c`, and −5 for `abc`. How does Viterbi cut `abc`?",
            [
                ("`abc`: the fewest tokens", "How many tokens there are does not matter by itself; each one costs its own log-probability."),
                ("`a` `b` `c`", "−1 − 1 − 1 = −3 is more than −5: the three frequent pieces are likelier together than the rare one."),
                ("Either: the text is the same", "The text is the same, but the paths have different probabilities, and Viterbi returns the best."),
            ],
            || {
                let model = Unigram::new([("a", -1.0), ("b", -1.0), ("c", -1.0), ("abc", -5.0)])?;
                let path = unigram_viterbi(&unigram_lattice(&model, "abc")?)?;
                position(&[&["abc"][..], &["a", "b", "c"]], &tokens("abc", &path))
            },
        )
        .ask(
            "how-many-ways",
            "All characters of a word are pieces, and so is every pair of neighbors. How many ways are there to cut 5 characters?",
            [
                ("5", "This is the number of characters, and of single pieces. Ways combine pieces."),
                ("8", "The last piece is one character (as many ways as for 4) or two (as many as for 3): 1, 2, 3, 5, 8. Forward with α = 0 counts them."),
                ("9", "This is the number of edges: five characters and four pairs."),
                ("16", "2⁴ are all ways to cut five characters, also into three or more at once, for which there are no pieces."),
            ],
            || {
                let pieces = ["a", "b", "c", "d", "e", "ab", "bc", "cd", "de"];
                let model = Unigram::new(pieces.map(|piece| (piece, -1.0)))?;
                let forward = unigram_forward(&unigram_lattice(&model, "abcde")?, 0.0);
                let ways = forward.last().map_or(0.0, |ways| ways.exp().round());
                let found = [5.0, 8.0, 9.0, 16.0].iter().position(|answer| *answer == ways);
                found.ok_or_else(|| Failure::wrong(format!("the code computes {ways}")))
            },
        )
        .ask(
            "unknown-emoji",
            "The unigram model of the demo has never seen 🙂. What does it make of `good🙂`?",
            [
                ("`<unk>` for all of it, as in WordPiece", "WordPiece gives up the whole word. Here an unknown character is an edge like any other, only a very unlikely one."),
                ("Known pieces for the letters, and one unknown token for the emoji", "The unknown edge covers the emoji alone, and the best path uses known pieces on its left."),
                ("An error: no path leads to the end", "That is what the unknown edge prevents: every text has a path."),
                ("Four tokens, one for each byte", "Byte-level BPE does that. A unigram model knows characters, unless it was trained with byte fallback."),
            ],
            || {
                let model = sample_unigram()?;
                let text = "good🙂";
                let path = unigram_viterbi(&unigram_lattice(&model, text)?)?;
                let unknown: Vec<&str> =
                    path.iter().filter(|e| !e.known).map(|e| &text[e.start..e.end]).collect();
                match unknown.as_slice() {
                    ["🙂"] => Ok(1),
                    other => Err(Failure::wrong(format!("unknown are {other:?}"))),
                }
            },
        )
        .ask(
            "alpha-zero",
            "A word has 8 ways to be cut. The best has 60% of the probability. How often is it sampled with α = 0?",
            [
                ("In 60% of all cases", "This is α = 1, the model's own distribution."),
                ("Always", "The best way wins always as α grows without limit, not at 0."),
                ("In an eighth of all cases", "Every probability to the power 0 is 1: all ways are equally likely."),
                ("Never", "A weight of 1 is not a weight of 0."),
            ],
            || {
                // Steps of one and two over five characters: 8 ways.
                let pieces = [("a", -0.5), ("aa", -2.0)];
                let lattice = unigram_lattice(&Unigram::new(pieces)?, "aaaaa")?;
                let best: f64 = unigram_viterbi(&lattice)?.iter().map(|edge| 0.0 * edge.log_prob).sum();
                let sum = unigram_forward(&lattice, 0.0).last().copied().unwrap_or(f64::NAN);
                let share = (best - sum).exp();
                let found = [0.6, 1.0, 0.125, 0.0].iter().position(|answer| (answer - share).abs() < 1e-9);
                found.ok_or_else(|| Failure::wrong(format!("the code computes {share}")))
            },
        )
}

/// The index of the tokens that the code computed among the answers.
fn position(answers: &[&[&str]], computed: &[String]) -> Result<usize, Failure> {
    let found = answers.iter().position(|answer| computed == *answer);
    found.ok_or_else(|| Failure::wrong(format!("the code computes {computed:?}")))
}
