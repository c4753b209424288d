//! What can be wrong with a search for copies.

use std::fmt;

use grading::numbers::counted;

/// Why copies cannot be looked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DedupError {
    /// Shingles of no words.
    NoWords,
    /// Signatures without a single hash.
    EmptySignature,
    /// Two signatures that cannot be compared.
    Lengths {
        /// Hashes of the first.
        a: usize,
        /// Hashes of the second.
        b: usize,
    },
    /// No bands, or bands of no rows.
    NoBands {
        /// How many bands.
        bands: usize,
        /// How many rows a band.
        rows: usize,
    },
    /// A signature that is not made of these bands.
    Signature {
        /// Whose, counted from 0.
        document: usize,
        /// How many hashes it has.
        hashes: usize,
        /// How many bands.
        bands: usize,
        /// How many rows a band.
        rows: usize,
    },
    /// A number that should be a share, and is not from 0 to 1.
    NotAShare {
        /// The number.
        value: f64,
    },
    /// However the signature is cut, fewer are found than is asked for.
    OutOfReach {
        /// Hashes of the signature.
        hashes: usize,
    },
}

impl fmt::Display for DedupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoWords => f.write_str("shingles of no words: take at least 1"),
            Self::EmptySignature => f.write_str("signatures of no hashes: take at least one"),
            Self::Lengths { a, b } => write!(
                f,
                "signatures of {} and of {b}: make both with the same seeds",
                counted(*a, "hash value")
            ),
            Self::NoBands { bands, rows } => {
                write!(f, "{bands} bands × {rows} rows: take at least 1 of each")
            }
            Self::Signature { document, hashes, bands, rows } => write!(
                f,
                "document {document} has a signature of {}, which is not {bands} bands × {rows} \
                 rows: choose bands and rows whose product is its length",
                counted(*hashes, "hash value")
            ),
            Self::NotAShare { value } => {
                write!(f, "{value} is no share: take a number from 0 to 1, and a recall below 1")
            }
            Self::OutOfReach { hashes } => write!(
                f,
                "{} cannot find that many: take more, a higher threshold, or a lower recall",
                counted(*hashes, "hash value")
            ),
        }
    }
}

impl std::error::Error for DedupError {}
