//! Stop sequences, and what is said of a text that may hold one. Given: the exercise uses them.

use crate::SearchError;

/// Texts before which an answer ends. None of them is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stops(Vec<String>);

impl Stops {
    /// Stop sequences in the order in which they are numbered.
    ///
    /// # Errors
    /// [`SearchError::EmptyStop`] with the index of the first that is empty.
    pub fn new<S: Into<String>>(stops: impl IntoIterator<Item = S>) -> Result<Self, SearchError> {
        let stops: Vec<String> = stops.into_iter().map(Into::into).collect();
        match stops.iter().position(String::is_empty) {
            Some(index) => Err(SearchError::EmptyStop(index)),
            None => Ok(Self(stops)),
        }
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

/// Where a text ends, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    /// How many bytes of the text come before the stop sequence.
    pub start: usize,
    /// Which of the stop sequences it is.
    pub index: usize,
}

/// What may be shown of a text that is still being written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Visible {
    /// So many bytes from its beginning.
    pub len: usize,
    /// The stop sequence that ended the text, if one did: nothing more will be shown.
    pub stop: Option<usize>,
}
