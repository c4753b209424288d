// How surprised the model is by a text.

fn perplexity_has_a_closed_form() -> Outcome {
    for vocab_size in [1, 2, 10, 1023] {
        let model = Ngram::new(3, vocab_size)?;
        let last = vocab_size as u32 - 1;
        let got = subject::perplexity(&model, &[0, last, last, 0, last])?;
        let what = format!("a model that has seen nothing, vocabulary {vocab_size}: perplexity");
        expect_close(&what, &[], &[got], &[vocab_size as f64], EXACT)?;
    }
    for (n, len) in [(1_u32, 3), (4, 1), (20, 8)] {
        // n times the token 0: c = n, T = 1, and P(0) = (n + 1/V) / (n + 1).
        let model = oracle::counted(&vec![0; n as usize], 1, 5)?;
        let got = subject::perplexity(&model, &vec![0; len])?;
        let want = (f64::from(n) + 1.0) / (f64::from(n) + 0.2);
        let what = format!("after {n} times 0, vocabulary 5, order 1: perplexity of {len} times 0");
        expect_close(&what, &[], &[got], &[want], EXACT)?;
    }
    Ok(())
}

fn perplexity_matches_nltk() -> Outcome {
    for case in oracle::cases()? {
        let model = case.model()?;
        for (text, tokens, want) in [
            ("held-out", &case.held_out, case.perplexity),
            ("training", &case.tokens, case.perplexity_of_training),
        ] {
            let what = format!("{}: perplexity of the {text} text", case.name);
            expect_close(&what, &[], &[subject::perplexity(&model, tokens)?], &[want], EXACT)?;
        }
    }
    Ok(())
}

fn perplexity_of_a_long_text() -> Outcome {
    // As above, with 999 times the token 0 of 4: P(0) = 999.25 / 1000, P(1) = 0.25 / 1000.
    let model = oracle::counted(&[0; 999], 1, 4)?;
    for (zeros, ones) in [(0, 2000), (30_000, 10_000)] {
        let tokens: Vec<u32> = (0..zeros + ones).map(|i| u32::from(i >= zeros)).collect();
        let share = zeros as f64 / tokens.len() as f64;
        let want = 0.99925_f64.powf(-share) * 0.00025_f64.powf(share - 1.0);
        let got = subject::perplexity(&model, &tokens)?;
        let what = format!("perplexity of {zeros} likely and {ones} unlikely tokens");
        expect_close(&what, &[], &[got], &[want], Tolerance { rtol: 1e-8, atol: 0.0 })?;
    }
    Ok(())
}

fn perplexity_refuses_bad_input() -> Outcome {
    let model = Ngram::new(2, 6)?;
    // An answer that always fails must not pass.
    let got = subject::perplexity(&model, &[5, 0])?;
    expect_close("perplexity of a model without counts", &[], &[got], &[6.0], EXACT)?;
    let error = |tokens: &[u32]| subject::perplexity(&model, tokens).err();
    let unknown = |token| Some(NgramError::UnknownToken { token, vocab_size: 6 });
    expect_eq("the error of no text", &[error(&[])], &[Some(NgramError::NoTokens)])?;
    expect_eq("the error of [0, 6, 9]", &[error(&[0, 6, 9])], &[unknown(6)])?;
    expect_eq("the error of [7]", &[error(&[7])], &[unknown(7)])
}
