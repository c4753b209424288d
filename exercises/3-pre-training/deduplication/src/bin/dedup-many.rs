//! Measures the reference on many documents with planted copies: how long it takes, and what it
//! finds. `cargo run --release -p deduplication --bin dedup-many [DOCUMENTS]`

use std::collections::{BTreeSet, HashMap};
use std::error::Error;
use std::time::Instant;

use deduplication::solution::{best_bands, dedup, shingles};
use deduplication::town::planted;
use deduplication::{Settings, jaccard};
use grading::numbers::{count, percent};

const THRESHOLD: f64 = 0.8;
const HASHES: usize = 128;
const WORDS: usize = 3;
/// So many documents are compared with all others.
const SAMPLE: usize = 200;

fn main() -> Result<(), Box<dyn Error>> {
    let documents: usize = match std::env::args().nth(1) {
        Some(text) => text.replace(['_', ','], "").parse()?,
        None => 100_000,
    };
    let town = planted(documents, 1);
    let (bands, rows) = best_bands(THRESHOLD, HASHES, 0.9)?;
    println!(
        "{} documents, {} of them planted copies; threshold {THRESHOLD}, {bands} bands × {rows} rows",
        count(documents as u64),
        count(town.copies.len() as u64)
    );
    let start = Instant::now();
    let stands =
        dedup(&town.documents, &Settings { words: WORDS, threshold: THRESHOLD, bands, rows })?;
    println!("{:.1} s on one core", start.elapsed().as_secs_f64());
    let sets: Vec<BTreeSet<u64>> =
        town.documents.iter().map(|text| shingles(text, WORDS)).collect::<Result<_, _>>()?;
    let is_alike = |&&(i, j): &&(usize, usize)| jaccard(&sets[i], &sets[j]) >= THRESHOLD;
    let is_found = |(i, j): (usize, usize)| stands[i] == stands[j];
    let near: Vec<(usize, usize)> = town.copies.iter().filter(is_alike).copied().collect();
    let found = near.iter().filter(|pair| is_found(**pair)).count();
    let share = |part: usize, all: usize| percent(part as f64 / all.max(1) as f64, 1);
    println!(
        "recall: {found} of {} copies with a similarity of at least {THRESHOLD}, {}",
        near.len(),
        share(found, near.len())
    );
    let similar = |i: usize, j: usize| i != j && jaccard(&sets[i], &sets[j]) >= THRESHOLD;
    let mut clusters: HashMap<usize, Vec<usize>> = HashMap::new();
    for (document, &first) in stands.iter().enumerate() {
        clusters.entry(first).or_default().push(document);
    }
    let has_twin = |&&i: &&usize| clusters[&stands[i]].iter().any(|&j| similar(i, j));
    let dropped: Vec<usize> = (0..documents).filter(|&i| stands[i] != i).collect();
    let right = dropped.iter().filter(has_twin).count();
    println!(
        "precision: {right} of {} dropped documents have a copy in their cluster, {}",
        dropped.len(),
        share(right, dropped.len())
    );
    // Stories may be alike without having been planted: some documents against all others.
    let (mut all, mut met) = (0, 0);
    for i in (0..documents).step_by((documents / SAMPLE).max(1)) {
        let alike: Vec<usize> = (0..documents).filter(|&j| similar(i, j)).collect();
        all += alike.len();
        met += alike.iter().filter(|&&j| is_found((i, j))).count();
    }
    println!("recall, {SAMPLE} documents against all: {met} of {all} pairs, {}", share(met, all));
    Ok(())
}
