//! The reference: the three tasks that understand a text, each with a model of counts.

use what_llms_are_for::{
    Asked, Candidate, ClassCounts, Entity, EntityKind, Idf, TagCounts, TaskError, begins_sentence,
    lower_words, sentences, words,
};

// The counts and their methods are in models.rs, the functions on words and sentences in text.rs,
// the errors in error.rs, beside this file.

/// Counts, for each class, its texts and its words, in lower case
/// ([`lower_words`]), as often as they stand there. An example is a text and
/// its label, which is below `n_classes`. A text without words is a text of its
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

/// The probability of each class, given the text: `(n_classes,)`, summing to
/// one.
///
/// Naive Bayes with add-one smoothing: `P(c | text) ∝ P(c) · Π_w P(w | c)` with
/// `P(c) = texts(c) / Σ texts` and `P(w | c) = (n(w, c) + 1) / (words(c) + V)`,
/// where `V` is the number of distinct words seen in any class. Words never
/// seen are left out. Computed in logarithms, so that a long text does not end
/// in `0 / 0`. At least one class has a text; one that has none has probability
/// 0.
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
/// Each word gets the tag that it has most often in `counts.of_word`. A word
/// that is not there is looked up in lower case if it begins a sentence
/// ([`begins_sentence`]). If that is not there either, a word with a capital
/// gets the most frequent tag of `counts.capitalized`, and any other is no
/// name. Among equal counts, and so among zeros, the earliest of no name,
/// person, place, thing wins.
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
/// such a sentence that may answer what is asked ([`Asked::of`]; any candidate
/// if that is `None`) and that has a word which the question has not. Words are
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
