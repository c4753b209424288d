//! Tests of what is given: the fast version passes the checks of the reference, and the helpers
//! agree with Python. `cargo test -p tokenization --no-default-features` runs them.

use crate::fast::{Encoder, Trainer, train};
use crate::golden::Golden;
use crate::pretokenize::{Class, class};
use crate::solution::{bpe_train, count_pairs, decode, encode, merge_pair};
use crate::{PROSE, SAMPLE_VOCAB_SIZE, byte_id, chunks, count_words, pretokenize, sample_vocab};

/// The checks of the lesson on the fast version.
mod fast_version {
    mod subject {
        pub use crate::solution::*;

        pub fn bpe_train(text: &str, size: usize, special: &[&str]) -> Result<Bpe, BpeError> {
            crate::fast::train(text, size, special)
        }

        pub fn encode(bpe: &Bpe, text: &str) -> Vec<u32> {
            crate::fast::Encoder::new(bpe).encode(text)
        }

        use crate::{Bpe, BpeError};
    }
    include!("checks.rs");
}

#[test]
fn every_character_has_the_class_that_the_pattern_gives_it() {
    let ranges: Vec<(u32, String)> =
        serde_json::from_str(include_str!("../golden/classes.json")).unwrap();
    for code in 0..=u32::from(char::MAX) {
        let Some(c) = char::from_u32(code) else { continue };
        let range = ranges.partition_point(|&(first, _)| first <= code) - 1;
        let want = match ranges[range].1.as_str() {
            "L" => Class::Letter,
            "N" => Class::Number,
            "S" => Class::Space,
            _ => Class::Other,
        };
        assert_eq!(class(c), want, "U+{code:04X}");
        let text = format!("{c}a1 !");
        assert_eq!(pretokenize(&text).collect::<String>(), text);
    }
}

#[test]
fn words_are_those_of_the_pattern() {
    for golden in Golden::load().unwrap().pretokens {
        assert_eq!(pretokenize(&golden.text).collect::<Vec<_>>(), golden.pieces);
    }
}

#[test]
fn bytes_are_numbered_as_in_gpt2() {
    let mut ids: Vec<u32> = (0..=255).map(byte_id).collect();
    assert_eq!([b'!', b'a', b' ', b'\n', 0].map(byte_id), [0, 64, 220, 198, 188]);
    ids.sort_unstable();
    assert_eq!(ids, (0..256).collect::<Vec<u32>>());
}

#[test]
fn the_vocabulary_of_the_demos_is_what_training_learns() {
    let sample = sample_vocab(SAMPLE_VOCAB_SIZE).unwrap();
    assert_eq!(sample.vocab_size(), SAMPLE_VOCAB_SIZE);
    assert_eq!(bpe_train(PROSE, SAMPLE_VOCAB_SIZE, &[]).unwrap(), sample);
    assert_eq!(sample_vocab(300).unwrap().merges(), &sample.merges()[..44]);
    assert!(sample_vocab(255).is_err());
}

#[test]
fn the_page_says_why_a_longer_word_is_spelled_out() {
    let bpe = sample_vocab(SAMPLE_VOCAB_SIZE).unwrap();
    let is_token = |text: &str| {
        let ids = 0..bpe.vocab_size() as u32;
        ids.into_iter().any(|id| bpe.bytes(id) == Some(text.as_bytes()))
    };
    assert!(is_token(" understand") && !is_token("understand"));
}

#[test]
fn the_fast_version_gives_what_the_reference_gives() {
    let mut random = Random(7);
    for round in 0..300 {
        let text = random.text();
        let bpe = bpe_train(&text, 600, &["<|a|>"]).unwrap();
        assert_eq!(train(&text, 600, &["<|a|>"]).unwrap(), bpe, "round {round}: {text:?}");
        let mut encoder = Encoder::new(&bpe);
        for _ in 0..5 {
            let text = random.text();
            // Twice: the second time from memory.
            for _ in 0..2 {
                assert_eq!(encoder.encode(&text), encode(&bpe, &text), "round {round}: {text:?}");
            }
        }
    }
}

#[test]
fn the_fast_trainer_knows_every_count_at_every_step() {
    let mut random = Random(11);
    for round in 0..100 {
        let text = random.text();
        let mut words = count_words(&text, &[]).unwrap();
        let mut trainer = Trainer::new(words.clone());
        for id in 256..280 {
            let mut pairs: Vec<_> = count_pairs(&words).into_iter().collect();
            pairs.sort_unstable_by_key(|&(pair, count)| (std::cmp::Reverse(count), pair));
            let tokens: u64 = words.iter().map(|w| w.tokens.len() as u64 * w.count).sum();
            assert_eq!(trainer.tokens(), tokens, "round {round}, {id}: {text:?}");
            let best: Vec<_> = pairs.iter().take(5).copied().collect();
            assert_eq!(trainer.most_frequent(5), best, "round {round}, {id}: {text:?}");
            assert_eq!(trainer.step(), pairs.first().copied(), "round {round}, {id}: {text:?}");
            let Some(&(pair, _)) = pairs.first() else { break };
            for word in &mut words {
                word.tokens = merge_pair(&word.tokens, pair, id);
            }
        }
    }
}

#[test]
fn chunks_end_where_words_end() {
    let mut random = Random(13);
    for round in 0..300 {
        let text = random.text();
        for bytes in [0, 1, 7, 64, 100_000] {
            let parts: Vec<&str> = chunks(&text, bytes).collect();
            assert_eq!(parts.concat(), text, "round {round}");
            let pieces: Vec<&str> = parts.iter().flat_map(|part| pretokenize(part)).collect();
            assert_eq!(pieces, pretokenize(&text).collect::<Vec<_>>(), "round {round}: {text:?}");
            let large = parts.iter().rev().skip(1).all(|part| part.len() >= bytes);
            assert!(large, "round {round}: {parts:?}");
        }
    }
}

#[test]
fn a_word_of_a_million_letters_takes_no_quadratic_time() {
    let bpe = sample_vocab(SAMPLE_VOCAB_SIZE).unwrap();
    let text: String = "thequickbrownfox".repeat(1 << 16);
    let ids = Encoder::new(&bpe).encode(&text);
    assert_eq!(decode(&bpe, &ids).unwrap(), text);
}

struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) as usize % n
    }

    /// Few different letters, so that runs and ties abound; words short and long.
    fn text(&mut self) -> String {
        const PIECES: [&str; 10] = ["a", "b", "aa", "ab", " ", "  ", "é", "🙂", "<|a|>", "'s"];
        let kinds = 1 + self.below(PIECES.len());
        (0..self.below(400)).map(|_| PIECES[self.below(kinds)]).collect()
    }
}
