//! Every function against the reference, on inputs drawn anew in each run.

use grading::draw::{self, Strategy};
use grading::{
    Differential, Outcome, Tolerance, agree, differential, expect_bits, expect_close,
    expect_close_or_nan, expect_eq, expect_same,
};

use super::patterns::{BYTES, automata, automaton};
use super::stopping::{stops, texts};
use crate::{Answers, Beam, BeamSearch, SOLUTION, SearchError, Stops, Vocab};

/// Width and `max_len`, the end token, the length penalty.
type Settings = ((usize, usize), Option<usize>, f64);

/// What follows depends on all tokens so far, so that only tokens of one prefix tie: those do often.
/// Some tokens are impossible, and some models have logits that are none.
pub fn beam_search_agrees(answers: &Answers) -> Outcome {
    let models = draw::list(draw::any_logits(6), 1..=5);
    let sizes = draw::prop_oneof![
        12 => (0_usize..=9, 0_usize..=6).boxed(),
        3 => (1_usize..=9, 7_usize..=40).boxed(),
        1 => (draw::Just(usize::MAX), 0_usize..=6).boxed(),
    ];
    let settings = (sizes, draw::option(0_usize..7), draw::between(-1.5, 2.0));
    let check = |(models, settings): &(Vec<Vec<f32>>, Settings)| {
        let ((width, max_len), end, length_penalty) = *settings;
        let search = BeamSearch { width, max_len, end, length_penalty };
        let run = |answers: &Answers| -> (Result<Vec<Beam>, SearchError>, Vec<Vec<usize>>) {
            let mut asked = Vec::new();
            let mut next = |tokens: &[usize]| {
                asked.push(tokens.to_vec());
                logits_after(models, tokens)
            };
            let found = (answers.beam_search)(&mut next, &search);
            (found, asked)
        };
        let ((got, got_asked), (want, want_asked)) = (run(answers), run(&SOLUTION));
        agree("beam_search", got, want, |got, want| {
            let tokens =
                |beams: &[Beam]| beams.iter().map(|b| b.tokens.clone()).collect::<Vec<_>>();
            expect_same("the sequences", &tokens(got), &tokens(want))?;
            let numbers = |beams: &[Beam]| -> Vec<f64> {
                beams.iter().flat_map(|beam| [beam.log_prob, beam.score]).collect()
            };
            let tolerance = Tolerance { rtol: 1e-9, atol: 1e-12 };
            expect_close("log_prob and score", &[], &numbers(got), &numbers(want), tolerance)?;
            expect_same("what `next` was asked", &got_asked, &want_asked)
        })
    };
    Differential::cases(200).run((models, settings), check)?;
    // Many tokens; sequences so long that the product of their probabilities is 0; a wide beam.
    let large = [(300, 3, 160, None, 0.7), (300, 3, 40, Some(299), 1.0), (40, 200, 3, None, 0.0)];
    large.into_iter().try_for_each(|(vocab, width, max_len, end, length_penalty)| {
        let models = vec![vec![0.0; vocab], (0..vocab).map(|i| (i % 7) as f32 / 7.0).collect()];
        let input = (models, ((width, max_len), end, length_penalty));
        Differential::cases(1).run(draw::Just(input), check)
    })
}

/// The logits of one of the models, chosen and a little changed by all tokens so far; neighbors in
/// pairs are changed alike.
fn logits_after(models: &[Vec<f32>], tokens: &[usize]) -> Vec<f32> {
    let hash = tokens.iter().fold(17_u64, |hash, &token| {
        (hash ^ (token as u64 + 1)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23)
    });
    let change = |i: usize| {
        let mixed = (hash ^ (i as u64 / 2 + 1)).wrapping_mul(0xd6e8_feb8_6659_fd93);
        (mixed >> 44) as f32 / 2e6
    };
    let model = &models[(hash >> 32) as usize % models.len()];
    let changed = |(i, &x): (usize, &f32)| match x.is_finite() {
        true => x.clamp(-30.0, 9.0).round() + change(i),
        false => x,
    };
    model.iter().enumerate().map(changed).collect()
}

pub fn penalize_counts_agrees(answers: &Answers) -> Outcome {
    let inputs = draw::any_logits(200).prop_flat_map(|logits| {
        let history = draw::indices_or_beyond(logits.len().max(1), 300);
        (draw::Just(logits), history, draw::parameter(-2.0..=2.0), draw::parameter(-2.0..=2.0))
    });
    differential(inputs, |(logits, history, frequency, presence)| {
        let got = (answers.penalize_counts)(logits, history, *frequency, *presence);
        let want = (SOLUTION.penalize_counts)(logits, history, *frequency, *presence);
        agree("penalize_counts", got, want, |got, want| {
            // Where the terms cancel, one order rounds other than another.
            let tolerance = Tolerance { rtol: 1e-6, atol: 1e-12 };
            expect_close_or_nan("logit", &[], got, want, tolerance)
        })
    })
}

/// A text and stop sequences; one text in eight is long, and a few are longer than 16 bits count.
/// Some end with a stop sequence, whole or begun.
fn texts_and_stops() -> impl Strategy<Value = (Vec<u8>, Vec<String>)> {
    let text = draw::prop_oneof![7 => texts(12), 1 => texts(200)];
    let filler =
        draw::prop_oneof![30 => draw::Just(0), 1 => draw::select(vec![1100, 5000, 70_000])];
    let end = (0_usize..9, 1_usize..300);
    (text, stops(), filler, end).prop_map(|(mut text, stops, filler, (which, length))| {
        if let Some(stop) = stops.get(which) {
            text.extend(&stop.as_bytes()[..length.min(stop.len() - length % 2)]);
        }
        let filler = vec![b'x'; filler];
        let text = if length % 3 == 0 { [text, filler] } else { [filler, text] }.concat();
        (text, stops)
    })
}

pub fn find_stop_agrees(answers: &Answers) -> Outcome {
    differential(texts_and_stops(), |(text, stops)| {
        let stops = Stops::new(stops.iter().map(String::as_str))?;
        let want = (SOLUTION.find_stop)(text, &stops);
        expect_same("the stop", &(answers.find_stop)(text, &stops), &want)
    })
}

pub fn visible_agrees(answers: &Answers) -> Outcome {
    let over = draw::select(vec![false, false, true]);
    differential((texts_and_stops(), over), |((text, stops), is_over)| {
        let stops = Stops::new(stops.iter().map(String::as_str))?;
        let want = (SOLUTION.visible)(text, &stops, *is_over);
        expect_same("what is visible", &(answers.visible)(text, &stops, *is_over), &want)
    })
}

pub fn live_states_agrees(answers: &Answers) -> Outcome {
    differential(automata(40), |drawn| {
        let automaton = automaton(drawn);
        let want = (SOLUTION.live_states)(&automaton);
        expect_eq("is a state live", &(answers.live_states)(&automaton), &want)
    })
}

/// Tokens of up to three bytes, some of which no pattern has, and some of none.
fn vocabularies() -> impl Strategy<Value = (Vec<Vec<u8>>, usize)> + Clone {
    let bytes: Vec<u8> = BYTES.into_iter().chain(BYTES).chain(*b"z").collect();
    let tokens = draw::list(draw::list(draw::select(bytes), 0..=3), 1..=12);
    tokens.prop_flat_map(|tokens| {
        let end = 0..tokens.len();
        (draw::Just(tokens), end)
    })
}

pub fn constrain_agrees(answers: &Answers) -> Outcome {
    let logits = (draw::any_u64(), draw::select(vec![0, 0, 0, 0, 0, 0, 1, 2]));
    let inputs = (automata(6), vocabularies(), 0_usize..=8, logits);
    differential(inputs, |(drawn, (tokens, end), state, (seed, more))| {
        let automaton = automaton(drawn);
        let vocab = Vocab::new(tokens.clone(), *end)?;
        // Now and then one more than there are tokens, or one less.
        let count = (tokens.len() + *more).saturating_sub(3 * (*more / 2));
        let logits = draw::values(&draw::any_f32(), count, *seed);
        let got = (answers.constrain)(&logits, &vocab, &automaton, *state);
        let want = (SOLUTION.constrain)(&logits, &vocab, &automaton, *state);
        agree("constrain", got, want, |got, want| expect_bits("logit", got, want))
    })
}
