//! Texts in batches of about one length: padding costs as much as words.

use rand::Rng;
use rand::rngs::ChaCha8Rng;

/// So many batches are sorted together.
const POOL: usize = 8;

/// Draws texts from an endless stream, batch by batch.
pub struct Batches<T> {
    stream: Box<dyn Iterator<Item = T>>,
    size: usize,
    length: fn(&T) -> usize,
    pool: Vec<Vec<T>>,
}

impl<T> Batches<T> {
    /// `size` texts a batch; `length` is what a text costs.
    pub fn new(
        stream: impl Iterator<Item = T> + 'static,
        size: usize,
        length: fn(&T) -> usize,
    ) -> Self {
        Self { stream: Box::new(stream), size, length, pool: Vec::new() }
    }

    /// The next texts, some of about one length.
    pub fn next(&mut self, rng: &mut ChaCha8Rng) -> Vec<T> {
        if self.pool.is_empty() {
            let mut texts: Vec<T> = self.stream.by_ref().take(POOL * self.size).collect();
            texts.sort_by_key(self.length);
            let mut texts = texts.into_iter();
            for _ in 0..POOL {
                self.pool.push(texts.by_ref().take(self.size).collect());
            }
        }
        // Not from short to long: the weights would go back and forth.
        let last = below(rng, self.pool.len());
        self.pool.swap_remove(last)
    }
}

/// A number below `n`, which is not 0.
pub fn below(rng: &mut ChaCha8Rng, n: usize) -> usize {
    ((u64::from(rng.next_u32()) * n as u64) >> 32) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    #[test]
    fn every_text_comes_once_and_with_its_like() {
        let mut batches = Batches::new((0..).map(|i| i * 7 % 32), 4, |&n: &usize| n);
        let mut rng = ChaCha8Rng::seed_from_u64(0);
        let drawn: Vec<Vec<usize>> = (0..8).map(|_| batches.next(&mut rng)).collect();
        assert!(drawn.iter().all(|batch| batch[3] - batch[0] == 3));
        let mut all = drawn.concat();
        all.sort_unstable();
        assert_eq!(all, (0..32).collect::<Vec<_>>());
    }
}
