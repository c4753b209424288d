//! The next token.

use grading::numbers::counted;
use grading::random::seeded;
use grading::{Outcome, agree, differential, draw, expect_eq, expect_same};
use rand::RngExt;

use crate::oracle::golden;
use crate::{Answers, Example, IGNORED, SOLUTION};

/// Fails where two examples differ.
pub fn expect_example(what: &str, got: &Example, want: &Example) -> Outcome {
    expect_eq(&format!("{what}: inputs"), &got.inputs, &want.inputs)?;
    expect_eq(&format!("{what}: labels"), &got.labels, &want.labels)
}

pub fn labels_are_those_of_transformers(answers: &Answers) -> Outcome {
    for case in golden()?.causal {
        let got = (answers.causal)(&case.ids, &case.is_token)?;
        let what = format!("the row {:?}", case.ids);
        let want = Example { inputs: case.ids, labels: case.labels };
        expect_example(&what, &got, &want)?;
    }
    Ok(())
}

pub fn padding_is_neither_guessed_nor_asked(answers: &Answers) -> Outcome {
    // The id of padding is that of a token, the end of a text, as in GPT-2.
    let text = [5, 9, 7, 0];
    for (before, after) in [(0, 0), (3, 0), (0, 3), (2, 1), (300, 0)] {
        let pad = |n: usize| vec![0; n];
        let ids = [pad(before), text.to_vec(), pad(after)].concat();
        let is_token: Vec<bool> =
            (0..ids.len()).map(|at| (before..before + text.len()).contains(&at)).collect();
        let labels = [vec![IGNORED; before], vec![9, 7, 0], vec![IGNORED; after + 1]].concat();
        let what = format!(
            "4 tokens, of which the last has the id 0, with padding of id 0: {before} before, {after} after"
        );
        let want = Example { inputs: ids.clone(), labels };
        expect_example(&what, &(answers.causal)(&ids, &is_token)?, &want)?;
    }
    Ok(())
}

pub fn rows_agree(answers: &Answers) -> Outcome {
    let lengths = draw::lengths(0..=300);
    let odd = draw::select(vec![0, 0, 0, 0, 0, 1, 2_usize]);
    differential((lengths, odd, draw::any_u64()), |(length, odd, seed)| {
        let mut rng = seeded(*seed);
        let mut id = || match rng.random_range(0..4) {
            0 => u32::MAX - rng.random_range(0..3),
            1 => rng.random_range(0..3),
            _ => rng.random_range(0..100_000),
        };
        let ids: Vec<u32> = (0..*length).map(|_| id()).collect();
        let others = match odd {
            1 => length + 1,
            2 => length.saturating_sub(1),
            _ => *length,
        };
        let is_token: Vec<bool> = (0..others).map(|_| rng.random_range(0..4) > 0).collect();
        let run = |answers: &Answers| (answers.causal)(&ids, &is_token);
        let what = counted(ids.len(), "id");
        agree(&what, run(answers), run(&SOLUTION), |got, want| expect_example(&what, got, want))
    })?;
    let ids: Vec<u32> = (0..70_000).collect();
    let got = (answers.causal)(&ids, &vec![true; ids.len()])?;
    expect_same("the last label but one of 70,000", &got.labels.get(69_998), &Some(&69_999))
}
