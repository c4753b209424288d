//! The quiz of the page; the lesson's code picks the right choices.

use grading::{Failure, Quiz};
use rand::SeedableRng;
use rand::rngs::StdRng;
use tinytown::World;
use tokenization::{SAMPLE_VOCAB_SIZE, fast::Encoder, sample_vocab};

use crate::solution::{fit, generate, perplexity, prob};
use crate::words::{NEW_WORD, TEXT, Words};
use crate::{Copies, Ngram};

/// Five questions.
pub fn quiz() -> Quiz {
    Quiz::default()
        .ask(
            "never-after-the",
            format!("The model of order 2 on this page never saw *{NEW_WORD}*, neither after *the* nor elsewhere. What is P({NEW_WORD} | the)?"),
            [
                ("0: it never happened", "Relative frequencies say so, and then one new word makes a whole text impossible."),
                ("1/V, the share of a word out of the vocabulary", "That would be the floor alone. Most of the probability went to words that were seen."),
                ("More than 0, but less than 1/V", "What Witten–Bell reserves for new words goes down to the floor in two steps, and each passes on a part only."),
            ],
            || {
                let words = Words::new();
                let model = fit(&words.ids(TEXT), 2, words.len())?;
                let (p, floor) = (prob(&model, &words.ids("the"), words.ids(NEW_WORD)[0]), 1.0 / words.len() as f64);
                Ok(if p == 0.0 { 0 } else if p < 0.99 * floor { 2 } else { 1 })
            },
        )
        .ask(
            "what-a-trigram-sees",
            "A model of order 3 goes on from *the dog sat on the*. Which words does its next word depend on?",
            [
                ("All five", "Only a longer memory would see them. That the dog is what sat is lost on this model."),
                ("*sat on the*", "These are three words, but the third of a trigram is the one to come."),
                ("*on the*", "Order 3 counts three words at a time: two of context and the new one."),
            ],
            || {
                let words = Words::new();
                let model = fit(&words.ids(TEXT), 3, words.len())?;
                let after = |context: &str| -> Vec<f64> {
                    (0..words.len() as u32).map(|word| prob(&model, &words.ids(context), word)).collect()
                };
                let all = after("the dog sat on the");
                // How many of the words decide: with fewer, something changes.
                match ["the", "on the", "sat on the"].iter().position(|end| after(end) == all) {
                    Some(1) => Ok(2),
                    Some(2) => Ok(1),
                    Some(_) => Err(Failure::wrong("one word decides")),
                    None => Ok(0),
                }
            },
        )
        .ask(
            "knows-nothing",
            "A model that knows nothing gives each of 1,024 tokens the same probability. What is its perplexity?",
            [
                ("10", "That is the number of bits: the logarithm of the perplexity to the base 2."),
                ("1,024", "Perplexity is a number of equally likely choices, and here they are equally likely."),
                ("Infinite", "Only a token with probability 0 would make it so."),
            ],
            || {
                let computed = perplexity(&Ngram::new(1, 1024)?, &[3, 1023, 0])?;
                let choices = [10.0, 1024.0, f64::INFINITY];
                let found = choices.iter().position(|choice| (choice - computed).abs() < 1e-6);
                found.ok_or_else(|| Failure::wrong(format!("the code computes {computed}")))
            },
        )
        .ask(
            "lower-on-its-own-text",
            "You train on 10 KB of Tinytown. On that training text the model of order 6 has a far lower perplexity than that of order 3. Which is better on new stories?",
            [
                ("Order 6: its perplexity is lower", "On the text that it has memorized. There, a table of everything would be the best model of all."),
                ("Order 3", "Most contexts of five tokens in a new story are new to the model, so the counts of order 6 say little about it. Only held-out text shows that."),
                ("The same: they saw the same text", "They read it differently, and so they fall back at different places."),
            ],
            || {
                let bpe = sample_vocab(SAMPLE_VOCAB_SIZE)?;
                let mut encoder = Encoder::new(&bpe);
                let world = World::new(1);
                let mut tokens = |stream| encoder.encode(&world.text(stream, 10_000));
                let mut model = fit(&tokens(0), 6, SAMPLE_VOCAB_SIZE)?;
                let held_out = tokens(1);
                let six = perplexity(&model, &held_out)?;
                model.set_order(3)?;
                let three = perplexity(&model, &held_out)?;
                Ok(if six < three { 0 } else if three < six { 1 } else { 2 })
            },
        )
        .ask(
            "how-long-a-copy",
            "Can a model of order 3 copy a stretch of 20 tokens from its training text, word for word?",
            [
                ("No: it knows stretches of 3 tokens at most", "Each step sees two tokens, but the next step sees the newest two, and so on."),
                ("Yes: each step can go on at the same place", "If two tokens have one follower only, the text goes on as it did, again and again. Nothing in the model says that this is a copy."),
                ("Only if the prompt holds the 20 tokens", "Two tokens of it are enough to get onto the track."),
            ],
            || {
                // A text in which nothing comes twice.
                let training: Vec<u32> = (0..1000).collect();
                let model = fit(&training, 3, 1000)?;
                let mut longest = 0;
                for seed in 0..200 {
                    let written = generate(&model, &[0, 1], 40, &mut StdRng::seed_from_u64(seed));
                    let mut copies = Copies::new(&training);
                    written.iter().for_each(|&token| copies.push(token));
                    longest = longest.max(copies.stretches().first().map_or(0, ExactSizeIterator::len));
                }
                Ok(usize::from(longest > 3))
            },
        )
}
