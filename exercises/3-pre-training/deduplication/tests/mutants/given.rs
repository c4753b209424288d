//! What is given does what its docs say.

use std::collections::BTreeSet;

use deduplication::solution::shingles;
use deduplication::town::{alike, met, planted};
use deduplication::{DedupError, fingerprint, hash, jaccard};

#[test]
fn overlaps_are_shares() {
    let set = |numbers: &[u64]| numbers.iter().copied().collect::<BTreeSet<u64>>();
    assert_eq!(jaccard(&set(&[1, 2, 3]), &set(&[2, 3, 4])), 0.5);
    assert_eq!(jaccard(&set(&[]), &set(&[])), 1.0);
    assert_eq!(jaccard(&set(&[]), &set(&[1])), 0.0);
}

#[test]
fn hashes_are_those_that_others_publish() {
    // RFC 9923 and the FNV test vectors.
    assert_eq!(fingerprint("a"), 0xaf63_dc4c_8601_ec8c);
    assert_eq!(fingerprint("foobar"), 0x8594_4171_f739_67e8);
    assert_ne!(hash(1, 2), hash(2, 1));
}

#[test]
fn copies_are_planted() {
    let town = planted(300, 2);
    assert_eq!((town.documents.len(), town.copies.len()), (300, 30));
    let sets: Vec<BTreeSet<u64>> =
        town.documents.iter().map(|text| shingles(text, 3).unwrap()).collect();
    assert!(town.copies.iter().all(|&(i, j)| jaccard(&sets[i], &sets[j]) > 0.4));
    let alike = alike(&sets, 0.8);
    assert!(alike.len() >= 8, "{}", alike.len());
    let [candidates, found] = met(&sets, &alike, [128, 1]).unwrap();
    assert!(candidates > found && found == alike.len());
}

#[test]
fn errors_say_what_to_do() {
    let error = DedupError::Signature { document: 2, hashes: 1, bands: 2, rows: 3 }.to_string();
    assert!(
        error.starts_with("document 2 has a signature of 1 hash value, which is not"),
        "{error}"
    );
}
