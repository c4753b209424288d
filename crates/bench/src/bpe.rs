//! Byte-pair encoding against `tokenizers` and rustbpe (training), `tiktoken-rs` and GitHub's `bpe`
//! (encoding).

use std::path::Path;
use std::time::Duration;

use anyhow::anyhow;
use bpe::byte_pair_encoding::{BytePairEncoding, find_hash_factor_for_dictionary};
use tiktoken_rs::CoreBPE;
use tokenization::{BYTE_TOKENS, Bpe, fast, pretokenize};
use tokenizers::models::bpe::{BPE, BpeTrainer};
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::{Model as _, Trainer as _};

use crate::corpus;
use crate::ladder;
use crate::peer::{Peer, scratch};
use crate::timing::{ratio, shortest};

const VOCAB_SIZE: usize = 8_000;
const GPT2_PATTERN: &str =
    r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

/// Prints the ratios; with `write`, also the table that the page includes.
pub fn bench(root: &Path, write: bool) -> anyhow::Result<()> {
    let text = corpus::text(root, 4_000_000)?;
    let megabytes = text.len() as f64 / 1e6;
    println!("BPE on {megabytes:.1} MB of text, {VOCAB_SIZE} tokens, one thread");

    let (ours, bpe) = shortest(3, || fast::train(&text, VOCAB_SIZE, &[]));
    let bpe = bpe?;
    tokenizers::utils::parallelism::set_parallelism(false);
    let (theirs, merges) = shortest(3, || train_with_tokenizers(&text));
    let merges = merges?;
    anyhow::ensure!(merges == bpe.merges().len(), "the peer learned {merges} merges");
    let training = ratio(theirs, ours);
    println!("  training   {training:.2}× as fast as tokenizers (at least 1 is the budget)");
    match rustbpe(&text, bpe.vocab_size())? {
        Some(theirs) => println!(
            "  training   {:.2}× as fast as rustbpe (at least 1.5 is the budget)",
            ratio(theirs, ours)
        ),
        None => println!("  rustbpe is left out: STUDY_PYTHON names no interpreter that has it"),
    }

    let (ours, ids) = shortest(5, || fast::Encoder::new(&bpe).encode(&text));
    let peer = tiktoken(&bpe)?;
    let (theirs, peer_ids) = shortest(5, || peer.encode_ordinary(&text));
    let encoding = ratio(theirs, ours);
    println!("  encoding   {encoding:.2}× as fast as tiktoken-rs (at least 1 is the budget)");
    anyhow::ensure!(ids == peer_ids, "the peer encodes the text otherwise");

    // GitHub's crate has no pattern of words: it gets ours.
    let peer = github(&bpe);
    let (theirs, peer_ids) = shortest(5, || {
        let words = pretokenize(&text);
        words.flat_map(|word| peer.encode_via_backtracking(word.as_bytes())).collect::<Vec<_>>()
    });
    let encoding = ratio(theirs, ours);
    println!("  encoding   {encoding:.2}× as fast as bpe (at least 1 is the budget)");
    anyhow::ensure!(ids == peer_ids, "the peer encodes the text otherwise");

    let ladder = ladder::table(&text)?;
    println!("{ladder}");
    if write {
        lessons::files::write(&root.join("src/1-basics/tokenization-ladder.md"), ladder)?;
    }
    Ok(())
}

fn train_with_tokenizers(text: &str) -> anyhow::Result<usize> {
    let mut trainer = BpeTrainer::builder()
        .vocab_size(VOCAB_SIZE)
        .show_progress(false)
        .initial_alphabet(ByteLevel::alphabet().into_iter().collect())
        .build();
    let byte_level = ByteLevel::new(false, false, false);
    let words = |sequence: &str| {
        let mut words = Vec::new();
        for word in pretokenize(sequence) {
            use tokenizers::{OffsetReferential, OffsetType, PreTokenizedString, PreTokenizer};
            let mut piece = PreTokenizedString::from(word);
            byte_level.pre_tokenize(&mut piece)?;
            let splits = piece.get_splits(OffsetReferential::Original, OffsetType::Byte);
            words.extend(splits.into_iter().map(|(text, _, _)| text.to_owned()));
        }
        Ok(words)
    };
    trainer.feed(std::iter::once(text), words).map_err(|e| anyhow!("{e}"))?;
    let mut model = BPE::default();
    trainer.train(&mut model).map_err(|e| anyhow!("{e}"))?;
    Ok(model.get_vocab_size() - BYTE_TOKENS)
}

/// The shortest of three runs of rustbpe, which is a package of Python.
fn rustbpe(text: &str, vocab_size: usize) -> anyhow::Result<Option<Duration>> {
    let folder = scratch("bpe")?;
    let file = folder.join("text.txt");
    std::fs::write(&file, text)?;
    let (size, pattern) = (vocab_size.to_string(), Path::new(GPT2_PATTERN));
    let script = include_str!("peers/rustbpe.py");
    let peer = Peer::python(script, &[&file, Path::new(&size), pattern])?;
    let best = peer.map(|mut peer| {
        let mut best = Duration::MAX;
        for _ in 0..3 {
            let (time, learned) = peer.run::<usize>("train")?;
            anyhow::ensure!(learned == vocab_size, "rustbpe learned {learned} tokens");
            best = best.min(time);
        }
        Ok(best)
    });
    std::fs::remove_dir_all(folder)?;
    best.transpose()
}

fn github(bpe: &Bpe) -> BytePairEncoding {
    let ids = 0..bpe.vocab_size() as u32;
    let tokens: Vec<Vec<u8>> = ids.filter_map(|id| Some(bpe.bytes(id)?.to_vec())).collect();
    let factor = find_hash_factor_for_dictionary(tokens.iter().cloned());
    BytePairEncoding::from_dictionary(tokens, Some(factor))
}

fn tiktoken(bpe: &Bpe) -> anyhow::Result<CoreBPE> {
    let ids = 0..bpe.vocab_size() as u32;
    let encoder = ids.filter_map(|id| Some((bpe.bytes(id)?.to_vec(), id))).collect();
    CoreBPE::new(encoder, Default::default(), GPT2_PATTERN)
}
