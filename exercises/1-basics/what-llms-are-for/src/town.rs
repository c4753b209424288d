//! The six tasks in Tinytown, each with its examples; and models fitted to them.

use tinytown::{Mood, Question, Summary, Tagged, Translation, World};

use crate::{
    AnswerCounts, Answers, ClassCounts, Idf, Pair, TagCounts, TaskError, TranslationTable,
    em_round, uniform_table,
};

/// The stream of examples to fit to.
pub const TRAINING: u64 = 0;

/// The stream of examples that no model has seen.
pub const HELD_OUT: u64 = 1;

/// The seed of the world that all numbers of the page are from.
pub const SEED: u64 = 1;

/// The classes of sentiment; a label is an index into it.
pub const MOODS: [&str; 2] = ["bad", "good"];

/// Rounds of expectation maximization.
pub const ROUNDS: usize = 6;

/// Examples of every task but generation, which needs running text.
#[derive(Clone, Debug)]
pub struct Examples {
    /// Texts, each with the label of its mood.
    pub sentiments: Vec<(String, usize)>,
    /// Texts with their names.
    pub tagged: Vec<Tagged>,
    /// Questions with their answers.
    pub questions: Vec<Question>,
    /// English and Tinytongue.
    pub translations: Vec<Translation>,
    /// Stories with their summaries.
    pub summaries: Vec<Summary>,
}

impl Examples {
    /// The first `n` of each task.
    pub fn new(world: &World, stream: u64, n: usize) -> Self {
        let label = |mood| usize::from(mood == Mood::Good);
        let sentiments = world.sentiments(stream).take(n).map(|s| (s.text, label(s.mood)));
        Self {
            sentiments: sentiments.collect(),
            tagged: world.tagged(stream).take(n).collect(),
            questions: world.questions(stream).take(n).collect(),
            translations: world.translations(stream).take(n).collect(),
            summaries: world.summaries(stream).take(n).collect(),
        }
    }

    /// Texts and labels as `count_classes` takes them.
    pub fn labeled(&self) -> Vec<(&str, usize)> {
        self.sentiments.iter().map(|(text, label)| (text.as_str(), *label)).collect()
    }

    /// Sentences and translations, cut into words.
    pub fn pairs(&self) -> Vec<Pair> {
        self.translations.iter().map(|t| Pair::new(&t.english, &t.tinytongue)).collect()
    }
}

/// What is learned from the examples of the tasks. A summary needs no learning.
#[derive(Clone, Debug)]
pub struct Models {
    /// For sentiment.
    pub classes: ClassCounts,
    /// For names.
    pub tags: TagCounts,
    /// For questions: which words tell much.
    pub idf: Idf,
    /// For questions: what may be an answer.
    pub answers: AnswerCounts,
    /// For translation.
    pub table: TranslationTable,
}

impl Models {
    /// Fits with the answer that learns, `count_classes`, and with what is given.
    ///
    /// # Errors
    /// Those of `count_classes`.
    pub fn fit(examples: &Examples, answers: &Answers) -> Result<Self, TaskError> {
        let pairs = examples.pairs();
        let mut table = uniform_table(&pairs);
        for _ in 0..ROUNDS {
            table = em_round(&pairs, &table);
        }
        Ok(Self {
            classes: (answers.count_classes)(&examples.labeled(), MOODS.len())?,
            tags: TagCounts::fit(&examples.tagged),
            idf: Idf::fit(examples.questions.iter().map(|q| q.context.as_str())),
            answers: AnswerCounts::fit(&examples.questions),
            table,
        })
    }
}
