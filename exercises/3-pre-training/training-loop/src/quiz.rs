//! The keys of the quiz, computed by the reference.

use grading::Keys;

/// The keys of the quiz.
pub fn keys() -> Keys {
    Keys::default()
}
