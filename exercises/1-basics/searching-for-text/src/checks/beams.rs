//! Beam search against the list of all sequences.

use grading::{Failure, Outcome, Tolerance, expect, expect_close, expect_eq, expect_error};

use crate::exhaustive::{Listed, Model, every_sequence, survivors};
use crate::oracle::logits_of;
use crate::{Answers, Beam, BeamSearch};

/// Searches a model; the failure names the search.
fn expect_beams(answers: &Answers, model: Model, search: BeamSearch, want: &[Listed]) -> Outcome {
    let what = format!("{search:?} over {} tokens", model.vocab);
    let got = (answers.beam_search)(&mut |tokens| model.logits(tokens), &search)?;
    let tokens = |beam: &Beam| beam.tokens.clone();
    let wanted: Vec<_> = want.iter().map(|listed| listed.tokens.clone()).collect();
    expect_eq(&what, &got.iter().map(tokens).collect::<Vec<_>>(), &wanted)?;
    let wanted: Vec<f64> = want.iter().map(Listed::log_prob).collect();
    let log_probs: Vec<f64> = got.iter().map(|beam| beam.log_prob).collect();
    expect_close(&format!("{what}, log_prob"), &[], &log_probs, &wanted, Tolerance::F32)?;
    let wanted: Vec<f64> = want.iter().map(|l| l.score(search.length_penalty)).collect();
    let scores: Vec<f64> = got.iter().map(|beam| beam.score).collect();
    expect_close(&format!("{what}, score"), &[], &scores, &wanted, Tolerance::F32)
}

pub fn width_one_is_greedy(answers: &Answers) -> Outcome {
    for (seed, end) in [(41, None), (42, Some(3)), (43, None), (44, Some(0)), (45, Some(1))] {
        let (model, max_len) = (Model { vocab: 5, seed }, 6);
        let mut want: Vec<usize> = Vec::new();
        while want.len() < max_len && (end.is_none() || want.last().copied() != end) {
            let logits = model.logits(&want);
            let best = (0..5).max_by(|&a, &b| logits[a].total_cmp(&logits[b]));
            want.extend(best);
        }
        let search = BeamSearch { width: 1, max_len, end, length_penalty: 1.0 };
        let got = (answers.beam_search)(&mut |tokens| model.logits(tokens), &search)?;
        expect(got.len() == 1, || format!("width 1 gave {} sequences", got.len()))?;
        expect_eq(&format!("the likeliest token at each step, {search:?}"), &got[0].tokens, &want)?;
    }
    Ok(())
}

pub fn wide_beam_is_exact(answers: &Answers) -> Outcome {
    for (seed, vocab, max_len, end, length_penalty) in [
        (51, 3, 1, None, 0.0),
        (52, 3, 4, None, 0.0),
        (53, 4, 3, Some(2), 1.0),
        (54, 2, 6, Some(0), 0.7),
        (55, 7, 2, None, 1.0),
    ] {
        let (model, width) = (Model { vocab, seed }, vocab.pow(max_len as u32));
        let search = BeamSearch { width, max_len, end, length_penalty };
        expect_beams(answers, model, search, &every_sequence(model, max_len, end, length_penalty))?;
    }
    Ok(())
}

pub fn narrow_beam_keeps_the_best(answers: &Answers) -> Outcome {
    for (seed, width, end, length_penalty) in [
        (61, 2, None, 0.0),
        (62, 3, None, 1.0),
        (63, 2, Some(1), 0.0),
        (64, 3, Some(0), 1.0),
        (65, 5, Some(2), 0.6),
    ] {
        let (model, max_len) = (Model { vocab: 4, seed }, 4);
        let search = BeamSearch { width, max_len, end, length_penalty };
        expect_beams(
            answers,
            model,
            search,
            &survivors(model, max_len, width, end, length_penalty),
        )?;
    }
    Ok(())
}

/// Three tokens, whatever came before; the last one ends a sequence.
const ALWAYS: [f64; 3] = [0.45, 0.2, 0.35];

/// What `ALWAYS` gives to a sequence.
fn always_log_prob(tokens: &[usize]) -> f64 {
    tokens.iter().map(|&token| ALWAYS[token].ln()).sum()
}

pub fn scores_divide_by_length(answers: &Answers) -> Outcome {
    for length_penalty in [0.0, 1.0, 2.0, 0.5, -0.5] {
        let search = BeamSearch { width: 20, max_len: 3, end: Some(2), length_penalty };
        let got = (answers.beam_search)(&mut |_| logits_of(&ALWAYS), &search)?;
        // One sequence ends after one token, 2 after two, 4 after three; 8 do not end.
        expect(got.len() == 15, || format!("{search:?}: 15 sequences, got {}", got.len()))?;
        for beam in &got {
            let len = beam.tokens.len() as f64;
            let want = always_log_prob(&beam.tokens) / len.powf(length_penalty);
            let what = format!("score of {:?} at length penalty {length_penalty}", beam.tokens);
            expect_close(&what, &[], &[beam.score], &[want], Tolerance::F32)?;
        }
        expect(got.windows(2).all(|pair| pair[0].score >= pair[1].score), || {
            format!("{search:?}: the best score comes first")
        })?;
    }
    Ok(())
}

pub fn ended_sequences_rest(answers: &Answers) -> Outcome {
    // By hand: the shares kept are 0.45, 0.35, 0.2; then 0.35, 0.45², 0.45 · 0.35; and so on.
    let kept: [&[&[usize]]; 4] = [
        &[&[0], &[2], &[1]],
        &[&[2], &[0, 0], &[0, 2]],
        &[&[2], &[0, 2], &[0, 0, 0]],
        &[&[2], &[0, 2], &[0, 0, 0, 0]],
    ];
    let asked: [&[usize]; 5] = [&[], &[0], &[1], &[0, 0], &[0, 0, 0]];
    for (max_len, (want, calls)) in (1..).zip(kept.iter().zip([1, 3, 4, 5])) {
        let mut prefixes: Vec<Vec<usize>> = Vec::new();
        let search = BeamSearch { width: 3, max_len, end: Some(2), length_penalty: 0.0 };
        let mut next = |tokens: &[usize]| {
            prefixes.push(tokens.to_vec());
            logits_of(&ALWAYS)
        };
        let got = (answers.beam_search)(&mut next, &search)?;
        let tokens: Vec<_> = got.iter().map(|beam| &beam.tokens[..]).collect();
        let what = format!("logits of {ALWAYS:?}, {search:?}");
        expect_eq(&what, &tokens, want)?;
        let prefixes: Vec<_> = prefixes.iter().map(|tokens| &tokens[..]).collect();
        expect_eq(&format!("{what}: what `next` was asked"), &prefixes, &asked[..calls])?;
    }
    // The score of an ended sequence does not change any more.
    let search = BeamSearch { width: 90, max_len: 5, end: Some(2), length_penalty: 1.0 };
    let got = (answers.beam_search)(&mut |_| logits_of(&ALWAYS), &search)?;
    let ended = got.iter().find(|beam| beam.tokens == [2]);
    let ended = ended.ok_or_else(|| Failure::wrong("the sequence [2] ended and was lost"))?;
    expect_close("score of [2]", &[], &[ended.score], &[0.35_f64.ln()], Tolerance::F32)
}

pub fn beam_ties_are_stable(answers: &Answers) -> Outcome {
    let never = f32::NEG_INFINITY;
    let cases: [(&[f32], &[&[usize]]); 2] = [
        (&[0.5; 3], &[&[0, 0], &[0, 1], &[0, 2], &[1, 0], &[1, 1]]),
        (&[never, 1.0, never, 1.0], &[&[1, 1], &[1, 3], &[3, 1], &[3, 3]]),
    ];
    for (logits, want) in cases {
        let search = BeamSearch { width: 5, max_len: 2, end: None, length_penalty: 1.0 };
        let got = (answers.beam_search)(&mut |_| logits.to_vec(), &search)?;
        let tokens: Vec<_> = got.iter().map(|beam| &beam.tokens[..]).collect();
        expect_eq(&format!("logits {logits:?} at each step, {search:?}"), &tokens, want)?;
    }
    // Of many equals, too: a sort may keep the order of a short list only.
    let search = BeamSearch { width: 280, max_len: 2, end: Some(3), length_penalty: 0.0 };
    let mut got = (answers.beam_search)(&mut |_| vec![0.5; 270], &search)?;
    let best = (!got.is_empty()).then(|| got.remove(0).tokens);
    expect_eq("270 equal logits, token 3 ends: the best", &best.unwrap_or_default(), &[3])?;
    let want: Vec<_> = (0..279).map(|i| vec![i / 270, i % 270]).collect();
    let tokens: Vec<_> = got.into_iter().map(|beam| beam.tokens).collect();
    expect_eq("270 equal logits, token 3 ends: the others", &tokens, &want)
}

pub fn bad_search_is_an_error(answers: &Answers) -> Outcome {
    let good = BeamSearch { width: 2, max_len: 2, end: None, length_penalty: -1.0 };
    for search in [
        BeamSearch { width: 0, ..good },
        BeamSearch { max_len: 0, ..good },
        BeamSearch { length_penalty: f64::NAN, ..good },
        BeamSearch { length_penalty: f64::NEG_INFINITY, ..good },
    ] {
        let got = (answers.beam_search)(&mut |_| vec![0.0, 1.0], &search);
        expect_error(&format!("{search:?}"), got)?;
    }
    let bad: [&[f32]; 4] = [&[], &[0.0, f32::NAN], &[f32::INFINITY, 1.0], &[f32::NEG_INFINITY]];
    for logits in bad {
        // The first step is fine.
        let mut next = |tokens: &[usize]| {
            if tokens.is_empty() { vec![1.0, 2.0] } else { logits.to_vec() }
        };
        expect_error(&format!("logits {logits:?}"), (answers.beam_search)(&mut next, &good))?;
    }
    // And what is not bad: a negative length penalty.
    let got = (answers.beam_search)(&mut |_| logits_of(&[0.25, 0.75]), &good)?;
    let scores: Vec<f64> = got.iter().map(|beam| beam.score).collect();
    let want = [2.0 * 0.5625_f64.ln(), 2.0 * 0.1875_f64.ln()];
    expect_close("scores at length penalty −1", &[], &scores, &want, Tolerance::F32)
}
