//! Texts as numbers, and numbers in an order that chance seems to have made.

use std::collections::BTreeSet;

/// The number of a shingle: FNV-1a of its UTF-8, 64 bits.
///
/// ```
/// assert_eq!(deduplication::fingerprint(""), 0xcbf2_9ce4_8422_2325);
/// ```
///
/// Source: Fowler, Noll, Vo and Eastlake, The FNV Non-Cryptographic Hash Algorithm, RFC 9923.
pub fn fingerprint(shingle: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    shingle.bytes().fold(0xcbf2_9ce4_8422_2325, step)
}

/// The place of a shingle in the deck that `seed` has shuffled. Of one seed no two shingles have the
/// same place; different seeds give shuffles that have nothing to do with each other.
pub fn hash(shingle: u64, seed: u64) -> u64 {
    mix(shingle ^ mix(seed.wrapping_add(0x9e37_79b9_7f4a_7c15)))
}

/// The last steps of `SplitMix64`, which spread each bit over all 64.
fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// The Jaccard similarity: how many elements both sets have, over how many at least one of them has.
/// Two empty sets are the same, so theirs is 1.
pub fn jaccard(a: &BTreeSet<u64>, b: &BTreeSet<u64>) -> f64 {
    let shared = a.intersection(b).count();
    match a.len() + b.len() - shared {
        0 => 1.0,
        all => shared as f64 / all as f64,
    }
}

/// How near-copies are looked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Words a shingle.
    pub words: usize,
    /// The Jaccard similarity from which on two documents count as copies.
    pub threshold: f64,
    /// Bands of a signature.
    pub bands: usize,
    /// Rows a band.
    pub rows: usize,
}
