// What is counted.

fn every_token_is_counted() -> Outcome {
    let mut random = Random(1);
    for (len, order, vocab_size) in
        [(9, 1, 3), (14, 2, 4), (40, 3, 3), (31, 5, 2), (3, 4, 2), (1, 3, 2)]
    {
        let tokens = random.tokens(len, vocab_size);
        let model = subject::fit(&tokens, order, vocab_size)?;
        let place = format!("after counting {tokens:?} for order {order}");
        expect_eq(&format!("{place}: the order"), &[model.order()], &[order])?;
        expect_eq(&format!("{place}: the vocabulary"), &[model.vocab_size()], &[vocab_size])?;
        // One length more than there should be: nothing may be counted there.
        for context in (0..=order).flat_map(|length| contexts(length, vocab_size)) {
            for token in 0..vocab_size as u32 {
                let got = model.after(&context).map_or(0, |seen| seen.count(token));
                let used = context.len() < order;
                let want = if used { oracle::count(&tokens, &context, token) } else { 0 };
                expect(got == want, || {
                    format!(
                        "{place}: expected the count of {token} after {context:?} to be {want}, got {got}"
                    )
                })?;
            }
        }
    }
    Ok(())
}

fn counting_refuses_bad_input() -> Outcome {
    // An answer that always fails must not pass.
    let model = subject::fit(&[4, 0, 4], 2, 5)?;
    let counts = [model.after(&[4]), model.after(&[])].map(|s| s.map_or(0, |s| s.count(4)));
    expect_eq("counts of 4 in [4, 0, 4], after [4] and after []", &counts, &[0, 2])?;
    let model = subject::fit(&[], 3, 5)?;
    expect_eq("the order of a model of no text", &[model.order()], &[3])?;
    for (tokens, order, vocab_size) in
        [(&[1, 2][..], 0, 5), (&[], 2, 0), (&[5], 2, 5), (&[0, 1, 7, 2], 3, 3), (&[u32::MAX], 1, 9)]
    {
        let what = format!("counting {tokens:?} for order {order}, vocabulary {vocab_size}");
        expect_error(&what, subject::fit(tokens, order, vocab_size))?;
    }
    let error = subject::fit(&[0, 9, 7], 2, 6).err();
    let want = NgramError::UnknownToken { token: 9, vocab_size: 6 };
    expect_eq("the error of [0, 9, 7] in a vocabulary of 6", &[error], &[Some(want)])
}
