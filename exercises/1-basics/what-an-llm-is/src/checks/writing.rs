// What the model writes.

/// A text, its models, and contexts: seen, seen in part, too long, and not seen at all.
const TEXT: [u32; 24] = [0, 1, 2, 0, 1, 3, 0, 1, 2, 2, 0, 3, 0, 1, 2, 0, 2, 1, 0, 1, 1, 0, 1, 2];
const CONTEXTS: [&[u32]; 6] = [&[], &[0], &[0, 1], &[3, 1], &[2, 2, 3, 0, 1], &[4, 4]];
const DRAWS: usize = 20_000;

fn draws_follow_the_probabilities() -> Outcome {
    let mut rng = StdRng::seed_from_u64(4);
    for order in [1, 2, 3] {
        let model = oracle::counted(&TEXT, order, 5)?;
        for context in CONTEXTS {
            let end = &context[context.len().saturating_sub(order - 1)..];
            let mut counts = [0; 5];
            for _ in 0..DRAWS {
                let token = subject::draw(&model, context, &mut rng).token;
                let count = counts.get_mut(token as usize);
                *count
                    .ok_or_else(|| grading::Failure::wrong(format!("drew the token {token}")))? +=
                    1;
            }
            let what = format!("tokens drawn after {context:?}, order {order}");
            expect_distribution(&what, &counts, &scanned(&TEXT, end, 5))?;
        }
    }
    Ok(())
}

fn draws_say_their_context() -> Outcome {
    let mut rng = StdRng::seed_from_u64(5);
    for order in [1, 2, 3] {
        let model = oracle::counted(&TEXT, order, 5)?;
        for context in CONTEXTS {
            let end = &context[context.len().saturating_sub(order - 1)..];
            // From the whole vocabulary, from the empty context, from one token, from two.
            let mut counts = vec![0; end.len() + 2];
            for _ in 0..DRAWS {
                let length = subject::draw(&model, context, &mut rng).context;
                let count = counts.get_mut(length.map_or(0, |length| length + 1));
                *count.ok_or_else(|| {
                    grading::Failure::wrong(format!("after {context:?}: drew from {length:?}"))
                })? += 1;
            }
            let mut want = vec![0.0; end.len() + 2];
            for token in 0..5 {
                let parts = oracle::parts(&TEXT, end, 5, token);
                want.iter_mut().zip(parts).for_each(|(want, part)| *want += part);
            }
            let what =
                format!("context None, Some(0), … of draws after {context:?}, order {order}");
            expect_distribution(&what, &counts, &want)?;
        }
    }
    Ok(())
}

fn a_text_goes_on_from_its_prompt() -> Outcome {
    let mut rng = StdRng::seed_from_u64(6);
    let model = oracle::counted(&TEXT, 3, 5)?;
    for prompt in [&[][..], &[1], &[3, 0], &[2, 2, 0]] {
        let mut counts = vec![0; 25];
        for _ in 0..DRAWS {
            let new = subject::generate(&model, prompt, 2, &mut rng);
            let pair = (new.first().copied(), new.get(1).copied());
            let (Some(a @ 0..5), Some(b @ 0..5)) = pair else {
                return Err(grading::Failure::wrong(format!(
                    "two tokens after {prompt:?}: got {new:?}"
                )));
            };
            counts[(5 * a + b) as usize] += 1;
        }
        // P(a, b) = P(a | prompt) · P(b | prompt, a)
        let mut want = Vec::new();
        for (a, p) in (0..).zip(scanned(&TEXT, &prompt[prompt.len().saturating_sub(2)..], 5)) {
            let context = [prompt, &[a]].concat();
            let end = &context[context.len().saturating_sub(2)..];
            want.extend(scanned(&TEXT, end, 5).into_iter().map(|q| p * q));
        }
        let what = format!("pairs of tokens written after {prompt:?}, order 3");
        expect_distribution(&what, &counts, &want)?;
    }
    Ok(())
}

fn exactly_the_new_tokens_are_returned() -> Outcome {
    // After each token nearly always comes the next one, around a ring of seven.
    let mut model = Ngram::new(2, 7)?;
    for (token, next) in (0..7).map(|token| (token, (token + 1) % 7)) {
        (0..50_000).for_each(|_| model.after_mut(&[token]).add(next));
    }
    (0..7).for_each(|token| model.after_mut(&[]).add(token));
    let mut rng = StdRng::seed_from_u64(7);
    for (prompt, len) in [(&[3][..], 12), (&[0, 5], 1), (&[1, 2, 6], 30), (&[4], 5)] {
        let new = subject::generate(&model, prompt, len, &mut rng);
        let what = format!("after {prompt:?}, with len {len}");
        expect(new.len() == len, || format!("{what}: expected {len} tokens, got {new:?}"))?;
        let all = [prompt, &new].concat();
        let steps = all.windows(2).skip(prompt.len() - 1);
        let wrong = steps.filter(|pair| pair[1] != (pair[0] + 1) % 7).count();
        expect(wrong <= len / 12, || {
            format!("{what}: expected the ring 0 1 2 3 4 5 6 0 … to go on, got {new:?}")
        })?;
    }
    let none = subject::generate(&model, &[2], 0, &mut rng);
    expect(none.is_empty(), || format!("with len 0: expected no tokens, got {none:?}"))
}
