//! Tinytown as training text, and the settings that suit it.

use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use tinytown::{JOBS, Person, World};

use crate::{Vocab, subsample};

/// Numbers in a vector.
pub const DIM: usize = 32;
/// Places to the left and to the right that count as company.
pub const WINDOW: usize = 4;
/// Negatives for each pair.
pub const NEGATIVES: usize = 5;
/// Learning rate of the first step.
pub const RATE: f32 = 0.1;
/// Words with a larger share of the text are thinned out.
pub const THRESHOLD: f64 = 2e-3;
/// Rarer words are left out.
pub const MIN_COUNT: u64 = 5;
/// Words at most.
pub const MAX_WORDS: usize = 1000;
/// How often the text is read.
pub const PASSES: usize = 2;
/// The world, and how much is told of it.
pub const SEED: u64 = 1;
/// Bytes of text.
pub const BYTES: usize = 400_000;

/// Stories of Tinytown.
pub fn text() -> String {
    World::new(SEED).text(0, BYTES)
}

/// A text of Tinytown as ids.
#[derive(Debug)]
pub struct Town {
    /// Its words.
    pub vocab: Vocab,
    /// Its tokens, frequent words thinned out.
    pub tokens: Vec<u32>,
    /// What is random goes on from here.
    pub rng: StdRng,
}

impl Default for Town {
    fn default() -> Self {
        Self::new()
    }
}

impl Town {
    /// The town that the check and the page learn from, and the demo by default.
    pub fn new() -> Self {
        let (vocab, tokens) = Vocab::of(&text(), MAX_WORDS, MIN_COUNT);
        let mut rng = StdRng::seed_from_u64(SEED);
        let tokens = subsample(&tokens, vocab.counts(), THRESHOLD, &mut rng);
        Self { vocab, tokens, rng }
    }
}

/// Pairs in random order, the same each time: stories come one after the other, and over the last
/// the first would be forgotten.
pub fn shuffled(mut pairs: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
    pairs.shuffle(&mut StdRng::seed_from_u64(11));
    pairs
}

/// Analogies `[a, b, c, d]`, “a is to b as c is to d”, between jobs and their workplaces: all
/// ordered pairs of jobs whose words are in the vocabulary.
pub fn analogies(vocab: &Vocab) -> Vec<[u32; 4]> {
    let ids = |(job, place)| Some((vocab.id(job)?, vocab.id(place)?));
    let known: Vec<(u32, u32)> = workplaces().filter_map(ids).collect();
    let mut questions = Vec::new();
    for &(a, b) in &known {
        for &(c, d) in known.iter().filter(|&&(c, _)| c != a) {
            questions.push([a, b, c, d]);
        }
    }
    questions
}

/// Jobs and where they are done, where that is one word.
pub fn workplaces() -> impl Iterator<Item = (&'static str, &'static str)> {
    JOBS.iter().filter_map(|job| {
        let place = job.workplace.trim_start_matches("the ");
        (!place.contains(' ')).then_some((job.name, place))
    })
}

const DAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const NUMBERS: [&str; 12] = [
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen",
];

/// The kinds of Tinytown's words, and the ids of each, most frequent first. A word has one kind.
pub fn kinds(vocab: &Vocab) -> Vec<(&'static str, Vec<u32>)> {
    let world = World::new(SEED);
    let of_people = |word: fn(&Person) -> &'static str| world.people.iter().map(word).collect();
    let of_jobs = |word: fn(&tinytown::Job) -> &'static str| JOBS.iter().map(word).collect();
    let words: [(&str, Vec<&str>); 9] = [
        ("jobs", of_jobs(|job| job.name)),
        ("workplaces", workplaces().map(|(_, place)| place).collect()),
        ("products", of_jobs(|job| job.product)),
        ("days", DAYS.into()),
        ("numbers", NUMBERS.into()),
        ("colors", of_people(|person| person.color)),
        ("animals", of_people(|person| person.pet)),
        ("food", of_people(|person| person.likes)),
        ("people", of_people(|person| person.name)),
    ];
    let mut seen = std::collections::HashSet::new();
    let mut id = |word: &&str| vocab.id(&word.to_lowercase()).filter(|id| seen.insert(*id));
    let kinds = words.map(|(kind, words)| {
        let mut ids: Vec<u32> = words.iter().filter_map(&mut id).collect();
        // Ids are by frequency.
        ids.sort_unstable();
        (kind, ids)
    });
    kinds.into()
}
