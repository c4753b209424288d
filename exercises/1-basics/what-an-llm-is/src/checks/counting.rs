//! What is counted.

use grading::random::seeded;
use grading::{Outcome, expect, expect_eq};

use crate::oracle;
use crate::{Answers, NgramError};

/// All contexts of this length.
fn contexts(length: usize, vocab_size: usize) -> Vec<Vec<u32>> {
    let longer = |context: Vec<u32>| {
        (0..vocab_size as u32).map(move |token| [&context[..], &[token]].concat())
    };
    (0..length).fold(vec![vec![]], |all, _| all.into_iter().flat_map(longer).collect())
}

pub fn every_token_is_counted(answers: &Answers) -> Outcome {
    let mut rng = seeded(1);
    for (len, order, vocab_size) in
        [(9, 1, 3), (14, 2, 4), (40, 3, 3), (31, 5, 2), (3, 4, 2), (1, 3, 2)]
    {
        let tokens = oracle::tokens(&mut rng, len, vocab_size);
        let model = (answers.fit)(&tokens, order, vocab_size)?;
        let place = format!("after counting {tokens:?} for order {order}");
        let sizes = [model.order(), model.vocab_size()];
        expect_eq(&format!("{place}: order and vocabulary"), &sizes, &[order, vocab_size])?;
        // One length more than there should be: nothing may be counted there.
        for context in (0..=order).flat_map(|length| contexts(length, vocab_size)) {
            for token in 0..vocab_size as u32 {
                let got = model.after(&context).map_or(0, |seen| seen.count(token));
                let used = context.len() < order;
                let want = if used { oracle::count(&tokens, &context, token) } else { 0 };
                expect(got == want, || {
                    format!("{place}: {token} comes {want} times after {context:?}, got {got}")
                })?;
            }
        }
    }
    Ok(())
}

pub fn counting_refuses_bad_input(answers: &Answers) -> Outcome {
    // An answer that always fails must not pass.
    let model = (answers.fit)(&[4, 0, 4], 2, 5)?;
    let counts = [model.after(&[4]), model.after(&[])].map(|s| s.map_or(0, |s| s.count(4)));
    expect_eq("counts of 4 in [4, 0, 4], after [4] and after []", &counts, &[0, 2])?;
    expect_eq("the order of a model of no text", &[(answers.fit)(&[], 3, 5)?.order()], &[3])?;
    let unknown = |token, vocab_size| NgramError::UnknownToken { token, vocab_size };
    for (tokens, order, vocab_size, want) in [
        (&[1, 2][..], 0, 5, NgramError::ZeroOrder),
        (&[], 2, 0, NgramError::BadVocab { vocab_size: 0 }),
        (&[5], 2, 5, unknown(5, 5)),
        (&[0, 1, 7, 2], 3, 3, unknown(7, 3)),
        (&[0, 9, 7], 2, 6, unknown(9, 6)),
        (&[u32::MAX], 1, 9, unknown(u32::MAX, 9)),
    ] {
        let what = format!("counting {tokens:?} for order {order}, vocabulary {vocab_size}");
        let error = (answers.fit)(tokens, order, vocab_size).err();
        expect_eq(&format!("{what}: the error"), &[error], &[Some(want)])?;
    }
    Ok(())
}
