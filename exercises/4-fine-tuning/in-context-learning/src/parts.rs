//! What a prompt is made of, and what is asked of a model.

/// A task that is done right: what is given, and what shall follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// A review, a name, a question.
    pub input: String,
    /// The answer, without the space before it.
    pub output: String,
}

impl Example {
    /// An example.
    pub fn new(input: impl Into<String>, output: impl Into<String>) -> Self {
        Self { input: input.into(), output: output.into() }
    }
}

/// How an example is written: `{before}{input}{between} {output}{after}`.
///
/// There is one space before an output, which is part of neither.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// Stands before each input.
    pub before: String,
    /// Stands between an input and the space before its output, such as `\nMood:`.
    pub between: String,
    /// Ends an example.
    pub after: String,
}

/// A prompt that is ready to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prompt {
    /// As text.
    pub text: String,
    /// As tokens.
    pub ids: Vec<u32>,
    /// So many examples are in it.
    pub shots: usize,
}

/// The tokens of a prompt, and those of an answer to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Read first.
    pub prompt: Vec<u32>,
    /// Judged.
    pub answer: Vec<u32>,
}

/// By what the log-probability of a choice is divided, so that long choices have a chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Normalize {
    /// By nothing.
    None,
    /// By the number of its tokens.
    Tokens,
    /// By the bytes of its text, without the space before it.
    Bytes,
}

/// Choices in order of their scores.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranking {
    /// Of each choice, in the order that they were given in.
    pub scores: Vec<f64>,
    /// The indices of all choices, the best first.
    pub order: Vec<usize>,
}

/// A language model with its tokenizer.
pub trait LanguageModel {
    /// The tokens of a text, from its beginning; a model that wants a token before every text puts it
    /// there.
    fn encode(&self, text: &str) -> Vec<u32>;

    /// The logits of a text of at least 1 and at most [`Self::n_positions`] tokens: a row of
    /// [`Self::vocab_size`] numbers for each token, for the token that follows it.
    fn logits(&mut self, ids: &[u32]) -> Vec<f32>;

    /// How many tokens there are.
    fn vocab_size(&self) -> usize;

    /// The longest text that it reads, in tokens.
    fn n_positions(&self) -> usize;
}
