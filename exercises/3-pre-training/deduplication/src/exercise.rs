//! Your file: write what each `todo!()` asks for, in any order you like.
//!
//! - Read src/3-pre-training/deduplication.md, or run `cargo study serve`.
//! - Grade it with `cargo study grade deduplication`.
//! - Stuck? `cargo study hint deduplication` gives one hint at a time.

use std::collections::{BTreeSet, HashMap};

use deduplication::{DedupError, Settings, fingerprint, hash, jaccard};

/// The shingles of a text: each run of `n` words that follow each other, as a number.
///
/// The text is put into lower case, all of it at once, by `str::to_lowercase`. Words are then the
/// longest runs of characters for which `char::is_alphanumeric` is true; what stands between them
/// does not count. The number of a shingle is [`fingerprint`] of its words with one space between
/// any two. A text of 1 to `n - 1` words has a single shingle, all its words; one without words has
/// none.
///
/// # Errors
/// [`DedupError::NoWords`] if `n` is 0.
///
/// Source: Broder, 1997, section 2, with words as tokens.
pub fn shingles(text: &str, n: usize) -> Result<BTreeSet<u64>, DedupError> {
    todo!("shingles")
}

/// The signature of a set: for each of the `seeds`, the smallest [`hash`] that a shingle of the set
/// has with it. Of an empty set each number is `u64::MAX`. Shingles and seeds may be any u64.
///
/// Source: Broder, 1997, section 3.
pub fn minhash(shingles: &BTreeSet<u64>, seeds: &[u64]) -> Vec<u64> {
    todo!("minhash")
}

/// An estimate of the Jaccard similarity of two sets: the share of places at which their signatures
/// are equal. Both were made with the same seeds.
///
/// # Errors
/// [`DedupError::Lengths`] if one signature is longer than the other; then
/// [`DedupError::EmptySignature`] if they have no entries.
pub fn estimate(a: &[u64], b: &[u64]) -> Result<f64, DedupError> {
    todo!("estimate")
}

/// Candidates: all pairs of documents whose signatures agree in at least one band.
///
/// Band `k` of a signature is its places `k · rows` to `(k + 1) · rows − 1`; two signatures agree
/// in it if they are equal at all of these. A pair `(i, j)` has `i < j`; each comes once, and pairs
/// are sorted. Signatures may hold any u64.
///
/// # Errors
/// [`DedupError::NoBands`] if `bands` or `rows` is 0; then [`DedupError::Signature`] for the first
/// document whose signature has not exactly `bands · rows` places, a product that may be too large
/// for a usize.
///
/// Source: Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, section 3.4.1.
pub fn lsh_buckets(
    signatures: &[Vec<u64>],
    bands: usize,
    rows: usize,
) -> Result<Vec<(usize, usize)>, DedupError> {
    todo!("lsh_buckets")
}

/// How likely two documents become candidates if a place of their signatures is equal with
/// probability `similarity`: `1 − (1 − sʳ)ᵇ`, where `s` is the similarity, `r` is `rows`, and `b` is
/// `bands`.
///
/// It has to be right for rare events, too: within a millionth of itself wherever it is above
/// 1e-300. Computed as the formula stands, it is 0 for anything below 1e-16.
///
/// # Errors
/// [`DedupError::NotAShare`] unless `similarity` is from 0 to 1; then [`DedupError::NoBands`] if
/// `bands` or `rows` is 0.
///
/// Source: Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, section 3.4.2.
pub fn collision_probability(
    similarity: f64,
    bands: usize,
    rows: usize,
) -> Result<f64, DedupError> {
    todo!("collision_probability")
}

/// The bands and rows, in this order, into which to cut signatures of `hashes` places.
///
/// Their product is `hashes`, and a pair with a similarity of exactly `threshold` becomes a candidate
/// with a probability of at least `recall`. Among all such choices it is the one with the most rows,
/// which has the fewest candidates below the threshold.
///
/// # Errors
/// [`DedupError::NotAShare`] unless `threshold` is from 0 to 1, then unless `recall` is from 0 to
/// below 1; then [`DedupError::EmptySignature`] if `hashes` is 0; then [`DedupError::OutOfReach`] if
/// no choice reaches `recall`.
pub fn best_bands(
    threshold: f64,
    hashes: usize,
    recall: f64,
) -> Result<(usize, usize), DedupError> {
    todo!("best_bands")
}

/// The first document of a cluster, where each document points to an earlier one of its cluster and
/// the first to itself. On the way it shortens the way.
fn first(earlier: &mut [usize], mut document: usize) -> usize {
    while earlier[document] != document {
        earlier[document] = earlier[earlier[document]];
        document = earlier[document];
    }
    document
}

/// Finds near-copies: says for each document which one stands for it. A document that stands for
/// itself is kept, any other is dropped.
///
/// The shingles of a document have `words` words, and its signature is made with the seeds 0 to
/// `bands · rows − 1`. Two documents are joined if they are candidates by [`lsh_buckets`] and their
/// sets of shingles have a [`jaccard`] of at least `threshold`, computed, not estimated. All that
/// are connected by such pairs are one cluster, also two that are alike only through a third.
/// The first document of a cluster stands for all of it.
///
/// # Errors
/// [`DedupError::NoWords`] if `words` is 0; then [`DedupError::NotAShare`] unless `threshold` is
/// from 0 to 1; then [`DedupError::NoBands`] if `bands` or `rows` is 0.
///
/// Source: Lee and others, 2022, section 4.2, with another similarity to confirm candidates.
pub fn dedup(documents: &[String], settings: &Settings) -> Result<Vec<usize>, DedupError> {
    todo!("dedup")
}
