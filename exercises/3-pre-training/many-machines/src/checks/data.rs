//! Each rank with texts of its own.

use grading::draw::{self, Strategy};
use grading::random::seeded;
use grading::{
    Outcome, Tolerance, agree, differential, expect, expect_bits, expect_close,
    expect_close_or_nan, expect_error_is, expect_same,
};
use rand::RngExt;

use super::ring::{ended, expect_unread};
use crate::{Answers, Link, MachineError, Ran, SOLUTION, in_turns};

/// A rank's sums of gradients, and its tokens.
type Part = (Vec<f64>, u64);

fn run(answers: &Answers, parts: &[Part]) -> Result<Ran<Part, u64>, MachineError> {
    in_turns(parts, |link, (sums, tokens)| (answers.data_parallel)(link, sums, *tokens), |_, _| {})
}

/// All ranks have the same gradient; that of rank 0 is looked at.
fn expect_same_everywhere(what: &str, ran: &Ran<Part, u64>, tokens: u64) -> Outcome {
    for (rank, (result, (sums, _))) in ran.results.iter().zip(&ran.states).enumerate() {
        expect_same(&format!("{what}: all tokens, on rank {rank}"), result, &tokens)?;
        let what = format!("{what}: the gradient on rank {rank}, as on rank 0");
        expect_bits(&what, sums, &ran.states[0].0)?;
    }
    Ok(())
}

pub fn ragged_ranks_are_one_machine(answers: &Answers) -> Outcome {
    let mut rng = seeded(11);
    for (parameters, tokens) in [
        (3, vec![4, 1]),
        (1, vec![9]),
        (5, vec![1, 0, 30, 2]),
        (2, vec![0, 0, 3]),
        (0, vec![2, 1]),
        (40, vec![100, 1, 1, 7, 0, 12, 3]),
    ] {
        let what = format!("tokens by rank {tokens:?}, parameters {parameters}");
        // A gradient for each token, on one machine.
        let all: Vec<Vec<Vec<f64>>> = tokens
            .iter()
            .map(|&n| {
                let mut one = || (0..parameters).map(|_| rng.random::<f64>() - 0.3).collect();
                (0..n).map(|_| one()).collect()
            })
            .collect();
        let total = tokens.iter().sum::<usize>();
        let mean = |i: usize| all.iter().flatten().map(|g: &Vec<f64>| g[i]).sum::<f64>();
        let want: Vec<f64> = (0..parameters).map(|i| mean(i) / total as f64).collect();
        let part = |rank: &Vec<Vec<f64>>| {
            let sum = |i: usize| rank.iter().map(|g| g[i]).sum();
            ((0..parameters).map(sum).collect(), rank.len() as u64)
        };
        let parts: Vec<Part> = all.iter().map(part).collect();
        let ran = run(answers, &parts)?;
        let near = Tolerance { rtol: 1e-11, atol: 1e-14 };
        let place = format!("{what}: the gradient on rank 0");
        expect_close(&place, &[], &ran.states[0].0, &want, near)?;
        expect_same_everywhere(&what, &ran, total as u64)?;
    }
    Ok(())
}

pub fn tokens_are_counted(answers: &Answers) -> Outcome {
    for tokens in [
        vec![16_777_216, 1],
        vec![1, 1 << 40, 0, 2, 5],
        vec![(1 << 53) - 4, 1, 2],
        vec![0, 0, 0, 1],
        vec![7],
    ] {
        let what = format!("tokens by rank {tokens:?}");
        let n = 6;
        let parts: Vec<Part> = tokens.iter().map(|&t| (vec![t as f64; n], t)).collect();
        let ran = run(answers, &parts)?;
        expect_same_everywhere(&what, &ran, tokens.iter().sum())?;
        let near = Tolerance { rtol: 1e-12, atol: 0.0 };
        expect_close(&what, &[], &ran.states[0].0, &vec![1.0; n], near)?;
        for (rank, &sent) in ran.sent.iter().enumerate() {
            let most = 2 * (n + 1);
            expect(sent <= most, || {
                format!("{what}: rank {rank} sent {sent} numbers, and {most} are enough")
            })?;
        }
        expect_unread(&what, ran.unread)?;
    }
    for ranks in [1, 2, 5] {
        let none: Vec<Part> = vec![(vec![0.0; 3], 0); ranks];
        let program = |link: &mut dyn Link, (sums, tokens): &mut Part| {
            ended((answers.data_parallel)(link, sums, *tokens))
        };
        for (rank, got) in in_turns(&none, program, |_, _| {})?.results.into_iter().enumerate() {
            let what = format!("no tokens on any of {ranks}, rank {rank}");
            expect_error_is(&what, got, &MachineError::NoTokens)?;
        }
    }
    Ok(())
}

pub fn data_parallel_agrees(answers: &Answers) -> Outcome {
    let number = draw::prop_oneof![
        12 => draw::between(-50.0, 50.0),
        1 => draw::select(vec![0.0, 1e100, 1e-100, f64::INFINITY, f64::NEG_INFINITY, f64::NAN]),
    ];
    let tokens = draw::prop_oneof![
        3 => 0..=3_u64, 2 => 0..=100_000_u64, 1 => draw::select(vec![0, 1 << 50])
    ];
    let parts = (1..=6_usize, draw::lengths(0..=20)).prop_flat_map(move |(ranks, n)| {
        let sums = draw::list(number.clone(), n..=n);
        // What a rank without tokens adds is nothing.
        let part = (sums, tokens.clone()).prop_map(move |(sums, tokens)| {
            (if tokens == 0 { vec![0.0; n] } else { sums }, tokens)
        });
        draw::list(part, ranks..=ranks)
    });
    differential(parts, |parts| {
        agree("data_parallel", run(answers, parts), run(&SOLUTION, parts), |got, want| {
            expect_same_everywhere("drawn", got, want.results[0])?;
            let tokens = want.results[0] as f64;
            for (i, (&g, &w)) in got.states[0].0.iter().zip(&want.states[0].0).enumerate() {
                let most = parts.iter().map(|(sums, _)| sums[i].abs()).fold(0.0, f64::max) / tokens;
                let atol = if most.is_finite() { 1e-13 * most } else { 0.0 };
                let tolerance = Tolerance { rtol: 1e-11, atol };
                expect_close_or_nan(&format!("number {i}"), &[], &[g], &[w], tolerance)?;
            }
            Ok(())
        })
    })
}
