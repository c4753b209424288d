//! Numbers for the page.

use std::error::Error;

use grading::Worked;
use grading::numbers::{count, percent, short};

use crate::example::{self, PIECES, WORD};
use crate::solution::{unigram_forward, unigram_lattice, unigram_viterbi, wordpiece};
use crate::{
    Lattice, UNK_PENALTY, WordPiece, metaspace, path_log_prob, sample_unigram, sample_wordpiece,
    tokens,
};

/// All numbers of the page.
pub fn worked() -> Worked {
    let mut worked = Worked::default();
    // The values are there in any build that passes its tests: what is missing fails the page.
    let _ = by_hand(&mut worked);
    let _ = trained(&mut worked);
    worked
}

/// What becomes of the word: greedily, then by its lattice, the best path, and the sum of all.
fn by_hand(worked: &mut Worked) -> Result<(), Box<dyn Error>> {
    let model = example::model()?;
    let pieces = example::pieces().flat_map(|(piece, _)| [piece.to_owned(), format!("##{piece}")]);
    let vocab = WordPiece::new(pieces)?;
    let without = WordPiece::new(["no", "now", "##where", "##h", "##e"])?;
    let chars = WORD.chars().count();
    worked
        .set("word", WORD)
        .set("greedy", wordpiece(&vocab, WORD).join(" "))
        .set("dead-end", wordpiece(&without, WORD).join(" "))
        .set("word-chars", chars)
        .set("word-cuts", 1 << (chars - 1));

    let [no, now, where_, here] = PIECES;
    for (name, path) in [("here", [now, here]), ("where", [no, where_])] {
        for (piece, p) in path {
            worked.set(&format!("p-{piece}"), short(p, 4));
        }
        worked.set(&format!("path-{name}"), short(path[0].1 * path[1].1, 4));
    }
    let lattice = unigram_lattice(&model, WORD)?;
    let best = unigram_viterbi(&lattice)?;
    worked
        .set("best", tokens(WORD, &best).join(" "))
        .set("edges", lattice.edges().len())
        .set("total", format!("{:.5}", total(&lattice, 1.0).exp()))
        .set("penalty", UNK_PENALTY)
        .set("penalty-factor", count(UNK_PENALTY.exp() as u64));
    for (name, alpha) in [("1", 1.0), ("fifth", 0.2), ("0", 0.0)] {
        worked.set(&format!("share-{name}"), percent(share_of_best(&lattice, alpha)?, 1));
    }
    let ways = unigram_forward(&lattice, 0.0);
    for (name, position) in [("ways-to-2", 2), ("ways-to-3", 3), ("ways", chars)] {
        worked.set(name, ways[position].exp().round());
    }
    Ok(())
}

/// What the vocabularies of the demos make of words.
fn trained(worked: &mut Worked) -> Result<(), Box<dyn Error>> {
    let (vocab, model) = (sample_wordpiece()?, sample_unigram()?);
    // Single characters are what each begins with; only the longer pieces were learned.
    let is_longer = |piece: &&str| piece.chars().count() > 1;
    let lines = include_str!("../golden/wordpiece.txt").lines();
    let wordpieces = lines.map(|piece| piece.trim_start_matches("##")).filter(is_longer);
    let lines = include_str!("../golden/unigram.txt").lines();
    let unigrams = lines.filter_map(|line| line.split(' ').next()).filter(is_longer);
    worked
        .set("wordpiece-size", vocab.size() - 1)
        .set("wordpiece-longer", wordpieces.count())
        .set("unigram-size", model.size() - 1)
        .set("unigram-longer", unigrams.count());
    for word in ["notebooks", "zebra"] {
        worked.set(&format!("wordpiece-{word}"), wordpiece(&vocab, word).join(" "));
    }
    let spaced: String = metaspace("notebooks").collect();
    let lattice = unigram_lattice(&model, &spaced)?;
    let best = tokens(&spaced, &unigram_viterbi(&lattice)?).join(" ");
    worked
        .set("unigram-notebooks", best)
        .set("unigram-notebooks-ways", total(&lattice, 0.0).exp().round())
        .set("unigram-notebooks-share", percent(share_of_best(&lattice, 1.0)?, 1));
    Ok(())
}

/// The logarithm of the summed weights of all paths.
fn total(lattice: &Lattice, alpha: f64) -> f64 {
    unigram_forward(lattice, alpha).last().copied().unwrap_or(f64::NEG_INFINITY)
}

fn share_of_best(lattice: &Lattice, alpha: f64) -> Result<f64, Box<dyn Error>> {
    let best = path_log_prob(&unigram_viterbi(lattice)?);
    Ok((alpha * best - total(lattice, alpha)).exp())
}
