//! Translation: a dictionary learned from pairs of sentences, and used word by word.

use std::collections::HashMap;

use crate::{Pair, TranslationTable};

// ANCHOR: em_round
/// One round of expectation maximization for IBM model 1: a better table from the
/// last one.
///
/// Each target word `f` of a pair is shared among the source words `e` of that
/// pair, in proportion to `table[e][f]`:
/// `share(e, f) = t(f | e) / Σ_e' t(f | e')`. The sum runs over all words of the
/// source, repetitions included. Then `t(f | e)` is the sum of all shares of
/// `(e, f)` divided by the sum of all shares of `e`.
///
/// `table` holds probabilities. A pair of words that it does not have counts as 0,
/// and where `Σ_e' t(f | e')` is 0, nobody has a share of `f`. Only pairs of words
/// with a share above 0 are in the new table; a word `e` without any has no row.
///
/// Source: P. Brown and others, The Mathematics of Statistical Machine
/// Translation, 1993.
pub fn em_round(pairs: &[Pair], table: &TranslationTable) -> TranslationTable {
    let t = |e: &str, f: &str| table.get(e).and_then(|row| row.get(f)).copied().unwrap_or(0.0);
    let mut shares = TranslationTable::new();
    let mut totals: HashMap<&str, f64> = HashMap::new();
    for pair in pairs {
        for f in &pair.target {
            let all: f64 = pair.source.iter().map(|e| t(e, f)).sum();
            for e in pair.source.iter().filter(|e| t(e, f) > 0.0) {
                let share = t(e, f) / all;
                *shares.entry(e.clone()).or_default().entry(f.clone()).or_default() += share;
                *totals.entry(e).or_default() += share;
            }
        }
    }
    for (e, row) in &mut shares {
        row.values_mut().for_each(|share| *share /= totals[e.as_str()]);
    }
    shares
}
// ANCHOR_END: em_round

// ANCHOR: translate
/// Translates word by word: each source word becomes its most probable target
/// word, among equals the one that comes first in the alphabet (as strings are
/// ordered). A word that has no row in the table, or an empty one, stays as it is.
pub fn translate(table: &TranslationTable, source: &[String]) -> Vec<String> {
    let best = |e: &String| -> String {
        let row = table.get(e).into_iter().flatten().rev();
        row.max_by(|a, b| a.1.total_cmp(b.1)).map_or(e, |(f, _)| f).clone()
    };
    source.iter().map(best).collect()
}
// ANCHOR_END: translate
