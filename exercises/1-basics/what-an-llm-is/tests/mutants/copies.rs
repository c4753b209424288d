//! What a text has copied, by brute force.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use what_an_llm_is::Copies;

#[test]
fn stretches_are_those_of_brute_force() {
    let mut rng = StdRng::seed_from_u64(8);
    let mut tokens =
        |len: usize| -> Vec<u32> { (0..len).map(|_| rng.random_range(0..3)).collect() };
    for _ in 0..50 {
        let (training, text) = (tokens(30), tokens(20));
        let mut copies = Copies::new(&training);
        text.iter().for_each(|&token| copies.push(token));
        let stands = |from: usize, to: usize| {
            training.windows(to - from).any(|window| window == &text[from..to])
        };
        let mut want = Vec::new();
        for (from, to) in (0..20).flat_map(|from| (from + 1..=20).map(move |to| (from, to))) {
            let grows = (from > 0 && stands(from - 1, to)) || (to < 20 && stands(from, to + 1));
            if stands(from, to) && !grows {
                want.push(from..to);
            }
        }
        want.sort_by_key(|stretch| (usize::MAX - stretch.len(), stretch.start));
        assert_eq!(copies.stretches(), want, "{text:?} in {training:?}");
    }
}
