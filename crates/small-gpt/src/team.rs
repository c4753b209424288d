//! Engines of several processes that compute one gradient together.

use crate::{Summed, Texts};

/// Processes that train a model together. Each has the whole model and all texts, and computes with
/// its share of them.
pub trait Team {
    /// Which of them this is, from 0.
    fn rank(&self) -> usize;

    /// How many there are.
    fn size(&self) -> usize;

    /// Adds up what each has: afterwards all have the same sums, bit by bit. All call it, equally
    /// often.
    fn sum(&mut self, gradient: &mut [f32], summed: &mut Summed);
}

impl Texts<'_> {
    /// The texts of one of `size` processes: as many as of another, or one more or less, and none if
    /// there are too few.
    pub(crate) fn share(self, rank: usize, size: usize) -> Self {
        let count = self.ids.len() / self.seq;
        let at = |rank: usize| rank * count / size * self.seq;
        let range = at(rank)..at(rank + 1);
        Self { ids: &self.ids[range.clone()], labels: &self.labels[range], seq: self.seq }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Barrier, Mutex};

    use rand::SeedableRng;
    use rand::rngs::StdRng;

    use super::*;
    use crate::{Engine, Model, Sizes};

    const SIZES: Sizes = Sizes { n_layer: 1, n_head: 2, n_embd: 8, n_positions: 6, vocab_size: 11 };

    /// Threads in place of processes.
    struct Threads {
        rank: usize,
        size: usize,
        barrier: Arc<Barrier>,
        shared: Arc<Mutex<(Vec<f32>, Summed)>>,
    }

    impl Team for Threads {
        fn rank(&self) -> usize {
            self.rank
        }

        fn size(&self) -> usize {
            self.size
        }

        fn sum(&mut self, gradient: &mut [f32], summed: &mut Summed) {
            for rank in 0..self.size {
                if rank == self.rank {
                    let mut shared = self.shared.lock().unwrap();
                    if rank == 0 {
                        *shared = (gradient.to_vec(), *summed);
                    } else {
                        crate::layers::add(&mut shared.0, gradient);
                        shared.1 = shared.1 + *summed;
                    }
                }
                self.barrier.wait();
            }
            let shared = self.shared.lock().unwrap();
            gradient.copy_from_slice(&shared.0);
            *summed = shared.1;
            drop(shared);
            self.barrier.wait();
        }
    }

    /// Five texts of six tokens, of which some ask for less.
    fn texts() -> (Vec<u32>, Vec<i64>) {
        let labels = (0..30).map(|i| if i % 7 == 3 || i > 26 { -100 } else { i % 11 });
        ((0..30).map(|i| i * i % 11).collect(), labels.collect())
    }

    /// What each of `size` processes gets, added to what was there.
    fn together(size: usize) -> Vec<(Summed, Vec<f32>)> {
        let model = Model::random(SIZES, &mut StdRng::seed_from_u64(1));
        let (barrier, shared) = (Arc::new(Barrier::new(size)), Arc::default());
        std::thread::scope(|scope| {
            let members: Vec<_> = (0..size)
                .map(|rank| {
                    let (barrier, shared) = (Arc::clone(&barrier), Arc::clone(&shared));
                    let model = &model;
                    scope.spawn(move || {
                        let team = Threads { rank, size, barrier, shared };
                        let mut engine = Engine::default().in_team(Box::new(team));
                        let (ids, labels) = texts();
                        let mut gradient = vec![1.0; model.parameters.len()];
                        let texts = Texts { ids: &ids, labels: &labels, seq: 6 };
                        let summed = engine.gradient(model, texts, 0.5, &mut gradient);
                        (summed, gradient)
                    })
                })
                .collect();
            members.into_iter().map(|member| member.join().unwrap()).collect()
        })
    }

    #[test]
    fn any_number_of_processes_has_the_gradient_of_one() {
        let model = Model::random(SIZES, &mut StdRng::seed_from_u64(1));
        let (ids, labels) = texts();
        let mut alone = vec![1.0; model.parameters.len()];
        let texts = Texts { ids: &ids, labels: &labels, seq: 6 };
        let summed = Engine::default().gradient(&model, texts, 0.5, &mut alone);
        // Eight are more than there are texts.
        for size in [1, 2, 3, 4, 8] {
            let members = together(size);
            for member in &members {
                assert_eq!(*member, members[0], "{size}");
                assert_eq!(member.0.tokens, summed.tokens);
                assert!((member.0.loss - summed.loss).abs() < 1e-5, "{size}");
                for (a, b) in member.1.iter().zip(&alone) {
                    assert!((a - b).abs() < 1e-5, "{size}: {a} {b}");
                }
            }
        }
    }

    #[test]
    fn shares_are_all_texts_once() {
        let (ids, labels) = texts();
        let texts = Texts { ids: &ids, labels: &labels, seq: 6 };
        for size in 1..9 {
            let shares: Vec<_> = (0..size).map(|rank| texts.share(rank, size)).collect();
            let joined: Vec<u32> = shares.iter().flat_map(|share| share.ids).copied().collect();
            assert_eq!(joined, ids);
            let lens = shares.iter().map(|share| share.ids.len());
            let (least, most) = (lens.clone().min().unwrap(), lens.max().unwrap());
            assert!(most - least <= 6, "{size}");
        }
    }
}
