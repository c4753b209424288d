//! The reference: six tasks, each with a model of counts.

use std::collections::{BTreeSet, HashMap};

use what_llms_are_for::{
    Asked, Candidate, ClassCounts, Entity, EntityKind, Idf, Pair, STOP_WORDS, TagCounts, TaskError,
    TranslationTable, begins_sentence, lower_words, sentences, words,
};

// The counts and their methods are in models.rs, the functions on words and sentences in text.rs,
// the errors in error.rs, beside this file.

/// Counts, for each class, its texts and its words, in lower case
/// ([`lower_words`]), as often as they stand there. An example is a text and its
/// label, which is below `n_classes`. A text without words is a text of its
/// class, too.
///
/// # Errors
/// [`TaskError::NoExamples`] if there are none; [`TaskError::UnknownClass`] at
/// the first label that is too large.
pub fn count_classes(
    examples: &[(&str, usize)],
    n_classes: usize,
) -> Result<ClassCounts, TaskError> {
    // BEGIN ANSWER
    if examples.is_empty() {
        return Err(TaskError::NoExamples);
    }
    let mut counts = ClassCounts::new(n_classes);
    for (example, &(text, label)) in examples.iter().enumerate() {
        if label >= n_classes {
            return Err(TaskError::UnknownClass { example, label, n_classes });
        }
        counts.texts[label] += 1;
        for word in lower_words(text) {
            counts.words[label] += 1;
            counts.of_word.entry(word).or_insert_with(|| vec![0; n_classes])[label] += 1;
        }
    }
    Ok(counts)
    // END ANSWER
}

/// The probability of each class, given the text: `(n_classes,)`, summing to one.
///
/// Naive Bayes with add-one smoothing: `P(c | text) ∝ P(c) · Π_w P(w | c)` with
/// `P(c) = texts(c) / Σ texts` and `P(w | c) = (n(w, c) + 1) / (words(c) + V)`,
/// where `V` is the number of distinct words seen in any class. Words never seen
/// are left out. Computed in logarithms, so that a long text does not end in
/// `0 / 0`. At least one class has a text; one that has none has probability 0.
///
/// Source: C. Manning, P. Raghavan, H. Schütze, Introduction to Information
/// Retrieval, section 13.2.
pub fn classify(counts: &ClassCounts, text: &str) -> Vec<f64> {
    // BEGIN ANSWER
    let all_texts: u64 = counts.texts.iter().sum();
    let mut scores: Vec<f64> =
        counts.texts.iter().map(|&n| (n as f64 / all_texts as f64).ln()).collect();
    let vocabulary = counts.of_word.len() as f64;
    for word in lower_words(text) {
        let Some(of_word) = counts.of_word.get(&word) else { continue };
        for (c, score) in scores.iter_mut().enumerate() {
            *score += ((of_word[c] as f64 + 1.0) / (counts.words[c] as f64 + vocabulary)).ln();
        }
    }
    let max = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = scores.iter().map(|score| (score - max).exp()).collect();
    let total: f64 = weights.iter().sum();
    weights.iter().map(|weight| weight / total).collect()
    // END ANSWER
}

/// The names in a text, in order.
///
/// Each word gets the tag that it has most often in `counts.of_word`. A word that
/// is not there is looked up in lower case if it begins a sentence
/// ([`begins_sentence`]). If that is not there either, a word with a capital gets
/// the most frequent tag of `counts.capitalized`, and any other is no name. Among
/// equal counts, and so among zeros, the earliest of no name, person, place, thing
/// wins.
///
/// Neighbors with the same kind are one name if exactly one space (U+0020), and
/// nothing else, stands between them. Start and end are bytes of the text.
pub fn tag_entities(counts: &TagCounts, text: &str) -> Vec<Entity> {
    // BEGIN ANSWER
    let mut entities: Vec<Entity> = Vec::new();
    for word in words(text) {
        let seen = counts.of_word.get(word.text);
        let seen = match seen {
            None if begins_sentence(text, &word) => counts.of_word.get(&word.lower()),
            seen => seen,
        };
        let tags = match seen {
            Some(tags) => *tags,
            None if word.is_capitalized() => counts.capitalized,
            None => continue,
        };
        let best = (0..tags.len()).rev().max_by_key(|&tag| tags[tag]).unwrap_or(0);
        let Some(&kind) = best.checked_sub(1).and_then(|k| EntityKind::ALL.get(k)) else {
            continue;
        };
        match entities.last_mut() {
            Some(last) if last.kind == kind && &text[last.end..word.start] == " " => {
                last.end = word.end();
            }
            _ => entities.push(Entity { start: word.start, end: word.end(), kind }),
        }
    }
    entities
    // END ANSWER
}

/// The candidate that answers the question, or `None` if none fits. Candidates
/// are stretches of the context, in order; one belongs to a sentence
/// ([`sentences`]) if all its bytes lie inside.
///
/// A sentence scores the sum of [`Idf::of`] over the distinct words of the
/// question that stand in it. The sentences are tried from the highest score
/// down, earlier ones first among equals. The answer is the first candidate in
/// such a sentence that may answer what is asked ([`Asked::of`]; any candidate if
/// that is `None`) and that has a word which the question has not. Words are
/// compared in lower case.
pub fn answer(
    idf: &Idf,
    context: &str,
    candidates: &[Candidate],
    question: &str,
) -> Option<Candidate> {
    // BEGIN ANSWER
    let mut asked_words = lower_words(question);
    asked_words.sort_unstable();
    asked_words.dedup();
    let score = |sentence: &str| -> f64 {
        let words = lower_words(sentence);
        asked_words.iter().filter(|word| words.contains(word)).map(|word| idf.of(word)).sum()
    };
    let mut ranked: Vec<_> =
        sentences(context).into_iter().map(|s| (score(&context[s.clone()]), s)).collect();
    // A stable sort: equals stay in the order of the text.
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    let asked = Asked::of(question);
    let fits = |candidate: &Candidate| {
        let is_new = |word: &String| !asked_words.contains(word);
        asked.is_none_or(|asked| candidate.asked == asked)
            && lower_words(&context[candidate.start..candidate.end]).iter().any(is_new)
    };
    ranked.into_iter().find_map(|(_, sentence)| {
        let inside = |c: &&Candidate| sentence.start <= c.start && c.end <= sentence.end;
        candidates.iter().filter(inside).find(|candidate| fits(candidate)).copied()
    })
    // END ANSWER
}

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
    // BEGIN ANSWER
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
    // END ANSWER
}

/// Translates word by word: each source word becomes its most probable target
/// word, among equals the one that comes first in the alphabet (as strings are
/// ordered). A word that has no row in the table, or an empty one, stays as it is.
pub fn translate(table: &TranslationTable, source: &[String]) -> Vec<String> {
    // BEGIN ANSWER
    let best = |e: &String| -> String {
        let row = table.get(e).into_iter().flatten().rev();
        row.max_by(|a, b| a.1.total_cmp(b.1)).map_or(e, |(f, _)| f).clone()
    };
    source.iter().map(best).collect()
    // END ANSWER
}

/// The most typical sentences of a text ([`sentences`]), at most `n_sentences`, in
/// the order of the text.
///
/// Words are compared in lower case, and [`STOP_WORDS`] are left out everywhere.
/// The probability of a word is its count in the text, divided by the count of
/// all words. A sentence scores the mean probability of its words (0 if it has
/// none). Of the sentences not taken yet, the one with the highest score is
/// taken, the first one among equals; the probability of each of its distinct
/// words is squared, so that the next sentence tells something else; and so on.
///
/// Source: SumBasic, in A. Nenkova and L. Vanderwende, The Impact of Frequency on
/// Summarization, 2005 (without its condition that a sentence has the most
/// probable word).
///
/// # Errors
/// [`TaskError::NoWords`] if there is no sentence with a word, whatever
/// `n_sentences` is.
pub fn summarize(text: &str, n_sentences: usize) -> Result<Vec<&str>, TaskError> {
    // BEGIN ANSWER
    let places = sentences(text);
    if places.is_empty() {
        return Err(TaskError::NoWords);
    }
    let content = |sentence: &str| -> Vec<String> {
        let words = lower_words(sentence).into_iter();
        words.filter(|word| !STOP_WORDS.contains(&word.as_str())).collect()
    };
    let contents: Vec<Vec<String>> = places.iter().map(|s| content(&text[s.clone()])).collect();
    let all = contents.iter().map(Vec::len).sum::<usize>() as f64;
    let mut p: HashMap<&str, f64> = HashMap::new();
    for word in contents.iter().flatten() {
        *p.entry(word).or_default() += 1.0 / all;
    }
    let mut chosen: Vec<usize> = Vec::new();
    while chosen.len() < n_sentences.min(places.len()) {
        let score = |words: &[String]| {
            words.iter().map(|word| p[word.as_str()]).sum::<f64>() / words.len().max(1) as f64
        };
        let rest = (0..places.len()).rev().filter(|i| !chosen.contains(i));
        let best = rest.max_by(|&i, &j| score(&contents[i]).total_cmp(&score(&contents[j])));
        let Some(best) = best else { break };
        let distinct: BTreeSet<&String> = contents[best].iter().collect();
        for word in distinct {
            p.entry(word.as_str()).and_modify(|p| *p *= *p);
        }
        chosen.push(best);
    }
    chosen.sort_unstable();
    Ok(chosen.into_iter().map(|i| &text[places[i].clone()]).collect())
    // END ANSWER
}
