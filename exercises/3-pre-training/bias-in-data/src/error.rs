//! What cannot be measured.

use std::fmt;

use grading::numbers::counted;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq)]
pub enum BiasError {
    /// More texts with the label than texts, or no texts at all.
    Counts {
        /// Texts with the label.
        hits: u64,
        /// All texts.
        of: u64,
    },
    /// A number of standard errors that makes no interval.
    Width {
        /// What was asked for.
        z: f64,
    },
    /// A list without words.
    NoWords,
    /// A word that has no vector.
    UnknownWord {
        /// The word.
        word: String,
    },
    /// Two groups that are not equally large.
    Sizes {
        /// So many of the first.
        x: usize,
        /// So many of the second.
        y: usize,
    },
    /// A score that is NaN, infinite, or larger than [`crate::MOST_SCORE`] in size.
    Score {
        /// Which one, counted from 0.
        at: usize,
        /// The score.
        score: f64,
    },
    /// Too many splits to try them all.
    TooMany {
        /// Scores of each group.
        scores: usize,
        /// The most that can be tried.
        most: usize,
    },
    /// A phrase that does not begin and end with a letter or a digit.
    Phrase {
        /// The phrase.
        phrase: String,
    },
    /// A phrase that is to be swapped with more than one.
    Ambiguous {
        /// The phrase.
        phrase: String,
    },
    /// A group that has no text with a label.
    EmptyCell {
        /// The group.
        group: usize,
        /// The label that none of its texts has.
        label: usize,
    },
    /// Not one text in which a phrase of the list stands.
    NoTwins,
}

impl fmt::Display for BiasError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Counts { hits, of } => write!(
                f,
                "{hits} of {of} is no share: count at least one text, and no more hits than texts"
            ),
            Self::Width { z } => {
                write!(f, "an interval cannot reach {z} standard errors: take 0 to 100")
            }
            Self::NoWords => f.write_str("a list has no words: give each at least one"),
            Self::UnknownWord { word } => write!(
                f,
                "“{word}” has no vector: leave it out of the lists, or train with texts that have it"
            ),
            Self::Sizes { x, y } => write!(
                f,
                "{x} and {y} cannot be compared by equal splits: make the two groups equally large"
            ),
            Self::Score { at, score } => {
                write!(f, "score {at} is {score}: scores are numbers from −1000 to 1000")
            }
            Self::TooMany { scores, most } => write!(
                f,
                "{} a group have too many splits to try all: take at most {most}, or draw splits",
                counted(*scores, "score")
            ),
            Self::Phrase { phrase } => write!(
                f,
                "“{phrase}” cannot be swapped: it has to begin and end with a letter or a digit"
            ),
            Self::Ambiguous { phrase } => write!(
                f,
                "“{phrase}” stands in the list twice: keep one pair with it, so that its partner is \
                 clear"
            ),
            Self::EmptyCell { group, label } => write!(
                f,
                "group {group} has no text with the label {label}, and copies of none are none: \
                 find such texts, or leave the label out"
            ),
            Self::NoTwins => {
                f.write_str("no text has a twin: give texts in which a phrase of the list stands")
            }
        }
    }
}

impl std::error::Error for BiasError {}
