//! The random choices of Tinytown: the same on every machine, for ever.
//!
//! Only 32-bit words of ChaCha8 are used, and the arithmetic on them is here, so neither the width
//! of `usize` nor a new version of a sampling algorithm can change a text.

use rand::rngs::ChaCha8Rng;
use rand::{Rng, SeedableRng};

/// A seeded source of choices.
#[derive(Debug)]
pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    /// The choices of one stream of one kind of text in one world.
    ///
    /// All three are bytes of the key of the cipher, so two streams share nothing.
    pub fn new(world: u64, kind: &str, stream: u64) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&world.to_le_bytes());
        key[8..16].copy_from_slice(&stream.to_le_bytes());
        for (slot, byte) in key[16..].iter_mut().zip(kind.bytes()) {
            *slot = byte;
        }
        Self(ChaCha8Rng::from_seed(key))
    }

    /// A number from 0 to `n` − 1; 0 if `n` is 0.
    ///
    /// Uneven by at most `n` / 2³², which no test of the size of this book can see.
    pub fn below(&mut self, n: u32) -> u32 {
        ((u64::from(self.0.next_u32()) * u64::from(n)) >> 32) as u32
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high - low + 1)
    }

    /// True in so many of a hundred cases.
    pub fn percent(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// One place in a list of `len` elements.
    pub fn index(&mut self, len: usize) -> usize {
        self.below(len as u32) as usize
    }

    /// One of a list, which is not empty.
    pub fn pick<'a, T: ?Sized>(&mut self, list: &'a [&'a T]) -> &'a T {
        list[self.index(list.len())]
    }

    /// One of a list, which is not empty.
    pub fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.index(list.len())]
    }

    /// Shuffles a list (Fisher and Yates).
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for i in (1..list.len()).rev() {
            let j = self.index(i + 1);
            list.swap(i, j);
        }
    }
}
