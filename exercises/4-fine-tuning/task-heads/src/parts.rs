//! What heads are made of, and what they say. Given.

use crate::HeadError;

/// The label of a token that is not asked for anything.
pub const IGNORE: i64 = -100;

// ANCHOR: head
/// A linear layer on the hidden state of a token: a row of weights and a bias for each class.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// Numbers of a hidden state.
    pub n_embd: usize,
    /// `W`, `(n_classes, n_embd)`, row by row, as PyTorch keeps it.
    pub weight: Vec<f32>,
    /// `b`, `(n_classes)`.
    pub bias: Vec<f32>,
}
// ANCHOR_END: head

impl Head {
    /// A head that has learned nothing: it finds all classes equally likely.
    pub fn zeros(n_embd: usize, n_classes: usize) -> Self {
        Self { n_embd, weight: vec![0.0; n_classes * n_embd], bias: vec![0.0; n_classes] }
    }

    /// How many classes it tells apart.
    pub fn n_classes(&self) -> usize {
        self.bias.len()
    }

    /// Whether its numbers are those of a head.
    ///
    /// # Errors
    /// [`HeadError::Head`] if there are no classes, hidden states have no numbers, or there are not
    /// `n_classes · n_embd` weights.
    pub fn check(&self) -> Result<(), HeadError> {
        let (n_embd, weights, n_classes) = (self.n_embd, self.weight.len(), self.bias.len());
        if n_embd == 0 || n_classes == 0 || n_classes.checked_mul(n_embd) != Some(weights) {
            return Err(HeadError::Head { weights, n_classes, n_embd });
        }
        Ok(())
    }

    /// The logits `z = h Wᵀ + b` of one token: a number for each class, from its hidden state `h`,
    /// `n_embd` numbers.
    pub fn logits(&self, h: &[f32]) -> Vec<f32> {
        let rows = self.weight.chunks_exact(self.n_embd);
        let dot = |row: &[f32]| -> f64 {
            row.iter().zip(h).map(|(w, h)| f64::from(*w) * f64::from(*h)).sum()
        };
        rows.zip(&self.bias).map(|(row, b)| (dot(row) + f64::from(*b)) as f32).collect()
    }
}

/// A loss, and its slopes along all numbers that it came from.
#[derive(Clone, Debug, PartialEq)]
pub struct Slopes {
    /// The mean loss of the tokens that were asked, in nats.
    pub loss: f64,
    /// `∂L/∂W`, `(n_classes, n_embd)`.
    pub weight: Vec<f32>,
    /// `∂L/∂b`, `(n_classes)`.
    pub bias: Vec<f32>,
    /// `∂L/∂h`, `(tokens, n_embd)`: what goes back into the model.
    pub hidden: Vec<f32>,
}

// ANCHOR: bio
/// The tag of a word. Kinds of names are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bio {
    /// Outside of any name.
    O,
    /// The first word of a name.
    B(usize),
    /// Inside a name, behind its first word.
    I(usize),
}

impl Bio {
    /// Its class: 0 for `O`, `1 + 2 · kind` for `B`, `2 + 2 · kind` for `I`.
    pub fn class(self) -> i64 {
        match self {
            Self::O => 0,
            Self::B(kind) => 1 + 2 * kind as i64,
            Self::I(kind) => 2 + 2 * kind as i64,
        }
    }
}
// ANCHOR_END: bio

impl Bio {
    /// The tag of a class.
    pub fn of_class(class: usize) -> Self {
        match class {
            0 => Self::O,
            class if class % 2 == 1 => Self::B(class / 2),
            class => Self::I(class / 2 - 1),
        }
    }

    /// The kind of name that it belongs to.
    pub fn kind(self) -> Option<usize> {
        match self {
            Self::O => None,
            Self::B(kind) | Self::I(kind) => Some(kind),
        }
    }
}

/// What label the further pieces of a word get, those behind its first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Following {
    /// [`IGNORE`]: only the first piece of a word is asked.
    Ignored,
    /// That of the word; where this is a `B`, the `I` of its kind.
    Inside,
}

/// A name in a text: the words `start..end`, `end` not among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name {
    /// Its first word.
    pub start: usize,
    /// The word behind its last.
    pub end: usize,
    /// What it names.
    pub kind: usize,
}

/// Where an answer stands in a text: the tokens from `start` to `end`, `end` among them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AnswerSpan {
    /// Its first token.
    pub start: usize,
    /// Its last token.
    pub end: usize,
    /// The start logit of the first plus the end logit of the last.
    pub score: f64,
}
