//! What libraries, and the rules of this lesson in Python, answer; made by `golden/make.py`.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use crate::models::{Asked, Candidate, ClassCounts, Entity, EntityKind, Pair, TagCounts};

/// All golden values.
#[derive(Clone, Debug, Deserialize)]
#[allow(missing_docs)]
pub struct Golden {
    pub bayes: Vec<Bayes>,
    pub idf: Idf,
    pub ibm1: Vec<Ibm1>,
    pub tags: Tags,
    pub answers: Answers,
    pub summaries: Vec<Summary>,
    pub metrics: Vec<Metrics>,
}

/// `CountVectorizer` and `MultinomialNB` of scikit-learn.
#[derive(Clone, Debug, Deserialize)]
#[allow(missing_docs)]
pub struct Bayes {
    pub n_classes: usize,
    pub examples: Vec<(String, usize)>,
    pub texts: Vec<u64>,
    pub words: Vec<u64>,
    pub of_word: HashMap<String, Vec<u64>>,
    pub tests: Vec<Probabilities>,
}

/// A text and `predict_proba`.
#[derive(Clone, Debug, Deserialize)]
#[allow(missing_docs)]
pub struct Probabilities {
    pub text: String,
    pub probabilities: Vec<f64>,
}

/// `TfidfVectorizer` of scikit-learn.
#[derive(Clone, Debug, Deserialize)]
#[allow(missing_docs)]
pub struct Idf {
    pub texts: Vec<String>,
    pub idf: HashMap<String, f64>,
}

/// IBM model 1 after some rounds: every alignment enumerated, and compared with nltk's.
#[derive(Clone, Debug, Deserialize)]
#[allow(missing_docs)]
pub struct Ibm1 {
    pub name: String,
    pub pairs: Vec<(String, String)>,
    pub rounds: usize,
    pub table: BTreeMap<String, BTreeMap<String, f64>>,
}

/// Words and their counts, and texts with their names.
#[derive(Clone, Debug, Deserialize)]
#[allow(missing_docs)]
pub struct Tags {
    pub of_word: HashMap<String, [u64; 4]>,
    pub tests: Vec<Tagged>,
}

/// A text with its names: `(start, end, kind)`.
#[derive(Clone, Debug, Deserialize)]
#[allow(missing_docs)]
pub struct Tagged {
    pub capitalized: [u64; 4],
    pub text: String,
    pub names: Vec<(usize, usize, String)>,
}

/// Texts to count words in, and questions.
#[derive(Clone, Debug, Deserialize)]
#[allow(missing_docs)]
pub struct Answers {
    pub texts: Vec<String>,
    pub tests: Vec<Answered>,
}

/// A question with its answer.
#[derive(Clone, Debug, Deserialize)]
#[allow(missing_docs)]
pub struct Answered {
    pub context: String,
    pub candidates: Vec<(usize, usize, String)>,
    pub question: String,
    pub answer: Option<(usize, usize, String)>,
}

/// A text and its most typical sentences.
#[derive(Clone, Debug, Deserialize)]
#[allow(missing_docs)]
pub struct Summary {
    pub text: String,
    pub n_sentences: usize,
    pub summary: Vec<String>,
}

/// sacrebleu and rouge-score.
#[derive(Clone, Debug, Deserialize)]
#[allow(missing_docs)]
pub struct Metrics {
    pub references: Vec<String>,
    pub hypotheses: Vec<String>,
    pub bleu: f64,
    pub rouge1: Vec<f64>,
}

impl Golden {
    /// Reads the golden values.
    ///
    /// # Errors
    /// If `golden/golden.json` is not what `golden/make.py` writes.
    pub fn load() -> Result<Self, serde_json::Error> {
        serde_json::from_str(include_str!("../golden/golden.json"))
    }
}

impl Bayes {
    /// The examples as `count_classes` takes them.
    pub fn examples(&self) -> Vec<(&str, usize)> {
        self.examples.iter().map(|(text, label)| (text.as_str(), *label)).collect()
    }

    /// What there is to count.
    pub fn counts(&self) -> ClassCounts {
        let Self { texts, words, of_word, .. } = self.clone();
        ClassCounts { texts, words, of_word }
    }
}

impl Ibm1 {
    /// The sentences, cut into words.
    pub fn pairs(&self) -> Vec<Pair> {
        self.pairs.iter().map(|(source, target)| Pair::new(source, target)).collect()
    }
}

impl Tags {
    /// The counts that a test is tagged with.
    pub fn counts(&self, test: &Tagged) -> TagCounts {
        TagCounts { of_word: self.of_word.clone(), capitalized: test.capitalized }
    }
}

/// The names of a golden text.
pub fn entities(names: &[(usize, usize, String)]) -> Vec<Entity> {
    let kind = |name: &str| EntityKind::ALL.into_iter().find(|kind| kind.name() == name);
    let entity = |(start, end, name): &(usize, usize, String)| {
        Some(Entity { start: *start, end: *end, kind: kind(name)? })
    };
    names.iter().filter_map(entity).collect()
}

/// The candidates of a golden question.
pub fn candidates(candidates: &[(usize, usize, String)]) -> Vec<Candidate> {
    let asked = |word: &str| Asked::ALL.into_iter().find(|asked| asked.word() == word);
    let candidate = |(start, end, word): &(usize, usize, String)| {
        Some(Candidate { start: *start, end: *end, asked: asked(word)? })
    };
    candidates.iter().filter_map(candidate).collect()
}
