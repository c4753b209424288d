//! What an objective makes of a text.

/// The label of a place that gives no loss, as in PyTorch.
pub const IGNORED: i64 = -100;

/// A text with a question at some of its places: what the model reads, and what it must say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// What the model reads, an id a place.
    pub inputs: Vec<u32>,
    /// What it must say there: an id, or [`IGNORED`].
    pub labels: Vec<i64>,
}

/// A damaged text, and what the decoder must write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denoising {
    /// What the encoder reads.
    pub input: Vec<u32>,
    /// What the decoder must write.
    pub target: Vec<u32>,
}

/// Where a sentence stands; both numbers begin at 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sentence {
    /// In which document.
    pub document: usize,
    /// At which place in it.
    pub place: usize,
}

/// Two sentences, and whether the second follows the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Read first.
    pub first: Sentence,
    /// Read after it.
    pub second: Sentence,
    /// The answer: whether `second` came right after `first` in its document.
    pub is_next: bool,
}
