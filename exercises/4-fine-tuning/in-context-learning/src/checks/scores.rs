//! What a model makes of choices.

use grading::draw::{self, Strategy};
use grading::random::seeded;
use grading::{
    Outcome, Tolerance, agree, differential, expect, expect_close, expect_eq, expect_error_is,
    expect_same,
};
use rand::RngExt;

use crate::oracle::{PIECES, Toy, calibrated, likelihoods};
use crate::{Answers, IclError, LanguageModel, Normalize, Pair, SOLUTION};

/// Sums of logarithms of many numbers, in f64.
const NEAR: Tolerance = Tolerance { rtol: 1e-9, atol: 1e-9 };
/// The logits of the golden file have eight digits.
const AS_F32: Tolerance = Tolerance { rtol: 1e-5, atol: 1e-6 };
const WAYS: [Normalize; 3] = [Normalize::None, Normalize::Tokens, Normalize::Bytes];

pub fn log_likelihoods_are_those_of_transformers(answers: &Answers) -> Outcome {
    for case in likelihoods()? {
        let pair = Pair { prompt: case.prompt.clone(), answer: case.answer.clone() };
        let what = format!("the prompt {:?} and the answer {:?}", pair.prompt, pair.answer);
        let got = (answers.answer_log_probs)(&mut case.clone(), &pair)?;
        expect_close(&what, &[pair.answer.len()], &got, &case.log_probs, AS_F32)?;
    }
    Ok(())
}

pub fn logits_may_be_far_from_0(answers: &Answers) -> Outcome {
    let mut rng = seeded(3);
    for size in [0.5, 30.0, 800.0, 1e6] {
        for (n, m) in [(1, 1), (1, 6), (9, 2), (20, 45), (64, 1), (3, 0)] {
            let mut ids = |n: usize| -> Vec<u32> {
                (0..n).map(|_| rng.random_range(0..PIECES.len() as u32 + 1)).collect()
            };
            let pair = Pair { prompt: ids(n), answer: ids(m) };
            let mut model = Toy { size, ..Toy::new(7) };
            let what = format!("logits up to ±{size:e}, {pair:?}");
            let got = (answers.answer_log_probs)(&mut model, &pair)?;
            let all = [&pair.prompt[..], &pair.answer].concat();
            let want: Vec<f64> = (n..n + m).map(|at| model.log_prob(&all[..at], all[at])).collect();
            expect_close(&what, &[m], &got, &want, NEAR)?;
            let reads = if m == 0 { vec![] } else { vec![all[..n + m - 1].to_vec()] };
            expect_same(&format!("{what}: what was read"), &*model.read.borrow(), &reads)?;
        }
    }
    Ok(())
}

pub fn unreadable_is_refused(answers: &Answers) -> Outcome {
    let (vocab_size, known) = (PIECES.len() + 1, PIECES.len() as u32);
    let token = |id| IclError::Token { id, vocab_size };
    for (prompt, answer, want) in [
        (vec![], vec![1], IclError::NoPrompt),
        (vec![], vec![], IclError::NoPrompt),
        (vec![], vec![99], IclError::NoPrompt),
        (vec![1, 23, 24], vec![25], token(23)),
        (vec![1], vec![2, u32::MAX], token(u32::MAX)),
        (vec![40], vec![], token(40)),
        (vec![2; 70], vec![99], token(99)),
        (vec![2; 64], vec![1, known], IclError::TooLong { tokens: 65, limit: 64 }),
        (vec![2; 3], vec![1; 80], IclError::TooLong { tokens: 82, limit: 64 }),
    ] {
        let pair = Pair { prompt, answer };
        let mut model = Toy::new(5);
        let got = (answers.answer_log_probs)(&mut model, &pair);
        expect_error_is(&format!("{pair:?}"), got, &want)?;
        let read = model.read.borrow().len();
        expect(read == 0, || {
            format!("{pair:?}: expected that nothing is read, got {read} readings")
        })?;
    }
    // Just short enough.
    let pair = Pair { prompt: vec![2; 60], answer: vec![known; 5] };
    let got = (answers.answer_log_probs)(&mut Toy::new(5), &pair)?;
    expect(got.len() == 5, || format!("expected 5 log-probabilities, got {}", got.len()))
}

fn toys() -> impl Strategy<Value = Toy> {
    let size = draw::select(vec![0.0, 1.0, 5.0, 100.0, 1e4]);
    let begins = draw::select(vec![false, true]);
    (draw::any_u64(), size, begins, draw::lengths(1..=40)).prop_map(
        |(seed, size, begins, n_positions)| Toy { size, begins, n_positions, ..Toy::new(seed) },
    )
}

pub fn log_probs_agree(answers: &Answers) -> Outcome {
    let known = PIECES.len() as u32 + 1;
    let pair = (draw::tokens_or_beyond(known, 12), draw::tokens_or_beyond(known, 12));
    let pair = pair.prop_map(|(prompt, answer)| Pair { prompt, answer });
    differential((toys(), pair), |(model, pair)| {
        let run = |answers: &Answers| {
            let mut model = model.clone();
            let found = (answers.answer_log_probs)(&mut model, pair);
            (found, model.read.into_inner())
        };
        let ((got, read), (want, wanted)) = (run(answers), run(&SOLUTION));
        agree("answer_log_probs", got, want, |got, want| {
            expect_close("answer_log_probs", &[want.len()], got, want, NEAR)
        })?;
        expect_same("what was read", &read, &wanted)
    })
}

fn texts(choices: &[&str]) -> Vec<String> {
    choices.iter().map(|&choice| choice.into()).collect()
}

pub fn sums_are_divided_by_lengths(answers: &Answers) -> Outcome {
    let choices = texts(&["good", "not so good", "é", "日本", " b"]);
    let log_probs =
        vec![vec![-2.0], vec![-1.0, -0.5, -0.25], vec![-3.5, -0.5], vec![-9.0; 6], vec![-1.5; 2]];
    for (normalize, lengths) in [
        (Normalize::None, [1.0; 5]),
        (Normalize::Tokens, [1.0, 3.0, 2.0, 6.0, 2.0]),
        (Normalize::Bytes, [4.0, 11.0, 2.0, 6.0, 2.0]),
    ] {
        let want: Vec<f64> = log_probs
            .iter()
            .map(|p| p.iter().sum::<f64>())
            .zip(lengths)
            .map(|(sum, length)| sum / length)
            .collect();
        let got = (answers.choice_scores)(&log_probs, &choices, normalize)?;
        expect_close(&format!("{normalize:?}"), &[5], &got, &want, Tolerance::F64)?;
    }
    let (nan, never) = (f64::NAN, f64::NEG_INFINITY);
    let got = (answers.choice_scores)(&[vec![never, -1.0]], &choices[..1], Normalize::Tokens)?;
    expect_same("a choice that never follows", &got, &vec![never])?;
    let none = |choice| IclError::NoAnswer { choice };
    let lengths = |found, expected| IclError::Lengths { input: 0, found, expected };
    for (log_probs, choices, normalize, want) in [
        (vec![vec![-1.0], vec![]], texts(&["a", "b"]), Normalize::None, none(1)),
        (vec![vec![-1.0], vec![]], texts(&["", "b"]), Normalize::Tokens, none(1)),
        (vec![vec![-1.0], vec![nan]], texts(&["", "b"]), Normalize::Bytes, none(0)),
        (
            vec![vec![nan], vec![]],
            texts(&["a", "b"]),
            Normalize::None,
            IclError::NotANumber { choice: 0 },
        ),
        (vec![vec![nan], vec![-1.0]], texts(&["a"]), Normalize::None, lengths(2, 1)),
        (vec![], texts(&["a", ""]), Normalize::Bytes, lengths(0, 2)),
    ] {
        let what = format!("{log_probs:?} for {choices:?} by {normalize:?}");
        expect_error_is(&what, (answers.choice_scores)(&log_probs, &choices, normalize), &want)?;
    }
    // Bytes count only where they divide.
    let got = (answers.choice_scores)(&[vec![-1.0]], &texts(&[""]), Normalize::Tokens)?;
    expect_same("a choice without bytes, by its tokens", &got, &vec![-1.0])
}

fn ways() -> impl Strategy<Value = Normalize> + Clone {
    draw::select(WAYS.to_vec())
}

pub fn scores_agree(answers: &Answers) -> Outcome {
    let number = draw::prop_oneof![
        12 => draw::between(-20.0, 0.0),
        1 => draw::select(vec![0.0, -0.0, f64::NEG_INFINITY, f64::NAN, -1e300, -1e-300]),
    ];
    let choice = (draw::list(number, 1..=6), draw::text(3), 0..14_u8)
        .prop_map(|(log_probs, text, cut)| (if cut == 0 { vec![] } else { log_probs }, text));
    differential((draw::list(choice, 0..=6), ways(), 0..20_u8), |(choices, normalize, cut)| {
        let (mut log_probs, texts): (Vec<_>, Vec<_>) = choices.iter().cloned().unzip();
        if *cut == 0 {
            log_probs.pop();
        }
        let run = |answers: &Answers| (answers.choice_scores)(&log_probs, &texts, *normalize);
        agree("choice_scores", run(answers), run(&SOLUTION), |got, want| {
            expect_close("choice_scores", &[want.len()], got, want, NEAR)
        })
    })
}

/// The score of a choice, by definition.
fn score(model: &Toy, prompt: &str, choice: &str, normalize: Normalize) -> f64 {
    let whole = model.encode(&format!("{prompt} {choice}"));
    let from = model.encode(prompt.trim_end()).len();
    let sum: f64 = (from..whole.len()).map(|at| model.log_prob(&whole[..at], whole[at])).sum();
    match normalize {
        Normalize::None => sum,
        Normalize::Tokens => sum / (whole.len() - from) as f64,
        Normalize::Bytes => sum / choice.len() as f64,
    }
}

pub fn best_choice_comes_first(answers: &Answers) -> Outcome {
    let choices = texts(&["good", "bad", "cd cd cd", "é", "b"]);
    let mut differ = 0;
    for seed in 0..12 {
        for (prompt, begins) in [("a b:", false), ("abc\n\n", true), ("d ", false)] {
            let mut firsts = Vec::new();
            for normalize in WAYS {
                let mut model = Toy { begins, ..Toy::new(seed) };
                let what = format!("the choices {choices:?} behind {prompt:?} by {normalize:?}");
                let got = (answers.icl_rank)(&mut model, prompt, &choices, normalize)?;
                let want: Vec<f64> =
                    choices.iter().map(|choice| score(&model, prompt, choice, normalize)).collect();
                expect_close(&format!("{what}: scores"), &[5], &got.scores, &want, NEAR)?;
                let mut order: Vec<usize> = (0..5).collect();
                order.sort_by(|&a, &b| want[b].total_cmp(&want[a]));
                expect_eq(&format!("{what}: the order"), &got.order, &order)?;
                firsts.push(order[0]);
            }
            differ += usize::from(firsts[0] != firsts[1] || firsts[1] != firsts[2]);
        }
    }
    debug_assert!(differ > 3, "the ways to divide must matter here");
    // All logits are the same: choices of as many tokens tie, and stay in order.
    let mut flat = Toy { size: 0.0, ..Toy::new(1) };
    let choices = texts(&["cd cd", "good", "good", "bad", "cd", "b", "good"].repeat(9));
    let got = (answers.icl_rank)(&mut flat, "d:", &choices, Normalize::Tokens)?;
    let mut want: Vec<usize> = (0..choices.len()).collect();
    want.sort_by(|&a, &b| got.scores[b].total_cmp(&got.scores[a]));
    expect_eq("choices that tie", &got.order, &want)?;
    let got = (answers.icl_rank)(&mut flat, "d:", &[], Normalize::None);
    expect_error_is("no choices", got, &IclError::NoChoices)?;
    let got = (answers.icl_rank)(&mut flat, "", &choices, Normalize::None);
    expect_error_is("no prompt", got, &IclError::NoPrompt)?;
    let got = (answers.icl_rank)(&mut flat, "d:", &texts(&["b", ""]), Normalize::Bytes);
    expect_error_is("an empty choice", got, &IclError::NoAnswer { choice: 1 })
}

pub fn rankings_agree(answers: &Answers) -> Outcome {
    let text = |most| {
        draw::list(draw::select(PIECES.to_vec()), 0..=most).prop_map(|pieces| pieces.concat())
    };
    let all = (toys(), text(6), draw::list(text(4), 0..=5), ways());
    differential(all, |(model, prompt, choices, normalize)| {
        let run =
            |answers: &Answers| (answers.icl_rank)(&mut model.clone(), prompt, choices, *normalize);
        agree("icl_rank", run(answers), run(&SOLUTION), |got, want| {
            expect_close("scores", &[want.scores.len()], &got.scores, &want.scores, NEAR)?;
            // Scores that differ by rounding alone may change places; equal ones may not.
            let mut order = got.order.clone();
            order.sort_unstable();
            expect_eq("all choices", &order, &(0..choices.len()).collect::<Vec<_>>())?;
            for pair in got.order.windows(2) {
                let [a, b] = [pair[0], pair[1]].map(|at| got.scores[at]);
                expect(a > b || a == b && pair[0] < pair[1], || {
                    format!("choice {} with {a} stands before choice {} with {b}", pair[0], pair[1])
                })?;
            }
            Ok(())
        })
    })
}

pub fn calibration_is_that_of_the_paper(answers: &Answers) -> Outcome {
    for case in calibrated()? {
        let what = format!("the scores {:?} with {:?}", case.scores, case.content_free);
        let got = (answers.calibrate)(&case.scores, &case.content_free)?;
        expect_close(&what, &[case.q.len()], &got, &case.q, NEAR)?;
    }
    let lengths = |input, found, expected| IclError::Lengths { input, found, expected };
    for (scores, free, want) in [
        (vec![], vec![], IclError::NoChoices),
        (vec![], vec![vec![1.0]], IclError::NoChoices),
        (vec![1.0, 2.0], vec![vec![1.0, 2.0], vec![1.0], vec![]], lengths(1, 1, 2)),
        (vec![1.0], vec![vec![1.0, 2.0]], lengths(0, 2, 1)),
    ] {
        let what = format!("the scores {scores:?} with {free:?}");
        expect_error_is(&what, (answers.calibrate)(&scores, &free), &want)?;
    }
    Ok(())
}

pub fn nothing_is_divided_by_0(answers: &Answers) -> Outcome {
    // An input that says nothing leans to no side after calibration, however far apart scores are.
    for scores in [vec![-3.0, -1.0], vec![-900.0, -2.0, -50.0], vec![-1e5, -3e5], vec![-4000.0; 3]]
    {
        let n = scores.len();
        let what = format!("{scores:?}, calibrated by themselves");
        for times in [1, 3] {
            let got = (answers.calibrate)(&scores, &vec![scores.clone(); times])?;
            expect_close(&what, &[n], &got, &vec![1.0 / n as f64; n], NEAR)?;
        }
        // A leaning that is moved by a constant is the same leaning.
        let moved = scores.iter().map(|score| score - 750.0).collect();
        let got = (answers.calibrate)(&scores, &[moved])?;
        expect_close(&format!("{what}, moved"), &[n], &got, &vec![1.0 / n as f64; n], NEAR)?;
    }
    // Two leanings: by hand, p = (1/2, 1/2), p_cf = ((1 + a) / 2, (1 − a) / 2 …) up to what exp holds.
    let got = (answers.calibrate)(&[-5.0, -5.0], &[vec![0.0, -2000.0], vec![-2000.0, 0.0]])?;
    expect_close("two opposite leanings", &[2], &got, &[0.5, 0.5], NEAR)?;
    let got = (answers.calibrate)(&[-2000.0, 0.0], &[])?;
    expect_close("no leaning known", &[2], &got, &[0.0, 1.0], NEAR)?;
    // ln(p / p_cf) is −800 + 1000 against 0.
    let got = (answers.calibrate)(&[-800.0, 0.0], &[vec![-1000.0, 0.0]])?;
    expect_close("a strong leaning", &[2], &got, &[1.0, (-200.0_f64).exp()], NEAR)
}

pub fn calibrations_agree(answers: &Answers) -> Outcome {
    let number =
        || draw::prop_oneof![6 => draw::between(-30.0, 0.0), 1 => draw::between(-1e4, 1e4)];
    let input = draw::list(number(), 5..=5);
    let all = (input.clone(), draw::list(input, 0..=4), draw::lengths(0..=5), 0..20_u8);
    differential(all, |(scores, free, n, cut)| {
        let scores = &scores[..*n];
        let mut free: Vec<Vec<f64>> = free.iter().map(|free| free[..*n].to_vec()).collect();
        if let (0, Some(last)) = (*cut, free.last_mut()) {
            last.push(0.0);
        }
        let run = |answers: &Answers| (answers.calibrate)(scores, &free);
        agree("calibrate", run(answers), run(&SOLUTION), |got, want| {
            expect_close("calibrate", &[want.len()], got, want, NEAR)
        })
    })
}
