//! What can be wrong with the arguments.

use std::fmt;

/// Why a model of counts cannot be made or used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaskError {
    /// There is nothing to count.
    NoExamples,
    /// An example has a label that there is no class for.
    UnknownClass {
        /// Which example, counted from 0.
        example: usize,
        /// Its label.
        label: usize,
        /// How many classes there are.
        n_classes: usize,
    },
    /// The model that writes could not be made or used.
    Generation(String),
    /// A text without words has nothing to be summarized.
    NoWords,
}

impl std::error::Error for TaskError {}

impl fmt::Display for TaskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoExamples => f.write_str("there are no examples to count: give at least one"),
            Self::UnknownClass { example, label, n_classes } => {
                write!(f, "example {example} has the label {label}, not one of {n_classes} classes")
            }
            Self::Generation(why) => write!(f, "generation: {why}"),
            Self::NoWords => f.write_str("the text has no words: give it some"),
        }
    }
}
