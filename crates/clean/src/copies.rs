//! Near-copies as in the lesson *Deduplication*, while documents come in: each is looked up among
//! those before it, and only numbers of it stay in memory.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use anyhow::{Context, Result};
use deduplication::solution::{best_bands, minhash, shingles};
use deduplication::{hash, jaccard};

/// Numbers of a signature, and the recall that is asked for at the threshold.
pub const HASHES: usize = 128;
const RECALL: f64 = 0.9;
/// A thousand pages of one form, alike but not enough, would be compared each with each. So of a
/// bucket only so many are looked at, the latest, and after so many comparisons in vain with those
/// that share the most bands, no more are made. Whole copies are found without.
const MOST: usize = 256;
const IN_VAIN: usize = 32;
/// The end of a bucket.
const NONE: u32 = u32::MAX;

/// How copies are looked for.
#[derive(Clone, Debug)]
pub struct Sieve {
    /// The Jaccard similarity from which on two documents count as copies.
    pub threshold: f64,
    /// Words a shingle.
    pub words: usize,
    /// Bands of a signature.
    pub bands: usize,
    /// Rows a band.
    pub rows: usize,
    seeds: Vec<u64>,
}

/// What is known of a document while it is looked up.
#[derive(Clone, Debug)]
pub struct Sketch {
    set: BTreeSet<u64>,
    /// A number for each band of the signature.
    bands: Vec<u64>,
}

impl Sieve {
    /// With as many rows a band as reach a recall of 0.9 at the threshold.
    ///
    /// # Errors
    /// If the threshold is no share or out of reach, or if `words` is 0.
    pub fn new(threshold: f64, words: usize) -> Result<Self> {
        shingles("", words).context("--words")?;
        let (bands, rows) = best_bands(threshold, HASHES, RECALL)
            .with_context(|| format!("--threshold {threshold}"))?;
        Ok(Self { threshold, words, bands, rows, seeds: (0..HASHES as u64).collect() })
    }

    /// What is to be known of a text.
    ///
    /// # Errors
    /// None, since there are words in a shingle.
    pub fn sketch(&self, text: &str) -> Result<Sketch> {
        let set = self.set(text)?;
        let signature = minhash(&set, &self.seeds);
        let band = |rows: &[u64]| rows.iter().fold(0, |number, &row| hash(row, number));
        Ok(Sketch { set, bands: signature.chunks(self.rows).map(band).collect() })
    }

    fn set(&self, text: &str) -> Result<BTreeSet<u64>> {
        Ok(shingles(text, self.words)?)
    }
}

/// A pair of copies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// The earlier one.
    pub first: usize,
    /// The later one.
    pub copy: usize,
    /// Their Jaccard similarity.
    pub similarity: f64,
}

/// All documents so far.
#[derive(Debug)]
pub struct Copies {
    sieve: Sieve,
    /// For each band and number the latest document.
    latest: Vec<HashMap<u64, u32>>,
    /// For each band and document the one before it in its bucket.
    before: Vec<Vec<u32>>,
    /// The first document that has exactly these shingles, by a number made of them.
    same: HashMap<u64, u32>,
    /// Each document points to an earlier one of its cluster, and the first to itself.
    earlier: Vec<u32>,
    /// The first few pairs.
    pub pairs: Vec<Pair>,
    /// Documents that were not compared with all in their buckets.
    pub cut: u64,
}

impl Copies {
    /// None yet.
    pub fn new(sieve: Sieve) -> Self {
        Self {
            latest: vec![HashMap::new(); sieve.bands],
            before: vec![Vec::new(); sieve.bands],
            same: HashMap::new(),
            earlier: Vec::new(),
            pairs: Vec::new(),
            cut: 0,
            sieve,
        }
    }

    /// Looks for copies of the next document among those before it. `text` has theirs.
    ///
    /// # Errors
    /// If `text` fails, or after some four billion documents.
    pub fn add(
        &mut self,
        sketch: &Sketch,
        mut text: impl FnMut(usize) -> Result<String>,
    ) -> Result<()> {
        let document = u32::try_from(self.earlier.len()).ok().filter(|&document| document < NONE);
        let document = document.context("more than four billion documents: clean them in parts")?;
        self.earlier.push(document);
        self.before.iter_mut().for_each(|before| before.push(NONE));
        let number = sketch.set.iter().fold(0, |number, &shingle| hash(shingle, number));
        if let Some(&twin) = self.same.get(&number)
            && self.compare(sketch, document, twin, &mut text)? == 1.0
        {
            // Whatever is like this one is like its twin, which is in the buckets.
            return Ok(());
        }
        self.same.entry(number).or_insert(document);
        let (candidates, mut is_cut) = self.candidates(sketch);
        let mut in_vain = 0;
        for other in candidates {
            if self.first(other) == self.first(document) {
                continue;
            }
            if in_vain == IN_VAIN {
                is_cut = true;
                break;
            }
            let similarity = self.compare(sketch, document, other, &mut text)?;
            in_vain += usize::from(similarity < self.sieve.threshold);
        }
        self.cut += u64::from(is_cut);
        for ((latest, before), band) in
            self.latest.iter_mut().zip(&mut self.before).zip(&sketch.bands)
        {
            if let Some(other) = latest.insert(*band, document) {
                before[document as usize] = other;
            }
        }
        Ok(())
    }

    /// Those that share a band with it, those that share the most first, and whether some are missing.
    fn candidates(&self, sketch: &Sketch) -> (Vec<u32>, bool) {
        let mut shared: HashMap<u32, usize> = HashMap::new();
        let mut is_cut = false;
        for ((latest, before), band) in self.latest.iter().zip(&self.before).zip(&sketch.bands) {
            let mut other = latest.get(band).copied().unwrap_or(NONE);
            for _ in 0..MOST {
                if other == NONE {
                    break;
                }
                *shared.entry(other).or_default() += 1;
                other = before[other as usize];
            }
            is_cut |= other != NONE;
        }
        let mut found: Vec<u32> = shared.keys().copied().collect();
        found.sort_unstable_by_key(|document| (Reverse(shared[document]), *document));
        (found, is_cut)
    }

    /// Joins two documents if they are alike enough. Returns how much they are.
    fn compare(
        &mut self,
        sketch: &Sketch,
        document: u32,
        other: u32,
        text: &mut impl FnMut(usize) -> Result<String>,
    ) -> Result<f64> {
        let set = self.sieve.set(&text(other as usize)?)?;
        let similarity = jaccard(&set, &sketch.set);
        if similarity >= self.sieve.threshold {
            let (a, b) = (self.first(document), self.first(other));
            self.earlier[a.max(b) as usize] = a.min(b);
            if self.pairs.len() < 3 {
                let (first, copy) = (other as usize, document as usize);
                self.pairs.push(Pair { first, copy, similarity });
            }
        }
        Ok(similarity)
    }

    /// The first document of a cluster.
    fn first(&mut self, mut document: u32) -> u32 {
        while self.earlier[document as usize] != document {
            let next = self.earlier[document as usize];
            self.earlier[document as usize] = self.earlier[next as usize];
            document = next;
        }
        document
    }

    /// For each document the one that stands for it: the first of its cluster.
    pub fn stand_for(&mut self) -> Vec<u32> {
        (0..self.earlier.len() as u32).map(|document| self.first(document)).collect()
    }
}
