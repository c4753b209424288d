//! The keys of the quiz.
use grading::Keys;
/// The keys of the quiz.
pub fn keys() -> Keys {
    Keys::default()
}
