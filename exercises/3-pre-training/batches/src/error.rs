//! What can be wrong with what batches are made of.

use std::fmt;

use grading::numbers::counted;

/// Why there is no batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchError {
    /// A batch of no rows.
    EmptyBatch,
    /// Rows of no tokens.
    EmptyContext,
    /// Data without a single window.
    TooShort {
        /// Tokens of the data.
        tokens: usize,
        /// Tokens of a window.
        context: usize,
    },
    /// A machine that is none of those there are.
    Rank {
        /// Which one, counted from 0.
        rank: usize,
        /// How many there are.
        ranks: usize,
    },
    /// A step after the last one of an epoch.
    Step {
        /// Which one, counted from 0.
        step: usize,
        /// How many there are.
        steps: usize,
    },
    /// A document with the token that ends documents.
    EndInside {
        /// Which document, counted from 0.
        document: usize,
        /// Where in it, counted from 0.
        at: usize,
    },
}

impl fmt::Display for BatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptyBatch => f.write_str("a batch of no rows: take at least one"),
            Self::EmptyContext => f.write_str("rows of no tokens: take a context of at least 1"),
            Self::TooShort { tokens, context } => write!(
                f,
                "data of {} for a context of {context}: give at least one token more than the \
                 context, or take a smaller one",
                counted(*tokens, "token")
            ),
            Self::Rank { rank, ranks } => write!(
                f,
                "rank {rank} of {}: ranks are counted from 0, and there is at least one",
                counted(*ranks, "rank")
            ),
            Self::Step { step, steps } => write!(
                f,
                "step {step} of an epoch of {}: steps are counted from 0; go on with the next epoch",
                counted(*steps, "step")
            ),
            Self::EndInside { document, at } => write!(
                f,
                "document {document} has the token that ends documents at {at}: take it out, or \
                 end documents by an id of its own"
            ),
        }
    }
}

impl std::error::Error for BatchError {}
