//! Comparisons of an answer with the reference: results, exact values, floats bit by bit, errors.

use std::fmt::Debug;

use crate::{Failure, Outcome, expect};

/// How much of a value a message shows, in characters.
const SHOWN: usize = 300;

/// Compares a result with the expected one: two values with `compare`, two errors by variant and
/// fields. Errors are the same if their `Debug` texts are, so NaN in a field is NaN, −0 is not 0, and
/// the two may be of different types. An `Option` compares as `option.ok_or("nothing")`. A reference
/// that fails with an error of the tensor library (a variant `Tensor`) fails the check.
///
/// ```
/// use grading::{Tolerance, agree, expect_close};
///
/// fn root(x: f64) -> Result<f64, String> {
///     if x < 0.0 { Err(format!("{x} has no root")) } else { Ok(x.sqrt()) }
/// }
/// let close = |got: &f64, want: &f64| {
///     expect_close("the root", &[], &[*got], &[*want], Tolerance::F64)
/// };
/// assert!(agree("root", Ok::<f64, String>(1.5), root(2.25), close).is_ok());
/// let failure = agree("root", Ok::<f64, String>(0.0), root(-1.0), close).unwrap_err();
/// assert_eq!(failure.message(), r#"root: expected the error "-1 has no root", got the value 0.0"#);
/// ```
///
/// # Errors
/// If they differ.
pub fn agree<G: Debug, W: Debug, E: Debug, F: Debug>(
    what: &str,
    got: Result<G, E>,
    want: Result<W, F>,
    compare: impl FnOnce(&G, &W) -> Outcome,
) -> Outcome {
    match (got, want) {
        (Ok(got), Ok(want)) => compare(&got, &want),
        (got, Err(want)) => {
            expect_reference_stands(what, &want)?;
            expect_error_is(what, got, &want)
        }
        (Err(got), Ok(want)) => {
            let want = elided(&format!("{want:?}"), SHOWN);
            Err(Failure::wrong(format!("{what}: expected the value {want}, got the error {got:?}")))
        }
    }
}

/// An error of the tensor library is no answer: the reference met an input that it cannot do, and
/// would refuse whoever can. Every lesson wraps such an error in a variant `Tensor`.
fn expect_reference_stands(what: &str, error: &impl Debug) -> Outcome {
    let text = format!("{error:?}");
    if text.starts_with("Tensor(") {
        let text = elided(&text, SHOWN);
        return Err(Failure::wrong(format!(
            "{what}: the reference itself failed, a bug of this check and not of yours: {text}"
        )));
    }
    Ok(())
}

/// Fails unless a call returned this error: the same variant with the same fields, compared by their
/// `Debug` texts.
///
/// ```
/// use grading::expect_error_is;
///
/// #[derive(Debug)]
/// enum BadInput { Empty, Number(f64) }
///
/// let result: Result<(), BadInput> = Err(BadInput::Number(f64::NAN));
/// assert!(expect_error_is("a NaN", result, &BadInput::Number(f64::NAN)).is_ok());
/// let result: Result<(), BadInput> = Err(BadInput::Empty);
/// assert!(expect_error_is("a NaN", result, &BadInput::Number(f64::NAN)).is_err());
/// ```
///
/// # Errors
/// If it returned a value or another error.
pub fn expect_error_is<T: Debug, E: Debug, F: Debug>(
    what: &str,
    result: Result<T, E>,
    want: &F,
) -> Outcome {
    let want = format!("{want:?}");
    let got = match result {
        Err(error) if format!("{error:?}") == want => return Ok(()),
        Err(error) => format!("{error:?}"),
        Ok(value) => format!("the value {}", elided(&format!("{value:?}"), SHOWN)),
    };
    Err(Failure::wrong(format!("{what}: expected the error {want}, got {got}")))
}

/// Compares two values exactly, by `PartialEq`. Of long values the message shows where they begin to
/// differ. For floats, where −0 equals 0 and NaN equals nothing, take [`expect_bits`].
///
/// ```
/// let failure = grading::expect_same("words", "two  words", "two words").unwrap_err();
/// assert_eq!(failure.message(), r#"words: expected "two words", got "two  words""#);
/// ```
///
/// # Errors
/// If they differ.
pub fn expect_same<T: PartialEq + Debug + ?Sized>(what: &str, got: &T, want: &T) -> Outcome {
    expect(got == want, || {
        let (got, want) = (format!("{got:?}"), format!("{want:?}"));
        let same = got.chars().zip(want.chars()).take_while(|(g, w)| g == w).count();
        format!("{what}: expected {}, got {}", around(&want, same), around(&got, same))
    })
}

/// A number whose sign of zero and NaN count: `f32` and `f64`.
pub trait Float: Copy + Debug {
    /// Whether both have the same bits, or both are NaN.
    fn is_same(self, other: Self) -> bool;
}

impl Float for f32 {
    fn is_same(self, other: Self) -> bool {
        self.to_bits() == other.to_bits() || self.is_nan() && other.is_nan()
    }
}

impl Float for f64 {
    fn is_same(self, other: Self) -> bool {
        self.to_bits() == other.to_bits() || self.is_nan() && other.is_nan()
    }
}

/// Compares floats bit by bit: −0 is not 0, and every NaN is the same NaN. The failure names the
/// first index that differs, unless there is but one number.
///
/// ```
/// use grading::expect_bits;
///
/// assert!(expect_bits("y", &[f64::NAN, -0.0], &[f64::NAN, -0.0]).is_ok());
/// let failure = expect_bits("y", &[1.0, 0.0], &[1.0, -0.0]).unwrap_err();
/// assert_eq!(failure.message(), "y: at index 1 expected -0.0, got 0.0");
/// ```
///
/// # Errors
/// If they differ.
pub fn expect_bits<T: Float>(what: &str, got: &[T], want: &[T]) -> Outcome {
    if let Some(i) = got.iter().zip(want).position(|(g, w)| !g.is_same(*w)) {
        let (g, w) = (&got[i], &want[i]);
        let place = if got.len().max(want.len()) == 1 { "" } else { &format!("at index {i} ") };
        return Err(Failure::wrong(format!("{what}: {place}expected {w:?}, got {g:?}")));
    }
    expect(got.len() == want.len(), || {
        format!("{what}: expected {} numbers, got {}", want.len(), got.len())
    })
}

/// A text without its middle, if it is longer than this many characters.
pub fn elided(text: &str, most: usize) -> String {
    let length = text.chars().count();
    if length <= most {
        return text.into();
    }
    let (head, tail) = (most * 2 / 3, most - most * 2 / 3);
    let start: String = text.chars().take(head).collect();
    let end: String = text.chars().skip(length - tail).collect();
    format!("{start} … {end}")
}

/// A text, or of a long one what is around this character.
fn around(text: &str, at: usize) -> String {
    let length = text.chars().count();
    if length <= SHOWN {
        return text.into();
    }
    let from = at.saturating_sub(SHOWN / 3).min(length - SHOWN);
    let shown: String = text.chars().skip(from).take(SHOWN).collect();
    let before = if from > 0 { "… " } else { "" };
    let after = if from + SHOWN < length { " …" } else { "" };
    format!("{before}{shown}{after}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    #[allow(dead_code, reason = "compared by their Debug text")]
    enum BadInput {
        Temperature(f64),
        TopK,
    }
    use BadInput::{Temperature, TopK};

    type Answer = Result<i32, BadInput>;

    fn outcome(got: Answer, want: Answer) -> Outcome {
        agree("f", got, want, |got, want| expect_same("f", got, want))
    }

    #[test]
    fn values_agree_with_values_and_errors_with_errors() {
        assert_eq!(outcome(Ok(1), Ok(1)), Ok(()));
        assert!(outcome(Ok(2), Ok(1)).is_err());
        assert_eq!(outcome(Err(Temperature(f64::NAN)), Err(Temperature(f64::NAN))), Ok(()));
        for wrong in [Ok(1), Err(TopK), Err(Temperature(0.0)), Err(Temperature(f64::NAN))] {
            let failure = outcome(wrong, Err(Temperature(-0.0))).unwrap_err();
            assert!(failure.message().contains("the error Temperature(-0.0), got "), "{failure:?}");
        }
        let failure = outcome(Err(TopK), Ok(7)).unwrap_err();
        assert_eq!(failure.message(), "f: expected the value 7, got the error TopK");
    }

    #[test]
    fn a_reference_that_cannot_answer_refuses_nobody_in_silence() {
        #[derive(Clone, Debug)]
        #[allow(dead_code, reason = "compared by its Debug text")]
        enum Error {
            Tensor(&'static str),
        }
        let cannot = Error::Tensor("only supports contiguous tensors");
        for got in [Ok(1), Err(cannot.clone())] {
            let failure = agree("f", got, Err(cannot.clone()), |_: &i32, _: &i32| Ok(()));
            let message = failure.unwrap_err().message().to_string();
            assert!(message.starts_with("f: the reference itself failed"), "{message}");
        }
    }

    #[test]
    fn bits_tell_zeros_and_lengths_apart() {
        assert_eq!(expect_bits("y", &[f32::NAN], &[-f32::NAN]), Ok(()));
        assert!(expect_bits("y", &[0.0_f32], &[-0.0]).is_err());
        assert!(expect_bits("y", &[f64::INFINITY], &[f64::NAN]).is_err());
        assert!(expect_bits("y", &[0.0_f64; 2], &[0.0]).is_err());
    }

    #[test]
    fn of_long_values_the_difference_is_shown() {
        let want: Vec<u32> = (0..10_000).collect();
        let mut got = want.clone();
        got[7000] = 77;
        let failure = expect_same("ids", &got, &want).unwrap_err();
        let message = failure.message();
        assert!(message.contains("6999, 7000, 7001"), "{message}");
        assert!(message.contains("6999, 77, 7001"), "{message}");
        assert!(message.chars().count() < 700, "{message}");
    }

    #[test]
    fn the_middle_is_left_out() {
        assert_eq!(elided("ééé", 3), "ééé");
        assert_eq!(elided("0123456789é", 6), "0123 … 9é");
    }
}
