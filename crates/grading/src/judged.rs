//! Whose error it is: a check that meets one with `?` says that the learner's function returned it.

use std::any::type_name;
use std::cell::Cell;

/// The function that a check on this thread judges, and the type of the answers.
type Judged = Option<(&'static str, &'static str)>;

thread_local! {
    static JUDGED: Cell<Judged> = const { Cell::new(None) };
}

/// Runs a check that judges this function of answers of type `A`.
pub fn during<A, T>(function: &'static str, check: impl FnOnce() -> T) -> T {
    /// Also after a panic.
    struct Restore(Judged);
    impl Drop for Restore {
        fn drop(&mut self) {
            JUDGED.set(self.0);
        }
    }
    let _restore = Restore(JUDGED.replace(Some((function, type_name::<A>()))));
    check()
}

/// The message of an error of type `E` that came to a check, introduced as the learner's if it is.
///
/// Only answers return the errors of their lesson, which is told by the path of the type. Those of
/// candle come from answers, too, but for the two of a check that reads a result of another type or
/// rank than it shall be.
pub fn introduced<E>(message: String) -> String {
    let Some((function, answers)) = JUDGED.get() else { return message };
    let krate = |name: &'static str| name.split("::").next().unwrap_or_default();
    let of = krate(type_name::<E>());
    let reads = message.starts_with("unexpected dtype") || message.starts_with("unexpected rank");
    if of == "candle_core" && reads {
        return format!("your `{function}`, or reading what it returned, gave an error: {message}");
    }
    if of == krate(answers) || of == "candle_core" {
        return format!("expected a value, but your `{function}` returned an error: {message}");
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Failure;

    struct Answers;

    #[derive(Debug)]
    struct TooSmall;
    impl std::fmt::Display for TooSmall {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("there are no bytes")
        }
    }
    impl std::error::Error for TooSmall {}

    #[test]
    fn an_error_of_the_lesson_is_the_learners_and_others_are_as_they_are() {
        let of = || Failure::from(TooSmall).message().to_owned();
        assert_eq!(of(), "there are no bytes");
        let said = during::<Answers, _>("bits_per_byte", of);
        let all =
            "expected a value, but your `bits_per_byte` returned an error: there are no bytes";
        assert_eq!(said, all);
        let said =
            during::<Answers, _>("bits_per_byte", || Failure::from("x".parse::<u8>().unwrap_err()));
        assert_eq!(said.message(), "invalid digit found in string");
        let caught =
            std::panic::catch_unwind(|| during::<Answers, ()>("f", || panic!("on purpose")));
        assert!(caught.is_err());
        assert_eq!(of(), "there are no bytes");
    }
}
