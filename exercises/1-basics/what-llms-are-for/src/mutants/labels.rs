//! Mutants of counting, classification and named entities.

use crate::TaskError;
use crate::models::{ClassCounts, Entity, EntityKind, TagCounts, begins_sentence};
use crate::words::{Word, lower_words, words};

/// Counts like the reference, but with these words of a text.
fn count(
    examples: &[(&str, usize)],
    n_classes: usize,
    words_of: impl Fn(&str) -> Vec<String>,
) -> Result<ClassCounts, TaskError> {
    if examples.is_empty() {
        return Err(TaskError::NoExamples);
    }
    let mut counts = ClassCounts::new(n_classes);
    for (example, &(text, label)) in examples.iter().enumerate() {
        if label >= n_classes {
            return Err(TaskError::UnknownClass { example, label, n_classes });
        }
        counts.texts[label] += 1;
        for word in words_of(text) {
            counts.words[label] += 1;
            counts.of_word.entry(word).or_insert_with(|| vec![0; n_classes])[label] += 1;
        }
    }
    Ok(counts)
}

/// From the counts, those of a word if it was seen, and a class.
type OfWord<'f> = dyn Fn(&ClassCounts, Option<&Vec<u64>>, usize) -> Option<f64> + 'f;

/// What naive Bayes is made of, each part to be got wrong.
struct Bayes<'c> {
    prior: fn(&ClassCounts, usize) -> f64,
    of_word: &'c OfWord<'c>,
    normalized: fn(Vec<f64>) -> Vec<f64>,
}

impl Default for Bayes<'_> {
    fn default() -> Self {
        Self {
            prior: share_of_texts,
            of_word: &|counts, seen, c| Some(smoothed(counts, seen?, c)),
            normalized: softmax,
        }
    }
}

impl Bayes<'_> {
    fn classify(&self, counts: &ClassCounts, text: &str) -> Vec<f64> {
        let words = lower_words(text);
        let score = |c: usize| {
            let of = |word: &String| (self.of_word)(counts, counts.of_word.get(word), c);
            (self.prior)(counts, c).ln() + words.iter().filter_map(of).map(f64::ln).sum::<f64>()
        };
        (self.normalized)((0..counts.texts.len()).map(score).collect())
    }
}

fn share_of_texts(counts: &ClassCounts, c: usize) -> f64 {
    counts.texts[c] as f64 / counts.texts.iter().sum::<u64>() as f64
}

fn smoothed(counts: &ClassCounts, seen: &[u64], c: usize) -> f64 {
    (seen[c] as f64 + 1.0) / (counts.words[c] as f64 + counts.of_word.len() as f64)
}

fn softmax(scores: Vec<f64>) -> Vec<f64> {
    let max = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    without_max(scores.into_iter().map(|score| score - max).collect())
}

fn without_max(scores: Vec<f64>) -> Vec<f64> {
    let weights: Vec<f64> = scores.into_iter().map(f64::exp).collect();
    let total: f64 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / total).collect()
}

/// Tags like the reference, but with this choice of counts, of the best, and of neighbors.
fn tag(
    text: &str,
    tags_of: impl Fn(&Word) -> Option<[u64; 4]>,
    best: impl Fn([u64; 4]) -> usize,
    joins: impl Fn(&Entity, &Word, EntityKind) -> bool,
) -> Vec<Entity> {
    let mut names: Vec<Entity> = Vec::new();
    for word in words(text) {
        let Some(tags) = tags_of(&word) else { continue };
        let Some(&kind) = best(tags).checked_sub(1).and_then(|k| EntityKind::ALL.get(k)) else {
            continue;
        };
        match names.last_mut() {
            Some(last) if joins(last, &word, kind) => last.end = word.end(),
            _ => names.push(Entity { start: word.start, end: word.end(), kind }),
        }
    }
    names
}

fn tags_of(counts: &TagCounts, text: &str, word: &Word) -> Option<[u64; 4]> {
    let lower = || counts.of_word.get(&word.lower()).filter(|_| begins_sentence(text, word));
    let seen = counts.of_word.get(word.text).or_else(lower).copied();
    seen.or(word.is_capitalized().then_some(counts.capitalized))
}

fn first_best(tags: [u64; 4]) -> usize {
    (0..4).rev().max_by_key(|&tag| tags[tag]).unwrap_or(0)
}

fn joins(text: &str, last: &Entity, word: &Word, kind: EntityKind) -> bool {
    last.kind == kind && &text[last.end..word.start] == " "
}

grading::mutants! {
    /// A word that stands in a text twice counts once.
    counts_a_word_once_a_text {
        pub fn count_classes(examples: &[(&str, usize)], n: usize) -> Result<ClassCounts, TaskError> {
            let distinct = |text: &str| {
                let words: std::collections::BTreeSet<String> = lower_words(text).into_iter().collect();
                words.into_iter().collect()
            };
            count(examples, n, distinct)
        }
    }
    /// “The” and “the” are two words.
    counts_capitals_apart {
        pub fn count_classes(examples: &[(&str, usize)], n: usize) -> Result<ClassCounts, TaskError> {
            count(examples, n, |text| words(text).iter().map(|w| w.text.to_owned()).collect())
        }
    }
    /// Cuts at spaces, so that a period belongs to a word.
    counts_punctuation {
        pub fn count_classes(examples: &[(&str, usize)], n: usize) -> Result<ClassCounts, TaskError> {
            count(examples, n, |text| text.split_whitespace().map(str::to_ascii_lowercase).collect())
        }
    }
    /// A label that is too large goes to the last class.
    counts_unknown_labels_as_the_last {
        pub fn count_classes(examples: &[(&str, usize)], n: usize) -> Result<ClassCounts, TaskError> {
            let clamped: Vec<_> = examples.iter().map(|&(t, label)| (t, label.min(n - 1))).collect();
            count(&clamped, n, lower_words)
        }
    }
    /// No examples are no error.
    counts_nothing_without_a_word {
        pub fn count_classes(examples: &[(&str, usize)], n: usize) -> Result<ClassCounts, TaskError> {
            if examples.is_empty() { Ok(ClassCounts::new(n)) } else { count(examples, n, lower_words) }
        }
    }
    /// All classes are taken to be equally frequent.
    classifies_without_a_prior {
        pub fn classify(counts: &ClassCounts, text: &str) -> Vec<f64> {
            Bayes { prior: |_, _| 1.0, ..Bayes::default() }.classify(counts, text)
        }
    }
    /// A word that a class never had makes that class impossible.
    classifies_without_smoothing {
        pub fn classify(counts: &ClassCounts, text: &str) -> Vec<f64> {
            let of_word = |counts: &ClassCounts, seen: Option<&Vec<u64>>, c: usize| {
                Some(seen?[c] as f64 / counts.words[c] as f64)
            };
            Bayes { of_word: &of_word, ..Bayes::default() }.classify(counts, text)
        }
    }
    /// Adds one above, but not V below: the shares of a class do not sum to one.
    classifies_without_the_vocabulary {
        pub fn classify(counts: &ClassCounts, text: &str) -> Vec<f64> {
            let of_word = |counts: &ClassCounts, seen: Option<&Vec<u64>>, c: usize| {
                Some((seen?[c] as f64 + 1.0) / (counts.words[c] as f64 + 1.0))
            };
            Bayes { of_word: &of_word, ..Bayes::default() }.classify(counts, text)
        }
    }
    /// Words never seen count as seen zero times.
    classifies_with_unseen_words {
        pub fn classify(counts: &ClassCounts, text: &str) -> Vec<f64> {
            let nothing = vec![0; counts.texts.len()];
            let of_word = |counts: &ClassCounts, seen: Option<&Vec<u64>>, c: usize| {
                Some(smoothed(counts, seen.unwrap_or(&nothing), c))
            };
            Bayes { of_word: &of_word, ..Bayes::default() }.classify(counts, text)
        }
    }
    /// Divides by the texts of a class, not by its words.
    classifies_by_texts_with_the_word {
        pub fn classify(counts: &ClassCounts, text: &str) -> Vec<f64> {
            let of_word = |counts: &ClassCounts, seen: Option<&Vec<u64>>, c: usize| {
                Some((seen?[c] as f64 + 1.0) / (counts.texts[c] as f64 + counts.of_word.len() as f64))
            };
            Bayes { of_word: &of_word, ..Bayes::default() }.classify(counts, text)
        }
    }
    /// `exp` of large negative numbers: 0 / 0.
    classifies_without_the_maximum {
        pub fn classify(counts: &ClassCounts, text: &str) -> Vec<f64> {
            Bayes { normalized: without_max, ..Bayes::default() }.classify(counts, text)
        }
    }
    /// Among equal counts the last tag wins.
    tags_with_the_last_of_ties {
        pub fn tag_entities(counts: &TagCounts, text: &str) -> Vec<Entity> {
            let best = |tags: [u64; 4]| (0..4).max_by_key(|&tag| tags[tag]).unwrap_or(0);
            tag(text, |w| tags_of(counts, text, w), best, |l, w, k| joins(text, l, w, k))
        }
    }
    /// A word that was ever a name is one.
    tags_names_before_words {
        pub fn tag_entities(counts: &TagCounts, text: &str) -> Vec<Entity> {
            let best = |tags: [u64; 4]| first_best([0, tags[1], tags[2], tags[3]]) * usize::from(tags[1..] != [0; 3]);
            tag(text, |w| tags_of(counts, text, w), best, |l, w, k| joins(text, l, w, k))
        }
    }
    /// Offsets in characters.
    tags_with_character_offsets {
        pub fn tag_entities(counts: &TagCounts, text: &str) -> Vec<Entity> {
            let names = crate::solution::tag_entities(counts, text);
            let chars = |byte: usize| text[..byte].chars().count();
            names.into_iter().map(|e| Entity { start: chars(e.start), end: chars(e.end), ..e }).collect()
        }
    }
    /// Looks every word up in lower case: “Rose” is “rose”.
    tags_in_lower_case {
        pub fn tag_entities(counts: &TagCounts, text: &str) -> Vec<Entity> {
            let lower = |w: &Word| counts.of_word.get(&w.lower()).copied();
            let tags = |w: &Word| lower(w).or_else(|| tags_of(counts, text, w));
            tag(text, tags, first_best, |l, w, k| joins(text, l, w, k))
        }
    }
    /// A word never seen is no name.
    tags_only_words_it_knows {
        pub fn tag_entities(counts: &TagCounts, text: &str) -> Vec<Entity> {
            let tags = |w: &Word| tags_of(counts, text, w).filter(|_| counts.of_word.contains_key(w.text));
            tag(text, tags, first_best, |l, w, k| joins(text, l, w, k))
        }
    }
    /// The capital at the beginning of a sentence makes a name.
    tags_first_words_by_their_capital {
        pub fn tag_entities(counts: &TagCounts, text: &str) -> Vec<Entity> {
            let capital = |w: &Word| w.is_capitalized().then_some(counts.capitalized);
            let tags = |w: &Word| counts.of_word.get(w.text).copied().or_else(|| capital(w));
            tag(text, tags, first_best, |l, w, k| joins(text, l, w, k))
        }
    }
    /// A word never seen is tagged by all capitals, whether it has one or not.
    tags_unseen_words_without_a_capital {
        pub fn tag_entities(counts: &TagCounts, text: &str) -> Vec<Entity> {
            let tags = |w: &Word| tags_of(counts, text, w).or(Some(counts.capitalized));
            tag(text, tags, first_best, |l, w, k| joins(text, l, w, k))
        }
    }
    /// Each word is a name of its own.
    tags_word_by_word {
        pub fn tag_entities(counts: &TagCounts, text: &str) -> Vec<Entity> {
            tag(text, |w| tags_of(counts, text, w), first_best, |_, _, _| false)
        }
    }
    /// “Ada, Ben” is one name.
    tags_across_punctuation {
        pub fn tag_entities(counts: &TagCounts, text: &str) -> Vec<Entity> {
            let joins = |last: &Entity, word: &Word, kind: EntityKind| {
                last.kind == kind && !text[last.end..word.start].contains(char::is_alphanumeric)
            };
            tag(text, |w| tags_of(counts, text, w), first_best, joins)
        }
    }
    /// Neighbors are one name, whatever their kinds.
    tags_across_kinds {
        pub fn tag_entities(counts: &TagCounts, text: &str) -> Vec<Entity> {
            let joins = |last: &Entity, word: &Word, _| &text[last.end..word.start] == " ";
            tag(text, |w| tags_of(counts, text, w), first_best, joins)
        }
    }
}
