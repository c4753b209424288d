//! all-MiniLM-L6-v2: the vectors of 256 sentences by the lesson's BERT, against
//! sentence-transformers and candle-transformers with the same weights on the same cores.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use bert::sentences::unit;
use bert::{Bert, Config, Encoded, SOLUTION, Tokenizer};
use checkpoint::Checkpoint;

use crate::peer::{Peer, Way, compare, rounds, scratch};

const SENTENCES: usize = 256;
const ROUNDS: usize = 7;
/// As sentence-transformers has it, unless told otherwise.
const BATCH: usize = 32;
/// `max_seq_length` of the model.
const MOST_TOKENS: usize = 256;

/// Prints the ratios, or what is missing.
pub fn bench(root: &Path) -> Result<()> {
    println!("Vectors of {SENTENCES} sentences by all-MiniLM-L6-v2 on the CPU");
    let Some(folder) = std::env::var_os("STUDY_MINILM").map(PathBuf::from) else {
        println!("  skipped: STUDY_MINILM names no folder with the model");
        return Ok(());
    };
    let read = |name: &str| {
        let path = folder.join(name);
        fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))
    };
    let config = Config::from_json(&read("config.json")?)?;
    let tokenizer = Tokenizer::from_json(&read("tokenizer.json")?)?;
    let model = Bert::from_checkpoint(config, Checkpoint::open(&folder)?)?;
    let sentences = sentences(root)?;
    let scratch = scratch("sentences")?;
    let file = scratch.join("sentences.json");
    fs::write(&file, serde_json::to_string(&sentences)?)?;

    let ours = || {
        let start = Instant::now();
        let vectors = vectors(&model, &tokenizer, &sentences)?;
        Ok((start.elapsed(), vectors))
    };
    let mut ways: Vec<Way<'_>> = vec![Box::new(ours)];
    let mut names = Vec::new();
    match Peer::python(include_str!("peers/sentence_transformers.py"), &[&folder, &file])? {
        Some(mut peer) => {
            names.push("sentence-transformers (0.8 is the budget)");
            ways.push(Box::new(move || peer.run("once")));
        }
        None => println!("  STUDY_PYTHON names no interpreter with sentence-transformers"),
    }
    let encoded: Vec<_> = batches(&tokenizer, &sentences)
        .into_iter()
        .map(|(places, texts)| (places, texts.into_iter().map(|t| t.ids).collect::<Vec<_>>()))
        .collect();
    let batches_file = scratch.join("batches.json");
    fs::write(&batches_file, serde_json::to_string(&encoded)?)?;
    let arguments = [Path::new("bert"), &folder, &batches_file];
    if let Some(mut peer) = Peer::program(root, "candle-transformers", &arguments)? {
        names.push("candle-transformers, which gets its tokens ready-made");
        ways.push(Box::new(move || peer.run("once")));
    }
    let times = rounds(ROUNDS, &mut ways, 1e-4)?;
    drop(ways);
    fs::remove_dir_all(&scratch)?;
    println!("  ours take {:.0} ms", times[0].median().as_secs_f64() * 1e3);
    compare(&names, &times);
    Ok(())
}

/// A vector of length 1 for each sentence.
fn vectors(model: &Bert, tokenizer: &Tokenizer, sentences: &[String]) -> Result<Vec<Vec<f32>>> {
    let mut vectors = vec![Vec::new(); sentences.len()];
    for (few, encoded) in batches(tokenizer, sentences) {
        let batch = tokenizer.batch(&encoded)?;
        let (types, is_token) = (Some(&batch.token_types), &batch.is_token);
        let hidden = (SOLUTION.forward)(model, &batch.ids, types, Some(is_token))?;
        let pooled = (SOLUTION.mean_pool)(&hidden, is_token)?.to_vec2::<f32>()?;
        for (i, vector) in few.into_iter().zip(&pooled) {
            vectors[i] = unit(vector);
        }
    }
    Ok(vectors)
}

/// The places of some sentences and their tokens, again and again. Those of about one length are
/// together, so that little of a batch is padding.
fn batches(tokenizer: &Tokenizer, sentences: &[String]) -> Vec<(Vec<usize>, Vec<Encoded>)> {
    let texts: Vec<Encoded> =
        sentences.iter().map(|text| tokenizer.encode(text, None, MOST_TOKENS)).collect();
    let mut order: Vec<usize> = (0..texts.len()).collect();
    order.sort_by_key(|&i| std::cmp::Reverse(texts[i].ids.len()));
    let batch = |few: &[usize]| (few.to_vec(), few.iter().map(|&i| texts[i].clone()).collect());
    order.chunks(BATCH).map(batch).collect()
}

/// Sentences of the book's pages.
fn sentences(root: &Path) -> Result<Vec<String>> {
    let mut sentences = Vec::new();
    for step in ["1-basics", "2-transformers"] {
        let mut pages: Vec<PathBuf> =
            fs::read_dir(root.join("src").join(step))?.flatten().map(|page| page.path()).collect();
        pages.sort();
        for page in pages.iter().filter(|page| page.extension().is_some_and(|e| e == "md")) {
            let text = fs::read_to_string(page)?;
            let plain = text.lines().filter(|line| {
                line.starts_with(char::is_alphabetic) && !line.contains(['{', '$', '`', '|'])
            });
            let found = plain.flat_map(|line| line.split(". ")).map(str::to_owned);
            sentences.extend(found.filter(|text| text.split(' ').count() > 3));
        }
    }
    ensure!(sentences.len() >= SENTENCES, "the book has {} sentences only", sentences.len());
    sentences.truncate(SENTENCES);
    Ok(sentences)
}
