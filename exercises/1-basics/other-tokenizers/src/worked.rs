//! Numbers for the page.

use grading::Worked;

use crate::solution::{unigram_forward, unigram_lattice, unigram_viterbi, wordpiece};
use crate::{
    Edge, Lattice, Unigram, VocabError, WordPiece, metaspace, sample_unigram, sample_wordpiece,
    tokens,
};

/// The word that the page cuts by hand.
pub(crate) const WORD: &str = "nowhere";

/// Probabilities of its pieces; those of all other pieces of the vocabulary make up the rest.
const PIECES: [(&str, f64); 10] = [
    ("n", 0.05),
    ("o", 0.05),
    ("w", 0.05),
    ("h", 0.05),
    ("e", 0.05),
    ("r", 0.05),
    ("no", 0.08),
    ("now", 0.04),
    ("where", 0.03),
    ("here", 0.05),
];

/// The model that the page works by hand.
///
/// # Errors
/// None: the pieces make a model.
pub(crate) fn by_hand() -> Result<Unigram, VocabError> {
    Unigram::new(PIECES.map(|(piece, p)| (piece, f64::ln(p))))
}

/// The same pieces for WordPiece, each as the beginning of a word and as a continuation.
///
/// # Errors
/// None: the pieces make a vocabulary.
pub(crate) fn by_hand_wordpiece() -> Result<WordPiece, VocabError> {
    let pieces = PIECES.map(|(piece, _)| [piece.to_owned(), format!("##{piece}")]);
    WordPiece::new(pieces.into_iter().flatten())
}

/// All numbers of the page.
pub fn worked() -> Worked {
    let mut worked = Worked::default();
    // The values are there in any build that passes its tests: what is missing fails the page.
    let _ = greedy(&mut worked);
    let _ = likely(&mut worked);
    let _ = trained(&mut worked);
    worked
}

type Done = Result<(), Box<dyn std::error::Error>>;

/// What WordPiece makes of words.
fn greedy(worked: &mut Worked) -> Done {
    worked.set("word", WORD);
    worked.set("greedy", wordpiece(&by_hand_wordpiece()?, WORD).join(" "));
    let without = WordPiece::new(["no", "now", "##where", "##h", "##e"])?;
    worked.set("dead-end", wordpiece(&without, WORD).join(" "));
    let chars = WORD.chars().count();
    worked.set("word-chars", chars).set("word-cuts", 1 << (chars - 1));
    Ok(())
}

/// The lattice of [`WORD`], its best path, and the sum of all.
fn likely(worked: &mut Worked) -> Done {
    let model = by_hand()?;
    let lattice = unigram_lattice(&model, WORD)?;
    for (name, pieces) in [("here", ["now", "here"]), ("where", ["no", "where"])] {
        let p = |piece: &str| model.log_prob(piece).unwrap_or(f64::NAN).exp();
        let [left, right] = pieces.map(p);
        worked.set(&format!("p-{}", pieces[0]), short(left));
        worked.set(&format!("p-{}", pieces[1]), short(right));
        worked.set(&format!("path-{name}"), short(left * right));
    }
    let best = unigram_viterbi(&lattice)?;
    let total = last(&lattice, 1.0);
    let ways = last(&lattice, 0.0).exp().round();
    worked
        .set("best", tokens(WORD, &best).join(" "))
        .set("edges", lattice.edges().len())
        .set("ways", ways)
        .set("total", format!("{:.5}", total.exp()))
        .set("total-log", minus(total))
        .set("best-log", minus(log_prob(&best)));
    for (name, alpha) in [("1", 1.0), ("fifth", 0.2), ("0", 0.0)] {
        let share = (alpha * log_prob(&best) - last(&lattice, alpha)).exp();
        worked.set(&format!("share-{name}"), percent(share));
    }
    let sums = unigram_forward(&lattice, 0.0);
    worked.set("ways-to-2", sums[2].exp().round()).set("ways-to-3", sums[3].exp().round());
    Ok(())
}

/// What the vocabularies of the demos make of words.
fn trained(worked: &mut Worked) -> Done {
    let (pieces, model) = (sample_wordpiece()?, sample_unigram()?);
    // Single characters are what each begins with; only the longer pieces were learned.
    let lines = include_str!("../golden/wordpiece.txt").lines();
    let wordpieces = longer(lines.map(|piece| piece.trim_start_matches("##")));
    let lines = include_str!("../golden/unigram.txt").lines();
    let unigram = longer(lines.filter_map(|line| line.split(' ').next()));
    worked.set("wordpiece-size", pieces.size() - 1).set("wordpiece-longer", wordpieces);
    worked.set("unigram-size", model.size() - 1).set("unigram-longer", unigram);
    for word in ["notebooks", "lighthouse", "zebra", "underst", "nowhere"] {
        worked.set(&format!("wordpiece-{word}"), wordpiece(&pieces, word).join(" "));
        let spaced: String = metaspace(word).collect();
        let lattice = unigram_lattice(&model, &spaced)?;
        let best = unigram_viterbi(&lattice)?;
        let share = (log_prob(&best) - last(&lattice, 1.0)).exp();
        worked.set(&format!("unigram-{word}"), tokens(&spaced, &best).join(" "));
        worked.set(&format!("unigram-{word}-ways"), last(&lattice, 0.0).exp().round());
        worked.set(&format!("unigram-{word}-share"), percent(share));
    }
    Ok(())
}

/// How many of these pieces have more than one character.
fn longer<'p>(pieces: impl Iterator<Item = &'p str>) -> usize {
    pieces.filter(|piece| piece.chars().count() > 1).count()
}

fn log_prob(path: &[Edge]) -> f64 {
    path.iter().map(|edge| edge.log_prob).sum()
}

fn last(lattice: &Lattice, alpha: f64) -> f64 {
    unigram_forward(lattice, alpha).last().copied().unwrap_or(f64::NEG_INFINITY)
}

fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

/// At most four decimals, no zeros at the end.
fn short(x: f64) -> String {
    format!("{x:.4}").trim_end_matches('0').to_owned()
}

fn minus(x: f64) -> String {
    format!("{x:.3}").replace('-', "−")
}
