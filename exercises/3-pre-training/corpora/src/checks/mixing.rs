//! Mixtures of sources.

use grading::draw;
use grading::numbers::counted;
use grading::{Outcome, agree, differential, expect, expect_eq, expect_error_is, expect_same};

use crate::oracle::golden;
use crate::{Answers, CorpusError, SOLUTION, Source, pile};

fn sources(pairs: &[(u64, u32)]) -> Vec<Source> {
    pairs.iter().map(|&(tokens, weight)| Source { tokens, weight }).collect()
}

pub fn weights_are_those_of_the_pile(answers: &Answers) -> Outcome {
    // One token for each hundredth of a percent, and far from any cap.
    let got = (answers.pile_mixture)(&pile::sources(), 1000, 10_000)?;
    expect_same("the Pile: how many sources", &got.len(), &pile::TABLE.len())?;
    for (&tokens, &(name, _, _, weight)) in got.iter().zip(&pile::TABLE) {
        expect(tokens.abs_diff(u64::from(weight)) <= 1, || {
            format!(
                "10,000 tokens of the Pile: of {name} expected {weight}, as published, or one more or less, got {tokens}"
            )
        })?;
    }
    // At the published size each source is read as often as published.
    let budget =
        pile::TABLE.iter().map(|&(_, size, epochs, _)| size * u64::from(epochs)).sum::<u64>();
    let tenfold: Vec<Source> = pile::sources()
        .iter()
        .map(|source| Source { tokens: 10 * source.tokens, ..*source })
        .collect();
    let got = (answers.pile_mixture)(&tenfold, 3, budget)?;
    let want: Vec<u64> =
        pile::TABLE.iter().map(|&(_, size, epochs, _)| size * u64::from(epochs)).collect();
    expect_eq("the Pile, each source as often as published", &got, &want)
}

pub fn no_source_is_read_too_often(answers: &Answers) -> Outcome {
    // One source is capped, and what it leaves pushes the next over its cap, and so on.
    let chain = sources(&[(10, 10), (12, 10), (18, 10), (30, 10), (1000, 10)]);
    let got = (answers.pile_mixture)(&chain, 1, 130)?;
    expect_eq("a chain of caps: tokens of each source", &got, &[10, 12, 18, 30, 60])?;
    let got = (answers.pile_mixture)(&chain, 2, 50)?;
    expect_eq("no cap is reached: tokens of each source", &got, &[10, 10, 10, 10, 10])?;
    for case in golden()?.mixtures {
        let got = (answers.pile_mixture)(&sources(&case.sources), case.max_epochs, case.budget)?;
        let what = format!(
            "sources (tokens, weight) {:?}, at most {}, a budget of {}: tokens of each",
            case.sources,
            counted(case.max_epochs as usize, "epoch"),
            case.budget
        );
        expect_eq(&what, &got, &case.tokens)?;
    }
    Ok(())
}

pub fn the_budget_is_spent(answers: &Answers) -> Outcome {
    let most = u32::MAX;
    let big = u64::MAX;
    for (pairs, epochs, budget, want) in [
        (&[(100, 1), (100, 1), (100, 1)][..], 1, 100, &[34, 33, 33][..]),
        (&[(100, 1), (100, 1), (100, 1)], 1, 101, &[34, 34, 33]),
        (&[(100, 1), (100, 3), (100, 2)], 1, 7, &[1, 4, 2]),
        (&[(100, 1), (100, 2), (100, 2)], 1, 3, &[1, 1, 1]),
        (&[(100, 1), (100, 1)], 1, 1, &[1, 0]),
        (&[(100, 0), (100, 1), (100, 1)], 1, 3, &[0, 2, 1]),
        (&[(3, 1), (100, 1), (100, 1)], 1, 10, &[3, 4, 3]),
        (&[(3, 5), (4, 1), (5, 9)], 2, 24, &[6, 8, 10]),
        (&[(3, 5), (4, 1), (5, 9)], 2, 0, &[0, 0, 0]),
        (&[(0, 5), (4, 1)], 1, 4, &[0, 4]),
        (&[(0, 5)], 7, 0, &[0]),
        (&[(5, 0)], 0, 0, &[0]),
        (&[], 3, 0, &[]),
        (&[(big, most), (big, most)], 1, big, &[big / 2 + 1, big / 2]),
        (&[(big, most), (big, 1)], most, big, &[big - (1 << 32), 1 << 32]),
        (&[(1, most), (big, 1)], 2, big, &[2, big - 2]),
        // A share that is half a token above the cap.
        (&[(1 << 62, 1), (big, 1)], 1, (1 << 63) + 1, &[1 << 62, (1 << 62) + 1]),
    ] {
        let got = (answers.pile_mixture)(&sources(pairs), epochs, budget)?;
        let what = format!(
            "sources (tokens, weight) {pairs:?}, at most {}, a budget of {budget}: tokens of each",
            counted(epochs as usize, "epoch")
        );
        expect_eq(&what, &got, want)?;
    }
    Ok(())
}

pub fn what_cannot_be_mixed_is_refused(answers: &Answers) -> Outcome {
    for (pairs, epochs, budget, available) in [
        (&[(10, 1), (20, 5)][..], 1, 31, 30),
        (&[(10, 1), (20, 5)], 4, 121, 120),
        (&[(10, 0), (20, 5)], 1, 21, 20),
        (&[(10, 1)], 0, 1, 0),
        (&[], 9, 1, 0),
        (&[(1 << 40, 1), (5, 1)], 1 << 20, u64::MAX, (1 << 60) + (5 << 20)),
    ] {
        let got = (answers.pile_mixture)(&sources(pairs), epochs, budget);
        let what =
            format!("sources (tokens, weight) {pairs:?}, {epochs} × at most, a budget of {budget}");
        expect_error_is(&what, got, &CorpusError::NotEnough { budget, available })?;
    }
    the_budget_is_spent(answers)
}

pub fn mixtures_agree(answers: &Answers) -> Outcome {
    let tokens = || draw::prop_oneof![3 => 0..30_u64, 1 => draw::any_u64()];
    let weight = draw::select(vec![0, 1, 1, 1, 2, 3, 7, 1000, u32::MAX]);
    let list = draw::list((tokens(), weight), 0..=9);
    let epochs = draw::select(vec![0, 1, 1, 2, 4, 100, u32::MAX]);
    // A budget of its own, or a part of what there is, or all of it.
    let part = draw::select(vec![0, 1, 3, 5, 6, 7, 8, 8, 9]);
    differential((list, epochs, tokens(), part), |(pairs, epochs, budget, part)| {
        let list = sources(pairs);
        let caps = list.iter().filter(|source| source.weight > 0);
        let all: u128 = caps.map(|s| u128::from(s.tokens) * u128::from(*epochs)).sum();
        let budget = match part {
            0 => *budget,
            part => (all * part / 8).min(u128::from(u64::MAX)) as u64,
        };
        let run = |answers: &Answers| (answers.pile_mixture)(&list, *epochs, budget);
        let what = format!("at most {}, a budget of {budget}", counted(*epochs as usize, "epoch"));
        agree(&what, run(answers), run(&SOLUTION), |got, want| expect_eq(&what, got, want))
    })?;
    let many: Vec<Source> =
        (0..3000).map(|i| Source { tokens: i * i % 977, weight: (i % 13) as u32 }).collect();
    for budget in [1, 1000, 400_000, 1_300_000] {
        let run = |answers: &Answers| (answers.pile_mixture)(&many, 1, budget);
        let what = format!("3,000 sources, a budget of {budget}");
        agree(&what, run(answers), run(&SOLUTION), |got, want| expect_eq(&what, got, want))?;
    }
    Ok(())
}
