//! The quiz of the page; the lesson's code picks the right choices.

use grading::{Keys, pick, position};
use rand::SeedableRng;
use rand::rngs::StdRng;
use tinytown::World;
use tokenization::{SAMPLE_VOCAB_SIZE, fast::Encoder, sample_vocab};

use crate::solution::{fit, generate, perplexity, prob};
use crate::words::{NEW_WORD, TEXT, Words};
use crate::{Copies, Ngram};

/// Five questions.
pub fn keys() -> Keys {
    Keys::default()
        .key("never-after-the", || {
            let words = Words::default();
            let model = fit(&words.ids(TEXT), 2, words.vocab_size())?;
            let floor = 1.0 / words.vocab_size() as f64;
            let p = prob(&model, &words.ids("the"), words.ids(NEW_WORD)[0]);
            pick([p == 0.0, (p / floor - 1.0).abs() < 1e-9, 0.0 < p && p < 0.99 * floor])
        })
        .key("what-a-trigram-sees", || {
            let words = Words::default();
            let model = fit(&words.ids(TEXT), 3, words.vocab_size())?;
            let after = |context: &str| -> Vec<f64> {
                (0..words.vocab_size() as u32)
                    .map(|word| prob(&model, &words.ids(context), word))
                    .collect()
            };
            let all = after("the dog sat on the");
            // The fewest words at the end that decide as all of them do.
            let ends = ["the", "on the", "sat on the", "dog sat on the"];
            let fewest = ends.iter().position(|end| after(end) == all);
            position(&[None, Some(2), Some(1)], &fewest)
        })
        .key("knows-nothing", || {
            let computed = perplexity(&Ngram::new(1, 1024)?, &[3, 1023, 0])?;
            pick([10.0, 1024.0, f64::INFINITY].map(|choice| (choice - computed).abs() < 1e-6))
        })
        .key("lower-on-its-own-text", || {
            let bpe = sample_vocab(SAMPLE_VOCAB_SIZE)?;
            let mut encoder = Encoder::new(&bpe);
            let world = World::new(1);
            let mut tokens = |stream| encoder.encode(&world.text(stream, 10_000));
            let mut model = fit(&tokens(0), 6, SAMPLE_VOCAB_SIZE)?;
            let held_out = tokens(1);
            let six = perplexity(&model, &held_out)?;
            model.set_order(3)?;
            let three = perplexity(&model, &held_out)?;
            pick([six < three, three < six, six == three])
        })
        .key("how-long-a-copy", || {
            // A text in which nothing comes twice.
            let training: Vec<u32> = (0..1000).collect();
            let model = fit(&training, 3, 1000)?;
            let longest = |prompt: &[u32]| {
                let copied = |seed| {
                    let written = generate(&model, prompt, 40, &mut StdRng::seed_from_u64(seed));
                    let mut copies = Copies::new(&training);
                    written.iter().for_each(|&token| copies.push(token));
                    copies.stretches().first().map_or(0, ExactSizeIterator::len)
                };
                (0..200).map(copied).max().unwrap_or(0)
            };
            let (from_two, from_twenty) = (longest(&training[..2]), longest(&training[..20]));
            pick([
                from_two <= 3 && from_twenty <= 3,
                from_two >= 20,
                from_two < 20 && from_twenty >= 20,
            ])
        })
}
