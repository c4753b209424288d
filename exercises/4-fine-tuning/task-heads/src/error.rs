//! What can go wrong on top of a model.

use std::fmt;
use std::ops::Range;

use grading::numbers::counted;
use optimizers::OptimizerError;

/// Why a head says nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum HeadError {
    /// A mask that is no whole number of texts.
    Ragged {
        /// Its places.
        places: usize,
        /// Places of a text.
        seq: usize,
    },
    /// A text of padding alone.
    NoTokens {
        /// Which one, counted from 0.
        text: usize,
    },
    /// Numbers that are no head.
    Head {
        /// Its weights.
        weights: usize,
        /// Its biases, one a class.
        n_classes: usize,
        /// Numbers of a hidden state.
        n_embd: usize,
    },
    /// Hidden states that are not one a token.
    Hidden {
        /// How many numbers there are.
        found: usize,
        /// How many there should be.
        expected: usize,
    },
    /// A label that is no class.
    Label {
        /// Where, counted from 0.
        at: usize,
        /// What it is.
        label: i64,
        /// How many classes there are.
        n_classes: usize,
    },
    /// Labels of which none asks anything.
    NoLabels,
    /// A piece of a word that has no tag.
    Word {
        /// Which piece, counted from 0.
        at: usize,
        /// Its word.
        word: usize,
        /// How many words have tags.
        words: usize,
    },
    /// Start logits and end logits of different texts.
    Lengths {
        /// How many start logits.
        start: usize,
        /// How many end logits.
        end: usize,
    },
    /// A context that is no part of the text, or has no tokens.
    Context {
        /// The context.
        context: Range<usize>,
        /// Tokens of the text.
        tokens: usize,
    },
    /// Answers of no tokens.
    MaxLen,
    /// A logit of the context that is ∞ or NaN.
    NotFinite {
        /// `start_logits` or `end_logits`.
        name: &'static str,
        /// Where in the text, counted from 0.
        at: usize,
    },
    /// A step that AdamW cannot take.
    Optimizer(OptimizerError),
}

impl From<OptimizerError> for HeadError {
    fn from(error: OptimizerError) -> Self {
        Self::Optimizer(error)
    }
}

impl fmt::Display for HeadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ragged { places, seq } => write!(
                f,
                "a mask of {} holds no texts of {seq}: pad all texts to one length",
                counted(*places, "place")
            ),
            Self::NoTokens { text } => {
                write!(f, "text {text} is padding alone: leave it out, or give it a token")
            }
            Self::Head { weights, n_classes, n_embd } => write!(
                f,
                "{} are no head for {} on {}: give a row of weights for each class",
                counted(*weights, "weight"),
                if *n_classes == 1 { "1 class".into() } else { format!("{n_classes} classes") },
                counted(*n_embd, "number")
            ),
            Self::Hidden { found, expected } => write!(
                f,
                "the hidden states are {}, and {expected} belong to these tokens: take those of \
                 the same batch",
                counted(*found, "number")
            ),
            Self::Label { at, label, n_classes } => write!(
                f,
                "the label {label} at {at} is no class of a head for {n_classes}: classes are \
                 counted from 0"
            ),
            Self::NoLabels => {
                f.write_str("no label asks anything, so there is no loss: give at least one")
            }
            Self::Word { at, word, words } => write!(
                f,
                "piece {at} is of word {word}, and {} tags: give each word one",
                if *words == 1 { "1 word has".into() } else { format!("{words} words have") }
            ),
            Self::Lengths { start, end } => write!(
                f,
                "{} and {}: give both for each token",
                counted(*start, "start logit"),
                counted(*end, "end logit")
            ),
            Self::Context { context, tokens } => write!(
                f,
                "the context {context:?} is no part of {}: give the tokens of the text that is \
                 asked about",
                counted(*tokens, "token")
            ),
            Self::MaxLen => f.write_str("max_len is 0: an answer has at least one token"),
            Self::NotFinite { name, at } => write!(
                f,
                "{name} at {at} is no finite number: look at the loss of the training, and leave \
                 masked tokens out of the context"
            ),
            Self::Optimizer(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for HeadError {}
