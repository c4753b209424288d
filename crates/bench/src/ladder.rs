//! Measures the steps from the reference to the fast version and prints the table of the page:
//!
//! ```text
//! cargo run --release -p tokenization --example ladder > src/1-basics/tokenization-ladder.md
//! ```
//!
//! An argument names a text file to measure on; without one the text is babble.

use std::collections::HashMap;
use std::hint::black_box;
use std::time::Instant;

use rustc_hash::{FxHashMap, FxHashSet};
use tokenization::fast::{self, Encoder};
use tokenization::solution::{best_pair, bpe_train, count_pairs, encode, merge_pair};
use tokenization::{
    BYTE_TOKENS, Bpe, BpeError, PROSE, Pair, Word, byte_id, count_words, pretokenize,
};

const BYTES: usize = 3 << 20;
const VOCAB_SIZE: usize = 1024;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (text, source) = match std::env::args().nth(1) {
        Some(path) => (std::fs::read_to_string(&path)?, "the text given"),
        None => (babble(BYTES), "babble, whose letters follow each other as in English prose"),
    };
    let merges = fast::train(&text, VOCAB_SIZE, &[])?;
    let training = [
        ("every word of the text", seconds(|| train_on_every_word(&text), &merges)?),
        (
            "**reference**: every distinct word",
            seconds(|| bpe_train(&text, VOCAB_SIZE, &[]), &merges)?,
        ),
        ("only the words that hold the pair", seconds(|| train_incrementally(&text), &merges)?),
        (
            "**fast**: only the places of the pair, best pair from a heap",
            seconds(|| fast::train(&text, VOCAB_SIZE, &[]), &merges)?,
        ),
    ];
    let bpe = merges;
    let ids = encode(&bpe, &text);
    let encoding = [
        ("**reference**: every word anew", seconds(|| Ok(encode(&bpe, &text)), &ids)?),
        ("words remembered", seconds(|| Ok(encode_with_memory(&bpe, &text)), &ids)?),
        (
            "**fast**: packed pairs, only new neighbors looked up",
            seconds(|| Ok(Encoder::new(&bpe).encode(&text)), &ids)?,
        ),
    ];
    println!("| step | speed |\n|---|--:|");
    print_rows("training", &training, 1);
    print_rows("encoding", &encoding, 0);
    println!();
    println!(
        "*Speed as a multiple of the reference, measured on one thread of a two-core {} machine: \
         {:.1} MB of {source}, {VOCAB_SIZE} tokens, {} distinct words.*",
        std::env::consts::ARCH.replace("x86_64", "x86-64"),
        text.len() as f64 / 1e6,
        count_words(&text, &[])?.len(),
    );
    for (rows, what) in [(&training[..], "training"), (&encoding[..], "encoding")] {
        for (name, seconds) in rows {
            eprintln!(
                "{what}: {name}: {seconds:.3} s, {:.1} MB/s",
                text.len() as f64 / 1e6 / seconds
            );
        }
    }
    Ok(())
}

fn print_rows(what: &str, rows: &[(&str, f64)], reference: usize) {
    for (name, seconds) in rows {
        let ratio = rows[reference].1 / seconds;
        let shown = if ratio < 9.95 { format!("{ratio:.1}") } else { format!("{ratio:.0}") };
        println!("| {what}: {name} | {shown} × |");
    }
}

/// The fastest of up to three runs; each must give what was wanted.
fn seconds<T: PartialEq>(run: impl Fn() -> Result<T, BpeError>, want: &T) -> Result<f64, BpeError> {
    let mut fastest = f64::INFINITY;
    for _ in 0..3 {
        let start = Instant::now();
        let got = black_box(run()?);
        let seconds = start.elapsed().as_secs_f64();
        assert!(got == *want, "a step of the ladder gives something else");
        fastest = fastest.min(seconds);
        if seconds > 2.0 {
            break;
        }
    }
    Ok(fastest)
}

fn train_on_every_word(text: &str) -> Result<Bpe, BpeError> {
    let word = |word: &str| Word { tokens: word.bytes().map(byte_id).collect(), count: 1 };
    let mut words: Vec<Word> = pretokenize(text).map(word).collect();
    let mut merges = Vec::new();
    while merges.len() < VOCAB_SIZE - BYTE_TOKENS {
        let Some(pair) = best_pair(&count_pairs(&words)) else { break };
        let id = (BYTE_TOKENS + merges.len()) as u32;
        for word in &mut words {
            word.tokens = merge_pair(&word.tokens, pair, id);
        }
        merges.push(pair);
    }
    Bpe::new(merges, &[])
}

fn train_incrementally(text: &str) -> Result<Bpe, BpeError> {
    let mut words = count_words(text, &[])?;
    let mut counts: HashMap<Pair, u64> = count_pairs(&words);
    let mut holders: FxHashMap<Pair, FxHashSet<usize>> = FxHashMap::default();
    for (i, word) in words.iter().enumerate() {
        for pair in word.tokens.windows(2) {
            holders.entry((pair[0], pair[1])).or_default().insert(i);
        }
    }
    let mut merges = Vec::new();
    while merges.len() < VOCAB_SIZE - BYTE_TOKENS {
        let Some(pair) = best_pair(&counts).filter(|pair| counts[pair] > 0) else { break };
        let id = (BYTE_TOKENS + merges.len()) as u32;
        for i in holders.remove(&pair).unwrap_or_default() {
            let Word { tokens, count } = &mut words[i];
            for old in tokens.windows(2) {
                *counts.entry((old[0], old[1])).or_default() -= *count;
            }
            *tokens = merge_pair(tokens, pair, id);
            for new in tokens.windows(2) {
                *counts.entry((new[0], new[1])).or_default() += *count;
                holders.entry((new[0], new[1])).or_default().insert(i);
            }
        }
        merges.push(pair);
    }
    Bpe::new(merges, &[])
}

fn encode_with_memory(bpe: &Bpe, text: &str) -> Vec<u32> {
    let mut memory: HashMap<&str, Vec<u32>> = HashMap::new();
    let mut ids = Vec::new();
    for word in pretokenize(text) {
        ids.extend_from_slice(memory.entry(word).or_insert_with(|| encode(bpe, word)));
    }
    ids
}

/// Each letter is drawn from those that follow the same two letters somewhere in [`PROSE`]: a
/// text as long as we like, with about as many different words as a real one.
fn babble(bytes: usize) -> String {
    let letters: Vec<char> = PROSE.chars().collect();
    let mut followers: HashMap<&[char], Vec<char>> = HashMap::new();
    for window in letters.windows(3) {
        followers.entry(&window[..2]).or_default().push(window[2]);
    }
    let mut seed: u64 = 1;
    let mut text = letters[..2].to_vec();
    let mut len = 0;
    while len < bytes {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let next = match followers.get(&text[text.len() - 2..]) {
            Some(next) => next[(seed >> 33) as usize % next.len()],
            None => letters[(seed >> 33) as usize % letters.len()],
        };
        len += next.len_utf8();
        text.push(next);
    }
    text.into_iter().collect()
}
