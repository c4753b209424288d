//! The keys of the quiz, computed by the lesson's code.

use grading::Keys;

/// The keys of the quiz.
pub fn keys() -> Keys {
    Keys::default()
}
