//! Tinytown as training text, and the settings that suit it.

use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use tinytown::{JOBS, World};

use crate::{Vocab, subsample};

/// Numbers in a vector.
pub const DIM: usize = 24;
/// Places to the left and to the right that count as company.
pub const WINDOW: usize = 4;
/// Negatives for each pair.
pub const NEGATIVES: usize = 5;
/// Learning rate of the first step.
pub const RATE: f32 = 0.1;
/// Words with a larger share of the text are thinned out.
pub const THRESHOLD: f64 = 1e-3;
/// Rarer words are left out.
pub const MIN_COUNT: u64 = 5;
/// Words at most.
pub const MAX_WORDS: usize = 1000;
/// How often the check reads its town.
pub const PASSES: usize = 2;

/// A text of Tinytown as ids.
#[derive(Clone, Debug)]
pub struct Town {
    /// Its words.
    pub vocab: Vocab,
    /// Its tokens, frequent words thinned out.
    pub tokens: Vec<u32>,
}

impl Town {
    /// The town of a seed, in so many bytes of text.
    pub fn new(seed: u64, bytes: usize) -> Self {
        let text = World::new(seed).text(0, bytes);
        let (vocab, tokens) = Vocab::of(&text, MAX_WORDS, MIN_COUNT);
        let mut rng = StdRng::seed_from_u64(seed);
        let tokens = subsample(&tokens, vocab.counts(), THRESHOLD, &mut rng);
        Self { vocab, tokens }
    }

    /// The town of the checks.
    pub fn small() -> Self {
        Self::new(1, 200_000)
    }

    /// Pairs in random order, the same each time: stories come one after the other, and the
    /// first would be forgotten over the last.
    pub fn shuffled(&self, mut pairs: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
        pairs.shuffle(&mut StdRng::seed_from_u64(11));
        pairs
    }

    /// Analogies `[a, b, c, d]`, “a is to b as c is to d”, between jobs and their workplaces:
    /// every ordered pair of jobs whose words are in the vocabulary.
    pub fn analogies(&self) -> Vec<[u32; 4]> {
        let known: Vec<(u32, u32)> = workplaces()
            .filter_map(|(job, place)| Some((self.vocab.id(job)?, self.vocab.id(place)?)))
            .collect();
        let mut questions = Vec::new();
        for &(a, b) in &known {
            for &(c, d) in known.iter().filter(|&&(c, _)| c != a) {
                questions.push([a, b, c, d]);
            }
        }
        questions
    }
}

/// Jobs and where they are done, where that is one word.
pub fn workplaces() -> impl Iterator<Item = (&'static str, &'static str)> {
    JOBS.iter().filter_map(|job| {
        let place = job.workplace.trim_start_matches("the ");
        (!place.contains(' ')).then_some((job.name, place))
    })
}
