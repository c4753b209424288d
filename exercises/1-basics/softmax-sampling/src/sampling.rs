//! The settings of a sampler, and what can be wrong with them. Given: the exercise uses them.

use std::error::Error;
use std::fmt;

/// How to choose the next token. The default changes nothing: temperature 1, no filter.
///
/// The settings act in the order of the fields, which is that of `generate` in Hugging Face
/// transformers; each filter sees the distribution that the ones before it left.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sampling {
    /// Divides the logits; at least 0. At 0 the most likely token is certain (greedy).
    pub temperature: f64,
    /// Keeps the `k` most likely tokens; at least 1.
    pub top_k: Option<usize>,
    /// Keeps the smallest set of most likely tokens that together have at least this
    /// probability; above 0, at most 1.
    pub top_p: Option<f64>,
    /// Keeps the tokens that are at least this times as likely as the most likely one; above 0,
    /// at most 1.
    pub min_p: Option<f64>,
}

impl Default for Sampling {
    fn default() -> Self {
        Self { temperature: 1.0, top_k: None, top_p: None, min_p: None }
    }
}

impl Sampling {
    /// Whether every setting is in its range.
    ///
    /// # Errors
    /// The first setting that is not.
    pub fn validate(&self) -> Result<(), SampleError> {
        // NaN is in no range, so it is refused too.
        let share = |p: f64| p > 0.0 && p <= 1.0;
        if !(self.temperature >= 0.0 && self.temperature.is_finite()) {
            return Err(SampleError::Temperature(self.temperature));
        }
        if self.top_k == Some(0) {
            return Err(SampleError::TopK);
        }
        match (self.top_p, self.min_p) {
            (Some(p), _) if !share(p) => Err(SampleError::TopP(p)),
            (_, Some(p)) if !share(p) => Err(SampleError::MinP(p)),
            _ => Ok(()),
        }
    }
}

/// Why no token can be chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SampleError {
    /// The temperature is negative or not finite.
    Temperature(f64),
    /// `top_k` is 0.
    TopK,
    /// `top_p` is not above 0 and at most 1.
    TopP(f64),
    /// `min_p` is not above 0 and at most 1.
    MinP(f64),
    /// The logit at this index is NaN or +∞; −∞ is fine, it means "never".
    Logit(usize),
    /// There are no logits, or all of them are −∞.
    NothingToChoose,
    /// A repetition penalty is not above 0 and finite.
    Penalty(f64),
    /// The history has this token, which has no logit.
    UnknownToken(usize),
}

impl fmt::Display for SampleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Temperature(t) => {
                write!(f, "the temperature must be 0 or more, and finite: it is {t}")
            }
            Self::TopK => write!(f, "top-k must keep at least 1 token: k is 0"),
            Self::TopP(p) => write!(f, "top-p must be above 0 and at most 1: it is {p}"),
            Self::MinP(p) => write!(f, "min-p must be above 0 and at most 1: it is {p}"),
            Self::Logit(i) => write!(f, "logit {i} is NaN or +∞"),
            Self::NothingToChoose => write!(f, "no token has a probability above 0"),
            Self::Penalty(p) => {
                write!(f, "the repetition penalty must be above 0, and finite: it is {p}")
            }
            Self::UnknownToken(t) => write!(f, "token {t} of the history has no logit"),
        }
    }
}

impl Error for SampleError {}
