// From counts to probabilities.

/// The probabilities of all tokens.
fn probs(model: &Ngram, context: &[u32]) -> Vec<f64> {
    (0..model.vocab_size() as u32).map(|token| subject::prob(model, context, token)).collect()
}

/// The same by scanning the text.
fn scanned(tokens: &[u32], context: &[u32], vocab_size: usize) -> Vec<f64> {
    let prob = |token| oracle::parts(tokens, context, vocab_size, token).iter().sum();
    (0..vocab_size as u32).map(prob).collect()
}

fn probabilities_match_nltk() -> Outcome {
    for case in oracle::cases()? {
        let model = case.model()?;
        for (context, want) in case.contexts.iter().zip(&case.probs) {
            let what = format!("{}: the probabilities after {context:?}", case.name);
            expect_close(&what, &[], &probs(&model, context), want, EXACT)?;
        }
    }
    Ok(())
}

fn probabilities_sum_to_one() -> Outcome {
    let mut random = Random(2);
    for (len, order, vocab_size) in [(50, 2, 6), (200, 3, 11), (300, 4, 3), (0, 2, 7)] {
        let tokens = random.tokens(len, vocab_size);
        let model = oracle::counted(&tokens, order, vocab_size)?;
        for length in 0..=order + 1 {
            let context = random.tokens(length, vocab_size);
            let probs = probs(&model, &context);
            let what = format!("the sum of all probabilities after {context:?} (order {order})");
            let exact = Tolerance { rtol: 1e-12, atol: 0.0 };
            expect_close(&what, &[], &[probs.iter().sum::<f64>()], &[1.0], exact)?;
            let worst = probs.iter().copied().fold(f64::INFINITY, f64::min);
            expect(worst > 0.0, || format!("after {context:?} a token has probability {worst}"))?;
        }
    }
    // The uniform distribution sums to one as well: what was seen must be likelier.
    let tokens = [0, 1, 2, 0, 1, 2, 0, 1];
    let probs = probs(&oracle::counted(&tokens, 2, 4)?, &[0]);
    expect(probs[1] > 0.5 && probs[3] < 0.25, || {
        format!("1 always comes after 0 in {tokens:?}, 3 never; their probabilities are {probs:?}")
    })
}

fn unseen_contexts_back_off() -> Outcome {
    let tokens = [0, 1, 2, 0, 2, 2, 1, 0, 1, 2, 3];
    for order in [2, 3, 4] {
        let model = oracle::counted(&tokens, order, 5)?;
        // 4 is not in the text, and nothing comes after 3: the last context is seen in part.
        for context in [&[4][..], &[3], &[4, 2], &[2, 4], &[0, 0, 1], &[4, 0, 1], &[3, 3, 2]] {
            let end = &context[context.len().saturating_sub(order - 1)..];
            let what = format!("the probabilities after {context:?} in {tokens:?}, order {order}");
            expect_close(&what, &[], &probs(&model, context), &scanned(&tokens, end, 5), EXACT)?;
        }
    }
    Ok(())
}

fn only_the_end_of_a_context_counts() -> Outcome {
    let mut random = Random(3);
    let tokens = random.tokens(90, 4);
    for order in [1, 2, 3] {
        let model = oracle::counted(&tokens, order, 4)?;
        for length in [order, order + 1, 12] {
            let context = random.tokens(length, 4);
            let end = &context[length + 1 - order..];
            let what = format!("the probabilities after {context:?}, order {order}");
            expect_close(&what, &[], &probs(&model, &context), &scanned(&tokens, end, 4), EXACT)?;
        }
    }
    Ok(())
}

fn unknown_tokens_have_no_probability() -> Outcome {
    let tokens = [0, 1, 0, 2, 0, 1];
    let model = oracle::counted(&tokens, 2, 3)?;
    for context in [&[0][..], &[2], &[]] {
        let got: Vec<f64> =
            [1, 2, 3, 17, u32::MAX].iter().map(|&t| subject::prob(&model, context, t)).collect();
        let want = [&scanned(&tokens, context, 3)[1..], &[0.0, 0.0, 0.0]].concat();
        let what =
            format!("vocabulary 3: probabilities of 1, 2, 3, 17, {} after {context:?}", u32::MAX);
        expect_close(&what, &[], &got, &want, EXACT)?;
    }
    Ok(())
}
