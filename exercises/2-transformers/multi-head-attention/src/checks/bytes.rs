//! What keys and values take.

use grading::{Outcome, expect_eq, expect_error_is};

use crate::models::MODELS;
use crate::{Answers, HeadError};

fn expect_bytes(answers: &Answers, [l, h, d, t, b, n]: [u64; 6], want: u64) -> Outcome {
    let what = format!(
        "{l} layers, {h} heads of keys and values of {d} numbers, {t} tokens, a batch of {b}, {n} \
         bytes a number"
    );
    expect_eq(&what, &[(answers.kv_bytes)(l, h, d, t, b, n)?], &[want])
}

pub fn a_token_has_a_key_and_a_value(answers: &Answers) -> Outcome {
    // One of everything, and then twice, three times, … of one thing at a time.
    expect_bytes(answers, [1; 6], 2)?;
    for (place, factor) in (0..6).zip([3, 5, 7, 11, 13, 4]) {
        let mut sizes = [1; 6];
        sizes[place] = factor;
        expect_bytes(answers, sizes, 2 * factor)?;
    }
    expect_bytes(answers, [3, 2, 5, 7, 4, 2], 3360)
}

pub fn bytes_are_those_of_published_models(answers: &Answers) -> Outcome {
    for model in MODELS {
        // Counted one by one: each layer, each token, a key and a value for each head.
        let mut numbers = 0_u64;
        for _ in 0..model.layers {
            for _ in 0..model.n_kv_heads {
                numbers += model.d_head + model.d_head;
            }
        }
        for (tokens, batch, bytes) in [(1, 1, 2), (model.context, 1, 2), (1000, 64, 1)] {
            let sizes = [model.layers, model.n_kv_heads, model.d_head, tokens, batch, bytes];
            expect_bytes(answers, sizes, numbers * tokens * batch * bytes)?;
        }
    }
    Ok(())
}

pub fn bytes_may_be_many(answers: &Answers) -> Outcome {
    // The largest number that fits, and ones that 32 bits, or an f64, cannot hold.
    expect_bytes(answers, [1 << 10, 1 << 10, 1 << 10, 1 << 10, 1 << 10, 1 << 12], 1 << 63)?;
    expect_bytes(answers, [1, 1, 1, u64::MAX / 2, 1, 1], u64::MAX - 1)?;
    expect_bytes(answers, [3, 1, 1, 1, (1 << 61) + 1, 1], 6 * ((1 << 61) + 1))?;
    // Nothing takes nothing, however large the rest is.
    for place in 0..6 {
        let mut sizes = [u64::MAX; 6];
        sizes[place] = 0;
        expect_bytes(answers, sizes, 0)?;
    }
    Ok(())
}

pub fn too_many_bytes_are_an_error(answers: &Answers) -> Outcome {
    // An answer that always fails must not pass.
    a_token_has_a_key_and_a_value(answers)?;
    for place in 0..6 {
        for factor in [1 << 63, u64::MAX, (1 << 63) + 1] {
            let mut sizes = [1; 6];
            sizes[place] = factor;
            let [l, h, d, t, b, n] = sizes;
            let what = format!("the sizes {sizes:?}");
            expect_error_is(&what, (answers.kv_bytes)(l, h, d, t, b, n), &HeadError::TooLarge)?;
        }
    }
    let n = 1 << 32;
    expect_error_is("six times 2³²", (answers.kv_bytes)(n, n, n, n, n, n), &HeadError::TooLarge)
}
