//! The keys of the quiz: the code of the lesson picks the right choices.

use grading::{Keys, pick, position};

use crate::solution::{unigram_forward, unigram_lattice, unigram_viterbi, wordpiece};
use crate::{Lattice, Unigram, WordPiece, path_log_prob, sample_unigram, tokens};

/// Five questions.
pub fn keys() -> Keys {
    Keys::default()
        .key("greedy-dead-end", || {
            let vocab = WordPiece::new(["play", "player", "##ers", "##e"])?;
            let choices = ["play ##ers", "player [UNK]", "[UNK]", "play ##e [UNK]"];
            position(&choices, &wordpiece(&vocab, "players").join(" ").as_str())
        })
        .key("fewest-or-likeliest", || {
            let model = Unigram::new([("a", -2.0), ("b", -2.0), ("c", -2.0), ("abc", -7.0)])?;
            let lattice = unigram_lattice(&model, "abc")?;
            let cut = tokens("abc", &unigram_viterbi(&lattice)?).join(" ");
            let log_prob = |length: usize| -> f64 {
                let pieces = lattice.edges().iter().filter(|edge| edge.end - edge.start == length);
                pieces.map(|edge| edge.log_prob).sum()
            };
            let is_tie = log_prob(3) == log_prob(1);
            pick([!is_tie && cut == "abc", !is_tie && cut == "a b c", is_tie])
        })
        .key("how-many-ways", || {
            let pieces = ["a", "b", "c", "d", "e", "ab", "bc", "cd", "de"];
            let model = Unigram::new(pieces.map(|piece| (piece, -2.5)))?;
            position(&[5.0, 8.0, 9.0, 16.0], &ways(&unigram_lattice(&model, "abcde")?).round())
        })
        .key("unknown-emoji", || {
            let (model, text) = (sample_unigram()?, "good🙂");
            let path = unigram_viterbi(&unigram_lattice(&model, text)?);
            let unknown = path.as_ref().map_or(Vec::new(), |path| {
                let unknown = path.iter().filter(|edge| !edge.known);
                unknown.map(|edge| &text[edge.start..edge.end]).collect()
            });
            pick([unknown == [text], unknown == ["🙂"], path.is_err(), unknown.len() == 4])
        })
        .key("alpha-zero", || {
            // Steps of one and two over five characters: 8 ways.
            let model = Unigram::new([("a", -0.5), ("aa", -2.0)])?;
            let lattice = unigram_lattice(&model, "aaaaa")?;
            let weight = (0.0 * path_log_prob(&unigram_viterbi(&lattice)?)).exp();
            let share = weight / ways(&lattice);
            pick([0.6, 1.0, 0.125, 0.0].map(|choice: f64| (choice - share).abs() < 1e-9))
        })
}

fn ways(lattice: &Lattice) -> f64 {
    unigram_forward(lattice, 0.0).last().map_or(f64::NAN, |ways| ways.exp())
}
