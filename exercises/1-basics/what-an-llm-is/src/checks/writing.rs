//! What the model writes.

use grading::random::seeded;
use grading::{Failure, Outcome, expect, expect_distribution};

use crate::oracle::{counted, end, parts, scanned};
use crate::{Answers, Draw, Ngram};

/// A text, its models, and contexts: seen, seen in part, too long, and not seen at all.
const TEXT: [u32; 24] = [0, 1, 2, 0, 1, 3, 0, 1, 2, 2, 0, 3, 0, 1, 2, 0, 2, 1, 0, 1, 1, 0, 1, 2];
const CONTEXTS: [&[u32]; 6] = [&[], &[0], &[0, 1], &[3, 1], &[2, 2, 3, 0, 1], &[4, 4]];
const DRAWS: usize = 20_000;

/// Draws after each context, and compares how often each outcome came with what is `wanted` of
/// the parts of the probabilities.
fn expect_draws(
    answers: &Answers,
    what: &str,
    outcome: fn(Draw) -> usize,
    wanted: fn(Vec<Vec<f64>>) -> Vec<f64>,
) -> Outcome {
    let mut rng = seeded(4);
    for order in [1, 2, 3] {
        let model = counted(&TEXT, order, 5)?;
        for context in CONTEXTS {
            let want = wanted(parts(&TEXT, end(context, order), 0.2, &[0, 1, 2, 3, 4]));
            let mut counts = vec![0; want.len()];
            for _ in 0..DRAWS {
                let drawn = (answers.draw)(&model, context, &mut rng);
                let count = counts.get_mut(outcome(drawn));
                *count.ok_or_else(|| {
                    Failure::wrong(format!("after {context:?}, order {order}: drew {drawn:?}"))
                })? += 1;
            }
            expect_distribution(
                &format!(
                    "{what} of draws after {context:?}, order {order}, from the text {TEXT:?}"
                ),
                &counts,
                &want,
            )?;
        }
    }
    Ok(())
}

pub fn draws_follow_the_probabilities(answers: &Answers) -> Outcome {
    let sums = |rows: Vec<Vec<f64>>| rows.iter().map(|row| row.iter().sum()).collect();
    expect_draws(answers, "the tokens", |drawn| drawn.token as usize, sums)
}

pub fn draws_say_their_context(answers: &Answers) -> Outcome {
    // From the whole vocabulary, from the empty context, from one token, from two.
    let outcome = |drawn: Draw| drawn.context.map_or(0, |length| length + 1);
    let sums = |rows: Vec<Vec<f64>>| {
        (0..rows[0].len()).map(|i| rows.iter().map(|row| row[i]).sum()).collect()
    };
    expect_draws(answers, "the context None, Some(0), …", outcome, sums)
}

pub fn a_text_goes_on_from_its_prompt(answers: &Answers) -> Outcome {
    let mut rng = seeded(6);
    let model = counted(&TEXT, 3, 5)?;
    for prompt in [&[][..], &[1], &[3, 0], &[2, 2, 0], &[0, 9]] {
        let mut counts = vec![0; 25];
        for _ in 0..DRAWS {
            let new = (answers.generate)(&model, prompt, 2, &mut rng);
            let [a @ 0..5, b @ 0..5] = new[..] else {
                return Err(Failure::wrong(format!("two tokens after {prompt:?}: got {new:?}")));
            };
            counts[(5 * a + b) as usize] += 1;
        }
        // P(a, b) = P(a | prompt) · P(b | prompt, a)
        let mut want = Vec::new();
        for (a, p) in (0..).zip(scanned(&TEXT, prompt, 3, 5)) {
            want.extend(scanned(&TEXT, &[prompt, &[a]].concat(), 3, 5).iter().map(|q| p * q));
        }
        let what = format!("pairs of tokens written after {prompt:?}, order 3, from {TEXT:?}");
        expect_distribution(&what, &counts, &want)?;
    }
    Ok(())
}

pub fn exactly_the_new_tokens_are_returned(answers: &Answers) -> Outcome {
    // After each token nearly always comes the next one, around a ring of seven.
    let mut model = Ngram::new(2, 7)?;
    for (token, next) in (0..7).map(|token| (token, (token + 1) % 7)) {
        (0..50_000).for_each(|_| model.after_mut(&[token]).add(next));
        model.after_mut(&[]).add(token);
    }
    let mut rng = seeded(7);
    for (prompt, len) in [(&[3][..], 12), (&[0, 5], 1), (&[1, 2, 6], 30), (&[4], 5), (&[2], 0)] {
        let new = (answers.generate)(&model, prompt, len, &mut rng);
        let what = format!("after {prompt:?}, with len {len}");
        expect(new.len() == len, || format!("{what}: expected {len} tokens, got {new:?}"))?;
        let all = [prompt, &new].concat();
        let steps = all.windows(2).skip(prompt.len() - 1);
        let wrong = steps.filter(|pair| pair[1] != (pair[0] + 1) % 7).count();
        expect(wrong <= len / 12, || {
            format!("{what}: expected the ring 0 1 2 3 4 5 6 0 … to go on, got {new:?}")
        })?;
    }
    Ok(())
}
