//! Tinytown: a small world with a known truth. One seed gives one world.

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use rand::seq::IndexedRandom;

/// The world of one seed.
#[derive(Clone, Debug, PartialEq)]
pub struct World {
    /// Who lives there.
    pub people: Vec<Person>,
}

/// Somebody who lives in Tinytown.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    /// First name.
    pub name: &'static str,
    /// What they work as.
    pub job: &'static str,
}

const NAMES: [&str; 4] = ["Ada", "Ben", "Cleo", "Dan"];
const JOBS: [&str; 3] = ["baker", "doctor", "teacher"];

impl World {
    /// The world of a seed: the same on every machine.
    pub fn new(seed: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let job = |rng: &mut ChaCha8Rng| JOBS.choose(rng).copied().unwrap_or(JOBS[0]);
        let people = NAMES.map(|name| Person { name, job: job(&mut rng) }).into();
        Self { people }
    }
}
