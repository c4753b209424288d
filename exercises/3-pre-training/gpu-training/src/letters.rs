//! What both trainers read: stories of Tinytown, letter by letter.

use grading::random::seeded;
use rand::RngExt;
use small_gpt::{Model, Sizes};
use tinytown::World;

/// How much text, in bytes.
const BYTES: usize = 20_000;

/// A text in letters, and where a model reads in it.
#[derive(Clone, Debug)]
pub struct Letters {
    /// The letters that occur; an id is a place in this list.
    pub alphabet: Vec<char>,
    ids: Vec<u32>,
}

impl Letters {
    /// Stories of Tinytown.
    pub fn of_tinytown() -> Self {
        let text = World::new(1).text(0, BYTES);
        let mut alphabet: Vec<char> = text.chars().collect();
        alphabet.sort_unstable();
        alphabet.dedup();
        let id = |c: char| alphabet.binary_search(&c).unwrap_or(0) as u32;
        Self { ids: text.chars().map(id).collect(), alphabet }
    }

    /// The texts of a step, `seq` letters each, and the letters that follow.
    pub fn batch(&self, texts: usize, seq: usize, step: u64) -> (Vec<u32>, Vec<i64>) {
        let mut rng = seeded(step);
        let (mut ids, mut labels) = (Vec::new(), Vec::new());
        for _ in 0..texts {
            let start = rng.random_range(0..self.ids.len() - seq);
            ids.extend(&self.ids[start..start + seq]);
            labels.extend(self.ids[start + 1..=start + seq].iter().map(|&id| i64::from(id)));
        }
        (ids, labels)
    }

    /// An untrained model for these letters: two blocks, two heads, vectors of 16 numbers.
    pub fn model(&self, n_positions: usize) -> Model {
        let vocab_size = self.alphabet.len();
        let sizes = Sizes { n_layer: 2, n_head: 2, n_embd: 16, n_positions, vocab_size };
        Model::random(sizes, &mut seeded(7))
    }
}
