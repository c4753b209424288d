//! Why machines come to no result.

use std::fmt;

use grading::numbers::counted;

/// Why there is no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MachineError {
    /// The left neighbor has not sent yet. Pass it on with `?`: when the message is there, the rank
    /// is run again.
    Waiting,
    /// Everybody who is not done waits for somebody who waits.
    Deadlock {
        /// Who waits, in rising order.
        waiting: Vec<usize>,
    },
    /// No rank has a token.
    NoTokens,
    /// A matrix has as many columns as the next should have rows.
    Shape {
        /// Columns of the left one.
        columns: usize,
        /// Rows of the right one.
        rows: usize,
    },
    /// A layout that divides by 0.
    NoMachines,
}

impl fmt::Display for MachineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Waiting => f.write_str(
                "nothing has come from the left yet: hand this error on with `?`, and the rank is \
                 run again when there is something",
            ),
            Self::Deadlock { waiting } => {
                let verb = if waiting.len() == 1 { "waits" } else { "wait" };
                let names: Vec<String> = waiting.iter().map(usize::to_string).collect();
                write!(
                    f,
                    "a deadlock: {} ({}) {verb} for what never comes: compare what each sends with \
                     what its neighbor expects",
                    counted(waiting.len(), "machine"),
                    names.join(", ")
                )
            }
            Self::NoTokens => {
                f.write_str("no rank has a token to learn from: give at least one rank some")
            }
            Self::Shape { columns, rows } => write!(
                f,
                "a matrix with {} cannot be multiplied with one that has {}: cut both at the same \
                 places",
                counted(*columns, "column"),
                counted(*rows, "row")
            ),
            Self::NoMachines => {
                f.write_str("a layout has at least 1 for tensor, pipeline and data, not 0")
            }
        }
    }
}

impl std::error::Error for MachineError {}
