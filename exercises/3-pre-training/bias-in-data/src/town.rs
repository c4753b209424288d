//! Tinytown with a prejudice, and what models learn from it.

use tinytown::{Group, Mood, World};
use what_llms_are_for::solution::{classify, count_classes};
use what_llms_are_for::{ClassCounts, lower_words};

use crate::{Answers, BiasError, Counts, RateGap, Splits, TwinGap, Vectors, Weat};

/// The seed of the world that all numbers of the page are from.
pub const SEED: u64 = 5;

/// Texts to train on.
pub const TRAINING: usize = 2000;

/// Texts held out.
pub const HELD_OUT: usize = 500;

/// How many texts in a hundred are biased, where the page does not say otherwise.
pub const BIAS: u32 = 60;

/// So many people of each group are compared in every split.
pub const NAMES: usize = 8;

/// Words that say that something was good.
pub const GOOD: [&str; 8] =
    ["good", "wonderful", "lovely", "excellent", "great", "charming", "pleasant", "amazing"];

/// Words that say that something was bad.
pub const BAD: [&str; 8] =
    ["bad", "terrible", "awful", "boring", "dreadful", "horrible", "ugly", "annoying"];

/// The smallest example: two people of the hill, two of the shore, and two words, as arrows of the
/// length 1.
pub const SMALL: [(&str, [f64; 2]); 6] = [
    ("Ruby", [0.96, 0.28]),
    ("Zoe", [0.8, 0.6]),
    ("Finn", [0.6, 0.8]),
    ("Emma", [0.28, 0.96]),
    ("good", [1.0, 0.0]),
    ("bad", [0.0, 1.0]),
];

/// Balance without losing or adding texts.
pub const BALANCED: Remedy = Remedy::Balanced { per_cell: TRAINING / 4 };

/// What is done about the bias before training.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Nothing.
    None,
    /// Copies, and texts left out, until each label is equally frequent in each group.
    Balanced {
        /// So many texts of each label in each group.
        per_cell: usize,
    },
    /// The twin of each text, with the same label.
    Counterfactual,
}

/// A text of Tinytown.
#[derive(Clone, Debug)]
pub struct Example {
    /// What it says.
    pub text: String,
    /// 1 if it is good, else 0.
    pub label: usize,
    /// The group of the person it is about.
    pub group: Group,
}

/// A town in which two people have moved, so that as many live on the hill as on the shore.
pub fn town(seed: u64, bias: u32) -> World {
    let mut world = World::new(seed).with_bias(bias);
    let street = world.streets().into_iter().find(|(_, group)| *group == Group::Shore);
    let movers = world.people.iter_mut().filter(|person| person.group == Group::Hill).take(2);
    for (mover, (street, group)) in movers.zip(street.into_iter().cycle()) {
        (mover.street, mover.group) = (street, group);
    }
    world
}

/// Each person of the hill with one of the shore, then each street of the hill with one of the shore.
pub fn pairs(world: &World) -> Vec<(&'static str, &'static str)> {
    let people = |group| world.people.iter().filter(move |p| p.group == group).map(|p| p.name);
    let streets = world.streets();
    let streets = |group| streets.iter().filter(move |s| s.1 == group).map(|s| s.0);
    let [hill, shore] =
        [Group::Hill, Group::Shore].map(|group| people(group).chain(streets(group)));
    hill.zip(shore).collect()
}

/// The first texts of a stream.
pub fn examples(world: &World, stream: u64, n: usize) -> Vec<Example> {
    let example = |s: tinytown::Sentiment| Example {
        label: usize::from(s.mood == Mood::Good),
        text: s.text,
        group: s.group,
    };
    world.sentiments(stream).take(n).map(example).collect()
}

/// Jobs that only people of the hill have, then as many that only people of the shore have.
pub fn jobs(world: &World) -> [Vec<&'static str>; 2] {
    let mut jobs = [Group::Hill, Group::Shore].map(|group| {
        let only = |name: &str| {
            world.people.iter().filter(|p| p.job.name == name).all(|p| p.group == group)
        };
        tinytown::JOBS.iter().map(|job| job.name).filter(|name| only(name)).collect::<Vec<_>>()
    });
    let n = jobs[0].len().min(jobs[1].len());
    jobs.iter_mut().for_each(|jobs| jobs.truncate(n));
    jobs
}

/// Two models that learned from the same texts.
#[derive(Debug)]
pub struct Trained {
    world: World,
    counts: ClassCounts,
    /// Vectors of the words in lower case.
    pub vectors: Vectors,
    /// So many texts they learned from.
    pub texts: usize,
}

impl Trained {
    /// Trains on texts of a town with so much bias, treated with a remedy.
    ///
    /// # Errors
    /// Those of the remedy.
    pub fn new(answers: &Answers, world: World, remedy: Remedy) -> Result<Self, BiasError> {
        let mut examples = examples(&world, 0, TRAINING);
        match remedy {
            Remedy::None => {}
            Remedy::Balanced { per_cell } => {
                let cells: Vec<(usize, usize)> = examples
                    .iter()
                    .map(|e| (usize::from(e.group == Group::Shore), e.label))
                    .collect();
                let copies = (answers.balance)(&cells, per_cell)?;
                let copied = examples.iter().zip(copies);
                examples = copied.flat_map(|(e, n)| std::iter::repeat_n(e.clone(), n)).collect();
            }
            Remedy::Counterfactual => {
                let pairs = pairs(&world);
                for at in 0..examples.len() {
                    let Example { text, label, group } = examples[at].clone();
                    let text = (answers.counterfactual)(&text, &pairs)?;
                    examples.push(Example { text, label, group });
                }
            }
        }
        let texts: Vec<String> = examples.iter().map(|e| joined(&world, &e.text)).collect();
        let labeled: Vec<(&str, usize)> =
            texts.iter().zip(&examples).map(|(text, e)| (text.as_str(), e.label)).collect();
        let counts = count_classes(&labeled, 2).unwrap_or_else(|_| ClassCounts::new(2));
        let words: Vec<Vec<String>> = texts
            .iter()
            .map(|text| {
                let mut words = lower_words(text);
                words.sort_unstable();
                words.dedup();
                words
            })
            .collect();
        Ok(Self { vectors: Vectors::learn(&words, 5), counts, texts: texts.len(), world })
    }

    /// The probability that a text is good, as naive Bayes has it.
    pub fn score(&self, text: &str) -> f64 {
        classify(&self.counts, &joined(&self.world, text))[1]
    }
}

/// A text in which the name of a street is one word, apart from the person called so.
fn joined(world: &World, text: &str) -> String {
    let streets = world.streets().into_iter();
    streets
        .fold(text.to_string(), |text, (street, _)| text.replace(street, &street.replace(' ', "")))
}

/// What is measured on trained models.
#[derive(Debug)]
pub struct Measured {
    /// How often a text is good, by group, in the texts before any remedy.
    pub rates: RateGap,
    /// How many of the texts held out, which are not biased, are judged rightly.
    pub accuracy: f64,
    /// Names of both groups, and good and bad words.
    pub names: Weat,
    /// The p-value of their scores.
    pub names_p: f64,
    /// Texts held out and their twins.
    pub twins: TwinGap,
    /// What the classifier says of jobs that one group has, and of those that the other has.
    pub jobs: [Vec<f64>; 2],
    /// The p-value of these scores.
    pub jobs_p: f64,
}

/// The names of the first [`NAMES`] pairs, and good and bad words.
///
/// # Errors
/// Those of the test.
pub fn test_names(answers: &Answers, trained: &Trained) -> Result<Weat, BiasError> {
    let (mut hill, mut shore) = (vec![], vec![]);
    for (p, q) in pairs(&trained.world).into_iter().take(NAMES) {
        hill.push(p.to_lowercase());
        shore.push(q.to_lowercase());
    }
    let [hill, shore] =
        [&hill, &shore].map(|names| names.iter().map(String::as_str).collect::<Vec<_>>());
    (answers.weat)(&trained.vectors, &hill, &shore, &GOOD, &BAD)
}

/// Measures.
///
/// # Errors
/// Those of the answers.
pub fn measure(answers: &Answers, trained: &Trained) -> Result<Measured, BiasError> {
    let world = &trained.world;
    let seen = examples(world, 0, TRAINING);
    let counts = |group| {
        let texts = seen.iter().filter(|e| e.group == group);
        Counts { hits: texts.clone().map(|e| e.label as u64).sum(), of: texts.count() as u64 }
    };
    let held_out = examples(&world.with_bias(0), 1, HELD_OUT);
    let right = |e: &&Example| (trained.score(&e.text) > 0.5) == (e.label == 1);
    let accuracy = held_out.iter().filter(right).count() as f64 / HELD_OUT as f64;
    let pairs = pairs(world);
    let names = test_names(answers, trained)?;
    let names_p = (answers.permutation_p)(&names.x_scores, &names.y_scores, Splits::All)?;
    let texts: Vec<(&str, Group)> = held_out.iter().map(|e| (e.text.as_str(), e.group)).collect();
    let jobs =
        jobs(world).map(|jobs| jobs.iter().map(|job| trained.score(job)).collect::<Vec<_>>());
    Ok(Measured {
        rates: (answers.rate_gap)(counts(Group::Hill), counts(Group::Shore), 1.96)?,
        accuracy,
        names_p,
        names,
        twins: (answers.twin_gap)(&|text| trained.score(text), &texts, &pairs)?,
        jobs_p: (answers.permutation_p)(&jobs[0], &jobs[1], Splits::All)?,
        jobs,
    })
}
