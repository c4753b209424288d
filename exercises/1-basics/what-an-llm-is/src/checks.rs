// Judges a solution. `subject` is the learner's module, the reference, or a mutant.

use grading::{
    Outcome, Tolerance, expect, expect_close, expect_distribution, expect_eq, expect_error,
};
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::oracle::{self, Random};
use crate::{Ngram, NgramError};

grading::checks! {
    "Every token is counted after every context before it" => every_token_is_counted {
        points: 3, section: "counting", hints: [
            "Take one token. Which contexts stand right before it, from the empty one to the longest that counts?",
            "The contexts of the token at place i have the lengths 0 to order − 1, but never more than i: the text begins there.",
            "For every i, and every length in 0..=i.min(order - 1): `model.after_mut(&tokens[i - length..i]).add(tokens[i])`."
        ]
    }
    "Counting refuses what it cannot count" => counting_refuses_bad_input {
        points: 1, section: "counting", hints: [
            "Which order makes no sense? And which token does a vocabulary of 5 not have?",
            "`Ngram::new(order, vocab_size)?` refuses orders and vocabularies that cannot be. The tokens are yours to look at.",
            "Find the first token with `token as usize >= vocab_size` and return `NgramError::UnknownToken { token, vocab_size }`."
        ]
    }
    "Probabilities are those of NLTK" => probabilities_match_nltk {
        points: 3, section: "from-counts-to-probabilities", hints: [
            "Begin with order 1: the only context is the empty one, and below it every token has 1 / vocab_size.",
            "The formula uses itself: for `h` you need the same for `h` without its first token. A loop from the empty context up does it, and so does a function that calls itself.",
            "`p = 1 / vocab_size`; then for each context from short to long: `p = (seen.count(token) + seen.distinct() * p) / (seen.total() + seen.distinct())`, all in f64."
        ]
    }
    "Probabilities sum to one after any context" => probabilities_sum_to_one {
        points: 2, section: "from-counts-to-probabilities", hints: [
            "What the seen tokens give away must be exactly what the others get.",
            "Numerator and denominator belong together: T(h) stands in both.",
            "Sum the numerator over all tokens: c(h) + T(h) · 1, if the shorter context sums to one. That is the denominator."
        ]
    }
    "After an unseen context, the shorter one decides" => unseen_contexts_back_off {
        points: 2, section: "from-counts-to-probabilities", hints: [
            "What is 0 / 0? Nothing was ever counted after this context.",
            "`model.after(context)` is `None` then: leave the probability of the shorter context as it is.",
            "In the loop from short to long: `let Some(seen) = model.after(…) else { continue };`."
        ]
    }
    "Only the last order − 1 tokens of a context count" => only_the_end_of_a_context_counts {
        points: 1, section: "from-counts-to-probabilities", hints: [
            "A trigram model sees two tokens, however many you give it. Which two?",
            "The longest length is the smaller one of `context.len()` and `order - 1`.",
            "The end of a slice with this length is `&context[context.len() - length..]`."
        ]
    }
    "A token outside the vocabulary has probability 0" => unknown_tokens_have_no_probability {
        points: 1, section: "from-counts-to-probabilities", hints: [
            "1 / vocab_size is the share of each token that the vocabulary has. What of others?",
            "Tokens go from 0 to vocab_size − 1.",
            "Begin with `if token as usize >= model.vocab_size() { return 0.0; }`."
        ]
    }
    "Simple texts have the perplexity of the closed form" => perplexity_has_a_closed_form {
        points: 2, section: "perplexity", hints: [
            "A model that knows nothing gives each of V tokens the probability 1/V. How many equally likely tokens is that?",
            "Average −ln P over the tokens; the exponential function undoes the logarithm at the end.",
            "`(total / tokens.len() as f64).exp()`, where total is the sum of `-prob(model, &tokens[..i], tokens[i]).ln()`."
        ]
    }
    "Held-out text has the perplexity of NLTK" => perplexity_matches_nltk {
        points: 3, section: "perplexity", hints: [
            "The first token has no context, the second has one token, and so on.",
            "The context of the token at place i is `&tokens[..i]`: `prob` takes what it needs from its end.",
            "Divide by the number of tokens, not by the number of n-grams, and use the natural logarithm with `exp`."
        ]
    }
    "A long text neither overflows nor vanishes" => perplexity_of_a_long_text {
        points: 1, section: "perplexity", hints: [
            "Multiply a thousand probabilities of 0.01. What does an f64 make of it?",
            "The logarithm of a product is a sum of logarithms.",
            "Never multiply the probabilities: add their logarithms."
        ]
    }
    "Perplexity refuses no text and unknown tokens" => perplexity_refuses_bad_input {
        points: 1, section: "perplexity", hints: [
            "What is the mean of no numbers?",
            "One unknown token has probability 0, and −ln 0 is infinite: say which token it was instead.",
            "`NgramError::NoTokens` for an empty text; for the rest, the helper that `fit` uses."
        ]
    }
    "Draws follow the probabilities" => draws_follow_the_probabilities {
        points: 3, section: "writing", hints: [
            "Look at the longest context first, and roll a die with c(h) + T(h) sides.",
            "`rng.random_range(0..n)` (with `use rand::RngExt`) rolls a die with n sides. Walk over `seen.iter()` and subtract each count from the side until it is smaller than one.",
            "If the side is still at least 0 after all counts, it was one of the last T(h): go on with the next shorter context, and after the empty one draw from 0 to vocab_size − 1."
        ]
    }
    "A draw says which context it came from" => draws_say_their_context {
        points: 1, section: "writing", hints: [
            "`context` is the length of the context whose die decided.",
            "The empty context has length 0: that is `Some(0)`. Only the draw from the whole vocabulary has `None`.",
            "Return `Draw { token, context: Some(length) }` from inside the loop over the followers."
        ]
    }
    "A text goes on from its prompt" => a_text_goes_on_from_its_prompt {
        points: 2, section: "writing", hints: [
            "The second new token depends on the first new token.",
            "Keep one vector: the prompt, then every token you draw, and draw after all of it.",
            "`draw(model, &tokens, rng)`, where `tokens` starts as `prompt.to_vec()` and grows."
        ]
    }
    "Exactly the new tokens are returned" => exactly_the_new_tokens_are_returned {
        points: 1, section: "writing", hints: [
            "How many tokens are asked for, and does the prompt count?",
            "The result has `len` tokens and begins with the one after the prompt.",
            "`tokens.split_off(prompt.len())` gives what came after the prompt."
        ]
    }
}

const EXACT: Tolerance = Tolerance { rtol: 1e-10, atol: 0.0 };

/// All contexts of this length.
fn contexts(length: usize, vocab_size: usize) -> Vec<Vec<u32>> {
    let longer = |context: Vec<u32>| {
        (0..vocab_size as u32).map(move |token| [&context[..], &[token]].concat())
    };
    (0..length).fold(vec![vec![]], |all, _| all.into_iter().flat_map(longer).collect())
}

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
        let what = format!("vocabulary 3: probabilities of 1, 2, 3, 17, {} after {context:?}", u32::MAX);
        expect_close(&what, &[], &got, &want, EXACT)?;
    }
    Ok(())
}

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
                *count.ok_or_else(|| grading::Failure::wrong(format!("drew the token {token}")))? += 1;
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
            let what = format!("context None, Some(0), … of draws after {context:?}, order {order}");
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
                return Err(grading::Failure::wrong(format!("two tokens after {prompt:?}: got {new:?}")));
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
