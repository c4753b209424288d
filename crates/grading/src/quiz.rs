//! The keys of a quiz: which choice is right, computed by the lesson's own code.
//!
//! The text of a quiz is Markdown beside its page, `<lesson>.quiz.md`. A key is a closure over the
//! code, so a wrong key cannot be published: the text says how each choice would be right, and the
//! code says which one is.

use std::fmt::Debug;

use crate::Failure;

/// The keys of a lesson's quiz.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    /// In any order; the book pairs them with the questions by their ids.
    pub keys: Vec<Key>,
}

/// The key of one question.
#[derive(Clone, Debug)]
pub struct Key {
    /// The id of the question, e.g. `bytes-of-an-emoji`.
    pub id: &'static str,
    /// The index of the right choice, or why the code could not tell.
    pub answer: Result<usize, Failure>,
}

impl Keys {
    /// Adds the key of a question: `answer` runs the lesson's code and returns the index of the
    /// right choice.
    ///
    /// ```
    /// use grading::{Keys, position};
    ///
    /// let choices = [1, 2, 4];
    /// let keys = Keys::default().key("bytes-of-an-emoji", || position(&choices, &"🦀".len()));
    /// assert_eq!(keys.keys[0].answer, Ok(2));
    /// ```
    pub fn key(
        mut self,
        id: &'static str,
        answer: impl FnOnce() -> Result<usize, Failure>,
    ) -> Self {
        self.keys.push(Key { id, answer: answer() });
        self
    }
}

/// The index of what the code computed among what the choices say.
///
/// ```
/// assert_eq!(grading::position(&[0, 1, 2], &(1 + 1)).unwrap(), 2);
/// assert!(grading::position(&["a", "b"], &"c").is_err());
/// ```
///
/// # Errors
/// If no choice says so.
pub fn position<T: PartialEq + Debug>(choices: &[T], computed: &T) -> Result<usize, Failure> {
    let found = choices.iter().position(|choice| choice == computed);
    found.ok_or_else(|| Failure::wrong(format!("the code says {computed:?}, which no choice does")))
}

/// The index of the only choice that is true of what the code computed.
///
/// ```
/// let x = 3;
/// assert_eq!(grading::pick([x < 0, x == 0, x > 0]).unwrap(), 2);
/// assert!(grading::pick([true, true]).is_err());
/// ```
///
/// # Errors
/// If none is, or more than one.
pub fn pick<const N: usize>(holds: [bool; N]) -> Result<usize, Failure> {
    match (0..N).filter(|&i| holds[i]).collect::<Vec<_>>()[..] {
        [one] => Ok(one),
        [] => Err(Failure::wrong("no choice is true of what the code computes")),
        _ => Err(Failure::wrong("more than one choice is true of what the code computes")),
    }
}
