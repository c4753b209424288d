//! What is given: the fast version passes the checks, and the helpers agree with Python.

use std::cmp::Reverse;

use grading::golden;
use serde::Deserialize;
use tokenization::fast::{self, Encoder, Trainer};
use tokenization::solution::{bpe_train, count_pairs, decode, merge_pair};
use tokenization::{
    Answers, Class, PROSE, SAMPLE_VOCAB_SIZE, SOLUTION, byte_id, chunks, class, count_words,
    pretokenize, sample_vocab,
};

mod fast_version {
    use super::*;

    const FAST: Answers = Answers {
        bpe_train: fast::train,
        encode: |bpe, text| {
            let mut encoder = Encoder::new(bpe);
            encoder.encode(text);
            // From memory.
            encoder.encode(text)
        },
        ..SOLUTION
    };
    tokenization::as_tests!(tokenization::LESSON, FAST);
}

#[test]
fn every_character_has_the_class_that_the_pattern_gives_it() {
    let ranges: Vec<(u32, String)> = golden!("classes.json").unwrap();
    for code in 0..=u32::from(char::MAX) {
        let Some(c) = char::from_u32(code) else { continue };
        let range = ranges.partition_point(|&(first, _)| first <= code) - 1;
        let want = match &*ranges[range].1 {
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
    #[derive(Deserialize)]
    struct Golden {
        pretokens: Vec<Pretokens>,
    }
    #[derive(Deserialize)]
    struct Pretokens {
        text: String,
        pieces: Vec<String>,
    }
    for Pretokens { text, pieces } in golden!("golden.json").map(|g: Golden| g.pretokens).unwrap() {
        assert_eq!(pretokenize(&text).collect::<Vec<_>>(), pieces);
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
        let mut ids = 0..bpe.vocab_size() as u32;
        ids.any(|id| bpe.bytes(id) == Some(text.as_bytes()))
    };
    assert!(is_token(" understand") && !is_token("understand"));
}

#[test]
fn the_fast_trainer_knows_every_count_at_every_step() {
    for text in ["aaaa aaa aaaaa ab ab abab", "é🙂é🙂 éé", "", &PROSE[..3000]] {
        let mut words = count_words(text, &[]).unwrap();
        let mut trainer = Trainer::new(words.clone());
        for id in 256..280 {
            let mut pairs: Vec<_> = count_pairs(&words).into_iter().collect();
            pairs.sort_unstable_by_key(|&(pair, count)| (Reverse(count), pair));
            let tokens: u64 = words.iter().map(|w| w.tokens.len() as u64 * w.count).sum();
            assert_eq!(trainer.tokens(), tokens, "{id}: {text:?}");
            assert_eq!(trainer.most_frequent(5), pairs[..pairs.len().min(5)], "{id}: {text:?}");
            assert_eq!(trainer.step(), pairs.first().copied(), "{id}: {text:?}");
            let Some(&(pair, _)) = pairs.first() else { break };
            for word in &mut words {
                word.tokens = merge_pair(&word.tokens, pair, id);
            }
        }
    }
}

#[test]
fn chunks_end_where_words_end() {
    for bytes in [0, 1, 7, 64, 1000, 100_000] {
        for text in ["", " a\u{a0}\n  b's é🙂12 ", PROSE] {
            let parts: Vec<&str> = chunks(text, bytes).collect();
            assert_eq!(parts.concat(), text);
            let pieces: Vec<&str> = parts.iter().flat_map(|part| pretokenize(part)).collect();
            assert_eq!(pieces, pretokenize(text).collect::<Vec<_>>(), "{bytes}: {text:?}");
            assert!(parts.iter().rev().skip(1).all(|part| part.len() >= bytes), "{parts:?}");
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
