//! Who sees whom through a window.

use candle_core::{DType, Tensor};
use grading::numbers::counted;
use grading::{Outcome, expect_error_is, expect_same};

use crate::{Answers, CacheError};

fn expect_mask(
    what: &str,
    got: Result<Tensor, CacheError>,
    shape: [usize; 2],
    sees: impl Fn(usize, usize) -> bool,
) -> Outcome {
    let got = got?;
    let form = (got.dims(), got.dtype());
    expect_same(&format!("{what}: its shape and type"), &form, &(&shape, DType::U8))?;
    let rows: Vec<String> = got.to_vec2::<u8>()?.iter().map(|row| digits(row.iter())).collect();
    let row = |i| (0..shape[1]).map(|j| u8::from(sees(i, j))).collect::<Vec<_>>();
    let want: Vec<String> = (0..shape[0]).map(|i| digits(row(i).iter())).collect();
    expect_same(what, &rows, &want)
}

fn digits<'a>(row: impl Iterator<Item = &'a u8>) -> String {
    row.map(u8::to_string).collect()
}

pub fn window_is_a_band(answers: &Answers) -> Outcome {
    for (t, window) in [(5, 2), (6, 3), (4, 1), (9, 4)] {
        let what = format!("a window of {window} over {}", counted(t, "token"));
        // Looking back, one passes so many tokens, itself among them.
        let sees = |i: usize, j: usize| (j..=i).count() <= window && j <= i;
        expect_mask(&what, (answers.window_mask)(t, t, window), [t, t], sees)?;
    }
    Ok(())
}

pub fn window_ends_with_the_keys(answers: &Answers) -> Outcome {
    for (t_q, t_k, window) in [(1, 6, 3), (2, 7, 2), (3, 5, 4), (5, 2, 2), (4, 1, 9), (2, 0, 1)] {
        let what =
            format!("{}, {}, a window of {window}", counted(t_q, "query"), counted(t_k, "key"));
        // Counted from the end, both have the same last token.
        let sees = |i: usize, j: usize| {
            let (behind_query, behind_key) = (t_q - 1 - i, t_k - 1 - j);
            behind_key >= behind_query && behind_key < behind_query + window
        };
        expect_mask(&what, (answers.window_mask)(t_q, t_k, window), [t_q, t_k], sees)?;
    }
    Ok(())
}

pub fn windows_may_be_of_any_size(answers: &Answers) -> Outcome {
    window_is_a_band(answers)?;
    for window in [5, 6, usize::MAX / 2 + 1, usize::MAX - 3, usize::MAX] {
        let what = format!("a window of {window} over 5 tokens");
        expect_mask(&what, (answers.window_mask)(3, 5, window), [3, 5], |i, j| j <= i + 2)?;
    }
    for (t_q, t_k) in [(2, 3), (0, 0), (0, 4)] {
        let got = (answers.window_mask)(t_q, t_k, 0);
        expect_error_is("a window of 0", got, &CacheError::NoWindow)?;
    }
    Ok(())
}
