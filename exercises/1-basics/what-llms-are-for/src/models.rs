//! What the models of this lesson are made of: counts.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use crate::words::{Word, lower_words, words};

/// How often texts and words were seen in each class: all that naive Bayes knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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

/// What kind of thing a name names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Somebody.
    Person,
    /// Somewhere.
    Place,
    /// Something.
    Thing,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Person, Self::Place, Self::Thing];

    /// `person`, `place` or `thing`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Place => "place",
            Self::Thing => "thing",
        }
    }

    /// What a question asks for, by its first question word: a person (*who*), a place (*where*)
    /// or a thing (*what*, *which*). `None` if it has none of them.
    pub fn asked(question: &str) -> Option<Self> {
        lower_words(question).iter().find_map(|word| match word.as_str() {
            "who" | "whom" | "whose" => Some(Self::Person),
            "where" => Some(Self::Place),
            "what" | "which" => Some(Self::Thing),
            _ => None,
        })
    }
}

/// A stretch of text that names something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Entity {
    /// Its first byte.
    pub start: usize,
    /// The byte behind its last one.
    pub end: usize,
    /// What it names.
    pub kind: Kind,
}

impl Entity {
    /// Its place in the text.
    pub fn range(&self) -> Range<usize> {
        self.start..self.end
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
    pub fn fit<'e>(examples: impl IntoIterator<Item = (&'e str, &'e [Entity])>) -> Self {
        let mut counts = Self::default();
        for (text, entities) in examples {
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

/// Whether no word of the same sentence stands before this one.
pub fn begins_sentence(text: &str, word: &Word) -> bool {
    let before = text[..word.start].trim_end_matches(|c: char| !c.is_alphanumeric());
    let between = &text[before.len()..word.start];
    before.is_empty() || between.contains(['.', '!', '?', '\n', ':', '"', '“'])
}

/// How much it tells that a text has a word: rare words tell more.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rarity {
    texts: f64,
    with_word: HashMap<String, f64>,
}

impl Rarity {
    /// Counts in how many texts each word stands.
    pub fn fit<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        let mut rarity = Self::default();
        for text in texts {
            rarity.texts += 1.0;
            for word in lower_words(text).into_iter().collect::<BTreeSet<String>>() {
                *rarity.with_word.entry(word).or_default() += 1.0;
            }
        }
        rarity
    }

    /// The inverse document frequency of a word in lower case, `ln((1 + N) / (1 + n)) + 1`, where
    /// `n` of `N` texts have the word; as scikit-learn computes it.
    pub fn of(&self, word: &str) -> f64 {
        let with_word = self.with_word.get(word).copied().unwrap_or(0.0);
        ((1.0 + self.texts) / (1.0 + with_word)).ln() + 1.0
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
pub type Table = BTreeMap<String, BTreeMap<String, f64>>;

/// A table that knows nothing yet: whatever stands together in a pair is equally probable, one by
/// the number of distinct target words.
pub fn uniform_table(pairs: &[Pair]) -> Table {
    let targets: BTreeSet<&String> = pairs.iter().flat_map(|pair| &pair.target).collect();
    let t = 1.0 / targets.len() as f64;
    let mut table = Table::new();
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
