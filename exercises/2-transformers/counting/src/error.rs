//! What cannot be counted.

use std::fmt;

/// Why there is no count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountError {
    /// Heads that cannot share keys and values evenly.
    Groups {
        /// Heads of queries.
        n_heads: u64,
        /// Heads of keys and values.
        n_kv_heads: u64,
    },
    /// A past for a model that is no decoder alone.
    NoPast,
    /// A part, or all together, is more than a u64 counts.
    TooLarge,
    /// No device to keep anything.
    NoDevices,
    /// What must be a finite number above 0, by the name of its field.
    NotPositive(&'static str),
}

impl fmt::Display for CountError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Groups { n_heads, n_kv_heads } => write!(
                f,
                "{n_heads} heads cannot share {n_kv_heads} heads of keys and values evenly: give a \
                 multiple of them, and at least one of each"
            ),
            Self::NoPast => f.write_str(
                "a past is counted for decoder-only models: for the others, give a past of 0",
            ),
            Self::TooLarge => f.write_str("more than 2⁶⁴ − 1: give smaller sizes"),
            Self::NoDevices => f.write_str("no devices keep nothing: give at least one"),
            Self::NotPositive(field) => write!(f, "{field}: give a finite number above 0"),
        }
    }
}

impl std::error::Error for CountError {}
