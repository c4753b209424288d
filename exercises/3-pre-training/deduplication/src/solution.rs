//! The reference: texts as sets, sets as signatures, and signatures that meet.

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
    // BEGIN ANSWER
    if n == 0 {
        return Err(DedupError::NoWords);
    }
    let lower = text.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let n = n.min(words.len()).max(1);
    Ok(words.windows(n).map(|run| fingerprint(&run.join(" "))).collect())
    // END ANSWER
}

/// The signature of a set: for each of the `seeds`, the smallest [`hash`] that a shingle of the set
/// has with it. Of an empty set each number is `u64::MAX`. Shingles and seeds may be any u64.
///
/// Source: Broder, 1997, section 3.
pub fn minhash(shingles: &BTreeSet<u64>, seeds: &[u64]) -> Vec<u64> {
    // BEGIN ANSWER
    let first = |&seed: &u64| shingles.iter().map(|&shingle| hash(shingle, seed)).min();
    seeds.iter().map(|seed| first(seed).unwrap_or(u64::MAX)).collect()
    // END ANSWER
}

/// An estimate of the Jaccard similarity of two sets: the share of places at which their signatures
/// are equal. Both were made with the same seeds.
///
/// # Errors
/// [`DedupError::Lengths`] if one signature is longer than the other; then
/// [`DedupError::EmptySignature`] if they have no entries.
pub fn estimate(a: &[u64], b: &[u64]) -> Result<f64, DedupError> {
    // BEGIN ANSWER
    if a.len() != b.len() {
        return Err(DedupError::Lengths { a: a.len(), b: b.len() });
    }
    if a.is_empty() {
        return Err(DedupError::EmptySignature);
    }
    let equal = a.iter().zip(b).filter(|(a, b)| a == b).count();
    Ok(equal as f64 / a.len() as f64)
    // END ANSWER
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
    // BEGIN ANSWER
    if bands == 0 || rows == 0 {
        return Err(DedupError::NoBands { bands, rows });
    }
    let fits = |hashes| bands.checked_mul(rows) == Some(hashes);
    if let Some(document) = signatures.iter().position(|signature| !fits(signature.len())) {
        let hashes = signatures[document].len();
        return Err(DedupError::Signature { document, hashes, bands, rows });
    }
    let mut pairs = BTreeSet::new();
    for band in 0..bands {
        let mut buckets: HashMap<&[u64], Vec<usize>> = HashMap::new();
        for (document, signature) in signatures.iter().enumerate() {
            let bucket = buckets.entry(&signature[band * rows..][..rows]).or_default();
            pairs.extend(bucket.iter().map(|&earlier| (earlier, document)));
            bucket.push(document);
        }
    }
    Ok(pairs.into_iter().collect())
    // END ANSWER
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
    // BEGIN ANSWER
    if !(0.0..=1.0).contains(&similarity) {
        return Err(DedupError::NotAShare { value: similarity });
    }
    if bands == 0 || rows == 0 {
        return Err(DedupError::NoBands { bands, rows });
    }
    let all_rows = similarity.powf(rows as f64);
    // (1 − x)ᵇ is exp(b · ln(1 − x)); these two keep what is small.
    Ok(-(bands as f64 * (-all_rows).ln_1p()).exp_m1())
    // END ANSWER
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
    // BEGIN ANSWER
    if !(0.0..=1.0).contains(&threshold) {
        return Err(DedupError::NotAShare { value: threshold });
    }
    if !(0.0..1.0).contains(&recall) {
        return Err(DedupError::NotAShare { value: recall });
    }
    if hashes == 0 {
        return Err(DedupError::EmptySignature);
    }
    for rows in (1..=hashes).rev().filter(|rows| hashes.is_multiple_of(*rows)) {
        let bands = hashes / rows;
        if collision_probability(threshold, bands, rows)? >= recall {
            return Ok((bands, rows));
        }
    }
    Err(DedupError::OutOfReach { hashes })
    // END ANSWER
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
    // BEGIN ANSWER
    let &Settings { words, threshold, bands, rows } = settings;
    if words == 0 {
        return Err(DedupError::NoWords);
    }
    if !(0.0..=1.0).contains(&threshold) {
        return Err(DedupError::NotAShare { value: threshold });
    }
    if bands == 0 || rows == 0 {
        return Err(DedupError::NoBands { bands, rows });
    }
    let sets: Vec<BTreeSet<u64>> =
        documents.iter().map(|text| shingles(text, words)).collect::<Result<_, _>>()?;
    let seeds: Vec<u64> = (0..(bands * rows) as u64).collect();
    let signatures: Vec<Vec<u64>> = sets.iter().map(|set| minhash(set, &seeds)).collect();

    // Each document points to an earlier one of its cluster, and the first to itself.
    let mut earlier: Vec<usize> = (0..documents.len()).collect();
    for (i, j) in lsh_buckets(&signatures, bands, rows)? {
        let firsts = [i, j].map(|document| first(&mut earlier, document));
        // A pair of one cluster needs no second look.
        if firsts[0] != firsts[1] && jaccard(&sets[i], &sets[j]) >= threshold {
            earlier[firsts[0].max(firsts[1])] = firsts[0].min(firsts[1]);
        }
    }
    Ok((0..documents.len()).map(|document| first(&mut earlier, document)).collect())
    // END ANSWER
}
