//! Mutants of questions, translation and summaries.

use std::collections::BTreeMap;

use crate::TaskError;
use crate::models::{Asked, Candidate, Pair, Rarity, STOP_WORDS, Table};
use crate::words::{lower_words, sentences};

/// Answers like the reference, but with this score of `(words of the sentence, words of the
/// question)` and this test of `(what is asked, candidate, whether it is new)`.
fn answered(
    context: &str,
    candidates: &[Candidate],
    question: &str,
    score: impl Fn(&[String], &[String]) -> f64,
    fits: impl Fn(Option<Asked>, &Candidate, bool) -> bool,
    tries: usize,
) -> Option<Candidate> {
    let asked_words = lower_words(question);
    let mut ranked: Vec<_> = sentences(context)
        .into_iter()
        .map(|s| (score(&lower_words(&context[s.clone()]), &asked_words), s))
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    let asked = Asked::of(question);
    ranked.into_iter().take(tries).find_map(|(_, s)| {
        let inside = |e: &&Candidate| s.start <= e.start && e.end <= s.end;
        let is_new = |e: &Candidate| {
            lower_words(&context[e.start..e.end]).iter().any(|word| !asked_words.contains(word))
        };
        candidates.iter().filter(inside).find(|e| fits(asked, e, is_new(e))).copied()
    })
}

fn overlap(rarity: &Rarity) -> impl Fn(&[String], &[String]) -> f64 {
    |sentence, asked| {
        let mut asked = asked.to_vec();
        asked.sort_unstable();
        asked.dedup();
        asked.iter().filter(|word| sentence.contains(word)).map(|word| rarity.of(word)).sum()
    }
}

fn fits(asked: Option<Asked>, candidate: &Candidate, is_new: bool) -> bool {
    is_new && asked.is_none_or(|asked| candidate.asked == asked)
}

/// A round of training like the reference's, but for what a share is divided by, and by which of
/// the two words shares are summed up at the end.
fn round(
    pairs: &[Pair],
    table: &Table,
    share: impl Fn(f64, f64, &Pair) -> f64,
    key: impl Fn(&str, &str) -> String,
) -> Table {
    let t = |e: &str, f: &str| table.get(e).and_then(|row| row.get(f)).copied().unwrap_or(0.0);
    let mut shares = Table::new();
    let mut totals: BTreeMap<String, f64> = BTreeMap::new();
    for pair in pairs {
        for f in &pair.target {
            let all: f64 = pair.source.iter().map(|e| t(e, f)).sum();
            for e in &pair.source {
                let share = share(t(e, f), all, pair);
                *shares.entry(e.clone()).or_default().entry(f.clone()).or_default() += share;
                *totals.entry(key(e, f)).or_default() += share;
            }
        }
    }
    for (e, row) in &mut shares {
        for (f, share) in row {
            *share /= totals[&key(e, f)];
        }
    }
    shares
}

/// The parts of a summary, each to be got wrong.
struct SumBasic {
    stop_words: bool,
    mean: bool,
    update: fn(f64) -> f64,
    last_of_ties: bool,
    in_order: bool,
}

const SUM_BASIC: SumBasic = SumBasic {
    stop_words: true,
    mean: true,
    update: |p| p * p,
    last_of_ties: false,
    in_order: true,
};

impl SumBasic {
    fn summarize<'t>(&self, text: &'t str, n: usize) -> Result<Vec<&'t str>, TaskError> {
        let places = sentences(text);
        if places.is_empty() {
            return Err(TaskError::NoWords);
        }
        let kept = |word: &String| !(self.stop_words && STOP_WORDS.contains(&word.as_str()));
        let contents: Vec<Vec<String>> = places
            .iter()
            .map(|s| lower_words(&text[s.clone()]).into_iter().filter(kept).collect())
            .collect();
        let all = contents.iter().flatten().count() as f64;
        let mut p: BTreeMap<&String, f64> = BTreeMap::new();
        for word in contents.iter().flatten() {
            *p.entry(word).or_default() += 1.0 / all;
        }
        let mut chosen: Vec<usize> = Vec::new();
        while chosen.len() < n.min(places.len()) {
            let score = |i: usize| {
                let by = if self.mean { contents[i].len().max(1) as f64 } else { 1.0 };
                contents[i].iter().map(|word| p[word]).sum::<f64>() / by
            };
            let mut rest: Vec<usize> = (0..places.len()).filter(|i| !chosen.contains(i)).collect();
            if !self.last_of_ties {
                rest.reverse();
            }
            let best = rest.into_iter().max_by(|&i, &j| score(i).total_cmp(&score(j)));
            let Some(best) = best else { break };
            let mut distinct: Vec<&String> = contents[best].iter().collect();
            distinct.sort_unstable();
            distinct.dedup();
            for word in distinct {
                p.entry(word).and_modify(|p| *p = (self.update)(*p));
            }
            chosen.push(best);
        }
        if self.in_order {
            chosen.sort_unstable();
        }
        Ok(chosen.into_iter().map(|i| &text[places[i].clone()]).collect())
    }
}

grading::mutants! {
    /// All words tell equally much: “the” as much as a name.
    answers_without_rarity {
        pub fn answer(_: &Rarity, context: &str, candidates: &[Candidate], question: &str) -> Option<Candidate> {
            let score = |sentence: &[String], asked: &[String]| {
                asked.iter().filter(|word| sentence.contains(word)).count() as f64
            };
            answered(context, candidates, question, score, fits, usize::MAX)
        }
    }
    /// Takes the first name that fits, wherever it stands.
    answers_from_the_first_sentence {
        pub fn answer(_: &Rarity, context: &str, candidates: &[Candidate], question: &str) -> Option<Candidate> {
            answered(context, candidates, question, |_, _| 0.0, fits, usize::MAX)
        }
    }
    /// Gives up if the best sentence has no name that fits.
    answers_only_from_the_best_sentence {
        pub fn answer(rarity: &Rarity, context: &str, candidates: &[Candidate], question: &str) -> Option<Candidate> {
            answered(context, candidates, question, overlap(rarity), fits, 1)
        }
    }
    /// A word that the sentence repeats counts each time.
    answers_by_repetition {
        pub fn answer(rarity: &Rarity, context: &str, candidates: &[Candidate], question: &str) -> Option<Candidate> {
            let score = |sentence: &[String], asked: &[String]| -> f64 {
                sentence.iter().filter(|word| asked.contains(word)).map(|word| rarity.of(word)).sum()
            };
            answered(context, candidates, question, score, fits, usize::MAX)
        }
    }
    /// Any name will do, whatever was asked.
    answers_of_any_kind {
        pub fn answer(rarity: &Rarity, context: &str, candidates: &[Candidate], question: &str) -> Option<Candidate> {
            answered(context, candidates, question, overlap(rarity), |_, _, is_new| is_new, usize::MAX)
        }
    }
    /// “Who saw Ada?” “Ada.”
    answers_with_the_question {
        pub fn answer(rarity: &Rarity, context: &str, candidates: &[Candidate], question: &str) -> Option<Candidate> {
            answered(context, candidates, question, overlap(rarity), |asked, e, _| fits(asked, e, true), usize::MAX)
        }
    }
    /// Shares are not divided: each target word is counted in full for each source word.
    trains_without_sharing {
        pub fn em_round(pairs: &[Pair], table: &Table) -> Table {
            round(pairs, table, |t, _, _| t, |e, _| e.to_owned())
        }
    }
    /// Each source word gets the same share, round after round.
    trains_with_equal_shares {
        pub fn em_round(pairs: &[Pair], table: &Table) -> Table {
            round(pairs, table, |_, _, pair| 1.0 / pair.source.len() as f64, |e, _| e.to_owned())
        }
    }
    /// Divides by the total of the target word: t(e | f) in place of t(f | e).
    trains_the_other_direction {
        pub fn em_round(pairs: &[Pair], table: &Table) -> Table {
            round(pairs, table, |t, all, _| t / all, |_, f| f.to_owned())
        }
    }
    /// Sums of shares that are never divided.
    trains_without_normalizing {
        pub fn em_round(pairs: &[Pair], table: &Table) -> Table {
            let total = |_: &str, _: &str| String::new();
            let mut shares = round(pairs, table, |t, all, _| t / all, total);
            let n: usize = pairs.iter().map(|pair| pair.target.len()).sum();
            shares.values_mut().flat_map(|row| row.values_mut()).for_each(|t| *t *= n as f64);
            shares
        }
    }
    /// A source word that stands in a sentence twice is one candidate.
    trains_on_distinct_words {
        pub fn em_round(pairs: &[Pair], table: &Table) -> Table {
            let distinct = |pair: &Pair| {
                let mut source = pair.source.clone();
                source.sort_unstable();
                source.dedup();
                Pair { source, target: pair.target.clone() }
            };
            let pairs: Vec<Pair> = pairs.iter().map(distinct).collect();
            crate::solution::em_round(&pairs, table)
        }
    }
    /// Leaves the table as it is.
    trains_nothing {
        pub fn em_round(_: &[Pair], table: &Table) -> Table {
            table.clone()
        }
    }
    /// Takes the first word of the row.
    translates_by_the_alphabet {
        pub fn translate(table: &Table, source: &[String]) -> Vec<String> {
            let first = |e: &String| table.get(e).and_then(|row| row.keys().next()).unwrap_or(e).clone();
            source.iter().map(first).collect()
        }
    }
    /// Among equals the last wins.
    translates_with_the_last_of_ties {
        pub fn translate(table: &Table, source: &[String]) -> Vec<String> {
            let best = |e: &String| {
                let row = table.get(e).into_iter().flatten();
                row.max_by(|a, b| a.1.total_cmp(b.1)).map_or(e, |(f, _)| f).clone()
            };
            source.iter().map(best).collect()
        }
    }
    /// Words that the table does not have are dropped.
    translates_only_words_it_knows {
        pub fn translate(table: &Table, source: &[String]) -> Vec<String> {
            let known: Vec<String> = source.iter().filter(|e| table.contains_key(*e)).cloned().collect();
            crate::solution::translate(table, &known)
        }
    }
    /// The least probable word.
    translates_with_the_minimum {
        pub fn translate(table: &Table, source: &[String]) -> Vec<String> {
            let worst = |e: &String| {
                let row = table.get(e).into_iter().flatten();
                row.min_by(|a, b| a.1.total_cmp(b.1)).map_or(e, |(f, _)| f).clone()
            };
            source.iter().map(worst).collect()
        }
    }
    /// “the” is the most typical word there is.
    summarizes_with_stop_words {
        pub fn summarize(text: &str, n: usize) -> Result<Vec<&str>, TaskError> {
            SumBasic { stop_words: false, ..SUM_BASIC }.summarize(text, n)
        }
    }
    /// Sums instead of means: the longest sentence wins.
    summarizes_with_the_longest {
        pub fn summarize(text: &str, n: usize) -> Result<Vec<&str>, TaskError> {
            SumBasic { mean: false, ..SUM_BASIC }.summarize(text, n)
        }
    }
    /// Says the same thing twice.
    summarizes_without_an_update {
        pub fn summarize(text: &str, n: usize) -> Result<Vec<&str>, TaskError> {
            SumBasic { update: |p| p, ..SUM_BASIC }.summarize(text, n)
        }
    }
    /// What was said counts nothing any more.
    summarizes_with_an_update_to_zero {
        pub fn summarize(text: &str, n: usize) -> Result<Vec<&str>, TaskError> {
            SumBasic { update: |_| 0.0, ..SUM_BASIC }.summarize(text, n)
        }
    }
    /// Among equals the last sentence wins.
    summarizes_with_the_last_of_ties {
        pub fn summarize(text: &str, n: usize) -> Result<Vec<&str>, TaskError> {
            SumBasic { last_of_ties: true, ..SUM_BASIC }.summarize(text, n)
        }
    }
    /// The best sentence first, wherever it stands.
    summarizes_out_of_order {
        pub fn summarize(text: &str, n: usize) -> Result<Vec<&str>, TaskError> {
            SumBasic { in_order: false, ..SUM_BASIC }.summarize(text, n)
        }
    }
    /// The summary of nothing is nothing.
    summarizes_nothing {
        pub fn summarize(text: &str, n: usize) -> Result<Vec<&str>, TaskError> {
            if sentences(text).is_empty() { Ok(Vec::new()) } else { SUM_BASIC.summarize(text, n) }
        }
    }
}
