//! What the models of this lesson are made of: counts.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Deserialize;
use tinytown::{Entity, Question, Tagged};

use crate::text::{Word, begins_sentence, lower_words, words};

/// How often texts and words were seen in each class: all that naive Bayes knows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct ClassCounts {
    /// Texts in each class: `(n_classes,)`.
    pub texts: Vec<u64>,
    /// Words in each class, repetitions included: `(n_classes,)`.
    pub words: Vec<u64>,
    /// How often each distinct word, in lower case, was seen in each class: `(n_classes,)` a word.
    pub of_word: HashMap<String, Vec<u64>>,
}

impl ClassCounts {
    /// Nothing seen yet.
    pub fn new(n_classes: usize) -> Self {
        Self { texts: vec![0; n_classes], words: vec![0; n_classes], of_word: HashMap::new() }
    }
}

/// How often each word was seen outside of names, and inside of each kind of name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TagCounts {
    /// A word as it is written → how often it was `[no name, person, place, thing]`.
    pub of_word: HashMap<String, [u64; 4]>,
    /// The same for all words with a capital that do not begin a sentence.
    pub capitalized: [u64; 4],
}

impl TagCounts {
    /// Counts the words of texts whose names are marked.
    pub fn fit<'e>(examples: impl IntoIterator<Item = &'e Tagged>) -> Self {
        let mut counts = Self::default();
        for Tagged { text, entities } in examples {
            for word in words(text) {
                let inside = |e: &&Entity| e.start <= word.start && word.end() <= e.end;
                let tag = entities.iter().find(inside).map_or(0, |e| 1 + e.kind as usize);
                counts.of_word.entry(word.text.to_owned()).or_default()[tag] += 1;
                if word.is_capitalized() && !begins_sentence(text, &word) {
                    counts.capitalized[tag] += 1;
                }
            }
        }
        counts
    }
}

/// Inverse document frequency: how much it tells that a text has a word. Rare words tell more.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Idf {
    texts: f64,
    with_word: HashMap<String, f64>,
}

impl Idf {
    /// Counts in how many texts each word stands.
    pub fn fit<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        let mut idf = Self::default();
        for text in texts {
            idf.texts += 1.0;
            for word in lower_words(text).into_iter().collect::<BTreeSet<String>>() {
                *idf.with_word.entry(word).or_default() += 1.0;
            }
        }
        idf
    }

    /// The inverse document frequency of a word in lower case, `ln((1 + N) / (1 + n)) + 1`, where
    /// `n` of `N` texts have the word; as scikit-learn computes it.
    pub fn of(&self, word: &str) -> f64 {
        let with_word = self.with_word.get(word).copied().unwrap_or(0.0);
        ((1.0 + self.texts) / (1.0 + with_word)).ln() + 1.0
    }
}

/// What a question asks for, by its question word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Asked {
    /// Somebody.
    Who,
    /// Somewhere.
    Where,
    /// Something.
    What,
    /// A number: *how many*.
    How,
}

impl Asked {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Who, Self::Where, Self::What, Self::How];

    /// By the first question word in a question; `None` if it has none.
    pub fn of(question: &str) -> Option<Self> {
        let words = ["who", "where", "what", "how"];
        let asked = |word: &String| Some(Self::ALL[words.iter().position(|asks| asks == word)?]);
        lower_words(question).iter().find_map(asked)
    }
}

/// A stretch of a context that may be an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Its first byte.
    pub start: usize,
    /// The byte behind its last one.
    pub end: usize,
    /// What it may answer.
    pub asked: Asked,
}

/// How often words were the answer to each kind of question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnswerCounts {
    /// An answer's words in lower case → how often it was the answer to *who, where, what, how*.
    pub of_answer: HashMap<Vec<String>, [u64; 4]>,
}

impl AnswerCounts {
    /// Counts the answers of questions.
    pub fn fit<'q>(questions: impl IntoIterator<Item = &'q Question>) -> Self {
        let mut counts = Self::default();
        for question in questions {
            let Some(asked) = Asked::of(&question.question) else { continue };
            let answer = lower_words(&question.answer);
            counts.of_answer.entry(answer).or_default()[asked as usize] += 1;
        }
        counts
    }

    /// What in a context was an answer before, from left to right, the longest where several start
    /// at one word. What answered several kinds of questions is a candidate for each.
    pub fn candidates(&self, context: &str) -> Vec<Candidate> {
        let words = words(context);
        let lower: Vec<String> = words.iter().map(Word::lower).collect();
        let mut candidates = Vec::new();
        for first in 0..words.len() {
            let known = |&n: &usize| self.of_answer.contains_key(&lower[first..first + n]);
            let longest = (1..=(words.len() - first).min(4)).rev().find(known);
            let Some(n) = longest else { continue };
            let (start, end) = (words[first].start, words[first + n - 1].end());
            let answered =
                |asked: &Asked| self.of_answer[&lower[first..first + n]][*asked as usize] > 0;
            let kinds = Asked::ALL.into_iter().filter(answered);
            candidates.extend(kinds.map(|asked| Candidate { start, end, asked }));
        }
        candidates
    }
}

/// A sentence in two languages, word by word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// In the language to translate from.
    pub source: Vec<String>,
    /// In the language to translate to.
    pub target: Vec<String>,
}

impl Pair {
    /// The words of a sentence and of its translation, in lower case.
    pub fn new(source: &str, target: &str) -> Self {
        Self { source: lower_words(source), target: lower_words(target) }
    }
}

/// `table[e][f]` is t(f | e): how probable it is that the source word `e` becomes the target word
/// `f`. After a round of training they sum to one for each `e`.
pub type TranslationTable = BTreeMap<String, BTreeMap<String, f64>>;

/// A table that knows nothing yet: whatever stands together in a pair is equally probable, one by
/// the number of distinct target words.
pub fn uniform_table(pairs: &[Pair]) -> TranslationTable {
    let targets: BTreeSet<&String> = pairs.iter().flat_map(|pair| &pair.target).collect();
    let t = 1.0 / targets.len() as f64;
    let mut table = TranslationTable::new();
    for pair in pairs {
        for e in &pair.source {
            let row = table.entry(e.clone()).or_default();
            row.extend(pair.target.iter().map(|f| (f.clone(), t)));
        }
    }
    table
}

/// Words that stand in every text, whatever it is about.
pub const STOP_WORDS: [&str; 48] = [
    "a", "an", "and", "are", "as", "at", "be", "because", "been", "but", "by", "did", "for",
    "from", "had", "has", "have", "he", "her", "him", "his", "i", "in", "is", "it", "its", "not",
    "of", "on", "or", "she", "so", "that", "the", "their", "them", "then", "there", "they", "this",
    "to", "up", "was", "were", "when", "who", "with", "you",
];
